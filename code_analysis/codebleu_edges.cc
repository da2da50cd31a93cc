#include "code_analysis/codebleu_edges.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace evalloop::code_analysis {

void Append(FlowEdges& edges, FlowEdges more) {
  if (edges.empty()) {
    edges = std::move(more);
  } else {
    edges.insert(edges.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  }
}

void SortByToken(FlowEdges& edges) {
  const auto before = [](const FlowEdge& a, const FlowEdge& b) {
    return a.token < b.token;
  };
  // Nearly always so already, and sorted again at every level.
  if (!std::is_sorted(edges.begin(), edges.end(), before)) {
    std::stable_sort(edges.begin(), edges.end(), before);
  }
}

void AddNew(std::vector<std::uint32_t>& list,
            const std::vector<std::uint32_t>& more) {
  std::unordered_set<std::uint32_t> seen;
  std::erase_if(list, [&](std::uint32_t x) { return !seen.insert(x).second; });
  for (const std::uint32_t x : more) {
    if (seen.insert(x).second) list.push_back(x);
  }
}

std::size_t MergeEqual(FlowEdges& edges) {
  std::map<std::tuple<std::uint32_t, std::uint32_t, bool>, std::size_t> at;
  std::size_t members = 0;
  FlowEdges merged;
  for (FlowEdge& edge : edges) {
    const auto [found, added] =
        at.try_emplace({edge.token, edge.code, edge.computed}, merged.size());
    if (added) {
      merged.push_back(std::move(edge));
      continue;
    }
    FlowEdge& first = merged[found->second];
    AddNew(first.codes, edge.codes);
    AddNew(first.tokens, edge.tokens);
    std::sort(first.tokens.begin(), first.tokens.end());
    members += first.codes.size() + first.tokens.size();
  }
  edges = std::move(merged);
  SortByToken(edges);
  return members;
}

}  // namespace evalloop::code_analysis
