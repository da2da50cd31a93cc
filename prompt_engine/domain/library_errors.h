#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_LIBRARY_ERRORS_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_LIBRARY_ERRORS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace evalloop::prompt_engine {

// What the rules of the library say when they refuse; see Library.

inline constexpr std::size_t kMaxPromptName = 128;
inline constexpr std::size_t kMaxLabelName = 64;

// InvalidArgument unless `name` has 1 to `most` letters, digits, '.', '_', '-'
// or '/'.
absl::Status CheckName(std::string_view field, std::string_view name,
                       std::size_t most);

// InvalidArgument for free text over 4,000 bytes.
absl::Status CheckWords(std::string_view field, std::string_view words);

// NotFound "<what> does not exist".
absl::Status Missing(std::string_view reason, std::string_view what);
absl::Status NoRevision(std::string_view prompt, std::uint32_t version);

// FailedPrecondition.
absl::Status Refused(std::string_view reason, std::string_view words);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_LIBRARY_ERRORS_H_
