#include "code_analysis/text_pair.h"

#include <cstdint>

#include "code_analysis/utf8.h"

namespace evalloop::code_analysis {
namespace {

constexpr std::array<char32_t, 128> kLatin1 = [] {
  std::array<char32_t, 128> points{};
  for (char32_t i = 0; i < points.size(); ++i) points[i] = 0x80 + i;
  return points;
}();

// Numbers the characters outside of ASCII from 0x80 in the order in which they
// first appear.
class HighSymbols {
 public:
  explicit HighSymbols(std::array<char32_t, 128>& points) : points_(points) {}

  // 0: there is no number left.
  unsigned char Number(char32_t point) {
    std::size_t slot = point * std::uint32_t{0x9E3779B1} >> 24;
    while (slots_[slot] != 0) {
      if (points_[slots_[slot] - 0x80] == point) return slots_[slot];
      slot = (slot + 1) % slots_.size();
    }
    if (used_ == points_.size()) return 0;
    points_[used_] = point;
    return slots_[slot] = static_cast<unsigned char>(0x80 + used_++);
  }

 private:
  std::array<char32_t, 128>& points_;
  std::array<unsigned char, 256> slots_ = {};  // Half empty at least.
  std::size_t used_ = 0;
};

bool NarrowText(std::string_view text, HighSymbols& symbols, std::string& out) {
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = NextPoint(text, at);
    const auto symbol = point < 0x80 ? static_cast<unsigned char>(point)
                                     : symbols.Number(point);
    if (symbol == 0 && point != 0) return false;
    out.push_back(static_cast<char>(symbol));
  }
  return true;
}

}  // namespace

TextPair::TextPair(std::string_view candidate, std::string_view reference)
    : candidate_(BytesOf(candidate)),
      reference_(BytesOf(reference)),
      high_(kLatin1.data()) {
  if (IsAscii(candidate) && IsAscii(reference)) return;
  if (!IsValidUtf8(candidate) || !IsValidUtf8(reference)) return;
  if (Narrow(candidate, reference)) return;
  is_wide_ = true;
  wide_candidate_ = CodePoints(candidate);
  wide_reference_ = CodePoints(reference);
}

TextPair::Bytes TextPair::BytesOf(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

bool TextPair::Narrow(std::string_view candidate, std::string_view reference) {
  HighSymbols symbols(numbered_);
  if (!NarrowText(candidate, symbols, narrow_candidate_) ||
      !NarrowText(reference, symbols, narrow_reference_)) {
    return false;
  }
  candidate_ = BytesOf(narrow_candidate_);
  reference_ = BytesOf(narrow_reference_);
  high_ = numbered_.data();
  return true;
}

}  // namespace evalloop::code_analysis
