#ifndef EVALLOOP_CODE_ANALYSIS_CODEBLEU_DATAFLOW_H_
#define EVALLOOP_CODE_ANALYSIS_CODEBLEU_DATAFLOW_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "code_analysis/codebleu_tree.h"

namespace evalloop::code_analysis {

// One step of the data flow: the number of the variable that gets a value, how
// (0: comesFrom, 1: computedFrom), and the numbers of those that it gets it
// from. Variables are numbered as they first appear.
using FlowStep = std::vector<std::uint32_t>;

// What codebleu 0.7.0 calls the normalized data flow of `text`, whose tree is
// `tree`: its DFG functions, quirks included. Two of them matter to a caller:
// columns of bytes are used as columns of characters, so text that is not ASCII
// is cut askew; and a tree deeper than Python's recursion limit (from a
// script's top level) has no data flow. Where the original lets the order of a
// hash set of strings decide, which differs from one of its runs to the next,
// names stand in the order in which they came.
//
// Nothing where the work would exceed a bound: loops in loops are gone through
// twice each, so nesting costs 2^depth.
std::optional<std::vector<FlowStep>> DataFlow(std::u32string_view text,
                                              const FlatTree& tree,
                                              Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CODEBLEU_DATAFLOW_H_
