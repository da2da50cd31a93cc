#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_INDEX_SNAPSHOT_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_INDEX_SNAPSHOT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model_server/domain/frozen_base.h"
#include "model_server/domain/line_diff.h"
#include "model_server/domain/segment.h"
#include "model_server/domain/vocabulary.h"

namespace evalloop::model_server {

// A file as it stands at the commit to index; no text: it is gone.
struct FileVersion {
  std::string path;
  std::optional<std::string> text;
};

// What a model knows at one commit: the frozen base and, as two small segments,
// the n-grams that were added and removed since. Never more than one version of
// a file: the difference is always that between the base's and the commit's, so
// it is bounded by the two trees. Immutable; the next commit makes a new
// snapshot while readers keep theirs.
class IndexSnapshot {
 public:
  // The commit that the base was trained on.
  static std::shared_ptr<const IndexSnapshot> OfBase(
      std::shared_ptr<const FrozenBase> base);

  // This snapshot with `files` replaced, standing at `commit`.
  std::shared_ptr<const IndexSnapshot> With(
      std::string commit, std::span<const FileVersion> files) const;

  const std::string& commit() const { return commit_; }
  const FrozenBase& base() const { return *base_; }
  std::shared_ptr<const FrozenBase> shared_base() const { return base_; }
  const ExtraWords& extra_words() const { return extra_words_; }
  Segment added() const { return added_.View(); }
  Segment removed() const { return removed_.View(); }

  // The file's words between two kBoundary; empty where the commit has no such
  // file. Valid while the snapshot lives.
  std::span<const std::uint32_t> FileText(std::string_view path) const;

  // Bytes held besides the base.
  std::size_t OverlayBytes() const;

 private:
  struct ChangedFile {
    std::vector<std::uint32_t> text;  // Bounded; empty: deleted.
    NgramDelta delta;
  };
  struct Entry {
    std::shared_ptr<const ChangedFile> file;
    std::uint32_t added_at = 0;  // Where its piece stands in added_, removed_.
    std::uint32_t removed_at = 0;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  explicit IndexSnapshot(std::shared_ptr<const FrozenBase> base);

  static OwnedSegment Rebuild(
      const OwnedSegment& old, const Entries& old_entries, Entries& entries,
      const std::function<
          const std::vector<std::uint32_t>&(const ChangedFile&)>& piece_of,
      std::uint32_t Entry::*offset);

  std::shared_ptr<const FrozenBase> base_;
  std::string commit_;
  ExtraWords extra_words_;
  Entries changed_;
  OwnedSegment added_;
  OwnedSegment removed_;
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_INDEX_SNAPSHOT_H_
