#include "code_analysis/utf8.h"

#include <cstdint>
#include <cstring>

namespace evalloop::code_analysis {

bool IsAscii(std::string_view text) {
  std::uint64_t all = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    all |= eight;
  }
  for (; at < text.size(); ++at) all |= static_cast<unsigned char>(text[at]);
  return (all & 0x8080808080808080u) == 0;
}

bool IsValidUtf8(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = at + text.size();
  const auto continues = [&](int count) {
    if (end - at <= count) return false;
    for (int i = 1; i <= count; ++i) {
      if ((at[i] & 0xC0) != 0x80) return false;
    }
    return true;
  };
  while (at < end) {
    // Nearly all source is ASCII: eight bytes at a time.
    std::uint64_t eight = 0;
    while (end - at >= 8) {
      std::memcpy(&eight, at, 8);
      if ((eight & 0x8080808080808080u) != 0) break;
      at += 8;
    }
    if (at == end) break;
    const unsigned char c = *at;
    if (c < 0x80) {
      ++at;
    } else if (c >= 0xC2 && c <= 0xDF) {
      if (!continues(1)) return false;
      at += 2;
    } else if (c >= 0xE0 && c <= 0xEF) {
      if (!continues(2) || (c == 0xE0 && at[1] < 0xA0) ||
          (c == 0xED && at[1] > 0x9F)) {
        return false;
      }
      at += 3;
    } else if (c >= 0xF0 && c <= 0xF4) {
      if (!continues(3) || (c == 0xF0 && at[1] < 0x90) ||
          (c == 0xF4 && at[1] > 0x8F)) {
        return false;
      }
      at += 4;
    } else {
      return false;
    }
  }
  return true;
}

std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  if (!IsValidUtf8(text)) {
    for (const char c : text) points.push_back(static_cast<unsigned char>(c));
    return points;
  }
  for (std::size_t at = 0; at < text.size();) {
    points.push_back(NextPoint(text, at));
  }
  return points;
}

}  // namespace evalloop::code_analysis
