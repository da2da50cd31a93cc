#include "code_analysis/codebleu_flow.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace evalloop::code_analysis {
namespace {

using Grammar = CodeBleuGrammar;

constexpr std::uint32_t kNoNode = static_cast<std::uint32_t>(-1);

}  // namespace

Flow::Flow(const FlatTree& tree, const FlowTokens& tokens,
           const Grammar& grammar, Language language)
    : tree_(tree), tokens_(tokens), grammar_(grammar) {
  for (auto& [field, name] : {std::pair{&name_, "name"},
                              {&left_, "left"},
                              {&right_, "right"},
                              {&body_, "body"},
                              {&update_, "update"},
                              {&pattern_, "pattern"},
                              {&value_, "value"}}) {
    *field = FieldNumber(language, name);
  }
  definition_value_ = FieldNumber(language, grammar.definition_value);
  each_name_ = FieldNumber(language, grammar.each_name);
  each_value_ = FieldNumber(language, grammar.each_value);
}

FlowEdges Flow::Run() {
  auto states = std::make_shared<FlowStates>(tokens_.codes());
  FlowEdges edges = Visit(0, states);
  if (failed_) edges.clear();
  return edges;
}

FlowEdges Flow::Visit(std::uint32_t node, States& states) {
  if (node == kNoNode) failed_ = true;
  ++steps_;
  if (failed_ || exhausted()) return {};
  if (tokens_.IsToken(node)) return VisitToken(node, states);
  const FlowType& type = tokens_.TypeOf(node);
  FlowEdges edges;
  if (type.definition) {
    edges = VisitDefinition(node, states);
  } else if (type.assignment) {
    edges = grammar_.many_targets ? VisitAssignments(node, states)
                                  : VisitAssignment(node, states);
  } else if (type.increment) {
    const auto variables = VariablesOf(node);
    Connect(variables, variables, /*computed=*/true, states, edges);
  } else if (type.branch) {
    edges = VisitBranches(node, states);
  } else if (type.loop) {
    edges = VisitLoop(node, states);
  } else if (type.each) {
    edges = VisitEach(node, states);
  } else if (type.repeat) {
    for (int round = 0; round < 2; ++round) VisitAll(node, states, edges);
    steps_ += MergeEqual(edges);
  } else if (grammar_.first.empty()) {
    VisitAll(node, states, edges);
  } else {
    for (const bool first : {true, false}) {
      for (const std::uint32_t child : ChildrenOf(node)) {
        if (tokens_.TypeOf(child).first == first) {
          Append(edges, Visit(child, states));
        }
      }
    }
  }
  SortByToken(edges);
  return edges;
}

FlowEdges Flow::VisitToken(std::uint32_t node, States& states) {
  if (grammar_.shared) states = std::make_shared<FlowStates>(*states);
  const Token* const found = tokens_.TokenOf(node);
  if (found == nullptr) failed_ = true;
  if (failed_ || tokens_.IsItsType(node)) return {};
  const auto [number, code] = *found;
  FlowEdges edges(1);
  edges[0].code = code;
  edges[0].token = number;
  if (const auto sources = states->Get(code); sources != nullptr) {
    edges[0].codes = {code};
    edges[0].tokens = *sources;
  } else if (tokens_.TypeOf(node).identifier) {
    Assign(states, code, number);
  }
  return edges;
}

FlowEdges Flow::VisitDefinition(std::uint32_t node, States& states) {
  const auto children = ChildrenOf(node);
  std::uint32_t name = kNoNode;
  std::uint32_t value = kNoNode;
  switch (grammar_.definition_form) {
    case Grammar::Definition::kFields:
      name = Child(node, name_);
      value = Child(node, definition_value_);
      break;
    case Grammar::Definition::kTwoChildren:
      name = children[0];
      if (children.size() == 2) value = children[1];
      break;
    case Grammar::Definition::kSecondChild:
      if (children.size() >= 2) name = children[1];
      if (children.size() >= 3) value = children[2];
      break;
  }
  FlowEdges edges;
  if (value == kNoNode) {
    for (const Token& token : VariablesOf(name)) {
      edges.push_back({.code = token.code, .token = token.number});
      Assign(states, token.code, token.number);
    }
    return edges;
  }
  const auto names = VariablesOf(name);
  edges = Visit(value, states);
  Connect(names, VariablesOf(value), /*computed=*/false, states, edges);
  return edges;
}

