#include "cli/report_text.h"

#include <gtest/gtest.h>

namespace evalloop::cli {
namespace {

TEST(VisibleTest, WritesOutWhatTerminalsAndBrowsersActOn) {
  EXPECT_EQ(Visible("a\x1b[31mred\a"), "a\\u001b[31mred\\u0007");
  EXPECT_EQ(Visible("if \u202e; } /*\u2066"), "if \\u202e; } /*\\u2066");
  EXPECT_EQ(Visible("a\u200bb\ufeff\u0085"), "a\\u200bb\\ufeff\\u0085");
  EXPECT_EQ(Visible("one\r\ntwo\rthree\n"), "one\ntwo\\u000dthree\n");
  EXPECT_EQ(Visible(std::string_view("a\0b", 3)), "a\\u0000b");
}

TEST(VisibleTest, LeavesOtherWritingAndReplacesWhatIsNoUtf8) {
  EXPECT_EQ(Visible("Grüße 日本語 🙂\t"), "Grüße 日本語 🙂\t");
  EXPECT_EQ(Visible("a\xff\xc0\x80z"), "a\uFFFD\uFFFD\uFFFDz");
  EXPECT_EQ(Visible("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // A surrogate.
  EXPECT_EQ(Visible("\xe2\x82"), "\uFFFD\uFFFD");            // Cut off.
}

TEST(CappedTest, CutsBetweenCharactersAndLinesAndSaysHowMuchIsMissing) {
  EXPECT_EQ(Capped("short", 5, 100), "short");
  EXPECT_EQ(Capped("1\n2\n3\n", 2, 100), "1\n2\n... 2 bytes more");
  EXPECT_EQ(Capped("aüü", 5, 4), "aü\n... 2 bytes more");
}

TEST(XmlTextTest, EndsNoElementNoAttributeAndNoCdata) {
  EXPECT_EQ(XmlText("]]></failure>\"'&\n\x01"),
            "]]&gt;&lt;/failure&gt;&quot;'&amp;&#10;\\u0001");
}

TEST(MarkdownTextTest, IsTextInACell) {
  EXPECT_EQ(MarkdownText("a | b\n# <img onerror=x> @all [x](y) `c`"),
            "a \\| b \\# &lt;img onerror=x&gt; &#64;all \\[x\\](y) "
            "\\`c\\`");
  EXPECT_EQ(MarkdownText("line@3"), "line@3");
}

TEST(MarkdownFenceTest, IsLongerThanWhatItHolds) {
  EXPECT_EQ(MarkdownFence("x", "diff"), "```diff\nx\n```\n");
  EXPECT_EQ(MarkdownFence("````\nx\n", ""), "`````\n````\nx\n`````\n");
}

TEST(WorkflowTest, BeginsNoCommandOfItsOwn) {
  EXPECT_EQ(WorkflowMessage("100 %\n::error::x\r\n##[set-env name=A]b"),
            "100 %25%0A::error::x%0A## [set-env name=A]b");
  EXPECT_EQ(WorkflowProperty("a,b:c\n"), "a%2Cb%3Ac%0A");
}

TEST(WorkflowTest, LeavesOtherLinesOfTheLogAsTheyAre) {
  EXPECT_EQ(WorkflowLog("a::b\n  ::add-mask::x\n::error::y\n##[group]z\n"),
            "a::b\n|   ::add-mask::x\n| ::error::y\n## [group]z\n");
  EXPECT_EQ(WorkflowLog("one\ntwo"), "one\ntwo");
  EXPECT_EQ(WorkflowLog(""), "");
}

TEST(ShellWordTest, IsOneWord) {
  EXPECT_EQ(ShellWord("complete-line@3"), "complete-line@3");
  EXPECT_EQ(ShellWord("a'; rm -r $HOME"), "'a'\\''; rm -r $HOME'");
  EXPECT_EQ(ShellWord(""), "''");
}

}  // namespace
}  // namespace evalloop::cli
