#ifndef EVALLOOP_CODE_ANALYSIS_PYTHON_TEXT_H_
#define EVALLOOP_CODE_ANALYSIS_PYTHON_TEXT_H_

#include <string_view>
#include <vector>

namespace evalloop::code_analysis {

// What Python's str does, on which the reference implementations stand.

// Whether str.split() and str.strip() take `c` for white space.
constexpr bool IsPythonSpace(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31);
  return c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

// str.split(): the words between white space. Views of `text`.
std::vector<std::u32string_view> SplitWords(std::u32string_view text);

// str.strip().
std::u32string_view Strip(std::u32string_view text);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_PYTHON_TEXT_H_
