#ifndef EVALLOOP_SERVING_DOMAIN_MODEL_STRING_H_
#define EVALLOOP_SERVING_DOMAIN_MODEL_STRING_H_

#include <string_view>
#include <variant>

#include "absl/status/statusor.h"
#include "serving/domain/revision.h"

namespace evalloop::serving {

// What an OpenAI request's `model` asks for: a prompt's revision, or a
// registered model by name (a plain string).
using ModelChoice = std::variant<RevisionSelector, std::string>;

// Reads `evalloop/NAME` (label production), `evalloop/NAME@LABEL`,
// `evalloop/NAME@3` (that version), or any other text as a model's name.
// InvalidArgument, field "model": empty, or an evalloop/ name that can't be.
absl::StatusOr<ModelChoice> ParseModelString(std::string_view model);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_MODEL_STRING_H_
