#ifndef EVALLOOP_CODE_ANALYSIS_OUTLINE_NODES_H_
#define EVALLOOP_CODE_ANALYSIS_OUTLINE_NODES_H_

// Private to outline.cc: what the grammars call their nodes, and which part of
// a long text is parsed.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace evalloop::code_analysis {

bool IsFunction(std::string_view kind);
bool IsType(std::string_view kind);
bool IsBlock(std::string_view kind);
// What may be written as one statement and is no declaration of a function, a
// type or an import.
bool IsStatement(std::string_view kind);

// Part of a text that may be parsed, from a line's start.
struct OutlineWindow {
  std::string_view text;
  std::size_t offset = 0;
  std::uint32_t lines_before = 0;
};

// All of a short text; of a long one what is around `line`, from where, by its
// look, a top-level declaration starts.
OutlineWindow WindowAround(std::string_view text, std::uint32_t line);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_OUTLINE_NODES_H_
