#include "code_analysis/outline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace evalloop::code_analysis {
namespace {

// "kind symbol first-last" of every piece.
std::vector<std::string> Shown(std::string_view text, Language language) {
  static constexpr const char* kNames[] = {"statement", "block", "body",
                                           "function"};
  std::vector<std::string> shown;
  for (const CodePiece& piece : Outline(text, language)) {
    shown.push_back(std::string(kNames[static_cast<int>(piece.kind)]) + " " +
                    piece.symbol + " " + std::to_string(piece.first_line) +
                    "-" + std::to_string(piece.last_line));
  }
  return shown;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kPython =
    "class A:\n"                          // 1
    "    @deco\n"                         // 2
    "    def f(self, x):\n"               // 3
    "        \"\"\"What f does.\"\"\"\n"  // 4
    "        if x:\n"                     // 5
    "            return call(\n"          // 6
    "                x)\n"                // 7
    "        return 0\n";                 // 8

TEST(OutlineTest, KnowsPythonsPieces) {
  EXPECT_THAT(Shown(kPython, Language::kPython),
              ElementsAre("function A.f 2-8", "body A.f 5-8", "block A.f 6-7",
                          "statement A.f 6-7"));
  const auto outline = Outline(kPython, Language::kPython);
  EXPECT_EQ(outline[1].documentation, "\"\"\"What f does.\"\"\"");
  EXPECT_EQ(outline[1].signature, "def f(self, x):");
  EXPECT_EQ(kPython.substr(outline[1].begin, 5), "if x:");
}

TEST(OutlineTest, KnowsTheBodiesOfBracesLanguages) {
  EXPECT_THAT(Shown("// Adds.\nint add(int a,\n        int b) {\n"
                    "  return a + b;\n}\n",
                    Language::kC),
              ElementsAre("function add 1-5", "body add 4-4"));
  EXPECT_THAT(
      Shown("package p\n\nfunc (r *T) Get(k string) int {\n"
            "\tif k == \"\" {\n\t\treturn 0\n\t}\n\treturn r.m[k]\n}\n",
            Language::kGo),
      ElementsAre("function T.Get 3-8", "body T.Get 4-7", "block T.Get 5-5"));
  EXPECT_THAT(
      Shown("const get = (k) => {\n  const v = call(\n    k);\n"
            "  return v;\n};\n",
            Language::kJavaScript),
      ElementsAre("function get 1-5", "body get 2-4", "statement get 2-3"));
}

TEST(OutlineTest, FindsTheInnermostFunction) {
  const std::string text =
      "def outer():\n    def inner():\n        return 1\n    return inner\n";
  const auto outline = Outline(text, Language::kPython);
  ASSERT_NE(FunctionAt(outline, 3), nullptr);
  EXPECT_EQ(FunctionAt(outline, 3)->symbol, "outer.inner");
  EXPECT_EQ(FunctionAt(outline, 4)->symbol, "outer");
  EXPECT_EQ(FunctionAt(outline, 9), nullptr);
}

TEST(OutlineTest, OfALongTextSeesWhatIsAroundTheLine) {
  std::string text;
  for (int i = 0; i < 4000; ++i) {
    text += "def f" + std::to_string(i) + "():\n    return " +
            std::to_string(i) + "\n\n";
  }
  EXPECT_FALSE(OutlineSeesAll(text));
  const std::uint32_t line = 3 * 3000 + 2;
  const auto outline = Outline(text, Language::kPython, line);
  ASSERT_NE(FunctionAt(outline, line), nullptr);
  EXPECT_EQ(FunctionAt(outline, line)->symbol, "f3000");
  EXPECT_EQ(FunctionAt(outline, line)->first_line, line - 1);
}

TEST(OutlineTest, IsEmptyForWhatIsNoCodeAndSurvivesIt) {
  EXPECT_THAT(Outline("", Language::kPython), IsEmpty());
  EXPECT_THAT(Outline("plain words", Language::kUnknown), IsEmpty());
  EXPECT_THAT(Outline(std::string(20'000, '('), Language::kC), IsEmpty());
  EXPECT_THAT(Outline(std::string(100'000, '{'), Language::kCpp, 9), IsEmpty());
  EXPECT_THAT(Outline("\xFF\xFE\0{", Language::kJava), IsEmpty());
}

}  // namespace
}  // namespace evalloop::code_analysis
