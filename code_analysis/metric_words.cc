#include "code_analysis/metric_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "code_analysis/hashing.h"
#include "code_analysis/python_text.h"

namespace evalloop::code_analysis {
namespace {

// What a symbol's place in the text is.
enum Part : unsigned char {
  kBetween = 0,  // Belongs to no word.
  kInWord = 1,   // A word is as many of these as stand together.
  kWhole = 2,    // A word by itself.
};

// What tokenizer 13a takes a character for.
struct Kind {
  Part part = kBetween;
  unsigned char mark = 0;  // 1: "-", "." or ",": depends on what is around.
};

constexpr Kind KindOf(char32_t c) {
  if (IsPythonSpace(c)) return {kBetween, 0};
  if (c == '-' || c == '.' || c == ',') return {kInWord, 1};
  // {-~ [-` space-& (-+ :-@ /
  const bool apart = (c >= '{' && c <= '~') || (c >= '[' && c <= '`') ||
                     (c > ' ' && c <= '&') || (c >= '(' && c <= '+') ||
                     (c >= ':' && c <= '@') || c == '/';
  return {apart ? kWhole : kInWord, 0};
}

constexpr std::array<Kind, 128> kAsciiKinds = [] {
  std::array<Kind, 128> kinds{};
  for (char32_t c = 0; c < kinds.size(); ++c) kinds[c] = KindOf(c);
  return kinds;
}();

constexpr bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }

// The dash at `at` is apart after a digit.
template <typename Symbol>
Part PartOfDash(std::span<const Symbol> text, std::size_t at) {
  return at > 0 && IsDigit(text[at - 1]) ? kWhole : kInWord;
}

// Sets the parts of the dots in [at, end), all that stand there. The expression
// ([^0-9])([.,]) takes them in pairs, the first one with what stands before if
// that is no digit. One that is left over at the end stays with a digit that
// follows, and, alone, also with the digit before: 1.5 is a word.
template <typename Symbol>
void SetPartsOfDots(std::span<const Symbol> text, std::size_t at,
                    std::size_t end, unsigned char* parts) {
  const bool after_digit = at > 0 && IsDigit(text[at - 1]);
  const bool before_digit = end < text.size() && IsDigit(text[end]);
  const bool left_over = ((end - at) % 2 == 1) == after_digit;
  std::fill(parts + at, parts + end, kWhole);
  if (left_over && before_digit) parts[end - 1] = kInWord;
}

template <typename Char>
void ReplaceAll(std::basic_string<Char>& text, std::string_view from,
                std::string_view to) {
  const std::basic_string<Char> old(from.begin(), from.end());
  std::size_t at = text.find(old);
  if (at == text.npos) return;
  std::basic_string<Char> out;
  std::size_t done = 0;
  for (; at != text.npos; at = text.find(old, done)) {
    out.append(text, done, at - done).append(to.begin(), to.end());
    done = at + old.size();
  }
  out.append(text, done);
  text = std::move(out);
}

// Texts and strings of symbols as the standard library's strings.
template <typename Symbol>
using CharOf = std::conditional_t<sizeof(Symbol) == 1, char, char32_t>;

template <typename Symbol>
std::basic_string_view<CharOf<Symbol>> ViewOf(std::span<const Symbol> text) {
  return {reinterpret_cast<const CharOf<Symbol>*>(text.data()), text.size()};
}

// Whether Clean13a would change the words of `text`.
template <typename Symbol>
bool NeedsCleaning(std::span<const Symbol> text) {
  using Char = CharOf<Symbol>;
  constexpr Char kBrokenLine[] = {'-', '\n'};
  constexpr Char kSkipped[] = {'<', 's', 'k', 'i', 'p'};
  const auto view = ViewOf(text);
  return view.find(Char{'&'}) != view.npos ||
         view.find(kBrokenLine, 0, 2) != view.npos ||
         view.find(kSkipped, 0, 5) != view.npos;
}

// What tokenizer 13a does to a text before it looks for words.
template <typename Symbol>
std::basic_string<CharOf<Symbol>> Clean13a(const Texts<Symbol>& texts,
                                           std::span<const Symbol> text) {
  while (!text.empty() && IsPythonSpace(texts.Point(text.back()))) {
    text = text.first(text.size() - 1);
  }
  std::basic_string<CharOf<Symbol>> clean(ViewOf(text));
  ReplaceAll(clean, "<skipped>", "");
  ReplaceAll(clean, "-\n", "");
  ReplaceAll(clean, "\n", " ");
  ReplaceAll(clean, "&quot;", "\"");
  ReplaceAll(clean, "&amp;", "&");
  ReplaceAll(clean, "&lt;", "<");
  ReplaceAll(clean, "&gt;", ">");
  return clean;
}

constexpr char32_t kDottedI = 0x130;

// rouge-score's lower case: 0 for what is no part of a word. Unicode's lower
// case turns two other letters into ASCII ones: U+0130 and U+212A.
constexpr unsigned char LowerForRouge(char32_t c) {
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
    return static_cast<unsigned char>(c);
  }
  if (c >= 'A' && c <= 'Z') return static_cast<unsigned char>(c - 'A' + 'a');
  return c == kDottedI ? 'i' : c == 0x212A ? 'k' : 0;
}

