#include "code_analysis/complexity.h"

#include <gtest/gtest.h>

#include <string>

#include "code_analysis/trees.h"

namespace evalloop::code_analysis {
namespace {

double Of(std::string_view text, Language language = Language::kPython) {
  return Complexity(text, language).value.value_or(-1);
}

// The right-hand sides are radon 6.0.1's total_complexity.
TEST(ComplexityTest, CountsPythonAsRadonDoes) {
  EXPECT_EQ(Of(""), 1);
  EXPECT_EQ(Of("x = 1\n"), 1);
  EXPECT_EQ(Of("def f(x):\n    return x\n"), 1);
  EXPECT_EQ(Of("if a:\n  pass\nelif b:\n  pass\nelse:\n  pass\n"), 3);
  EXPECT_EQ(Of("x = a if b else c\n"), 2);
  EXPECT_EQ(Of("x = a and b and c or d\n"), 4);
  EXPECT_EQ(Of("for a in b:\n  pass\nelse:\n  pass\n"), 3);
  EXPECT_EQ(Of("while a:\n  pass\n"), 2);
  EXPECT_EQ(Of("with a:\n  pass\n"), 1);
  EXPECT_EQ(Of("assert a and b\n"), 2);
  EXPECT_EQ(Of("x = lambda a: a and b\n"), 2);
  EXPECT_EQ(Of("x = [a for b in c if d if e for f in g]\n"), 5);
  EXPECT_EQ(Of("x = f'{a if b else c}'\n"), 2);
}

TEST(ComplexityTest, CountsHandlersAndTheElseOfATry) {
  EXPECT_EQ(Of("try:\n  a\nexcept B:\n  c\nexcept D:\n  e\nelse:\n  f\n"
               "finally:\n  g\n"),
            4);
  EXPECT_EQ(Of("try:\n  a\nexcept* B:\n  c\nelse:\n  f\n"), 1);
}

TEST(ComplexityTest, ACatchAllCaseIsFree) {
  EXPECT_EQ(Of("match a:\n  case 1:\n    pass\n  case _:\n    pass\n"), 2);
  EXPECT_EQ(Of("match a:\n  case 1:\n    pass\n  case b:\n    pass\n"), 2);
  EXPECT_EQ(Of("match a:\n  case 1 if b:\n    pass\n  case [c]:\n    pass\n"),
            3);
  EXPECT_EQ(Of("match a:\n  case (b):\n    pass\n"), 1);
  EXPECT_EQ(Of("match a:\n  case b.c:\n    pass\n"), 2);
  EXPECT_EQ(Of("match a:\n  case b,:\n    pass\n"), 2);
}

TEST(ComplexityTest, LeavesOutWhatRadonLeavesOut) {
  // A closure, a class in a class, a default argument, a decorator.
  EXPECT_EQ(Of("def f(x):\n  def g():\n    if a:\n      pass\n"), 1);
  EXPECT_EQ(Of("class A:\n  class B:\n    def f(self):\n      if a: pass\n"),
            1);
  EXPECT_EQ(Of("def f(x=a if b else c):\n  pass\n"), 1);
  EXPECT_EQ(Of("@d(a if b else c)\ndef f():\n  pass\n"), 1);
}

TEST(ComplexityTest, ListsBlocksAsRadonDoes) {
  using Kind = PythonBlock::Kind;
  const auto blocks = PythonBlocks(
      "class A:\n"
      "  def f(self):\n"
      "    if a and b:\n"
      "      def inner(): pass\n"
      "  @d\n"
      "  async def g(self): pass\n"
      "def h():\n"
      "  for a in b: pass\n");
  EXPECT_EQ(blocks, (std::vector<PythonBlock>{{Kind::kClass, "A", 1, 3},
                                              {Kind::kMethod, "f", 2, 3},
                                              {Kind::kMethod, "g", 6, 1},
                                              {Kind::kFunction, "h", 7, 2}}));
}

TEST(ComplexityTest, CountsDecisionsOfOtherLanguages) {
  struct Case {
    Language language;
    std::string_view code;
    double complexity;
  };
  for (const Case& c : {
           Case{Language::kJavaScript,
                "function f(a) { if (a && b || c) return a ?? 1;\n"
                "for (const x of a) {} while (a) {} do {} while (a);\n"
                "switch (a) { case 1: case 2: break; default: }\n"
                "try {} catch (e) {} return a ? 1 : 2; }",
                12},
           Case{Language::kTypeScript,
                "const f = (a?: number): number => a ? 1 : 2;", 2},
           Case{Language::kTsx, "const f = () => a && <p/>;", 2},
           Case{Language::kGo,
                "package p\nfunc f() { if a && b {} else if c {}\n"
                "for {}\nswitch a { case 1: default: }\n"
                "select { case <-a: default: }\n"
                "switch a.(type) { case int: } }",
                8},
           Case{Language::kJava,
                "class A { int f() { if (a || b) {} for (;;) {}\n"
                "for (int x : y) {} while (a) {} do {} while (a);\n"
                "switch (a) { case 1: default: } try {} catch (E e) {}\n"
                "return a ? 1 : 2; } }",
                10},
           Case{Language::kC,
                "int f() { if (a && b) {} switch (a) { case 1: default:; }\n"
                "return a ? 1 : 2; }",
                5},
           Case{Language::kCpp,
                "void f(T&& t) { for (auto&& x : t) {} try {} catch (...) {}\n"
                "if (a and b) {} }",
                5},
           Case{Language::kRust,
                "fn f() { if a && b {} while let Some(x) = y {} loop {}\n"
                "for x in y {} match a { 1 => 2, _ => 3 }; g(|| &&x); }",
                7},
           Case{Language::kRuby,
                "def f\n  if a and b\n  elsif c\n  end\n  return if d\n"
                "  case a\n  when 1\n  else\n  end\n"
                "  begin\n  rescue A\n  end\n  x = a ? 1 : 2\nend\n",
                8},
           Case{Language::kBash,
                "f() { if a && b; then c; elif d; then e; fi\n"
                "for x in y; do z; done\ncase a in 1) b;; *) c;; esac; }",
                6},
       }) {
    EXPECT_EQ(Of(c.code, c.language), c.complexity) << NameOf(c.language);
  }
}

TEST(ComplexityTest, IsMissingWhereThereIsNoTree) {
  EXPECT_EQ(Complexity("x", Language::kUnknown).reason, "no_grammar");
  EXPECT_EQ(
      Complexity(std::string(kMaxParsedBytes + 1, 'x'), Language::kC).reason,
      "too_long");
}

TEST(ComplexityTest, SurvivesHostileText) {
  for (const std::string_view unit :
       {"(", "if a:\n ", "try:\n except* a:\n else:\n", "match a:\n case (",
        "class A:\n def f():\n", "a and ", "\xff", "else:\n", "{ if (a) "}) {
    std::string text;
    while (text.size() + unit.size() <= kMaxParsedBytes / 4) text += unit;
    for (int i = 1; i <= static_cast<int>(Language::kBash); ++i) {
      const Measure measure = Complexity(text, static_cast<Language>(i));
      EXPECT_TRUE(measure.value.has_value() || measure.reason == "timeout");
      EXPECT_GE(measure.value.value_or(1), 1);
    }
    PythonBlocks(text);
  }
}

TEST(ComplexityTest, CountsCSharpAndPhp) {
  EXPECT_EQ(Of("class A { int F(int a) { if (a > 0 && a < 9) return 1; foreach "
               "(var b in c) { } return a > 1 ? 2 : 3; } }",
               Language::kCSharp),
            5);
  EXPECT_EQ(Of("<?php if ($a) { } elseif ($b || $c) { } foreach ($d as $e) { "
               "while ($f) { } }",
               Language::kPhp),
            6);
}

}  // namespace
}  // namespace evalloop::code_analysis
