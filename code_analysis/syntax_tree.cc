#include "code_analysis/syntax_tree.h"

#include <time.h>

#include <cstdint>

#include "code_analysis/trees.h"
#include "third_party/grammars/grammars.h"

namespace evalloop::code_analysis {
namespace {

struct FreeParser {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

// CPU time of this thread.
std::int64_t ThreadMicros() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

}  // namespace

const TSLanguage* GrammarOf(Language language) {
  switch (language) {
    case Language::kPython:
      return tree_sitter_python();
    case Language::kJavaScript:
      return tree_sitter_javascript();
    case Language::kTypeScript:
      return tree_sitter_typescript();
    case Language::kTsx:
      return tree_sitter_tsx();
    case Language::kGo:
      return tree_sitter_go();
    case Language::kJava:
      return tree_sitter_java();
    case Language::kC:
      return tree_sitter_c();
    case Language::kCpp:
      return tree_sitter_cpp();
    case Language::kRust:
      return tree_sitter_rust();
    case Language::kRuby:
      return tree_sitter_ruby();
    case Language::kBash:
      return tree_sitter_bash();
    case Language::kCSharp:
      return tree_sitter_c_sharp();
    case Language::kPhp:
      return tree_sitter_php();
    case Language::kUnknown:
      break;
  }
  return nullptr;
}

TSNode FieldOf(TSNode node, std::string_view name) {
  return ts_node_child_by_field_name(node, name.data(),
                                     static_cast<std::uint32_t>(name.size()));
}

SyntaxTree::SyntaxTree(std::string_view text, Language language)
    : text_(text), grammar_(GrammarOf(language)) {
  if (grammar_ == nullptr) {
    reason_ = "no_grammar";
    return;
  }
  if (text.size() > kMaxParsedBytes) {
    reason_ = "too_long";
    return;
  }
  const std::unique_ptr<TSParser, FreeParser> parser(ts_parser_new());
  if (!ts_parser_set_language(parser.get(), grammar_)) {
    reason_ = "no_grammar";
    return;
  }
  // tree-sitter counts wall time. On a busy machine that would make the same
  // text parse or not, so it is asked to go on until the time is really spent.
  ts_parser_set_timeout_micros(parser.get(), kParseTimeoutMicros);
  const std::int64_t start = ThreadMicros();
  do {
    tree_.reset(
        ts_parser_parse_string(parser.get(), nullptr, text.data(),
                               static_cast<std::uint32_t>(text.size())));
  } while (tree_ == nullptr &&
           ThreadMicros() - start < std::int64_t{kParseTimeoutMicros});
  if (tree_ == nullptr) reason_ = "timeout";
}

std::string_view SyntaxTree::TextOf(TSNode node) const {
  const std::size_t from = ts_node_start_byte(node);
  const std::size_t to = ts_node_end_byte(node);
  if (from > to || to > text_.size()) return {};
  return text_.substr(from, to - from);
}

void TreeWalk::Next() {
  const bool down = !skip_;
  skip_ = false;
  if (down && ts_tree_cursor_goto_first_child(&cursor_)) {
    ++depth_;
    return;
  }
  while (!ts_tree_cursor_goto_next_sibling(&cursor_)) {
    if (depth_ == 0 || !ts_tree_cursor_goto_parent(&cursor_)) {
      done_ = true;
      return;
    }
    --depth_;
  }
}

}  // namespace evalloop::code_analysis