FlowEdges Flow::VisitAssignment(std::uint32_t node, States& states) {
  const std::uint32_t left = Child(node, left_);
  const std::uint32_t right = Child(node, right_);
  FlowEdges edges = Visit(right, states);
  Connect(VariablesOf(left), VariablesOf(right), /*computed=*/true, states,
          edges);
  return edges;
}

void Flow::Pair(std::uint32_t left, std::uint32_t right,
                std::vector<std::uint32_t>& lefts,
                std::vector<std::uint32_t>& rights) {
  if (left == kNoNode || right == kNoNode) {
    failed_ = true;
    return;
  }
  const auto parts = [&](std::uint32_t node) {
    auto children = ChildrenOf(node);
    std::erase_if(children, [&](std::uint32_t child) {
      return tokens_.TypeOf(child).comma;
    });
    return children;
  };
  lefts = parts(left);
  rights = parts(right);
  if (lefts.size() != rights.size() || lefts.empty()) {
    lefts = {left};
    rights = {right};
  }
}

void Flow::ConnectPairs(const std::vector<std::uint32_t>& lefts,
                        const std::vector<std::uint32_t>& rights,
                        States& states, FlowEdges& edges) {
  for (const std::uint32_t right : rights) {
    Append(edges, Visit(right, states));
  }
  for (std::size_t i = 0; i < lefts.size() && !failed_; ++i) {
    const auto sources = VariablesOf(rights[i]);
    for (const Token& target : VariablesOf(lefts[i])) {
      FlowEdge edge{
          .code = target.code, .token = target.number, .computed = true};
      for (const Token& source : sources) {
        edge.codes.push_back(source.code);
        edge.tokens.push_back(source.number);
      }
      steps_ += sources.size();
      if (exhausted()) return;
      edges.push_back(std::move(edge));
      Assign(states, target.code, target.number);
    }
  }
}

FlowEdges Flow::VisitAssignments(std::uint32_t node, States& states) {
  const std::string_view type = tree_.nodes[node].type;
  const auto children = ChildrenOf(node);
  const std::uint32_t left = Child(node, left_);
  const std::uint32_t right = Child(node, right_);
  std::vector<std::uint32_t> lefts;
  std::vector<std::uint32_t> rights;
  if (type == "for_in_clause") {
    lefts = {left};
    rights = {children.back()};
  } else if (right == kNoNode && !grammar_.shared) {
    return {};  // Python: a declaration.
  } else {
    Pair(left, right, lefts, rights);
    if (type == "operator_assignment") {
      lefts = {children.front()};
      rights = {children.back()};
    }
  }
  FlowEdges edges;
  ConnectPairs(lefts, rights, states, edges);
  return edges;
}

FlowEdges Flow::VisitBranches(std::uint32_t node, States& states) {
  FlowEdges edges;
  auto current = std::make_shared<FlowStates>(*states);
  std::vector<States> others;
  bool has_else = tokens_.TypeOf(node).has_else;
  bool rest = false;
  for (const std::uint32_t child : ChildrenOf(node)) {
    const FlowType& type = tokens_.TypeOf(child);
    has_else |= type.has_else;
    const bool other = grammar_.branches == Grammar::Branches::kClauses
                           ? type.clause
                           : type.branch;
    if (other && grammar_.branches == Grammar::Branches::kFromThen) {
      rest = true;
    }
    if (!other && !rest) {
      Append(edges, Visit(child, current));
    } else {
      States branch = states;
      Append(edges, Visit(child, branch));
      others.push_back(std::move(branch));
    }
  }
  others.push_back(std::move(current));
  if (grammar_.merge == Grammar::Merge::kBefore || !has_else) {
    others.push_back(states);
  }
  if (grammar_.merge == Grammar::Merge::kUnlessElseAndBefore) {
    others.push_back(states);
  }
  auto merged = std::make_shared<FlowStates>(tokens_.codes());
  for (const States& other : others) merged->Merge(*other);
  steps_ += others.size() * (tokens_.codes() / 32 + 1);
  states = std::move(merged);
  return edges;
}

