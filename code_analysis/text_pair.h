#ifndef EVALLOOP_CODE_ANALYSIS_TEXT_PAIR_H_
#define EVALLOOP_CODE_ANALYSIS_TEXT_PAIR_H_

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace evalloop::code_analysis {

// Two texts in one alphabet: equal symbols are equal characters. Symbols below
// 0x80 are ASCII; what another one stands for, `Point` tells.
template <typename Symbol>
struct Texts {
  std::span<const Symbol> candidate;
  std::span<const Symbol> reference;
  const char32_t* high = nullptr;  // Of the symbols from 0x80 up, if narrow.

  char32_t Point(Symbol symbol) const {
    if constexpr (sizeof(Symbol) == 1) {
      return symbol < 0x80 ? symbol : high[symbol - 0x80];
    } else {
      return symbol;
    }
  }
};

using NarrowTexts = Texts<unsigned char>;
using WideTexts = Texts<char32_t>;

// A candidate and a reference as symbols: code points where both are UTF-8,
// else bytes. They are narrow, a byte each, unless the two texts together have
// more than 128 different characters outside of ASCII. ASCII is not copied: the
// texts must outlive this.
class TextPair {
 public:
  TextPair(std::string_view candidate, std::string_view reference);
  TextPair(const TextPair&) = delete;
  TextPair& operator=(const TextPair&) = delete;

  // What `body` makes of the NarrowTexts or the WideTexts.
  template <typename Body>
  auto Visit(Body body) const {
    return is_wide_ ? body(WideTexts{wide_candidate_, wide_reference_})
                    : body(NarrowTexts{candidate_, reference_, high_});
  }

 private:
  using Bytes = std::span<const unsigned char>;
  static Bytes BytesOf(std::string_view text);
  // False: there are too many characters.
  bool Narrow(std::string_view candidate, std::string_view reference);

  bool is_wide_ = false;
  Bytes candidate_;
  Bytes reference_;
  const char32_t* high_;
  std::array<char32_t, 128> numbered_;  // Filled as far as it is in use.
  std::string narrow_candidate_;
  std::string narrow_reference_;
  std::u32string wide_candidate_;
  std::u32string wide_reference_;
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_TEXT_PAIR_H_
