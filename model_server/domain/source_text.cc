#include "model_server/domain/source_text.h"

#include <cstddef>
#include <string>

namespace evalloop::model_server {
namespace {

using code_analysis::LexedLines;
using code_analysis::Line;
using code_analysis::Token;
using code_analysis::TokenKind;

void AppendLine(const LexedLines& lexed, const Line& line,
                std::vector<SourceToken>& tokens) {
  std::size_t end = 0;
  bool first = true;
  for (const Token& token : lexed.TokensOf(line)) {
    tokens.push_back({token.kind, token.text, !first && token.offset > end});
    end = token.offset + token.text.size();
    first = false;
  }
}

bool OnlyBlanks(std::string_view text) {
  return text.find_first_not_of(" \t\v\f\r\n") == std::string_view::npos;
}

bool IsOpenString(std::string_view text) {
  const std::size_t quote = text.find_first_of("\"'`");
  return quote == std::string_view::npos || text.size() == quote + 1 ||
         text.back() != text[quote];
}

// Whether the last line may leave a comment or docstring open: only then is it
// worth asking the lexer again.
bool ContinuesBelow(const LexedLines& lexed, std::string_view source) {
  const Line& last = lexed.lines.back();
  if (last.in_comment || last.in_docstring) return true;
  std::size_t end = last.offset;
  if (last.token_count > 0) {
    const Token& token = lexed.TokensOf(last).back();
    end = token.offset + token.text.size();
  }
  return !OnlyBlanks(source.substr(end));
}

// Whether a line that begins behind `source` stands in a comment or docstring:
// LexLines only sees it once it has a letter.
bool StartsInProse(std::string_view source, code_analysis::Language language) {
  std::string probe(source);
  probe += 'x';
  const LexedLines lexed = code_analysis::LexLines(probe, language);
  return lexed.lines.back().in_comment || lexed.lines.back().in_docstring;
}

}  // namespace

std::vector<SourceToken> ReadSource(std::string_view source,
                                    code_analysis::Language language) {
  const LexedLines lexed = code_analysis::LexLines(source, language);
  std::vector<SourceToken> tokens;
  tokens.reserve(lexed.tokens.size() + lexed.lines.size());
  for (const Line& line : lexed.lines) {
    if (line.token_count == 0) continue;
    AppendLine(lexed, line, tokens);
    tokens.push_back({TokenKind::kNewline, "\n", false});
  }
  return tokens;
}

CursorText ReadPrefix(std::string_view prefix,
                      code_analysis::Language language) {
  const LexedLines lexed = code_analysis::LexLines(prefix, language);
  CursorText cursor;
  cursor.tokens.reserve(lexed.tokens.size() + lexed.lines.size());
  const bool on_new_line = prefix.empty() || prefix.back() == '\n';
  const std::size_t whole =
      on_new_line ? lexed.lines.size() : lexed.lines.size() - 1;
  for (std::size_t i = 0; i < whole; ++i) {
    if (lexed.lines[i].token_count == 0) continue;
    AppendLine(lexed, lexed.lines[i], cursor.tokens);
    cursor.tokens.push_back({TokenKind::kNewline, "\n", false});
  }
  if (on_new_line) {
    cursor.in_comment = !lexed.lines.empty() && ContinuesBelow(lexed, prefix) &&
                        StartsInProse(prefix, language);
    return cursor;
  }
  const Line& line = lexed.lines.back();
  cursor.line = line.text;
  AppendLine(lexed, line, cursor.tokens);
  if (line.token_count == 0) {
    cursor.in_comment = line.in_comment;
    return cursor;
  }
  if (line.in_docstring) {
    cursor.in_comment = true;
    return cursor;
  }
  const Token& last = lexed.TokensOf(line).back();
  const std::string_view rest = prefix.substr(last.offset + last.text.size());
  cursor.in_comment = !OnlyBlanks(rest);
  cursor.after_blank = !rest.empty();
  cursor.touches_word =
      rest.empty() &&
      (last.kind == TokenKind::kIdentifier ||
       last.kind == TokenKind::kKeyword || last.kind == TokenKind::kNumber ||
       (last.kind == TokenKind::kString && IsOpenString(last.text)));
  return cursor;
}

}  // namespace evalloop::model_server
