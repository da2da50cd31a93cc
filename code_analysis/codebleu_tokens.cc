#include "code_analysis/codebleu_tokens.h"

#include <algorithm>
#include <map>
#include <utility>

namespace evalloop::code_analysis {
namespace {

FlowType TypeNamed(std::string_view name, const CodeBleuGrammar& grammar) {
  return {.string = name == "string_literal" || name == "string" ||
                    name == "character_literal",
          .comment = name == "comment",
          .comma = name == ",",
          .identifier = name == "identifier",
          .has_else = name.find("else") != std::string_view::npos,
          .clause = name == "elif_clause" || name == "else_clause",
          .definition = grammar.definition.contains(name),
          .assignment = grammar.assignment.contains(name),
          .increment = grammar.increment.contains(name),
          .branch = grammar.branch.contains(name),
          .loop = grammar.loop.contains(name),
          .each = grammar.each.contains(name),
          .repeat = grammar.repeat.contains(name),
          .first = grammar.first.contains(name)};
}

bool Equal(std::u32string_view text, std::string_view ascii) {
  return std::equal(
      text.begin(), text.end(), ascii.begin(), ascii.end(),
      [](char32_t a, char b) { return a == static_cast<unsigned char>(b); });
}

std::u32string_view Slice(std::u32string_view line, std::size_t start,
                          std::size_t end) {
  start = std::min(start, line.size());
  end = std::min(end, line.size());
  return start < end ? line.substr(start, end - start) : std::u32string_view();
}

}  // namespace

FlowTokens::FlowTokens(std::u32string_view text, const FlatTree& tree,
                       const CodeBleuGrammar& grammar)
    : tree_(tree) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(U'\n', at), text.size());
    lines_.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  types_.reserve(tree.nodes.size());
  for (const FlatTree::Node& node : tree.nodes) {
    const auto [at, added] = type_of_name_.try_emplace(node.type.data());
    if (added) at->second = TypeNamed(node.type, grammar);
    types_.push_back(&at->second);
  }
}

std::u32string FlowTokens::TextOf(const FlatTree::Node& node) const {
  const auto line = [&](std::size_t row) {
    return row < lines_.size() ? lines_[row] : std::u32string_view();
  };
  if (node.start.row == node.end.row) {
    return std::u32string(
        Slice(line(node.start.row), node.start.column, node.end.column));
  }
  std::u32string text(Slice(line(node.start.row), node.start.column,
                            line(node.start.row).size()));
  for (std::size_t row = node.start.row + 1; row < node.end.row; ++row) {
    text.append(line(row));
  }
  return text.append(Slice(line(node.end.row), 0, node.end.column));
}

bool FlowTokens::Number(std::uint32_t limit) {
  token_of_.assign(tree_.nodes.size(), kNone);
  is_its_type_.assign(tree_.nodes.size(), false);
  // Of two tokens at one place (empty ones) the last counts.
  std::map<std::pair<FlatTree::Point, FlatTree::Point>, std::uint32_t> at;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> stack = {{0, 1}};
  while (!stack.empty()) {
    const auto [node, level] = stack.back();
    stack.pop_back();
    if (level > limit) return false;
    const FlatTree::Node& here = tree_.nodes[node];
    if (IsToken(node)) {
      const auto number = static_cast<std::uint32_t>(tokens_.size());
      const auto code =
          codes_
              .try_emplace(TextOf(here),
                           static_cast<std::uint32_t>(codes_.size()))
              .first;
      is_its_type_[node] = Equal(code->first, here.type);
      token_of_[node] = number;
      tokens_.push_back({number, code->second});
      at[{here.start, here.end}] = number;
      continue;
    }
    for (std::uint32_t i = here.child_count; i-- > 0;) {
      stack.emplace_back(here.first_child + i, level + 1);
    }
  }
  for (std::uint32_t node = 0; node < tree_.nodes.size(); ++node) {
    if (!IsToken(node)) continue;
    const FlatTree::Node& here = tree_.nodes[node];
    const auto token = at.find({here.start, here.end});
    if (token == at.end()) continue;
    if (token_of_[node] == kNone) {
      is_its_type_[node] = Equal(TextOf(here), here.type);
    }
    token_of_[node] = token->second;
  }
  return true;
}

std::optional<std::vector<FlowTokens::Token>> FlowTokens::VariablesOf(
    std::uint32_t node) const {
  std::vector<Token> variables;
  std::vector<std::uint32_t> stack = {node};
  while (!stack.empty()) {
    const std::uint32_t here = stack.back();
    stack.pop_back();
    if (IsToken(here)) {
      const Token* const token = TokenOf(here);
      if (token == nullptr) return std::nullopt;
      if (!IsItsType(here)) variables.push_back(*token);
      continue;
    }
    for (std::uint32_t i = tree_.nodes[here].child_count; i-- > 0;) {
      stack.push_back(tree_.nodes[here].first_child + i);
    }
  }
  return variables;
}

}  // namespace evalloop::code_analysis
