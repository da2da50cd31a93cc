#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_ARTEFACT_STORE_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_ARTEFACT_STORE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model_server/domain/frozen_base.h"

namespace evalloop::model_server {

struct SavedArtefact {
  std::string digest;  // SHA-256 of the whole artefact, 64 hex digits.
  std::size_t bytes = 0;
};

// Trained models by the digest of their bytes. Thread-safe.
class ArtefactStore {
 public:
  virtual ~ArtefactStore() = default;

  // All or nothing. The same model twice is the same artefact.
  // ResourceExhausted where the disk is full.
  virtual absl::StatusOr<SavedArtefact> Save(const FrozenBase& base) = 0;

  // NotFound: no such digest. DataLoss: the artefact is damaged, or not what
  // its name says. FailedPrecondition: of another format version.
  virtual absl::StatusOr<std::shared_ptr<const FrozenBase>> Load(
      std::string_view digest) = 0;

  // Digests, in order.
  virtual absl::StatusOr<std::vector<std::string>> List() = 0;
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_ARTEFACT_STORE_H_
