#include "code_analysis/codebleu_cleaning.h"

#include <gtest/gtest.h>

namespace evalloop::code_analysis {
namespace {

TEST(CodeBleuCleaningTest, DropsCommentsAndBlankLinesOfC) {
  EXPECT_EQ(CleanForCodeBleu(U"a; // b\n\n/* c\nd */ e", Language::kC),
            U"a;  \n  e");
  EXPECT_EQ(
      CleanForCodeBleu(U"\"// no\" '/* no */' \"\\\"//\" /", Language::kGo),
      U"\"// no\" '/* no */' \"\\\"//\" /");
  // What is not closed is no comment and no string.
  EXPECT_EQ(CleanForCodeBleu(U"it's /* a", Language::kJava), U"it's /* a");
}

TEST(CodeBleuCleaningTest, LeavesRubyAlone) {
  EXPECT_EQ(CleanForCodeBleu(U"a # b\n\nc", Language::kRuby), U"a # b\n\nc");
}

TEST(CodeBleuCleaningTest, DropsCommentsAndDocstringsOfPython) {
  EXPECT_EQ(CleanForCodeBleu(
                U"def f(a):\n  \"\"\"What\n  it does.\"\"\"\n  # why\n  return "
                U"a  # so",
                Language::kPython),
            U"def f(a):\n  return a  ");
  EXPECT_EQ(CleanForCodeBleu(U"x = 'a#b'  +  \"c\"", Language::kPython),
            U"x = 'a#b'  +  \"c\"");
}

TEST(CodeBleuCleaningTest, LeavesWhatPythonCannotTokenizeAlone) {
  for (const auto* text :
       {U"f(a  # b", U"'''a # b", U"if a:\n    b  # c\n  d"}) {
    EXPECT_EQ(CleanForCodeBleu(text, Language::kPython), text);
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
