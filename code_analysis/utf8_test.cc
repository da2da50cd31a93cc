#include "code_analysis/utf8.h"

#include <gtest/gtest.h>

namespace evalloop::code_analysis {
namespace {

TEST(Utf8Test, TellsWellFormedFromOther) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  EXPECT_FALSE(IsValidUtf8("\x80"));
  EXPECT_FALSE(IsValidUtf8("\xC3"));
  EXPECT_FALSE(IsValidUtf8("\xC0\x80"));          // Overlong.
  EXPECT_FALSE(IsValidUtf8("\xED\xA0\x80"));      // Surrogate.
  EXPECT_FALSE(IsValidUtf8("\xF4\x90\x80\x80"));  // Over U+10FFFF.
  EXPECT_FALSE(IsValidUtf8("\xE2\x82"));
}

TEST(Utf8Test, DecodesCodePointsAndFallsBackToBytes) {
  EXPECT_EQ(CodePoints("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
            U"a\u00e9\u20ac\U0001F600");
  EXPECT_EQ(CodePoints("\xC3"), std::u32string(1, 0xC3));
}

}  // namespace
}  // namespace evalloop::code_analysis
