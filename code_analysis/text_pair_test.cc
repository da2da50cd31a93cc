#include "code_analysis/text_pair.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace evalloop::code_analysis {
namespace {

struct Decoded {
  std::size_t symbol_bytes = 0;
  std::u32string candidate;
  std::u32string reference;
};

Decoded Decode(std::string_view candidate, std::string_view reference) {
  return TextPair(candidate, reference).Visit([](const auto& texts) {
    Decoded out;
    out.symbol_bytes = sizeof(texts.candidate[0]);
    for (const auto c : texts.candidate) out.candidate += texts.Point(c);
    for (const auto c : texts.reference) out.reference += texts.Point(c);
    return out;
  });
}

std::string Ideographs(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {  // From U+4E00 on.
    text += '\xE4';
    text += static_cast<char>(0xB8 + i / 64);
    text += static_cast<char>(0x80 + i % 64);
  }
  return text;
}

TEST(TextPairTest, TakesAsciiAsItIs) {
  const Decoded pair = Decode("a b", "");
  EXPECT_EQ(pair.symbol_bytes, 1u);
  EXPECT_EQ(pair.candidate, U"a b");
  EXPECT_EQ(pair.reference, U"");
}

TEST(TextPairTest, NumbersOtherCharactersInOneByte) {
  const Decoded pair =
      Decode("a\xC3\xA9\xF0\x9F\x98\x80\xC3\xA9", "\xE2\x82\xACz");
  EXPECT_EQ(pair.symbol_bytes, 1u);
  EXPECT_EQ(pair.candidate, U"a\u00E9\U0001F600\u00E9");
  EXPECT_EQ(pair.reference, U"\u20ACz");
  const Decoded zero = Decode(std::string_view("\0\xC3\xA9", 3), "");
  EXPECT_EQ(zero.candidate, std::u32string(U"\0\u00E9", 2));
}

TEST(TextPairTest, TurnsWideWhereAByteDoesNotDo) {
  EXPECT_EQ(Decode(Ideographs(128), Ideographs(100)).symbol_bytes, 1u);
  const Decoded pair = Decode("x" + Ideographs(129), "y\xE4\xB8\x81");
  EXPECT_EQ(pair.symbol_bytes, 4u);
  EXPECT_EQ(pair.candidate.size(), 130u);
  EXPECT_EQ(pair.candidate[129], char32_t{0x4E80});
  EXPECT_EQ(pair.reference, U"y\u4E01");
}

TEST(TextPairTest, TakesBothAsBytesWhereOneIsNoUtf8) {
  const Decoded pair = Decode("\xC3\xA9", "\xFF");
  EXPECT_EQ(pair.candidate, U"\u00C3\u00A9");
  EXPECT_EQ(pair.reference, U"\u00FF");
}

}  // namespace
}  // namespace evalloop::code_analysis
