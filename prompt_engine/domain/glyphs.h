#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_GLYPHS_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_GLYPHS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::prompt_engine {

// Source code without what a formatter may change: blanks, line breaks, the
// kind of quotes, the comma before a closing bracket on the next line, comments
// behind code. What is left are glyphs, one a byte. Words within strings and
// within lines of comment are tokens of their own, so that a suggestion may
// begin or end there.
struct GlyphText {
  std::string glyphs;
  std::vector<std::uint32_t> offsets;  // Of each glyph, in the text.
  std::vector<std::uint32_t> lines;    // Of each glyph, from 1.
  std::vector<std::uint32_t> tokens;   // First glyph of each token.
  // First glyph of each line, and one more for the end.
  std::vector<std::uint32_t> line_begins;

  std::uint32_t line_count() const {
    return static_cast<std::uint32_t>(line_begins.size() - 1);
  }
  std::size_t LineBegin(std::uint32_t line) const {
    return line_begins[line - 1];
  }
  std::size_t LineEnd(std::uint32_t line) const { return line_begins[line]; }

  // Index of the first token that begins at `glyph` or behind it.
  std::size_t TokenAt(std::size_t glyph) const;
  bool TokenBeginsAt(std::size_t glyph) const;
  std::string_view Token(std::size_t token) const;
  // The glyph behind the first `characters` code points from the line's begin
  // on, on a later line where a formatter broke it; npos where the text ends.
  std::size_t Behind(std::uint32_t line, std::uint32_t characters) const;
};

GlyphText GlyphsOf(std::string_view text, code_analysis::Language language);

// A stretch of tokens of one text that is like another text.
struct Likeness {
  std::size_t first = 0;  // Token.
  std::size_t count = 0;
  double similarity = 0;  // 1 - edit distance / the longer length, in tokens.
};

// The stretch of `text` that begins at token `from` and is most like the whole
// of `wanted`; at most `window` tokens are looked at. O(wanted * window).
Likeness LikestFrom(const GlyphText& wanted, const GlyphText& text,
                    std::size_t from, std::size_t window);

// The same, beginning at any token from `from` to `until` (not included), where
// it ends, too.
Likeness LikestWithin(const GlyphText& wanted, const GlyphText& text,
                      std::size_t from, std::size_t until);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_GLYPHS_H_
