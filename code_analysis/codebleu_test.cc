#include "code_analysis/codebleu.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "code_analysis/trees.h"

namespace evalloop::code_analysis {
namespace {

CodeBleuParts Parts(std::string_view candidate, std::string_view reference,
                    Language language) {
  std::string_view reason;
  const auto a = CodeBleuText::Prepare(candidate, language, reason);
  const auto b = CodeBleuText::Prepare(reference, language, reason);
  EXPECT_TRUE(a != nullptr && b != nullptr) << reason;
  return CompareCodeBleu(*a, *b);
}

TEST(CodeBleuTest, IsOneForTheSameText) {
  EXPECT_DOUBLE_EQ(
      *CodeBleu("def f(a):\n  b = a + 1\n  return b",
                "def f(a):\n  b = a + 1\n  return b", Language::kPython)
           .value,
      1.0);
}

// By codebleu 0.7.0. The C#-like Java is the example of the paper: 14 of 19
// subtrees, 2 of 3 steps of data flow.
TEST(CodeBleuTest, PartsEqualTheReferenceImplementations) {
  const CodeBleuParts java = Parts(
      "public static int Sign ( double d ) { return ( float ) ( ( d == 0 ) ? 0 "
      ": ( c < 0 ) ? - 1 : 1) ; }",
      "public static int Sign ( double d ) { return ( int ) ( ( d == 0 ) ? 0 : "
      "( d < 0 ) ? - 1 : 1 ) ; }",
      Language::kJava);
  EXPECT_NEAR(java.ngram, 0.7446828000198127, 1e-12);
  EXPECT_NEAR(java.weighted_ngram, 0.7394762518470213, 1e-12);
  EXPECT_NEAR(java.syntax, 14.0 / 19, 1e-12);
  EXPECT_NEAR(java.dataflow, 2.0 / 3, 1e-12);
  EXPECT_NEAR(java.Total(), 0.7219169559491646, 1e-12);

  const CodeBleuParts python =
      Parts("def add ( a , b ) :\n return b + a",
            "def add ( a , b ) :\n return a + b", Language::kPython);
  EXPECT_NEAR(python.ngram, 0.7632661822742675, 1e-12);
  EXPECT_NEAR(python.weighted_ngram, 0.7632661822742675, 1e-12);
  EXPECT_NEAR(python.Total(), 0.8816330911371337, 1e-12);
}

// A data flow of 0, and none in the reference, count as 1.
TEST(CodeBleuTest, EmptyTextsHaveEqualTreesAndNothingElse) {
  EXPECT_DOUBLE_EQ(*CodeBleu("", "", Language::kC).value, 0.5);
}

TEST(CodeBleuTest, IsMissingWithAReason) {
  EXPECT_EQ(CodeBleu("a", "a", Language::kTypeScript).reason, "no_grammar");
  EXPECT_EQ(CodeBleu("a", "a", Language::kUnknown).reason, "no_grammar");
  const std::string longer(kMaxParsedBytes + 1, 'a');
  EXPECT_EQ(CodeBleu(longer, "a", Language::kC).reason, "too_long");
  EXPECT_EQ(CodeBleu("a", longer, Language::kC).reason, "too_long");
}

// Each loop is gone through twice: 2^60 steps.
TEST(CodeBleuTest, RefusesLoopsThatAreNestedForEver) {
  std::string loops;
  for (int i = 0; i < 60; ++i) loops += "while (a) ";
  loops = "int f() { " + loops + "b(); }";
  EXPECT_EQ(CodeBleu(loops, "a;", Language::kC).reason, "too_long");
}

// The original pairs the children of both sides where there are as many: here
// those of an attribute and of a string, which are no tokens to it, and it
// raises. No data flow counts as 1.
TEST(CodeBleuTest, WhatIsWithinAStringHasNoDataFlow) {
  for (const auto& [text, language] :
       {std::pair("a.b = \"c\\n\"", Language::kPython),
        std::pair("a.b = f\"{c}\"", Language::kPython),
        std::pair("a.b = 'c'", Language::kPython),
        std::pair("a.b = 'c'", Language::kRuby),
        std::pair("a.b = \"#{c}\"", Language::kRuby),
        std::pair("a.b = 'c';", Language::kJavaScript),
        std::pair("$a->b = \"c $d\";", Language::kPhp)}) {
    EXPECT_EQ(Parts(text, text, language).dataflow,
              Parts("", "", language).dataflow)
        << text;
  }
}

TEST(CodeBleuTest, TakesAnyBytes) {
  EXPECT_TRUE(
      CodeBleu("\xff\xfe(\0{", "\xc3", Language::kPhp).value.has_value());
  const std::string deep(20000, '(');
  EXPECT_TRUE(CodeBleu(deep, deep, Language::kPython).value.has_value());
}

}  // namespace
}  // namespace evalloop::code_analysis
