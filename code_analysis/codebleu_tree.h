#ifndef EVALLOOP_CODE_ANALYSIS_CODEBLEU_TREE_H_
#define EVALLOOP_CODE_ANALYSIS_CODEBLEU_TREE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// 128 bits of a subtree's shape. Two equal ones are taken for equal trees.
struct ShapeHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  auto operator<=>(const ShapeHash&) const = default;
};

// A syntax tree as CodeBLEU looks at it: what tree-sitter's nodes show, laid
// flat. Node 0 is the root; the children of a node stand one after another.
struct FlatTree {
  struct Point {
    std::uint32_t row = 0;
    std::uint32_t column = 0;  // In bytes, as tree-sitter counts.
    auto operator<=>(const Point&) const = default;
  };
  struct Node {
    std::string_view type;    // Of static storage.
    std::uint16_t field = 0;  // Its name in the parent; 0: none.
    std::uint32_t first_child = 0;
    std::uint32_t child_count = 0;
    Point start;
    Point end;
  };

  std::vector<Node> nodes;
  std::uint32_t depth = 0;  // Levels; 1 for a lone root.
  // Of the root and of every node with children, the hash of its S-expression:
  // named nodes, field names, and what is missing.
  std::vector<ShapeHash> shapes;

  std::span<const Node> ChildrenOf(const Node& node) const {
    return std::span<const Node>(nodes).subspan(node.first_child,
                                                node.child_count);
  }
};

// Nothing where there is no grammar or parsing takes longer than
// kParseTimeoutMicros. `text` is at most kMaxParsedBytes long. Thread-safe.
std::optional<FlatTree> ParseFlat(std::string_view text, Language language);

// The number of a field name in `language`; 0: it has no such field.
std::uint16_t FieldNumber(Language language, std::string_view name);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CODEBLEU_TREE_H_
