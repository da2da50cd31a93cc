#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_SOURCE_TEXT_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_SOURCE_TEXT_H_

#include <string_view>
#include <vector>

#include "code_analysis/language.h"
#include "code_analysis/lexer.h"

namespace evalloop::model_server {

// One token of a source as the model reads it. `text` points into the source.
struct SourceToken {
  code_analysis::TokenKind kind = code_analysis::TokenKind::kOperator;
  std::string_view text;
  bool blank_before = false;  // Within its line; the indent does not count.
};

// The tokens of a source: comments and empty lines left out, one kNewline
// behind each line that holds a token and ends. A string over several lines is
// one token a line.
std::vector<SourceToken> ReadSource(std::string_view source,
                                    code_analysis::Language language);

// Where a cursor stands, read from the text before it.
struct CursorText {
  // As ReadSource gives them; a last token that touches the cursor included.
  std::vector<SourceToken> tokens;
  // The last token is a word, number or open string that touches the cursor, so
  // it may go on.
  bool touches_word = false;
  // The cursor stands in a comment or docstring: there is nothing to complete.
  bool in_comment = false;
  // Blanks stand between the last token of the cursor's line and the cursor, or
  // the line holds nothing yet.
  bool after_blank = true;
  // The cursor's line up to the cursor.
  std::string_view line;
};

CursorText ReadPrefix(std::string_view prefix,
                      code_analysis::Language language);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_SOURCE_TEXT_H_