constexpr std::array<unsigned char, 128> kAsciiLower = [] {
  std::array<unsigned char, 128> lower{};
  for (char32_t c = 0; c < lower.size(); ++c) lower[c] = LowerForRouge(c);
  return lower;
}();

}  // namespace

void NumberedWords::Start() {
  GiveBackHuge(candidate_);
  GiveBackHuge(reference_);
}

void NumberedWords::Finish() {
  vocabulary_.Clear();
  GiveBackHuge(parts_);
  GiveBackHuge(begins_);
  GiveBackHuge(ends_);
  GiveBackHuge(lower_);
}

template <typename Symbol>
void NumberedWords::NumberParts(const Symbol* text, std::size_t size,
                                std::vector<std::uint32_t>& ids) {
  // Where words begin and end is unforeseeable, so nothing branches on it.
  begins_.resize(size + 1);
  ends_.resize(size + 1);
  parts_[size] = kBetween;
  const unsigned char* const parts = parts_.data();
  std::uint32_t* begin = begins_.data();
  std::uint32_t* end = ends_.data();
  unsigned before = kBetween;
  for (std::size_t i = 0; i <= size; ++i) {
    const unsigned here = parts[i];
    *begin = *end = static_cast<std::uint32_t>(i);
    begin += here >> 1 | (here & ~before & 1u);
    end += before >> 1 | (before & ~here & 1u);
    before = here;
  }
  ids.resize(static_cast<std::size_t>(begin - begins_.data()));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ids[i] = vocabulary_.Number(text + begins_[i], ends_[i] - begins_[i],
                                text + size);
  }
}

template <typename Symbol>
void NumberedWords::Split13a(const Texts<Symbol>& texts,
                             std::span<const Symbol> text,
                             std::vector<std::uint32_t>& ids) {
  parts_.resize(text.size() + 1);
  // Dashes and dots depend on what is around them; they wait in begins_.
  begins_.resize(text.size() + 1);
  unsigned char* const parts = parts_.data();
  std::uint32_t* marks_end = begins_.data();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Kind kind =
        text[i] < 0x80 ? kAsciiKinds[text[i]] : KindOf(texts.Point(text[i]));
    parts[i] = kind.part;
    *marks_end = static_cast<std::uint32_t>(i);
    marks_end += kind.mark;
  }
  for (const std::uint32_t* mark = begins_.data(); mark < marks_end;) {
    const std::size_t at = *mark++;
    if (text[at] == '-') {
      parts[at] = PartOfDash(text, at);
      continue;
    }
    std::size_t end = at + 1;
    while (mark < marks_end && *mark == end && text[end] != '-') {
      ++mark;
      ++end;
    }
    SetPartsOfDots(text, at, end, parts);
  }
  NumberParts(text.data(), text.size(), ids);
}

template <typename Symbol>
void NumberedWords::SplitFor13a(const Texts<Symbol>& texts) {
  Start();
  std::basic_string<CharOf<Symbol>> clean[2];  // Has to outlive the words.
  const auto split = [&](std::span<const Symbol> text, auto& storage,
                         std::vector<std::uint32_t>& ids) {
    if (NeedsCleaning(text)) {
      storage = Clean13a(texts, text);
      text = {reinterpret_cast<const Symbol*>(storage.data()), storage.size()};
    }
    Split13a(texts, text, ids);
  };
  split(texts.candidate, clean[0], candidate_);
  split(texts.reference, clean[1], reference_);
  Finish();
}

template <typename Symbol>
unsigned char* NumberedWords::SplitRouge(const Texts<Symbol>& texts,
                                         std::span<const Symbol> text,
                                         unsigned char* lower,
                                         std::vector<std::uint32_t>& ids) {
  unsigned char* end = lower;
  for (const Symbol symbol : text) {
    const char32_t point = texts.Point(symbol);
    *end++ = point < 0x80 ? kAsciiLower[point] : LowerForRouge(point);
    // It becomes an i and a combining dot, which is no letter.
    if (point == kDottedI) *end++ = 0;
  }
  const auto size = static_cast<std::size_t>(end - lower);
  parts_.resize(size + 1);
  std::transform(lower, end, parts_.begin(), [](unsigned char c) {
    return static_cast<unsigned char>(c != 0 ? kInWord : kBetween);
  });
  NumberParts(lower, size, ids);
  return end;
}

template <typename Symbol>
void NumberedWords::SplitForRouge(const Texts<Symbol>& texts) {
  Start();
  lower_.resize(2 * (texts.candidate.size() + texts.reference.size()));
  unsigned char* const end =
      SplitRouge(texts, texts.candidate, lower_.data(), candidate_);
  SplitRouge(texts, texts.reference, end, reference_);
  Finish();
}

template void NumberedWords::SplitFor13a(const NarrowTexts&);
template void NumberedWords::SplitFor13a(const WideTexts&);
template void NumberedWords::SplitForRouge(const NarrowTexts&);
template void NumberedWords::SplitForRouge(const WideTexts&);

}  // namespace evalloop::code_analysis
