#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_HISTORY_SCAN_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_HISTORY_SCAN_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "code_analysis/history.h"
#include "prompt_engine/domain/commit.h"
#include "prompt_engine/domain/lineage.h"
#include "prompt_engine/domain/patch_identity.h"

namespace evalloop::prompt_engine {

struct HistoryScan {
  std::string path;        // Of the git repository on this machine.
  std::string author_key;  // Of the pseudonyms.
  int threads = 2;
};

// Reads `commits`, which follow one another from `first_position` on, on
// several threads and gives them to `take` in order. `lineage` and `patches`
// are what the commits before left behind, and take these in. The same commits
// give the same, however they are cut into calls.
absl::Status ScanHistory(
    const HistoryScan& scan, std::span<const code_analysis::CommitInfo> commits,
    std::uint32_t first_position, Lineage& lineage, SeenPatches& patches,
    const std::function<absl::Status(IngestedCommit)>& take);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_HISTORY_SCAN_H_
