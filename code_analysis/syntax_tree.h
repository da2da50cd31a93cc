#ifndef EVALLOOP_CODE_ANALYSIS_SYNTAX_TREE_H_
#define EVALLOOP_CODE_ANALYSIS_SYNTAX_TREE_H_

#include <tree_sitter/api.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// What this folder's analyses of syntax trees share. Other folders ask for
// measures, not for trees.

// Null where there is no grammar. Static lifetime.
const TSLanguage* GrammarOf(Language language);

// The grammar's name for a node, and a node's child in a field of that name
// (null for none).
inline std::string_view KindOf(TSNode node) { return ts_node_type(node); }
TSNode FieldOf(TSNode node, std::string_view name);

// A parsed text, which the caller keeps alive.
class SyntaxTree {
 public:
  // Total on any bytes, within kMaxParsedBytes and kParseTimeoutMicros of
  // trees.h; a tree with errors is a tree. Without one reason() says why:
  // "no_grammar", "too_long", "timeout".
  SyntaxTree(std::string_view text, Language language);

  bool ok() const { return tree_ != nullptr; }
  std::string_view reason() const { return reason_; }
  TSNode root() const { return ts_tree_root_node(tree_.get()); }
  const TSTree* get() const { return tree_.get(); }
  const TSLanguage* grammar() const { return grammar_; }
  std::string_view text() const { return text_; }
  std::string_view TextOf(TSNode node) const;

 private:
  struct FreeTree {
    void operator()(TSTree* tree) const { ts_tree_delete(tree); }
  };

  std::string_view text_;
  std::string_view reason_;
  const TSLanguage* grammar_;
  std::unique_ptr<TSTree, FreeTree> tree_;
};

// Walks a tree in source order without recursion, as hostile text nests deep:
//
//   for (TreeWalk walk(tree.root()); !walk.done(); walk.Next()) ...
//
// SkipChildren() lets the next step pass over what is below the node at hand.
class TreeWalk {
 public:
  explicit TreeWalk(TSNode root) : cursor_(ts_tree_cursor_new(root)) {}
  ~TreeWalk() { ts_tree_cursor_delete(&cursor_); }
  TreeWalk(const TreeWalk&) = delete;
  TreeWalk& operator=(const TreeWalk&) = delete;

  bool done() const { return done_; }
  TSNode node() const { return ts_tree_cursor_current_node(&cursor_); }
  // Nodes between the root and the node at hand.
  std::uint32_t depth() const { return depth_; }
  // Name of the field that the node is in its parent; null for none.
  const char* field() const {
    return ts_tree_cursor_current_field_name(&cursor_);
  }
  void SkipChildren() { skip_ = true; }
  void Next();

 private:
  TSTreeCursor cursor_;
  std::uint32_t depth_ = 0;
  bool skip_ = false;
  bool done_ = false;
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_SYNTAX_TREE_H_
