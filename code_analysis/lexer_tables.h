#ifndef EVALLOOP_CODE_ANALYSIS_LEXER_TABLES_H_
#define EVALLOOP_CODE_ANALYSIS_LEXER_TABLES_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// How a quote character opens a string.
enum class Quote : std::uint8_t {
  kNone,      // It is an operator.
  kLine,      // Escapes; ends with its line at the latest.
  kClosed,    // As kLine, but an operator where its line doesn't close it.
  kSpan,      // Escapes; may span lines.
  kRaw,       // No escapes; may span lines.
  kTemplate,  // JavaScript's `text ${code} text`.
  kRustChar,  // A character, or the start of a lifetime's name.
};

// What may stand directly before a quote and belongs to the string.
enum class StringPrefix : std::uint8_t { kNone, kPython, kCpp, kRust, kShell };

// What the lexer knows of one language. Built once, then read-only.
struct LanguageTable {
  std::vector<std::string_view> line_comments;
  std::string_view block_open = {};  // Empty: none.
  std::string_view block_close = {};
  bool nested_blocks = false;
  Quote single_quote = Quote::kLine;
  Quote double_quote = Quote::kLine;
  Quote backtick = Quote::kNone;
  bool triple_double = false;  // """ over several lines
  bool triple_single = false;  // ''' over several lines
  StringPrefix prefix = StringPrefix::kNone;
  bool dollar_names = false;        // $ is a letter.
  bool ruby_names = false;          // @a, @@a, $a, a?, a!
  bool hash_at_word_start = false;  // # opens a comment only there.
  bool interpolation = false;       // "#{code}"
  bool regexes = false;             // /x/ where a value may stand.
  bool heredocs = false;            // <<END
  bool ruby_blocks = false;         // =begin ... =end at line starts
  bool escapes = false;             // \c outside of strings is one token.
  bool quoted_digits = false;       // 1'000
  bool dot_suffix = false;          // 1.f
  std::unordered_set<std::string_view> keywords;
  // By first byte; longest first.
  std::array<std::vector<std::string_view>, 128> operators;
};

const LanguageTable& TableOf(Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_LEXER_TABLES_H_
