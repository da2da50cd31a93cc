#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_MINER_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_MINER_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "code_analysis/history.h"
#include "prompt_engine/domain/mined_item.h"
#include "prompt_engine/domain/written_history.h"

namespace evalloop::prompt_engine {

struct MineProgress {
  std::uint32_t commits_done = 0;
  std::uint32_t commits_total = 0;
};

// Where items go; false ends it.
struct ItemSink {
  std::function<bool(MinedItem)> on_item;
  std::function<void(const MineProgress&)> on_progress;  // May be null.
};

// Benchmark rows, oldest first, spread evenly over the kinds asked for and over
// the commits: no commit gives more than the others can't. Reverts,
// cherry-picks, moved, reformatted, generated and vendored code give none. What
// is asked (prefix, suffix) is of the moment at the cursor; what is answered
// (variants, weights, agreement) is of `history`, which ends with the window.
// The same request on the same history gives the same items.
// NotFound for a commit that `history` has not; InvalidArgument for a window
// that runs backwards.
absl::Status MineItems(const MineRequest& request,
                       const code_analysis::Repository& git,
                       const WrittenHistory& history, const ItemSink& sink);

// Tells `history` what stood before its first commit, where it begins in the
// middle: call it before the first Add.
absl::Status AddWhatStoodBefore(const code_analysis::Repository& git,
                                const CommitHeader& first,
                                WrittenHistory& history);

// How many items each commit gives: all it has, up to a bound that is the same
// for all, with `most` in total (0: everything). The later ones of the commits
// at the bound give one more where it doesn't divide.
std::vector<std::uint32_t> Quotas(std::span<const std::uint32_t> lines,
                                  std::uint32_t most);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_MINER_H_
