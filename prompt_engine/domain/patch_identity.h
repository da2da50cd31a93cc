#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_PATCH_IDENTITY_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_PATCH_IDENTITY_H_

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "code_analysis/history.h"
#include "prompt_engine/domain/commit.h"

namespace evalloop::prompt_engine {

// What a commit changes, whatever stands around it: as `git patch-id`, of the
// paths and of the removed and added lines without their blanks. A commit whose
// `forward` is another's `inverse` takes that one back. Both 0 for a change too
// small to be told from a coincidence.
struct PatchIdentity {
  std::int64_t forward = 0;
  std::int64_t inverse = 0;
};

// Changed characters, blanks left out, under which a change has no identity.
inline constexpr std::size_t kLeastPatchCharacters = 24;

PatchIdentity IdentifyPatch(const code_analysis::CommitChanges& changes);

// What the message says by itself: "This reverts commit ...", "Revert "..."",
// "(cherry picked from commit ...)"; else kOwn.
CommitKind KindByMessage(std::string_view message);

// The patches of a history so far.
class SeenPatches {
 public:
  // What the next commit is to those before it; its patch is then seen.
  CommitKind Take(const CommitHeader& header);
  void Add(std::int64_t patch_id) { seen_.insert(patch_id); }

 private:
  std::unordered_set<std::int64_t> seen_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_PATCH_IDENTITY_H_
