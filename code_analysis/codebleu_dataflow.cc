#include "code_analysis/codebleu_dataflow.h"

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "code_analysis/codebleu_edges.h"
#include "code_analysis/codebleu_flow.h"
#include "code_analysis/codebleu_grammar.h"
#include "code_analysis/codebleu_tokens.h"

namespace evalloop::code_analysis {
namespace {

// Levels of a tree that the original's recursion reaches.
constexpr std::uint32_t kMaxLevels = 995;

// Tokens that nothing comes from and that come from nothing go; what is left
// becomes one step a token.
FlowEdges OnePerToken(FlowEdges edges) {
  std::unordered_set<std::uint32_t> connected;
  for (const FlowEdge& edge : edges) {
    if (!edge.tokens.empty()) connected.insert(edge.token);
    connected.insert(edge.tokens.begin(), edge.tokens.end());
  }
  std::unordered_map<std::uint32_t, std::size_t> at;
  FlowEdges steps;
  for (FlowEdge& edge : edges) {
    if (!connected.contains(edge.token)) continue;
    const auto [found, added] = at.try_emplace(edge.token, steps.size());
    if (added) {
      steps.push_back(std::move(edge));
      continue;
    }
    FlowEdge& first = steps[found->second];
    first.computed = edge.computed;
    AddNew(first.codes, edge.codes);
  }
  return steps;
}

std::vector<FlowStep> Normalize(const FlowEdges& edges) {
  std::unordered_map<std::uint32_t, std::uint32_t> names;
  const auto name = [&](std::uint32_t code) {
    return names.try_emplace(code, static_cast<std::uint32_t>(names.size()))
        .first->second;
  };
  std::vector<FlowStep> steps;
  steps.reserve(edges.size());
  for (const FlowEdge& edge : edges) {
    FlowStep step = {0, edge.computed ? 1u : 0u};
    for (const std::uint32_t code : edge.codes) step.push_back(name(code));
    step[0] = name(edge.code);
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

std::optional<std::vector<FlowStep>> DataFlow(std::u32string_view text,
                                              const FlatTree& tree,
                                              Language language) {
  const CodeBleuGrammar* const grammar = CodeBleuGrammarOf(language);
  if (grammar == nullptr) return std::vector<FlowStep>();
  FlowTokens tokens(text, tree, *grammar);
  if (!tokens.Number(kMaxLevels)) return std::vector<FlowStep>();
  Flow flow(tree, tokens, *grammar, language);
  FlowEdges edges = flow.Run();
  if (flow.exhausted()) return std::nullopt;
  return Normalize(OnePerToken(std::move(edges)));
}

}  // namespace evalloop::code_analysis
