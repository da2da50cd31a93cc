#include "prompt_engine/domain/glyphs.h"

#include <algorithm>

#include "code_analysis/lexer.h"

namespace evalloop::prompt_engine {
namespace {

// Of a text that is looked for; what is behind is not compared.
constexpr std::size_t kMostTokens = 400;

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r' ||
         c == '\n';
}

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool Closes(std::string_view token) {
  return token == ")" || token == "]" || token == "}";
}

class Builder {
 public:
  explicit Builder(std::size_t size) { text_.glyphs.reserve(size); }

  void BeginLine() {
    text_.line_begins.push_back(Size());
    ++line_;
  }
  void Token(std::string_view token, std::size_t offset) {
    text_.tokens.push_back(Size());
    for (std::size_t i = 0; i < token.size(); ++i) Add(token[i], offset + i);
  }
  // Each word and each other character a token.
  void Words(std::string_view words, std::size_t offset) {
    bool in_word = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (IsBlank(words[i])) {
        in_word = false;
        continue;
      }
      const bool word = IsWord(words[i]);
      if (!word || !in_word) text_.tokens.push_back(Size());
      Add(words[i], offset + i);
      in_word = word;
    }
  }
  GlyphText Done() {
    text_.line_begins.push_back(Size());
    return std::move(text_);
  }

 private:
  std::uint32_t Size() const {
    return static_cast<std::uint32_t>(text_.glyphs.size());
  }
  void Add(char c, std::size_t offset) {
    if (IsBlank(c)) return;
    text_.glyphs.push_back(c == '\'' ? '"' : c);
    text_.offsets.push_back(static_cast<std::uint32_t>(offset));
    text_.lines.push_back(line_);
  }

  GlyphText text_;
  std::uint32_t line_ = 0;
};

// One column of the distances between `wanted` and stretches of the text that
// end at one token; beside each distance where its stretch begins.
struct Cell {
  std::size_t distance = 0;
  std::size_t first = 0;
};

double SimilarityOf(std::size_t distance, std::size_t a, std::size_t b) {
  const std::size_t longer = std::max(a, b);
  if (longer == 0) return 1;
  return 1 - static_cast<double>(distance) / static_cast<double>(longer);
}

// Sellers, "The theory and computation of evolutionary distances" (J.
// Algorithms 1, 1980): with `free_begin` a stretch may begin anywhere.
Likeness Likest(const GlyphText& wanted, const GlyphText& text,
                std::size_t from, std::size_t until, bool free_begin) {
  const std::size_t n = std::min(wanted.tokens.size(), kMostTokens);
  until = std::min(until, text.tokens.size());
  Likeness best{.first = from};
  if (n == 0 || from >= until) return best;
  std::vector<Cell> column(n + 1);
  for (std::size_t i = 0; i <= n; ++i) column[i] = {i, from};
  for (std::size_t at = from; at < until; ++at) {
    Cell diagonal = column[0];
    column[0] = free_begin ? Cell{0, at + 1} : Cell{at + 1 - from, from};
    const std::string_view token = text.Token(at);
    for (std::size_t i = 1; i <= n; ++i) {
      const Cell left = column[i];
      Cell next = {diagonal.distance + (wanted.Token(i - 1) == token ? 0 : 1),
                   diagonal.first};
      if (left.distance + 1 < next.distance) {
        next = {left.distance + 1, left.first};
      }
      if (column[i - 1].distance + 1 < next.distance) {
        next = {column[i - 1].distance + 1, column[i - 1].first};
      }
      diagonal = left;
      column[i] = next;
    }
    const std::size_t count = at + 1 - column[n].first;
    const double similarity = SimilarityOf(column[n].distance, n, count);
    if (similarity > best.similarity) {
      best = {column[n].first, count, similarity};
    }
  }
  return best;
}

}  // namespace

std::size_t GlyphText::TokenAt(std::size_t glyph) const {
  return static_cast<std::size_t>(
      std::lower_bound(tokens.begin(), tokens.end(), glyph) - tokens.begin());
}

bool GlyphText::TokenBeginsAt(std::size_t glyph) const {
  return glyph == glyphs.size() ||
         std::binary_search(tokens.begin(), tokens.end(), glyph);
}

std::string_view GlyphText::Token(std::size_t token) const {
  const std::size_t begin = tokens[token];
  const std::size_t end =
      token + 1 < tokens.size() ? tokens[token + 1] : glyphs.size();
  return std::string_view(glyphs).substr(begin, end - begin);
}

std::size_t GlyphText::Behind(std::uint32_t line,
                              std::uint32_t characters) const {
  std::size_t at = LineBegin(line);
  const std::size_t end = glyphs.size();
  for (; characters > 0; --characters) {
    if (at == end) return std::string::npos;
    ++at;
    while (at < end && (static_cast<unsigned char>(glyphs[at]) & 0xC0) == 0x80)
      ++at;
  }
  return at;
}

GlyphText GlyphsOf(std::string_view text, code_analysis::Language language) {
  const code_analysis::LexedLines lexed =
      code_analysis::LexLines(text, language);
  Builder builder(text.size());
  for (const code_analysis::Line& line : lexed.lines) {
    builder.BeginLine();
    if (line.in_comment) builder.Words(line.text, line.offset);
    const std::size_t end = line.first_token + line.token_count;
    for (std::size_t i = line.first_token; i < end; ++i) {
      const code_analysis::Token& token = lexed.tokens[i];
      // A formatter puts it there when it breaks a list into lines.
      if (token.text == "," && i + 1 == end && end < lexed.tokens.size() &&
          Closes(lexed.tokens[end].text)) {
        continue;
      }
      if (token.kind == code_analysis::TokenKind::kString) {
        builder.Words(token.text, token.offset);
      } else {
        builder.Token(token.text, token.offset);
      }
    }
  }
  return builder.Done();
}

Likeness LikestFrom(const GlyphText& wanted, const GlyphText& text,
                    std::size_t from, std::size_t window) {
  return Likest(wanted, text, from, from + window, /*free_begin=*/false);
}

Likeness LikestWithin(const GlyphText& wanted, const GlyphText& text,
                      std::size_t from, std::size_t until) {
  return Likest(wanted, text, from, until, /*free_begin=*/true);
}

}  // namespace evalloop::prompt_engine
