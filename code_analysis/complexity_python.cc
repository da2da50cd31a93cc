#include "code_analysis/complexity_python.h"

#include <algorithm>
#include <string_view>
#include <utility>

// radon/visitors.py, class ComplexityVisitor, on tree-sitter's trees.

namespace evalloop::code_analysis {
namespace {

// What a try with `except*` is called once that has been seen.
constexpr std::string_view kGroupTry = "try of groups";

// Whether a case takes anything: `case _` or `case name`, in parentheses or
// not, whatever its guard.
bool TakesAll(TSNode clause) {
  TSNode pattern = {};
  bool one = false;
  TSTreeCursor cursor = ts_tree_cursor_new(clause);
  if (ts_tree_cursor_goto_first_child(&cursor)) {
    do {
      const TSNode child = ts_tree_cursor_current_node(&cursor);
      if (KindOf(child) == ",") {
        one = false;  // A sequence.
        break;
      }
      if (KindOf(child) == "case_pattern") {
        one = true;
        pattern = child;
      }
    } while (ts_tree_cursor_goto_next_sibling(&cursor));
  }
  ts_tree_cursor_delete(&cursor);
  if (!one) return false;
  // case_pattern > dotted_name > identifier; "_" is a token of its own. A pair
  // of parentheses is a tuple_pattern.
  TSNode node = pattern;
  while (true) {
    const std::string_view kind = KindOf(node);
    const std::uint32_t children = ts_node_child_count(node);
    if (kind == "identifier" || kind == "_") return true;
    if ((kind == "case_pattern" || kind == "dotted_name") && children == 1) {
      node = ts_node_child(node, 0);
    } else if (kind == "tuple_pattern" && children == 3) {
      node = ts_node_child(node, 1);
    } else {
      return false;
    }
  }
}

bool IsComprehension(std::string_view kind) {
  return kind == "list_comprehension" || kind == "set_comprehension" ||
         kind == "dictionary_comprehension" || kind == "generator_expression";
}

// Where a visitor of radon is at work: the module, or the body of a function
// or class.
struct Scope {
  enum Kind { kModule, kFunction, kClass } kind = kModule;
  std::uint32_t depth = 0;  // Of the scope's node.
  std::uint32_t decisions = 0;
  // Of functions found in it, not in functions or classes of it.
  std::uint32_t functions = 0;
  std::uint32_t functions_complexity = 0;
  std::size_t block = 0;  // Its place in the blocks.
  bool listed = false;
};

class Visitor {
 public:
  Visitor(const SyntaxTree& tree, std::vector<PythonBlock>* blocks)
      : tree_(tree), blocks_(blocks) {}

  double Visit() {
    for (TreeWalk walk(tree_.root()); !walk.done(); walk.Next()) {
      while (scopes_.size() > 1 && walk.depth() <= scopes_.back().depth) {
        Close();
      }
      kinds_.resize(walk.depth());
      const std::string_view kind =
          ts_node_is_named(walk.node()) ? KindOf(walk.node()) : "";
      const std::string_view parent = kinds_.empty() ? "" : kinds_.back();
      Enter(walk, kind, parent);
      kinds_.push_back(kind);
    }
    while (scopes_.size() > 1) Close();
    return 1.0 + total_ + scopes_.front().decisions;
  }

 private:
  void Enter(TreeWalk& walk, std::string_view kind, std::string_view parent) {
    const TSNode node = walk.node();
    std::uint32_t& decisions = scopes_.back().decisions;
    if (kind == "function_definition" || kind == "class_definition") {
      Open(kind == "class_definition" ? Scope::kClass : Scope::kFunction, node,
           walk.depth());
    } else if (parent == "function_definition" ||
               parent == "class_definition") {
      // Only what is in the body is visited.
      const char* const field = walk.field();
      if (field == nullptr || std::string_view(field) != "body") {
        walk.SkipChildren();
      }
    } else if (kind == "decorator") {
      walk.SkipChildren();
    } else if (kind == "assert_statement") {
      ++decisions;
      walk.SkipChildren();
    } else if (kind == "if_statement" || kind == "elif_clause" ||
               kind == "conditional_expression" || kind == "boolean_operator" ||
               kind == "for_statement" || kind == "while_statement" ||
               kind == "for_in_clause") {
      ++decisions;
    } else if (kind == "if_clause") {
      if (IsComprehension(parent)) ++decisions;
    } else if (kind == "else_clause") {
      if (parent != "if_statement" && parent != kGroupTry) ++decisions;
    } else if (kind == "except_group_clause") {
      kinds_.back() = kGroupTry;  // radon does not look at its else either.
    } else if (kind == "except_clause") {
      ++decisions;
    } else if (kind == "case_clause") {
      ++decisions;
    } else if (kind == "match_statement") {
      if (AnyTakesAll(node)) --decisions;
    }
  }

  static bool AnyTakesAll(TSNode match) {
    const TSNode body = ts_node_child_by_field_name(match, "body", 4);
    if (ts_node_is_null(body)) return false;
    bool found = false;
    TSTreeCursor cursor = ts_tree_cursor_new(body);
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      do {
        const TSNode clause = ts_tree_cursor_current_node(&cursor);
        found = KindOf(clause) == "case_clause" && TakesAll(clause);
      } while (!found && ts_tree_cursor_goto_next_sibling(&cursor));
    }
    ts_tree_cursor_delete(&cursor);
    return found;
  }

  void Open(Scope::Kind kind, TSNode node, std::uint32_t depth) {
    const Scope& outer = scopes_.back();
    Scope scope{.kind = kind, .depth = depth};
    // Methods of a class that is listed are; so is what a module holds.
    scope.listed = outer.kind == Scope::kModule ||
                   (outer.kind == Scope::kClass && outer.listed &&
                    kind == Scope::kFunction);
    if (scope.listed && blocks_ != nullptr) {
      const TSNode name = ts_node_child_by_field_name(node, "name", 4);
      scope.block = blocks_->size();
      blocks_->push_back(
          {.kind = kind == Scope::kClass         ? PythonBlock::Kind::kClass
                   : outer.kind == Scope::kClass ? PythonBlock::Kind::kMethod
                                                 : PythonBlock::Kind::kFunction,
           .name = ts_node_is_null(name) ? "" : std::string(tree_.TextOf(name)),
           .line = ts_node_start_point(node).row + 1});
    }
    scopes_.push_back(scope);
  }

  void Close() {
    const Scope scope = scopes_.back();
    scopes_.pop_back();
    Scope& outer = scopes_.back();
    std::uint32_t complexity = 1 + scope.decisions;
    std::uint32_t shown = complexity;
    if (scope.kind == Scope::kClass) {
      complexity += scope.functions_complexity;
      shown = complexity;
      if (scope.functions > 0) {
        shown = complexity / scope.functions + (scope.functions > 1 ? 1 : 0);
      }
    } else {
      ++outer.functions;
      outer.functions_complexity += complexity;
    }
    if (outer.kind == Scope::kModule) total_ += complexity - 1;
    if (scope.listed && blocks_ != nullptr) {
      (*blocks_)[scope.block].complexity = shown;
    }
  }

  const SyntaxTree& tree_;
  std::vector<PythonBlock>* const blocks_;
  std::vector<Scope> scopes_ = {Scope{}};
  std::vector<std::string_view> kinds_;  // Of the nodes above, by depth.
  double total_ = 0;
};

}  // namespace

double OfPython(const SyntaxTree& tree, std::vector<PythonBlock>* blocks) {
  return Visitor(tree, blocks).Visit();
}

}  // namespace evalloop::code_analysis
