#ifndef EVALLOOP_CODE_ANALYSIS_OUTLINE_H_
#define EVALLOOP_CODE_ANALYSIS_OUTLINE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

enum class PieceKind : std::uint8_t {
  kStatement,  // Without a block in it; two lines or more.
  kBlock,      // What stands inside a loop, a condition, a try ...
  kBody,       // Of a function, without its docstring.
  kFunction,   // With its head, and the comment or decorators right above.
};

// A unit of code that its language's grammar knows.
struct CodePiece {
  PieceKind kind = PieceKind::kStatement;
  std::size_t begin = 0;  // [begin, end) of the text, no blanks at either end.
  std::size_t end = 0;
  std::uint32_t first_line = 0;  // From 1.
  std::uint32_t last_line = 0;
  // The function that it is or stands in, within its class: "Parser.next".
  // Empty outside of functions.
  std::string symbol;
  // kBody and kFunction: the head, e.g. "def next(self)", blanks squeezed.
  std::string signature;
  // kBody and kFunction: the comment above or the docstring; empty without one.
  std::string_view documentation;
};

// The pieces of `text` in source order, an outer one before what is in it. Of a
// text that is too long to parse, what the 32 KiB around `line` (from 1) show.
// Pieces with syntax errors in them are left out. Empty without a grammar.
// Views point into `text`. Total on any bytes, bounded in time as a parse is.
std::vector<CodePiece> Outline(std::string_view text, Language language,
                               std::uint32_t line = 1);

// Whether Outline of `text` would see all of it.
bool OutlineSeesAll(std::string_view text);

// The innermost function around `line`; null where none is.
const CodePiece* FunctionAt(const std::vector<CodePiece>& outline,
                            std::uint32_t line);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_OUTLINE_H_
