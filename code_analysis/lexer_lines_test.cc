#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "code_analysis/lexer.h"

namespace evalloop::code_analysis {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Shape(std::string_view source, Language language) {
  std::vector<std::string> shape;
  const LexedLines lexed = LexLines(source, language);
  for (const Line& line : lexed.lines) {
    std::string text;
    for (const Token& token : lexed.TokensOf(line)) {
      text += text.empty() ? "" : " ";
      text += token.text;
    }
    if (line.in_comment) text += "<comment>";
    if (line.in_docstring) text += "<doc>";
    shape.push_back(text);
  }
  return shape;
}

TEST(LexLinesTest, CountsLinesAsGitDoes) {
  EXPECT_TRUE(LexLines("", Language::kCpp).lines.empty());
  EXPECT_EQ(LexLines("a\n", Language::kCpp).lines.size(), 1u);
  EXPECT_EQ(LexLines("a\n\nb", Language::kCpp).lines.size(), 3u);
}

TEST(LexLinesTest, CarriesCommentsOverLines) {
  EXPECT_THAT(Shape("a; /* b\n\n c */ d\n// e\n/* f */ g\n", Language::kCpp),
              ElementsAre("a ;", "<comment>", "d", "<comment>", "g"));
}

TEST(LexLinesTest, TellsDocstringsFromOtherStrings) {
  EXPECT_THAT(
      Shape("def f(a):\n    \"\"\"Doc.\n\n    More.\n    \"\"\"\n"
            "    x = \"\"\"not\n    doc\"\"\"\n    g(\n        'not'\n    )\n",
            Language::kPython),
      ElementsAre("def f ( a ) :", "\"\"\"Doc.<doc>", "<doc>", "More.<doc>",
                  "\"\"\"<doc>", "x = \"\"\"not", "doc\"\"\"", "g (", "'not'",
                  ")"));
  EXPECT_THAT(Shape("x = \\\n'a'\n'b'; y = 1\n", Language::kPython),
              ElementsAre("x = \\", "'a'", "'b' ; y = 1"));
  EXPECT_THAT(Shape("'use strict'\n", Language::kJavaScript),
              ElementsAre("'use strict'"));
}

TEST(LexLinesTest, AnUnclosedDocstringRunsToTheEnd) {
  EXPECT_THAT(Shape("'''a\nb c d", Language::kPython),
              ElementsAre("'''a<doc>", "b c d<doc>"));
}

TEST(LexLinesTest, GivesOffsetsOfTheSource) {
  const std::string source = "a\r\n  b = 1\r\n";
  const LexedLines lexed = LexLines(source, Language::kPython);
  ASSERT_EQ(lexed.lines.size(), 2u);
  EXPECT_EQ(lexed.lines[1].text, "  b = 1");
  EXPECT_EQ(lexed.lines[1].offset, 3u);
  for (const Token& token : lexed.tokens) {
    EXPECT_EQ(source.substr(token.offset, token.text.size()), token.text);
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
