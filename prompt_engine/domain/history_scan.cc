#include "prompt_engine/domain/history_scan.h"

#include <utility>

#include "code_analysis/history_pool.h"
#include "prompt_engine/domain/scan_commit.h"

namespace evalloop::prompt_engine {

absl::Status ScanHistory(
    const HistoryScan& scan, std::span<const code_analysis::CommitInfo> commits,
    std::uint32_t first_position, Lineage& lineage, SeenPatches& patches,
    const std::function<absl::Status(IngestedCommit)>& take) {
  if (commits.empty()) return absl::OkStatus();
  // A few commits are read sooner than a second repository is opened.
  const int threads = commits.size() < 8 ? 1 : scan.threads;
  return code_analysis::ForEachOf<ScannedCommit>(
      scan.path, {.threads = threads}, commits.size(),
      [&](const code_analysis::Repository& git, std::size_t i) {
        return ScanCommit(git, commits[i],
                          first_position + static_cast<std::uint32_t>(i),
                          scan.author_key);
      },
      [](const ScannedCommit& scanned) { return scanned.bytes(); },
      [&](std::size_t, ScannedCommit scanned) {
        CommitHeader& header = scanned.commit.header;
        header.kind = patches.Take(header);
        scanned.commit.ends = lineage.Apply(header.position, scanned.steps);
        return take(std::move(scanned.commit));
      });
}

}  // namespace evalloop::prompt_engine
