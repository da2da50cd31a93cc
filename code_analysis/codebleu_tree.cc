#include "code_analysis/codebleu_tree.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "code_analysis/syntax_tree.h"

namespace evalloop::code_analysis {
namespace {

std::uint64_t Mix(std::uint64_t x) {  // splitmix64's finalizer.
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
  x = (x ^ x >> 27) * 0x94D049BB133111EBu;
  return x ^ x >> 31;
}

void Add(ShapeHash& hash, std::uint64_t word) {
  hash.low = Mix(hash.low + 0x9E3779B97F4A7C15u + word);
  hash.high = Mix(hash.high * 0xD6E8FEB86659FD93u + word + hash.low);
}

void Add(ShapeHash& hash, std::string_view text) {
  Add(hash, text.size());
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    word = word << 8 | static_cast<unsigned char>(text[i]);
    if (i % 8 == 7) Add(hash, std::exchange(word, 0));
  }
  Add(hash, word);
}

enum class Print : std::uint8_t {
  kNamed,       // (type ...)
  kAnonymous,   // Its children only.
  kMissing,     // (MISSING type) or (MISSING "type")
  kUnexpected,  // (UNEXPECTED 'c')
};

// A node whose children are being seen to, or were.
struct Printed {
  Print print = Print::kNamed;
  std::uint16_t field = 0;
  ShapeHash shape;
  // What an S-expression shows below it: (field, shape) in turn. Kept for
  // anonymous nodes alone, whose children take their place.
  std::vector<std::pair<std::uint16_t, ShapeHash>> below;
};

class Flattener {
 public:
  explicit Flattener(const TSTree* tree)
      : cursor_(ts_tree_cursor_new(ts_tree_root_node(tree))) {}
  ~Flattener() { ts_tree_cursor_delete(&cursor_); }
  Flattener(const Flattener&) = delete;
  Flattener& operator=(const Flattener&) = delete;

  // Depth first, with all children of a node appended when it is reached, so
  // that they stand together.
  FlatTree Run() {
    tree_.nodes.push_back(NodeHere());
    printed_.push_back(PrintedHere());
    Visit();
    tree_.shapes.reserve(tree_.nodes.size() / 2);
    // Children come behind their parents.
    for (std::size_t i = tree_.nodes.size(); i-- > 0;) Hash(i);
    return std::move(tree_);
  }

 private:
  FlatTree::Node NodeHere() const {
    const TSNode node = ts_tree_cursor_current_node(&cursor_);
    const TSPoint start = ts_node_start_point(node);
    const TSPoint end = ts_node_end_point(node);
    return {.type = ts_node_type(node),
            .field = ts_tree_cursor_current_field_id(&cursor_),
            .start = {start.row, start.column},
            .end = {end.row, end.column}};
  }

  Printed PrintedHere() const {
    const TSNode node = ts_tree_cursor_current_node(&cursor_);
    Printed out;
    out.field = ts_tree_cursor_current_field_id(&cursor_);
    if (ts_node_is_missing(node)) {
      out.print = Print::kMissing;
      Add(out.shape, ts_node_is_named(node) ? 1 : 2);
    } else if (ts_node_symbol(node) == static_cast<TSSymbol>(-1) &&
               ts_node_child_count(node) == 0 &&
               ts_node_end_byte(node) > ts_node_start_byte(node)) {
      // Which character it is, only this tells.
      out.print = Print::kUnexpected;
      char* const text = ts_node_string(node);
      Add(out.shape, std::string_view(text));
      std::free(text);
    } else if (!ts_node_is_named(node)) {
      out.print = Print::kAnonymous;
    }
    return out;
  }

  // Without recursion: hostile text nests deep. `path` holds the nodes from the
  // root to the one whose children are next.
  void Visit() {
    struct Step {
      std::uint32_t node;
      std::uint32_t next_child;
    };
    std::vector<Step> path;
    const auto enter = [&](std::uint32_t at) {
      tree_.depth =
          std::max(tree_.depth, static_cast<std::uint32_t>(path.size()) + 1);
      if (!ts_tree_cursor_goto_first_child(&cursor_)) return false;
      tree_.nodes[at].first_child =
          static_cast<std::uint32_t>(tree_.nodes.size());
      do {
        tree_.nodes.push_back(NodeHere());
        printed_.push_back(PrintedHere());
        ++tree_.nodes[at].child_count;
      } while (ts_tree_cursor_goto_next_sibling(&cursor_));
      ts_tree_cursor_goto_parent(&cursor_);
      path.push_back({at, 0});
      return true;
    };
    enter(0);
    while (!path.empty()) {
      Step& step = path.back();
      const FlatTree::Node& node = tree_.nodes[step.node];
      if (step.next_child == node.child_count) {
        path.pop_back();
        ts_tree_cursor_goto_parent(&cursor_);
        continue;
      }
      const bool moved = step.next_child == 0
                             ? ts_tree_cursor_goto_first_child(&cursor_)
                             : ts_tree_cursor_goto_next_sibling(&cursor_);
      if (!moved) break;  // Never: the children were counted.
      enter(node.first_child + step.next_child++);
    }
  }

  void Hash(std::size_t at) {
    const FlatTree::Node& node = tree_.nodes[at];
    Printed& own = printed_[at];
    std::vector<std::pair<std::uint16_t, ShapeHash>> below;
    for (std::uint32_t i = 0; i < node.child_count; ++i) {
      Printed& child = printed_[node.first_child + i];
      if (child.print != Print::kAnonymous) {
        below.emplace_back(child.field, child.shape);
        continue;
      }
      for (const auto& [field, shape] : child.below) {
        below.emplace_back(field == 0 ? child.field : field, shape);
      }
    }
    Add(own.shape, static_cast<std::uint64_t>(own.print));
    Add(own.shape, node.type);
    for (const auto& [field, shape] : below) {
      Add(own.shape, field);
      Add(own.shape, shape.low);
      Add(own.shape, shape.high);
    }
    if (at == 0 || node.child_count > 0) tree_.shapes.push_back(own.shape);
    if (own.print == Print::kAnonymous) own.below = std::move(below);
  }

  TSTreeCursor cursor_;
  FlatTree tree_;
  std::vector<Printed> printed_;
};

}  // namespace

std::optional<FlatTree> ParseFlat(std::string_view text, Language language) {
  const SyntaxTree tree(text, language);
  if (!tree.ok()) return std::nullopt;
  return Flattener(tree.get()).Run();
}

std::uint16_t FieldNumber(Language language, std::string_view name) {
  const TSLanguage* const grammar = GrammarOf(language);
  if (grammar == nullptr) return 0;
  return ts_language_field_id_for_name(grammar, name.data(),
                                       static_cast<std::uint32_t>(name.size()));
}

}  // namespace evalloop::code_analysis