FlowEdges Flow::VisitLoop(std::uint32_t node, States& states) {
  const auto children = ChildrenOf(node);
  FlowEdges edges;
  if (grammar_.many_targets) {
    for (int round = 0; round < 2 && !failed_; ++round) {
      std::vector<std::uint32_t> lefts;
      std::vector<std::uint32_t> rights;
      std::uint32_t body = kNoNode;
      if (grammar_.shared) {
        lefts = {Child(node, pattern_)};
        rights = {Child(node, value_)};
        body = Child(node, body_);
      } else {
        Pair(Child(node, left_), Child(node, right_), lefts, rights);
        body = children.back();
      }
      ConnectPairs(lefts, rights, states, edges);
      if (grammar_.shared || tree_.nodes[body].type == "block") {
        Append(edges, Visit(body, states));
      }
    }
    steps_ += MergeEqual(edges);
    return edges;
  }
  VisitAll(node, states, edges);
  bool again = false;
  for (const std::uint32_t child : children) {
    if (again) {
      Append(edges, Visit(child, states));
    } else if (tree_.nodes[child].type == grammar_.loop_start) {
      again = true;
      const std::uint32_t update =
          grammar_.loop_start == "for_clause" ? Child(child, update_) : kNoNode;
      if (update != kNoNode) Append(edges, Visit(update, states));
    }
  }
  steps_ += MergeEqual(edges);
  return edges;
}

FlowEdges Flow::VisitEach(std::uint32_t node, States& states) {
  std::uint32_t name = Child(node, each_name_);
  std::uint32_t value = Child(node, each_value_);
  if (grammar_.each_name.empty()) {
    for (const std::uint32_t child : ChildrenOf(node)) {
      if (tree_.nodes[child].type != "variable_name") continue;
      if (value == kNoNode) {
        value = child;
      } else {
        name = child;
        break;
      }
    }
  }
  const std::uint32_t body = Child(node, body_);
  FlowEdges edges;
  for (int round = 0; round < 2; ++round) {
    Append(edges, Visit(value, states));
    Connect(VariablesOf(name), VariablesOf(value), /*computed=*/true, states,
            edges);
    Append(edges, Visit(body, states));
  }
  steps_ += MergeEqual(edges);
  return edges;
}

void Flow::VisitAll(std::uint32_t node, States& states, FlowEdges& edges) {
  for (const std::uint32_t child : ChildrenOf(node)) {
    Append(edges, Visit(child, states));
  }
}

void Flow::Connect(const std::vector<Token>& targets,
                   const std::vector<Token>& sources, bool computed,
                   States& states, FlowEdges& edges) {
  for (const Token& target : targets) {
    steps_ += sources.size() + 1;
    if (exhausted() || failed_) return;
    for (const Token& source : sources) {
      edges.push_back({.code = target.code,
                       .token = target.number,
                       .computed = computed,
                       .codes = {source.code},
                       .tokens = {source.number}});
    }
    Assign(states, target.code, target.number);
  }
}

void Flow::Assign(States& states, std::uint32_t code, std::uint32_t token) {
  // Elsewhere than in Ruby each function writes to a copy of its own.
  if (!grammar_.shared) states = std::make_shared<FlowStates>(*states);
  states->Set(code,
              std::make_shared<const std::vector<std::uint32_t>>(1, token));
}

std::vector<std::uint32_t> Flow::ChildrenOf(std::uint32_t node) const {
  std::vector<std::uint32_t> children(tree_.nodes[node].child_count);
  for (std::uint32_t i = 0; i < children.size(); ++i) {
    children[i] = tree_.nodes[node].first_child + i;
  }
  return children;
}

std::uint32_t Flow::Child(std::uint32_t node, std::uint16_t field) const {
  if (field == 0) return kNoNode;
  for (const std::uint32_t child : ChildrenOf(node)) {
    if (tree_.nodes[child].field == field) return child;
  }
  return kNoNode;
}

std::vector<FlowTokens::Token> Flow::VariablesOf(std::uint32_t node) {
  if (node == kNoNode) failed_ = true;
  if (failed_) return {};
  const auto variables = tokens_.VariablesOf(node);
  if (!variables.has_value()) {
    failed_ = true;
    return {};
  }
  steps_ += variables->size();
  return *variables;
}

}  // namespace evalloop::code_analysis
