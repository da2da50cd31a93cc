#include "code_analysis/trees.h"

#include <gtest/gtest.h>

#include <string>

namespace evalloop::code_analysis {
namespace {

TEST(TreesTest, EveryLanguageParsesItsOwnCode) {
  struct Case {
    Language language;
    std::string_view code;
  };
  for (const Case& c : {
           Case{Language::kPython, "def f(x):\n    return x + 1\n"},
           Case{Language::kJavaScript, "const f = (x) => x + 1;\n"},
           Case{Language::kTypeScript, "const f = (x: number) => x + 1;\n"},
           Case{Language::kTsx, "const f = () => <p>hi</p>;\n"},
           Case{Language::kGo, "package p\nfunc f() int { return 1 }\n"},
           Case{Language::kJava, "class A { int f() { return 1; } }\n"},
           Case{Language::kC, "int f(int x) { return x + 1; }\n"},
           Case{Language::kCpp, "auto f = [](auto x) { return x; };\n"},
           Case{Language::kRust, "fn f<'a>(x: &'a str) -> &'a str { x }\n"},
           Case{Language::kRuby, "def f(x)\n  x + 1\nend\n"},
           Case{Language::kCSharp, "class A { int F(int a) { return a; } }\n"},
           Case{Language::kPhp, "<?php function f($a) { return $a; }\n"},
           Case{Language::kBash, "for x in 1 2; do echo \"$x\"; done\n"},
       }) {
    EXPECT_TRUE(HasGrammar(c.language));
    EXPECT_EQ(SyntaxErrors(c.code, c.language).value, 0.0)
        << NameOf(c.language);
    EXPECT_GT(*SyntaxErrors(std::string(c.code) + ") ) (", c.language).value,
              0.0)
        << NameOf(c.language);
  }
}

TEST(TreesTest, SaysWhyThereIsNoValue) {
  EXPECT_EQ(SyntaxErrors("x", Language::kUnknown).reason, "no_grammar");
  EXPECT_EQ(
      SyntaxErrors(std::string(kMaxParsedBytes + 1, ' '), Language::kGo).reason,
      "too_long");
}

TEST(TreesTest, JudgesACompletionByItsReference) {
  const Surroundings around{.prefix = "int f(int x) {\n  ", .suffix = ""};
  // Both leave the function open.
  EXPECT_EQ(Parses("return x;", "return x + 1;", around, Language::kC).value,
            1.0);
  EXPECT_EQ(Parses("return x) );", "return x + 1;", around, Language::kC).value,
            0.0);
}

TEST(TreesTest, WithoutAReferenceMustNotAddAnError) {
  const Surroundings whole{.prefix = "def f(x):\n    y = 1\n    return ",
                           .suffix = "\n"};
  EXPECT_EQ(Parses("x + y", std::nullopt, whole, Language::kPython).value, 1.0);
  EXPECT_EQ(Parses("x + )", std::nullopt, whole, Language::kPython).value, 0.0);
  EXPECT_EQ(Parses("x = [1]", std::nullopt, {}, Language::kPython).value, 1.0);
}

TEST(TreesTest, SurvivesHostileText) {
  for (const std::string_view unit : {"(", "{[", "\xff", "`", "\n"}) {
    std::string text;
    while (text.size() + unit.size() <= kMaxParsedBytes) text += unit;
    for (int i = 1; i <= static_cast<int>(Language::kPhp); ++i) {
      const Measure errors = SyntaxErrors(text, static_cast<Language>(i));
      EXPECT_TRUE(errors.value.has_value() || errors.reason == "timeout");
    }
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
