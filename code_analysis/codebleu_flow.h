#ifndef EVALLOOP_CODE_ANALYSIS_CODEBLEU_FLOW_H_
#define EVALLOOP_CODE_ANALYSIS_CODEBLEU_FLOW_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "code_analysis/codebleu_edges.h"
#include "code_analysis/codebleu_grammar.h"
#include "code_analysis/codebleu_states.h"
#include "code_analysis/codebleu_tokens.h"
#include "code_analysis/codebleu_tree.h"

namespace evalloop::code_analysis {

// The original's DFG_<language> functions in one.
class Flow {
 public:
  Flow(const FlatTree& tree, const FlowTokens& tokens,
       const CodeBleuGrammar& grammar, Language language);

  // The edges of the whole tree; none where the original raises.
  FlowEdges Run();
  // Whether it gave up, since nested loops would take for ever.
  bool exhausted() const { return steps_ > kMaxSteps; }

 private:
  using Token = FlowTokens::Token;
  // A Python dict: the one that a pointer names may have other names.
  using States = std::shared_ptr<FlowStates>;

  // Nodes gone through and edges made.
  static constexpr std::size_t kMaxSteps = 2'000'000;

  // Replaces `states` by what the original returns. Once the original would
  // have raised, nothing matters any more.
  FlowEdges Visit(std::uint32_t node, States& states);

  FlowEdges VisitToken(std::uint32_t node, States& states);

  FlowEdges VisitDefinition(std::uint32_t node, States& states);

  FlowEdges VisitAssignment(std::uint32_t node, States& states);

  // Both sides pair by pair where they have as many children.
  void Pair(std::uint32_t left, std::uint32_t right,
            std::vector<std::uint32_t>& lefts,
            std::vector<std::uint32_t>& rights);

  // Each left side from its right side, all at once.
  void ConnectPairs(const std::vector<std::uint32_t>& lefts,
                    const std::vector<std::uint32_t>& rights, States& states,
                    FlowEdges& edges);

  FlowEdges VisitAssignments(std::uint32_t node, States& states);

  FlowEdges VisitBranches(std::uint32_t node, States& states);

  FlowEdges VisitLoop(std::uint32_t node, States& states);

  FlowEdges VisitEach(std::uint32_t node, States& states);

  void VisitAll(std::uint32_t node, States& states, FlowEdges& edges);

  // Each of `targets` from each of `sources`, an edge for each pair.
  void Connect(const std::vector<Token>& targets,
               const std::vector<Token>& sources, bool computed, States& states,
               FlowEdges& edges);

  void Assign(States& states, std::uint32_t code, std::uint32_t token);

  std::vector<std::uint32_t> ChildrenOf(std::uint32_t node) const;

  std::uint32_t Child(std::uint32_t node, std::uint16_t field) const;

  std::vector<Token> VariablesOf(std::uint32_t node);

  const FlatTree& tree_;
  const FlowTokens& tokens_;
  const CodeBleuGrammar& grammar_;
  std::uint16_t name_ = 0, left_ = 0, right_ = 0, body_ = 0, update_ = 0,
                pattern_ = 0, value_ = 0, definition_value_ = 0, each_name_ = 0,
                each_value_ = 0;
  bool failed_ = false;  // The original would have raised.
  std::size_t steps_ = 0;
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CODEBLEU_FLOW_H_
