#include "code_analysis/trees.h"

#include <tree_sitter/api.h>

#include <string>

#include "code_analysis/syntax_tree.h"

namespace evalloop::code_analysis {
namespace {

constexpr std::size_t kPrefixBytes = 16 << 10;
constexpr std::size_t kSuffixBytes = 4 << 10;

// Walks only where an error is said to be, without recursion: hostile text
// nests deep.
std::size_t CountErrors(const TSTree* tree) {
  std::size_t errors = 0;
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  while (true) {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    // What is inside an error node is one error.
    const bool is_error =
        ts_node_is_missing(node) || ts_node_symbol(node) == TSSymbol(-1);
    if (is_error) ++errors;
    if (!is_error && ts_node_has_error(node) &&
        ts_tree_cursor_goto_first_child(&cursor)) {
      continue;
    }
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (!ts_tree_cursor_goto_parent(&cursor)) {
        ts_tree_cursor_delete(&cursor);
        return errors;
      }
    }
  }
}

std::string_view LastLines(std::string_view text) {
  if (text.size() <= kPrefixBytes) return text;
  text.remove_prefix(text.size() - kPrefixBytes);
  const std::size_t line = text.find('\n');
  return line == std::string_view::npos ? text : text.substr(line + 1);
}

std::string_view FirstLines(std::string_view text) {
  if (text.size() <= kSuffixBytes) return text;
  text = text.substr(0, kSuffixBytes);
  const std::size_t line = text.rfind('\n');
  return line == std::string_view::npos ? text : text.substr(0, line + 1);
}

}  // namespace

bool HasGrammar(Language language) { return GrammarOf(language) != nullptr; }

Measure SyntaxErrors(std::string_view text, Language language) {
  const SyntaxTree tree(text, language);
  if (!tree.ok()) return Measure::Missing(tree.reason());
  return Measure::Of(static_cast<double>(CountErrors(tree.get())));
}

std::string Put(std::string_view text, Surroundings around) {
  std::string whole(LastLines(around.prefix));
  whole.append(text).append(FirstLines(around.suffix));
  return whole;
}

Measure Parses(std::string_view candidate,
               std::optional<std::string_view> baseline, Surroundings around,
               Language language) {
  const auto errors_with = [&](std::string_view middle) {
    if (middle.size() > kMaxParsedBytes) return Measure::Missing("too_long");
    return SyntaxErrors(Put(middle, around), language);
  };
  const Measure own = errors_with(candidate);
  if (!own.value.has_value() || *own.value == 0.0) {
    return own.value.has_value() ? Measure::Of(1.0) : own;
  }
  const Measure other = errors_with(baseline.value_or(""));
  if (!other.value.has_value()) return other;
  return Measure::Of(*own.value <= *other.value ? 1.0 : 0.0);
}

}  // namespace evalloop::code_analysis
