#ifndef EVALLOOP_CODE_ANALYSIS_LEXER_STRINGS_H_
#define EVALLOOP_CODE_ANALYSIS_LEXER_STRINGS_H_

#include <cstddef>
#include <string_view>

#include "code_analysis/lexer_tables.h"

namespace evalloop::code_analysis {

// The scans behind Lex: each takes the source and an offset at which something
// opens, and returns the offset just past its end. 0 means "not one of these"
// where a function may say so. None reads a byte twice.

// Past the line comment that starts at `at`: the offset of its line end.
std::size_t EndOfLine(std::string_view source, std::size_t at);

// Past a block comment whose opening starts at `at`.
std::size_t EndOfBlockComment(std::string_view source, std::size_t at,
                              const LanguageTable& table);

// Past the string that starts at `at` with a quote or with a prefix of one;
// 0 where none starts there.
std::size_t EndOfString(std::string_view source, std::size_t at,
                        const LanguageTable& table);

// Past the regular expression literal whose "/" is at `at`; 0 where its line
// does not close it.
std::size_t EndOfRegex(std::string_view source, std::size_t at);

// Letters, "_" and every byte from 0x80 up.
constexpr bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_LEXER_STRINGS_H_
