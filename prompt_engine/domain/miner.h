#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_MINER_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_MINER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "code_analysis/history.h"
#include "prompt_engine/domain/agreement.h"
#include "prompt_engine/domain/line_index.h"

namespace evalloop::prompt_engine {

struct MineRequest {
  std::string repository;       // As ingested; part of the items' ids.
  std::string after_commit;     // Full sha; empty: from the first.
  std::string until_commit;     // Full sha, included; empty: to the newest.
  std::uint32_t max_items = 0;  // 0: all.
};

// A line that a developer added, and what stood around it before the commit.
struct MinedItem {
  std::string item_id;  // Derived from repository, commit, path and line.
  std::string commit;
  std::string parent;
  std::string path;
  std::string language;
  std::uint32_t line = 0;
  std::string prefix;  // Up to the line's first token.
  std::string suffix;
  std::string committed;
  std::string agreed;             // The agreed output, or what was committed.
  std::vector<Variant> variants;  // The committed text among them.
  std::optional<double> agreement;
  bool contested = false;
  bool seen = false;  // The line's tokens stood in the repository before.
  std::string author;
  absl::Time author_time;
};

// Benchmark rows of class `line`, oldest first, spread evenly over the commits:
// no commit gives more than the others can't. The same request on the same
// history gives the same items. `on_item` false ends it.
// NotFound for a commit that was not ingested; InvalidArgument for a window
// that runs backwards.
absl::Status MineItems(const MineRequest& request,
                       const code_analysis::Repository& git, LineIndex& index,
                       const std::function<bool(MinedItem)>& on_item);

// How many items each commit gives: all it has, up to a bound that is the same
// for all, with `most` in total (0: everything). The later ones of the commits
// at the bound give one more where it doesn't divide.
std::vector<std::uint32_t> Quotas(std::span<const std::uint32_t> lines,
                                  std::uint32_t most);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_MINER_H_
