#include "scorer/execution/plain_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace evalloop::scorer {

std::string FloatText(double value) {
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                 value, std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer.data(),
                              static_cast<std::size_t>(end - buffer.data()));
  const auto e = text.find('e');
  int exponent = 0;
  const std::string_view after = text.substr(e + 1);
  std::from_chars(after.data() + (after[0] == '+' ? 1 : 0),
                  after.data() + after.size(), exponent);
  if (exponent < -4 || exponent >= 16) {
    return fmt::format("{}e{}{:02}", text.substr(0, e),
                       exponent < 0 ? '-' : '+', std::abs(exponent));
  }
  const auto fixed_end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                    std::chars_format::fixed)
          .ptr;
  std::string fixed(buffer.data(), fixed_end);
  if (fixed.find('.') == fixed.npos) fixed += ".0";
  return fixed;
}

void AppendEscaped(std::uint32_t c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      break;
  }
  if (c >= ' ' && c <= '~') {
    out += static_cast<char>(c);
  } else if (c < 0x10000) {
    out += fmt::format("\\u{:04x}", c);
  } else {
    c -= 0x10000;
    out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (c >> 10),
                       0xdc00 + (c & 0x3ff));
  }
}

}  // namespace evalloop::scorer
