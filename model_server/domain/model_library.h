#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_MODEL_LIBRARY_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_MODEL_LIBRARY_H_

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model_server/domain/artefact_store.h"
#include "model_server/domain/index_snapshot.h"

namespace evalloop::model_server {

// One trained model in memory, with the index snapshots that it holds: the one
// that follows the repository, and a few others that were asked for, least
// recently used first out. Thread-safe: readers take a snapshot and keep it;
// building one never blocks them.
class Model {
 public:
  static constexpr std::size_t kMaxSnapshots = 3;

  Model(std::string digest, std::shared_ptr<const FrozenBase> base);

  const std::string& digest() const { return digest_; }
  const FrozenBase& base() const { return *base_; }
  // What the API calls it: "ngram-" and 12 digits of the digest.
  std::string name() const;

  // The snapshot at `commit`, or without one the following snapshot. Null where
  // it is not in memory. Does not block.
  std::shared_ptr<const IndexSnapshot> Find(
      std::optional<std::string_view> commit);

  // As Find, but reads the repository where it must: slow, one build at a time.
  // FailedPrecondition: no repository is known, or it has no such commit.
  absl::StatusOr<std::shared_ptr<const IndexSnapshot>> FindOrBuild(
      std::string_view commit);

  // Makes the snapshot at `commit` (any name of a commit) of the repository at
  // path `repository`, which is remembered, and with `follow` the one that Find
  // answers without a commit. Idempotent. NotFound: no such repository or
  // commit; Internal and others as code_analysis::Repository.
  absl::StatusOr<std::shared_ptr<const IndexSnapshot>> Index(
      const std::string& repository, std::string_view commit, bool follow);

 private:
  absl::StatusOr<std::shared_ptr<const IndexSnapshot>> Build(
      const std::string& repository, std::string_view commit);
  void Keep(std::shared_ptr<const IndexSnapshot> snapshot, bool follow);

  const std::string digest_;
  const std::shared_ptr<const FrozenBase> base_;

  std::mutex building_;  // Taken before mutex_, held for a whole build.
  std::mutex mutex_;
  std::string repository_;                          // Guarded by mutex_.
  std::shared_ptr<const IndexSnapshot> following_;  // Guarded by mutex_.
  std::list<std::shared_ptr<const IndexSnapshot>> recent_;  // Newest first.
};

// Models by digest, loaded from a store when first asked for; the least
// recently used is dropped beyond the bound (requests that hold it finish).
// Thread-safe.
class ModelLibrary {
 public:
  static constexpr std::size_t kMaxModels = 3;

  // `store` outlives this.
  explicit ModelLibrary(ArtefactStore& store) : store_(store) {}

  // By digest, or by "ngram-" and at least 8 digits that begin one. Null where
  // it is not in memory. Does not block.
  std::shared_ptr<Model> FindLoaded(std::string_view name);

  // Loads where needed. NotFound: no such model; InvalidArgument: the digits
  // begin several; DataLoss: damaged.
  absl::StatusOr<std::shared_ptr<Model>> FindOrLoad(std::string_view name);

  // Digests in the store, in order.
  absl::StatusOr<std::vector<std::string>> List();

  std::size_t loaded() const;

 private:
  ArtefactStore& store_;
  std::mutex loading_;  // Taken before mutex_.
  mutable std::mutex mutex_;
  std::list<std::shared_ptr<Model>> recent_;  // Newest first.
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_MODEL_LIBRARY_H_
