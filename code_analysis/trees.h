#ifndef EVALLOOP_CODE_ANALYSIS_TREES_H_
#define EVALLOOP_CODE_ANALYSIS_TREES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "code_analysis/language.h"
#include "code_analysis/measure.h"

namespace evalloop::code_analysis {

// Whether there is a grammar for `language`.
bool HasGrammar(Language language);

// Longest text that is parsed, and the most CPU time that one parse may take.
// libtree-sitter 0.20.7 corrupts memory when a node gets 65,536 children, which
// 100,000 opening brackets do; as every child takes a byte or is a token that
// was missing, half of that is safe.
inline constexpr std::size_t kMaxParsedBytes = std::size_t{32} << 10;
inline constexpr std::size_t kParseTimeoutMicros = 250'000;

// Error and missing nodes in the syntax tree of `text`, from tree-sitter: 0
// means that it parses. Missing: "no_grammar", "too_long", "timeout". Total on
// any bytes; thread-safe.
Measure SyntaxErrors(std::string_view text, Language language);

// Code around a cursor. Of long code only the nearest 16 KiB before and 4 KiB
// after are looked at, cut at line ends.
struct Surroundings {
  std::string_view prefix;
  std::string_view suffix;
};

// `text` where it stands, between as much of its surroundings as is looked at.
std::string Put(std::string_view text, Surroundings around);

// Whether a completion parses where it stands: 1 when putting it at the cursor
// makes no more syntax errors than `baseline` makes there (the reference; or,
// where that is absent, nothing at all), else 0. Judged so because code that is
// being written is rarely whole: an opened brace is no fault of a completion
// whose reference opens it too. Missing as SyntaxErrors.
Measure Parses(std::string_view candidate,
               std::optional<std::string_view> baseline, Surroundings around,
               Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_TREES_H_
