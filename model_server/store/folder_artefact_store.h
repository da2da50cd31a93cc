#ifndef EVALLOOP_MODEL_SERVER_STORE_FOLDER_ARTEFACT_STORE_H_
#define EVALLOOP_MODEL_SERVER_STORE_FOLDER_ARTEFACT_STORE_H_

#include <string>
#include <utility>

#include "model_server/domain/artefact_store.h"

namespace evalloop::model_server {

// One file `<digest>.evm` a model in one folder, mapped into memory when
// loaded: two processes share it. Files are written beside and renamed into
// place, never changed afterwards.
class FolderArtefactStore : public ArtefactStore {
 public:
  // Made with its parents at the first Save.
  explicit FolderArtefactStore(std::string folder)
      : folder_(std::move(folder)) {}

  absl::StatusOr<SavedArtefact> Save(const FrozenBase& base) override;
  absl::StatusOr<std::shared_ptr<const FrozenBase>> Load(
      std::string_view digest) override;
  absl::StatusOr<std::vector<std::string>> List() override;

 private:
  std::string PathOf(std::string_view digest) const;

  const std::string folder_;
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_STORE_FOLDER_ARTEFACT_STORE_H_
