#ifndef EVALLOOP_CODE_ANALYSIS_LEXER_TABLES_H_
#define EVALLOOP_CODE_ANALYSIS_LEXER_TABLES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
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

// What may start with a byte, or go on with it: bits.
enum ByteUse : std::uint8_t {
  kStartsName = 1,
  kInName = 2,
  // A comment or a string, with its prefix, may start here.
  kOpens = 4,
};

// A few words, asked for about each name: most are refused by their first byte
// and their length.
class WordSet {
 public:
  // `word` has 1 to 31 bytes.
  void Insert(std::string_view word);

  bool Contains(std::string_view word) const {
    if (word.empty() || word.size() > kLongest) return false;
    const Bucket& bucket = buckets_[static_cast<unsigned char>(word.front())];
    if ((bucket.sizes >> word.size() & 1) == 0) return false;
    for (const std::string_view one : bucket.words) {
      if (one == word) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t kLongest = 31;
  struct Bucket {
    std::uint32_t sizes = 0;  // Bit n: there is a word of n bytes.
    std::vector<std::string_view> words;
  };
  std::array<Bucket, 256> buckets_;  // By first byte.
};

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
  WordSet keywords;
  // By first byte; longest first, two bytes at least.
  std::array<std::vector<std::string_view>, 128> operators;
  // Bits of ByteUse; follows from the above.
  std::array<std::uint8_t, 256> uses = {};
};

const LanguageTable& TableOf(Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_LEXER_TABLES_H_
