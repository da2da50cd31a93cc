#include <algorithm>
#include <cstddef>
#include <vector>

#include "code_analysis/lexer.h"

namespace evalloop::code_analysis {
namespace {

std::vector<Line> Split(std::string_view source) {
  std::vector<Line> lines;
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    std::string_view text = source.substr(at, end - at);
    if (end < source.size() && text.ends_with('\r')) text.remove_suffix(1);
    lines.push_back({.text = text, .offset = at});
    at = end + 1;
  }
  return lines;
}

// Tells which string tokens are docstrings: Python's string literals that are
// statements by themselves. Fed with every token in order.
class DocstringFinder {
 public:
  // `next` is null at the end.
  bool Feed(const Token& token, const Token* next) {
    const bool starts_statement =
        depth_ == 0 && (at_line_start_ || after_semicolon_) && !continued_;
    switch (token.kind) {
      case TokenKind::kComment:
        return false;
      case TokenKind::kNewline:
        continued_ = after_backslash_;
        after_backslash_ = after_semicolon_ = false;
        at_line_start_ = true;
        return false;
      case TokenKind::kOperator: {
        const char c = token.text.front();
        if (c == '(' || c == '[' || c == '{') ++depth_;
        if (c == ')' || c == ']' || c == '}') depth_ = std::max(0, depth_ - 1);
        after_backslash_ = token.text == "\\";
        after_semicolon_ = token.text == ";";
        break;
      }
      default:
        after_backslash_ = after_semicolon_ = false;
        break;
    }
    at_line_start_ = continued_ = false;
    return token.kind == TokenKind::kString && starts_statement &&
           (next == nullptr || next->kind == TokenKind::kNewline ||
            next->kind == TokenKind::kComment || next->text == ";");
  }

 private:
  int depth_ = 0;
  bool at_line_start_ = true;
  bool continued_ = false;  // The line before ended with a backslash.
  bool after_backslash_ = false;
  bool after_semicolon_ = false;
};

enum Holds : unsigned char { kComment = 1, kDocstring = 2, kCode = 4 };

}  // namespace

LexedLines LexLines(std::string_view source, Language language) {
  LexedLines out;
  out.lines = Split(source);
  if (out.lines.empty()) return out;
  const std::vector<Token> tokens =
      Lex(source, language, {.comments = true, .newlines = true});
  std::vector<unsigned char> holds(out.lines.size(), 0);
  DocstringFinder docstrings;
  std::size_t line = 0;

  const auto add = [&](TokenKind kind, std::size_t offset, std::size_t size) {
    Line& here = out.lines[line];
    if (here.token_count++ == 0) here.first_token = out.tokens.size();
    out.tokens.push_back({kind, source.substr(offset, size), offset});
  };

  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool docstring =
        language == Language::kPython &&
        docstrings.Feed(token,
                        i + 1 < tokens.size() ? &tokens[i + 1] : nullptr);
    if (token.kind == TokenKind::kNewline) continue;
    while (line + 1 < out.lines.size() &&
           out.lines[line + 1].offset <= token.offset) {
      ++line;
    }
    const unsigned char held = token.kind == TokenKind::kComment ? kComment
                               : docstring                       ? kDocstring
                                                                 : kCode;
    const std::size_t end = token.offset + token.text.size();
    std::size_t from = token.offset;
    while (true) {  // Once a line that the token touches.
      holds[line] |= held;
      const Line& here = out.lines[line];
      const std::size_t line_end = here.offset + here.text.size();
      const std::size_t to = std::min(end, line_end);
      if (token.kind != TokenKind::kComment && from < to) {
        add(token.kind, from, to - from);
      }
      if (line + 1 >= out.lines.size() || out.lines[line + 1].offset >= end) {
        break;
      }
      ++line;
      const std::string_view text = out.lines[line].text;
      const std::size_t indent =
          std::min(text.find_first_not_of(" \t"), text.size());
      from = out.lines[line].offset + indent;
    }
  }
  for (std::size_t i = 0; i < out.lines.size(); ++i) {
    out.lines[i].in_comment = holds[i] == kComment;
    out.lines[i].in_docstring = (holds[i] & kDocstring) && !(holds[i] & kCode);
    if (out.lines[i].token_count == 0) out.lines[i].first_token = 0;
  }
  return out;
}

}  // namespace evalloop::code_analysis
