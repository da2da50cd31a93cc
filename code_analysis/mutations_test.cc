#include "code_analysis/mutations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace evalloop::code_analysis {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Texts(std::string_view source) {
  std::vector<std::string> texts;
  for (const Mutant& mutant : MutantsOf(source, Language::kPython, 1'000)) {
    texts.push_back(mutant.text);
  }
  return texts;
}

TEST(MutationsTest, ChangeOneOperatorEach) {
  EXPECT_THAT(
      Texts("assert a < b and not c"),
      UnorderedElementsAre("assert a <= b and not c", "assert a < b or not c",
                           "assert a < b and  c"));
  EXPECT_THAT(
      Texts("assert a // b == -1"),
      UnorderedElementsAre("assert a / b == -1", "assert a // b != -1",
                           "assert a // b == +1", "assert a // b == -2"));
}

TEST(MutationsTest, UnpackingAndSignaturesAreNoArithmetic) {
  EXPECT_THAT(Texts("def f(a, *args, b=1 + 2, **kw): ..."),
              UnorderedElementsAre("def f(a, *args, b=2 + 2, **kw): ...",
                                   "def f(a, *args, b=1 + 3, **kw): ..."));
  EXPECT_THAT(Texts("assert f(*a, **b)"), IsEmpty());
  EXPECT_THAT(Texts("from a import (b)"), IsEmpty());
}

TEST(MutationsTest, TurnConditionsRound) {
  EXPECT_THAT(
      Texts("if a:\n  break\nelif b(c):\n  pass\n"),
      UnorderedElementsAre("if not (a):\n  break\nelif b(c):\n  pass\n",
                           "if a:\n  continue\nelif b(c):\n  pass\n",
                           "if a:\n  break\nelif not (b(c)):\n  pass\n"));
  // A conditional expression and a comprehension are no statements.
  EXPECT_THAT(Texts("return_ = [x for x in y if z]"), ElementsAre("pass"));
}

TEST(MutationsTest, ReturnNoneInstead) {
  EXPECT_THAT(Texts("return f(a,\n         b)\n"),
              ElementsAre("return None\n"));
  EXPECT_THAT(Texts("return None\nreturn\n"), IsEmpty());
}

TEST(MutationsTest, LeaveStatementsOut) {
  EXPECT_THAT(Texts("a = b\nf(x)\na\n\"doc\"\n"),
              UnorderedElementsAre("pass\nf(x)\na\n\"doc\"\n",
                                   "a = b\npass\na\n\"doc\"\n"));
  EXPECT_THAT(Texts("x = {\n  'a': b,\n}\n"), ElementsAre("pass\n"));
}

TEST(MutationsTest, LeaveStringsAndCommentsAlone) {
  EXPECT_THAT(Texts("# a < b and 1\nassert \"a < 1\"\n"), IsEmpty());
}

TEST(MutationsTest, SayWhereAndWhat) {
  const auto mutants =
      MutantsOf("def f(a):\n  return a + 1\n", Language::kPython, 10);
  ASSERT_EQ(mutants.size(), 3u);
  for (const Mutant& mutant : mutants) EXPECT_EQ(mutant.line, 2u);
  std::vector<std::string> changes;
  for (const Mutant& mutant : mutants) changes.push_back(mutant.change);
  EXPECT_THAT(changes, ElementsAre("None returned", "+ to -", "1 to 2"));
}

TEST(MutationsTest, AreSpreadOverTheSourceWhereThereAreTooMany) {
  std::string source;
  for (int i = 0; i < 100; ++i) source += "assert a < b\n";
  const auto few = MutantsOf(source, Language::kPython, 4);
  ASSERT_EQ(few.size(), 4u);
  EXPECT_EQ(few[0].line, 1u);
  EXPECT_EQ(few[3].line, 76u);
  EXPECT_THAT(MutantsOf(source, Language::kPython, 0), IsEmpty());
  EXPECT_THAT(MutantsOf("a < b", Language::kCpp, 9), IsEmpty());
}

TEST(MutationsTest, AnyBytesGiveMutantsAndNoCrash) {
  for (const std::string_view source :
       {"", "return", "if", "if :", "((((", "))))", "a = (", "not", "\xff\xfe",
        "while x lambda: y:", "return (", "a;b=1;", "9223372036854775807"}) {
    for (const Mutant& mutant : MutantsOf(source, Language::kPython, 50)) {
      EXPECT_NE(mutant.text, source);
    }
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
