#include "code_analysis/complexity.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "code_analysis/complexity_python.h"
#include "code_analysis/syntax_tree.h"

namespace evalloop::code_analysis {
namespace {

using Kinds = std::span<const std::string_view>;

constexpr std::string_view kJavaScript[] = {
    "if_statement", "for_statement", "for_in_statement",   "while_statement",
    "do_statement", "switch_case",   "ternary_expression", "catch_clause"};
constexpr std::string_view kGo[] = {"if_statement", "for_statement",
                                    "expression_case", "type_case",
                                    "communication_case"};
constexpr std::string_view kJava[] = {
    "if_statement",    "for_statement",     "enhanced_for_statement",
    "while_statement", "do_statement",      "switch_label",
    "catch_clause",    "ternary_expression"};
// C++'s kinds cover C's.
constexpr std::string_view kCpp[] = {
    "if_statement",    "for_statement",         "for_range_loop",
    "while_statement", "do_statement",          "case_statement",
    "catch_clause",    "conditional_expression"};
constexpr std::string_view kRust[] = {"if_expression", "for_expression",
                                      "while_expression", "loop_expression",
                                      "match_arm"};
constexpr std::string_view kRuby[] = {"if",
                                      "elsif",
                                      "unless",
                                      "while",
                                      "until",
                                      "for",
                                      "when",
                                      "in_clause",
                                      "rescue",
                                      "if_modifier",
                                      "unless_modifier",
                                      "while_modifier",
                                      "until_modifier",
                                      "rescue_modifier",
                                      "conditional"};
constexpr std::string_view kBash[] = {
    "if_statement",      "elif_clause",           "for_statement",
    "while_statement",   "c_style_for_statement", "case_item",
    "ternary_expression"};
constexpr std::string_view kCSharp[] = {
    "if_statement",    "for_statement",         "foreach_statement",
    "while_statement", "do_statement",          "switch_section",
    "catch_clause",    "switch_expression_arm", "conditional_expression"};
constexpr std::string_view kPhp[] = {
    "if_statement",    "else_if_clause",
    "for_statement",   "foreach_statement",
    "while_statement", "do_statement",
    "case_statement",  "match_conditional_expression",
    "catch_clause",    "conditional_expression"};

// Anonymous tokens; they count where they are an operator (`a && b`), not
// elsewhere (`T&& x`).
constexpr std::string_view kShortCircuit[] = {"&&", "||", "??", "and", "or"};
constexpr std::string_view kOperations[] = {"binary_expression", "binary",
                                            "list", "let_chain"};

Kinds DecisionsOf(Language language) {
  switch (language) {
    case Language::kJavaScript:
    case Language::kTypeScript:
    case Language::kTsx:
      return kJavaScript;
    case Language::kGo:
      return kGo;
    case Language::kJava:
      return kJava;
    case Language::kC:
    case Language::kCpp:
      return kCpp;
    case Language::kRust:
      return kRust;
    case Language::kRuby:
      return kRuby;
    case Language::kBash:
      return kBash;
    case Language::kCSharp:
      return kCSharp;
    case Language::kPhp:
      return kPhp;
    case Language::kPython:
    case Language::kUnknown:
      break;
  }
  return {};
}

bool Has(Kinds kinds, std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

enum class Role : std::uint8_t { kNone, kDecision, kMaybeDefault, kOperator };

// Each grammar symbol's role, found once a language.
std::vector<Role> RolesOf(Language language) {
  const TSLanguage* const grammar = GrammarOf(language);
  std::vector<Role> roles(ts_language_symbol_count(grammar), Role::kNone);
  const Kinds decisions = DecisionsOf(language);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto symbol = static_cast<TSSymbol>(i);
    const std::string_view name = ts_language_symbol_name(grammar, symbol);
    if (ts_language_symbol_type(grammar, symbol) == TSSymbolTypeRegular) {
      if (!Has(decisions, name)) continue;
      const bool maybe = name == "switch_label" || name == "case_statement" ||
                         name == "match_arm" || name == "case_item" ||
                         name == "switch_section";
      roles[i] = maybe ? Role::kMaybeDefault : Role::kDecision;
    } else if (Has(kShortCircuit, name)) {
      roles[i] = Role::kOperator;
    }
  }
  return roles;
}

const std::vector<Role>& Roles(Language language) {
  static const auto table = [] {
    std::array<std::vector<Role>, 14> all;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto known = static_cast<Language>(i);
      if (GrammarOf(known) != nullptr) all[i] = RolesOf(known);
    }
    return all;
  }();
  return table[static_cast<std::size_t>(language)];
}

// `default:`, Rust's `_ =>`, the shell's `*)`.
bool IsDefault(const SyntaxTree& tree, TSNode node) {
  TSNode first = ts_node_child(node, 0);
  if (ts_node_is_null(first)) return false;
  const std::string_view kind = ts_node_type(node);
  if (kind == "match_arm") {
    first = ts_node_child_by_field_name(node, "pattern", 7);
    return !ts_node_is_null(first) && tree.TextOf(first) == "_";
  }
  const std::string_view text = tree.TextOf(first);
  return kind == "case_item" ? text == "*" : text == "default";
}

}  // namespace

Measure Complexity(std::string_view text, Language language) {
  const SyntaxTree tree(text, language);
  if (!tree.ok()) return Measure::Missing(tree.reason());
  if (language == Language::kPython) {
    return Measure::Of(OfPython(tree, nullptr));
  }
  const std::vector<Role>& roles = Roles(language);
  double decisions = 0;
  // The kind of the parent at each depth, for operators.
  std::vector<bool> operation;
  for (TreeWalk walk(tree.root()); !walk.done(); walk.Next()) {
    const TSNode node = walk.node();
    operation.resize(walk.depth());
    const TSSymbol symbol = ts_node_symbol(node);
    const Role role = symbol < roles.size() ? roles[symbol] : Role::kNone;
    if (role == Role::kDecision ||
        (role == Role::kMaybeDefault && !IsDefault(tree, node)) ||
        (role == Role::kOperator && !operation.empty() && operation.back())) {
      ++decisions;
    }
    operation.push_back(ts_node_is_named(node) &&
                        Has(kOperations, ts_node_type(node)));
  }
  return Measure::Of(1 + decisions);
}

std::vector<PythonBlock> PythonBlocks(std::string_view text) {
  std::vector<PythonBlock> blocks;
  const SyntaxTree tree(text, Language::kPython);
  if (tree.ok()) OfPython(tree, &blocks);
  return blocks;
}

}  // namespace evalloop::code_analysis
