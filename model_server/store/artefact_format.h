#ifndef EVALLOOP_MODEL_SERVER_STORE_ARTEFACT_FORMAT_H_
#define EVALLOOP_MODEL_SERVER_STORE_ARTEFACT_FORMAT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "model_server/domain/frozen_base.h"

namespace evalloop::model_server {

// The bytes of an artefact: docs/formats/model-artefact.md. Equal models give
// equal bytes.
std::string EncodeArtefact(const FrozenBase& base);

// Views into `bytes`, which `memory` keeps alive and which is aligned to 8.
// Every offset, size and token is checked, so that no file, however made, can
// lead a reader outside of it; the order of the suffixes is taken on trust: a
// wrong one makes wrong counts only. DataLoss says what does not fit;
// FailedPrecondition: another format version.
absl::StatusOr<std::shared_ptr<const FrozenBase>> DecodeArtefact(
    std::string_view bytes, std::shared_ptr<const void> memory);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_STORE_ARTEFACT_FORMAT_H_
