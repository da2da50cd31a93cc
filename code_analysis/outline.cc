#include "code_analysis/outline.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "code_analysis/outline_nodes.h"
#include "code_analysis/syntax_tree.h"

namespace evalloop::code_analysis {
namespace {

constexpr std::string_view kBlanks = " \t\v\f\r\n";
constexpr std::size_t kMostSignature = 400;

std::string Squeezed(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const char c : text.substr(0, kMostSignature)) {
    if (kBlanks.find(c) != std::string_view::npos) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

class Outliner {
 public:
  Outliner(const SyntaxTree& tree, const OutlineWindow& window,
           std::string_view whole)
      : tree_(tree), window_(window), whole_(whole) {}

  std::vector<CodePiece> Run() && {
    for (TreeWalk walk(tree_.root()); !walk.done(); walk.Next()) {
      while (!around_.empty() && walk.depth() <= around_.back().depth) {
        around_.pop_back();
      }
      Visit(walk);
    }
    DropStatementsWithBlocks();
    std::stable_sort(pieces_.begin(), pieces_.end(),
                     [](const CodePiece& a, const CodePiece& b) {
                       return a.begin != b.begin ? a.begin < b.begin
                                                 : a.end > b.end;
                     });
    return std::move(pieces_);
  }

 private:
  struct Container {
    std::uint32_t depth = 0;
    std::string name;  // Of all containers down to this one.
    bool function = false;
  };

  void Visit(TreeWalk& walk) {
    const TSNode node = walk.node();
    if (!ts_node_is_named(node)) return;
    const std::string_view kind = KindOf(node);
    if (IsFunction(kind)) {
      Function(node, walk.depth());
    } else if (IsType(kind)) {
      const std::string name = Squeezed(TypeName(node));
      if (!name.empty()) around_.push_back({walk.depth(), Inside(name), false});
    } else if (IsBlock(kind)) {
      blocks_.push_back(ts_node_start_byte(node) + window_.offset);
      const TSNode parent = ts_node_parent(node);
      const std::string_view above = KindOf(parent);
      if (!IsFunction(above) && !IsType(above) &&
          !ts_node_eq(parent, tree_.root())) {
        Add(PieceKind::kBlock, Inner(node), node);
      }
    } else if (IsStatement(kind)) {
      const TSNode parent = ts_node_parent(node);
      if (!ts_node_is_null(parent) &&
          (IsBlock(KindOf(parent)) || ts_node_eq(parent, tree_.root()))) {
        Add(PieceKind::kStatement,
            {ts_node_start_byte(node), ts_node_end_byte(node)}, node);
      }
    }
  }

  void Function(TSNode node, std::uint32_t depth) {
    const std::string_view name = FunctionName(node);
    // Nameless ones belong to where they stand.
    if (name.empty()) return;
    const std::string_view receiver = Receiver(node);
    around_.push_back({depth,
                       Inside(receiver.empty() ? std::string(name)
                                               : std::string(receiver) + "." +
                                                     std::string(name)),
                       true});
    const TSNode body = FieldOf(node, "body");
    if (ts_node_is_null(body) || !IsBlock(KindOf(body))) return;
    const std::string_view documentation = Documentation(node, body);
    const std::string signature = Squeezed(tree_.text().substr(
        ts_node_start_byte(node),
        ts_node_start_byte(body) - ts_node_start_byte(node)));
    const std::size_t before = pieces_.size();
    Add(PieceKind::kFunction, {Head(node), ts_node_end_byte(node)}, node);
    Add(PieceKind::kBody, WithoutDocstring(body), node);
    for (std::size_t i = before; i < pieces_.size(); ++i) {
      pieces_[i].signature = signature;
      pieces_[i].documentation = documentation;
    }
  }

  std::string Inside(std::string_view name) const {
    return around_.empty() ? std::string(name)
                           : around_.back().name + "." + std::string(name);
  }

  std::string Symbol() const {
    for (auto it = around_.rbegin(); it != around_.rend(); ++it) {
      if (it->function) return it->name;
    }
    return {};
  }

  // Go: the type that a method is of, without what stands around its name in
  // "(v *Cache[K])".
  std::string_view Receiver(TSNode node) const {
    const TSNode receiver = FieldOf(node, "receiver");
    if (ts_node_is_null(receiver)) return {};
    std::string_view text = tree_.TextOf(receiver);
    text = text.substr(0, text.find('['));
    text = text.substr(0, text.find_last_not_of(") \t\n") + 1);
    return text.substr(text.find_last_of("(* \t\n.") + 1);
  }

  std::string_view TypeName(TSNode node) const {
    TSNode name = FieldOf(node, "name");
    if (ts_node_is_null(name)) name = FieldOf(node, "type");  // Rust's impl.
    return ts_node_is_null(name) ? std::string_view() : tree_.TextOf(name);
  }

  std::string_view FunctionName(TSNode node) const {
    TSNode name = FieldOf(node, "name");
    if (ts_node_is_null(name)) {
      // C: the declarator's innermost name.
      name = FieldOf(node, "declarator");
      for (int i = 0; i < 8 && !ts_node_is_null(name); ++i) {
        const TSNode inner = FieldOf(name, "declarator");
        if (ts_node_is_null(inner)) break;
        name = inner;
      }
    }
    if (ts_node_is_null(name)) {
      // JavaScript: what the function is given to.
      const TSNode parent = ts_node_parent(node);
      const std::string_view kind = KindOf(parent);
      if (kind == "variable_declarator") {
        name = FieldOf(parent, "name");
      } else if (kind == "assignment_expression") {
        name = FieldOf(parent, "left");
      } else if (kind == "pair") {
        name = FieldOf(parent, "key");
      }
    }
    if (ts_node_is_null(name)) return {};
    const std::string_view text = tree_.TextOf(name);
    return text.size() <= 120 && text.find('\n') == std::string_view::npos
               ? text
               : std::string_view();
  }

  static bool IsComment(TSNode node) {
    return !ts_node_is_null(node) &&
           KindOf(node).find("comment") != std::string_view::npos;
  }

  // Where a function starts with its decorators and the comment above.
  std::uint32_t Head(TSNode node) const {
    const TSNode outer = Decorated(node);
    std::uint32_t begin = ts_node_start_byte(outer);
    std::uint32_t row = ts_node_start_point(outer).row;
    for (TSNode above = ts_node_prev_sibling(outer);
         IsComment(above) && ts_node_end_point(above).row + 1 == row;
         above = ts_node_prev_sibling(above)) {
      begin = ts_node_start_byte(above);
      row = ts_node_start_point(above).row;
    }
    return begin;
  }

  static TSNode Decorated(TSNode node) {
    const TSNode parent = ts_node_parent(node);
    if (ts_node_is_null(parent)) return node;
    const std::string_view kind = KindOf(parent);
    return kind == "decorated_definition" || kind == "export_statement" ? parent
                                                                        : node;
  }

  std::string_view Documentation(TSNode node, TSNode body) const {
    if (const TSNode docstring = Docstring(body); !ts_node_is_null(docstring)) {
      return tree_.TextOf(docstring);
    }
    const std::uint32_t head = Head(node);
    const std::uint32_t begin = ts_node_start_byte(Decorated(node));
    return head < begin ? tree_.text().substr(head, begin - head)
                        : std::string_view();
  }

  static TSNode Docstring(TSNode body) {
    const TSNode first = ts_node_named_child(body, 0);
    if (!ts_node_is_null(first) && KindOf(first) == "expression_statement" &&
        ts_node_named_child_count(first) == 1 &&
        KindOf(ts_node_named_child(first, 0)) == "string") {
      return first;
    }
    return TSNode{};
  }

  using Range = std::pair<std::uint32_t, std::uint32_t>;

  // Without the braces, where there are some.
  Range Inner(TSNode block) const {
    Range range = {ts_node_start_byte(block), ts_node_end_byte(block)};
    const std::string_view text = tree_.TextOf(block);
    if (text.size() >= 2 && text.front() == '{' && text.back() == '}') {
      return {range.first + 1, range.second - 1};
    }
    return range;
  }

  Range WithoutDocstring(TSNode body) const {
    Range range = Inner(body);
    const TSNode docstring = Docstring(body);
    // C and others have no docstrings; a lone string there is none.
    if (!ts_node_is_null(docstring) && tree_.TextOf(body).front() != '{') {
      range.first = ts_node_end_byte(docstring);
    }
    return range;
  }

  void Add(PieceKind kind, Range range, TSNode node) {
    if (ts_node_has_error(node)) return;
    std::size_t begin = range.first + window_.offset;
    std::size_t end = range.second + window_.offset;
    begin = whole_.find_first_not_of(kBlanks, begin);
    if (begin == std::string_view::npos || begin >= end) return;
    end = whole_.find_last_not_of(kBlanks, end - 1) + 1;
    CodePiece piece;
    piece.kind = kind;
    piece.begin = begin;
    piece.end = end;
    piece.first_line = LineAt(begin);
    piece.last_line = LineAt(end - 1);
    if (kind == PieceKind::kStatement && piece.last_line == piece.first_line) {
      return;
    }
    piece.symbol = Symbol();
    pieces_.push_back(std::move(piece));
  }

  // Offsets grow but for a few steps back, so the last answer is near.
  std::uint32_t LineAt(std::size_t offset) {
    const auto from = whole_.begin() + static_cast<std::ptrdiff_t>(
                                           std::min(line_offset_, offset));
    const auto to = whole_.begin() +
                    static_cast<std::ptrdiff_t>(std::max(line_offset_, offset));
    const auto between = static_cast<std::uint32_t>(std::count(from, to, '\n'));
    line_ = offset >= line_offset_ ? line_ + between : line_ - between;
    line_offset_ = offset;
    return line_;
  }

  void DropStatementsWithBlocks() {
    std::sort(blocks_.begin(), blocks_.end());
    std::erase_if(pieces_, [&](const CodePiece& piece) {
      if (piece.kind != PieceKind::kStatement) return false;
      const auto block =
          std::upper_bound(blocks_.begin(), blocks_.end(), piece.begin);
      return block != blocks_.end() && *block < piece.end;
    });
  }

  const SyntaxTree& tree_;
  const OutlineWindow& window_;
  const std::string_view whole_;
  std::vector<Container> around_;
  std::vector<std::size_t> blocks_;
  std::vector<CodePiece> pieces_;
  std::size_t line_offset_ = window_.offset;
  std::uint32_t line_ = window_.lines_before + 1;
};

}  // namespace

std::vector<CodePiece> Outline(std::string_view text, Language language,
                               std::uint32_t line) {
  const OutlineWindow window = WindowAround(text, line);
  const SyntaxTree tree(window.text, language);
  if (!tree.ok()) return {};
  return Outliner(tree, window, text).Run();
}

const CodePiece* FunctionAt(const std::vector<CodePiece>& outline,
                            std::uint32_t line) {
  const CodePiece* innermost = nullptr;
  for (const CodePiece& piece : outline) {
    if (piece.kind == PieceKind::kFunction && piece.first_line <= line &&
        line <= piece.last_line) {
      innermost = &piece;
    }
  }
  return innermost;
}

}  // namespace evalloop::code_analysis
