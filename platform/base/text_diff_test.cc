#include "platform/base/text_diff.h"

#include <gtest/gtest.h>

#include <string>

namespace evalloop::base {
namespace {

TEST(UnifiedDiffTest, ShowsChangesWithThreeLinesAround) {
  EXPECT_EQ(UnifiedDiff("1\n2\n3\n4\n5\n6\n7\n8\n9\n",
                        "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  EXPECT_EQ(UnifiedDiff("a\n", "a\nb\n"), "@@ -1,1 +1,2 @@\n a\n+b\n");
  EXPECT_EQ(UnifiedDiff("", "a\nb"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
  EXPECT_EQ(UnifiedDiff("a\n", ""), "@@ -1,1 +0,0 @@\n-a\n");
}

TEST(UnifiedDiffTest, IsEmptyForEqualTexts) {
  EXPECT_EQ(UnifiedDiff("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(UnifiedDiff("", ""), "");
}

std::string Numbered(char letter, int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) text += letter + std::to_string(i) + "\n";
  return text;
}

TEST(UnifiedDiffTest, FindsASmallChangeInALongText) {
  const std::string head = Numbered('a', 2000);
  const std::string tail = Numbered('b', 2000);
  EXPECT_EQ(UnifiedDiff(head + "old\n" + tail, head + "new\n" + tail),
            "@@ -1998,7 +1998,7 @@\n a1997\n a1998\n a1999\n-old\n+new\n"
            " b0\n b1\n b2\n");
}

TEST(UnifiedDiffTest, ReplacesLongChangesAsAWhole) {
  const std::string diff =
      UnifiedDiff(Numbered('a', 3000), Numbered('b', 3000));
  EXPECT_EQ(diff.rfind("@@ -1,3000 +1,3000 @@\n-a0\n-a1\n", 0), 0U);
  EXPECT_NE(diff.find("-a2999\n+b0\n"), std::string::npos);
  EXPECT_TRUE(diff.ends_with("+b2999\n"));
}

}  // namespace
}  // namespace evalloop::base
