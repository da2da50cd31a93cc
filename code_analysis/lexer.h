#ifndef EVALLOOP_CODE_ANALYSIS_LEXER_H_
#define EVALLOOP_CODE_ANALYSIS_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

enum class TokenKind : std::uint8_t {
  kIdentifier,
  kKeyword,
  kNumber,
  kString,    // With its quotes and prefix; a template literal is one token.
  kOperator,  // Longest match; every byte that nothing else takes is one, too.
  kComment,
  kNewline,  // "\n" or "\r\n".
};

// A piece of the source that was lexed. `text` points into that source, which
// must outlive the token; `offset` is where it starts there, in bytes.
struct Token {
  TokenKind kind = TokenKind::kOperator;
  std::string_view text;
  std::size_t offset = 0;
};

struct LexOptions {
  bool comments = false;  // Keep comment tokens.
  bool newlines = false;  // Keep newline tokens.
};

// Tokens of `source` in order. Total: any bytes in any language give tokens, in
// linear time; bytes from 0x80 up count as letters, so UTF-8 words stay whole.
// With both options on, what stands between two tokens is blanks only (space,
// tab, VT, FF, CR), so tokens and blanks together are the source. A string that
// its line does not close ends with that line, unless its form may span lines.
std::vector<Token> Lex(std::string_view source, Language language,
                       LexOptions options = {});

// One line of a lexed source.
struct Line {
  std::string_view text;   // Without its line end.
  std::size_t offset = 0;  // Of `text` in the source, bytes.
  // Into LexedLines::tokens.
  std::size_t first_token = 0;
  std::size_t token_count = 0;
  // The line holds a part of a comment and no code.
  bool in_comment = false;
  // The line holds a part of a docstring (Python: a string literal that is a
  // statement by itself) and no other code.
  bool in_docstring = false;
};

struct LexedLines {
  // Comments and newlines left out. A string over several lines is cut at the
  // line ends into one kString token a line, with the indent before it left
  // out.
  std::vector<Token> tokens;
  // As git counts lines: a last line without "\n" counts, an empty one does
  // not.
  std::vector<Line> lines;

  std::span<const Token> TokensOf(const Line& line) const {
    return std::span<const Token>(tokens).subspan(line.first_token,
                                                  line.token_count);
  }
};

// `source` line by line, with the state of comments and strings carried from
// line to line. Linear time.
LexedLines LexLines(std::string_view source, Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_LEXER_H_
