#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_REVISION_CACHE_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_REVISION_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "prompt_engine/domain/revision.h"

namespace evalloop::prompt_engine {

struct RevisionCacheLimits {
  std::size_t max_revisions = 4096;
  std::size_t max_bytes = std::size_t{64} << 20;  // Of their content.
  std::size_t max_names = 16384;                  // Labels and digests.
  // A label is looked up again after this. Moves are told of at once; this
  // bounds what a silent bus can hide.
  absl::Duration max_label_age = absl::Seconds(5);
};

// Revisions as they were last resolved, so that most resolves need no database.
// Whoever changes one says so with Forget*, also when another replica did:
// what was read from the database before that is not taken any more. When full
// it begins anew. Thread-safe; readers don't wait for each other.
class RevisionCache {
 public:
  // Of one moment; see Put.
  using Ticket = std::uint64_t;

  explicit RevisionCache(base::Clock& clock, RevisionCacheLimits limits = {})
      : clock_(clock), limits_(limits) {}

  // Null: not known.
  std::shared_ptr<const Revision> Find(const RevisionSelector& selector) const;

  // Take one before reading what is then Put.
  Ticket Now() const;
  // `revision` is what `selector` named when it was read. Nothing happens where
  // something was forgotten since `ticket`.
  void Put(const RevisionSelector& selector, const Revision& revision,
           Ticket ticket);

  void ForgetLabel(std::string_view prompt, std::string_view label);
  // Pushed or published; `latest` may be another one now.
  void ForgetRevision(std::string_view prompt, std::uint32_t version);

 private:
  using Version = std::pair<std::string, std::uint32_t>;
  struct Name {
    Version of;
    absl::Time until;
  };

  void Clear();

  base::Clock& clock_;
  const RevisionCacheLimits limits_;
  mutable std::shared_mutex mu_;
  Ticket forgotten_ = 0;
  std::map<Version, std::shared_ptr<const Revision>> revisions_;
  std::size_t bytes_ = 0;
  // By kind, prompt and label or digest.
  std::map<std::string, Name, std::less<>> names_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_REVISION_CACHE_H_
