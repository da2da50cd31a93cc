#include "code_analysis/conventions.h"

#include <gtest/gtest.h>

#include <string>

namespace evalloop::code_analysis {
namespace {

constexpr std::string_view kSnake =
    "def read_all(file_name, max_size):\n"
    "    with open(file_name, 'rb') as open_file:\n"
    "        return open_file.read(max_size)\n"
    "\n"
    "def write_all(file_name, new_text):\n"
    "    out_file = open(file_name, 'wb')\n"
    "    out_file.write(new_text)\n"
    "    log_line('done')\n";

double Of(std::string_view candidate, std::string_view prefix,
          Language language = Language::kPython) {
  return ConventionScore(candidate, {.prefix = prefix}, language)
      .value.value_or(-1);
}

TEST(ConventionsTest, CodeThatDoesAsTheCodeAroundScoresOne) {
  EXPECT_EQ(Of("def copy_all(file_name, to_name):\n    x = 'a'\n", kSnake),
            1.0);
}

TEST(ConventionsTest, CodeThatDoesOtherwiseScoresLess) {
  const double names =
      Of("def copyAll(fileName, toName):\n    x = 'a'\n", kSnake);
  const double quotes =
      Of("def copy_all(file_name, to_name):\n    x = \"a\"\n", kSnake);
  const double both = Of("def copyAll(fileName, toName):\n\tx=\"a\"\n", kSnake);
  EXPECT_LT(names, 0.7);
  EXPECT_LT(quotes, 0.9);
  EXPECT_GT(quotes, names);
  EXPECT_LT(both, 0.2);
}

TEST(ConventionsTest, WhereTheCodeAroundIsDividedBothAreFine) {
  const std::string_view divided = "a = 'x'\nb = \"x\"\nc = 'x'\nd = \"x\"\n";
  EXPECT_EQ(Of("e = 'x'\n", divided), 1.0);
  EXPECT_EQ(Of("e = \"x\"\n", divided), 1.0);
}

TEST(ConventionsTest, KnowsBracesAndSemicolons) {
  const std::string_view js =
      "function a() {\n  b();\n}\nfunction c() {\n  d();\n}\n"
      "function e() {\n  f();\n}\n";
  EXPECT_EQ(Of("function g() {\n  h();\n}\n", js, Language::kJavaScript), 1.0);
  EXPECT_LT(Of("function g()\n{\n  h()\n}\n", js, Language::kJavaScript), 0.6);
}

TEST(ConventionsTest, LongLinesCountWhereOthersAreShort) {
  std::string around;
  for (int i = 0; i < 40; ++i) around += "short = 1\n";
  const std::string text = "long = " + std::string(200, '1') + "\n";
  EXPECT_LT(Of(text, around), Of("tiny = 1\n", around));
}

TEST(ConventionsTest, WithoutHabitsThereIsNoScore) {
  EXPECT_EQ(ConventionScore("x", {}, Language::kPython).reason, "no_context");
  EXPECT_EQ(ConventionScore("", {.prefix = kSnake}, Language::kPython).reason,
            "no_context");
  EXPECT_EQ(ConventionScore("x", {}, Language::kUnknown).reason, "no_grammar");
}

TEST(ConventionsTest, StaysInRangeOnAnyText) {
  for (const std::string_view unit :
       {"a_b ", "aB ", "'", "\"", "{\n", "\t\n", "=", ",", "\xff", "x\n"}) {
    std::string text;
    while (text.size() < (1 << 16)) text += unit;
    for (int i = 0; i <= static_cast<int>(Language::kBash); ++i) {
      const Measure score = ConventionScore(
          text, {.prefix = text, .suffix = text}, static_cast<Language>(i));
      EXPECT_GE(score.value.value_or(0), 0.0);
      EXPECT_LE(score.value.value_or(0), 1.0);
      EXPECT_EQ(score.value.has_value(), score.reason.empty());
    }
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
