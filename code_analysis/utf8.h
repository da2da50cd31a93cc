#ifndef EVALLOOP_CODE_ANALYSIS_UTF8_H_
#define EVALLOOP_CODE_ANALYSIS_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace evalloop::code_analysis {

bool IsAscii(std::string_view text);

// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool IsValidUtf8(std::string_view text);

// The code point at `at` of well-formed UTF-8; moves `at` past it.
inline char32_t NextPoint(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  char32_t point = lead & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    point = point << 6 | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
  }
  return point;
}

// The code points of well-formed UTF-8; of anything else its bytes, one a
// point.
std::u32string CodePoints(std::string_view text);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_UTF8_H_
