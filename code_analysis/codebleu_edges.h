#ifndef EVALLOOP_CODE_ANALYSIS_CODEBLEU_EDGES_H_
#define EVALLOOP_CODE_ANALYSIS_CODEBLEU_EDGES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace evalloop::code_analysis {

// Where the value of one token's variable comes from: numbers as FlowTokens
// gives them.
struct FlowEdge {
  std::uint32_t code = 0;
  std::uint32_t token = 0;
  bool computed = false;
  std::vector<std::uint32_t> codes;
  std::vector<std::uint32_t> tokens;
};
using FlowEdges = std::vector<FlowEdge>;

void Append(FlowEdges& edges, FlowEdges more);

// Keeps the order of equal ones.
void SortByToken(FlowEdges& edges);

// Edges of the same variable, token and kind become one, sorted by token.
// Returns how many members their lists have.
std::size_t MergeEqual(FlowEdges& edges);

// Adds what `list` lacks, in order.
void AddNew(std::vector<std::uint32_t>& list,
            const std::vector<std::uint32_t>& more);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CODEBLEU_EDGES_H_
