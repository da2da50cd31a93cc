#include "model_server/domain/completer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model_server/testing/tiny_model.h"

namespace evalloop::model_server {
namespace {

using code_analysis::Language;
using testing::IndexOf;

CompletionResult Ask(const IndexSnapshot& index, std::string_view prefix,
                     Language language = Language::kCpp,
                     std::string_view suffix = "") {
  return Complete(index, {.prefix = prefix,
                          .suffix = suffix,
                          .path = "open.cc",
                          .language = language,
                          .choices = 3});
}

std::shared_ptr<const IndexSnapshot> Loops() {
  std::string text;
  for (int i = 0; i < 6; ++i) {
    text += "for (int i = 0; i < size; ++i) {\n  total += values[i];\n}\n";
  }
  return IndexOf({{"a.cc", text}});
}

TEST(CompleterTest, EndsALineThatItKnowsWithItsOwnBlanks) {
  const auto index = Loops();
  const auto result = Ask(*index, "void f() {\n  for (int i = ");
  ASSERT_FALSE(result.choices.empty());
  EXPECT_EQ(result.choices[0].text, "0; i < size; ++i) {");
  EXPECT_TRUE(result.choices[0].ended);
}

TEST(CompleterTest, TokenTextsJoinToTheText) {
  const auto index = Loops();
  const auto result = Ask(*index, "  for");
  for (const CompletionChoice& choice : result.choices) {
    std::string joined;
    for (const PredictedToken& token : choice.tokens) {
      joined += token.text;
      EXPECT_LE(token.logprob, 1e-9);
      EXPECT_GT(token.logprob, -50);
    }
    EXPECT_EQ(joined, choice.text);
  }
  EXPECT_EQ(result.choices[0].text, " (int i = 0; i < size; ++i) {");
}

TEST(CompleterTest, ContinuesAHalfTypedWord) {
  const auto index = Loops();
  const auto result = Ask(*index, "  total += va");
  ASSERT_FALSE(result.choices.empty());
  EXPECT_EQ(result.choices[0].text, "lues[i];");
  EXPECT_EQ(result.choices[0].tokens[0].text, "lues");
}

TEST(CompleterTest, ChoicesComeMostProbableFirst) {
  const auto index = IndexOf(
      {{"a.py", "x = one\nx = one\nx = one\nx = two\nx = two\nx = three\n"}});
  const auto result = Ask(*index, "z\nx = ", Language::kPython);
  ASSERT_EQ(result.choices.size(), 3U);
  EXPECT_EQ(result.choices[0].text, "one");
  EXPECT_EQ(result.choices[1].text, "two");
  EXPECT_GT(result.choices[0].tokens[0].logprob,
            result.choices[1].tokens[0].logprob);
  EXPECT_EQ(result.choices[0].tokens[0].support, 2);
}

TEST(CompleterTest, TheOpenFileOutweighsTheRest) {
  const auto index = IndexOf({{"a.py", "call(other)\ncall(other)\n"}});
  const auto result =
      Ask(*index, "z\ncall(", Language::kPython, "\ncall(mine)\ncall(mine)\n");
  ASSERT_FALSE(result.choices.empty());
  EXPECT_EQ(result.choices[0].text, "mine)");
}

TEST(CompleterTest, SaysNothingInAComment) {
  const auto index = Loops();
  EXPECT_TRUE(Ask(*index, "int a; // for (int i = ").choices.empty());
  EXPECT_TRUE(Ask(*index, "/* for\n").choices.empty());
}

TEST(CompleterTest, TokensThatWouldMergeAreKeptApart) {
  const auto index = IndexOf({{"a.cc", "a = b +\n+c;\nreturn\nvalue;\n"}});
  for (const char* prefix : {"", "a = b", "return"}) {
    const auto result = Ask(*index, prefix);
    for (const CompletionChoice& choice : result.choices) {
      EXPECT_EQ(choice.text.find("++"), std::string::npos);
      EXPECT_EQ(choice.text.find("returnvalue"), std::string::npos);
    }
  }
}

TEST(CompleterTest, TakesAnyBytes) {
  const auto index = Loops();
  for (const std::string& prefix :
       {std::string(), std::string("\xff\xfe\0\"'`", 6), std::string(300, '('),
        std::string("\"abc"), std::string("\n\n\n")}) {
    Ask(*index, prefix, Language::kUnknown, prefix);
    Ask(*index, prefix, Language::kPython, prefix);
  }
}

}  // namespace
}  // namespace evalloop::model_server
