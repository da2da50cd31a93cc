#include "scorer/execution/plain_tests.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace evalloop::scorer {
namespace {

std::optional<std::vector<PlainTest>> ParseLine(std::string_view line) {
  return ParsePlainTests("def check(candidate):\n    " + std::string(line) +
                         "\n");
}

// What the answer to a literal is expected to look like; "-" where the script
// must be run.
std::string Expected(std::string_view literal) {
  const auto tests = ParseLine("assert candidate() == " + std::string(literal));
  return tests.has_value() ? tests->front().expected : "-";
}

Agreement Judged(std::string_view literal, std::string_view answer) {
  const auto tests = ParseLine("assert candidate() == " + std::string(literal));
  return tests.has_value() ? Agrees(tests->front(), answer)
                           : Agreement::kUnknown;
}

TEST(PlainTestsTest, LiteralsAreWrittenAsCandidatesWriteThem) {
  EXPECT_EQ(Expected("[1, -2, (3,), (), (4), {'a': None}]"),
            R"([1,-2,{"t":[3]},{"t":[]},4,{"d":[["a",null]]}])");
  EXPECT_EQ(Expected("[True, False, [], {}]"), R"([true,false,[],{"d":[]}])");
  EXPECT_EQ(Expected("[0.1, 1e16, 1e-5, 123456789.0, -0.0, 1., .5, 1e22]"),
            "[0.1,1e+16,1e-05,123456789.0,-0.0,1.0,0.5,1e+22]");
  EXPECT_EQ(Expected("[1e15, 9999999999999998.0, 0.0001, 0.3e-4, 1.5e300]"),
            "[1000000000000000.0,9999999999999998.0,0.0001,3e-05,1.5e+300]");
  EXPECT_EQ(Expected(R"(['a"b', "a'b", "\n\t\\\x", '\0'])"), "-");
  EXPECT_EQ(Expected(R"(['a"b', "a'b", "\n\t\\", '\0', '\'', "\x7f"])"), "-");
  EXPECT_EQ(Expected(R"(['a"b', "a'b", "\n\t\\", '\0', '\''])"),
            R"(["a\"b","a'b","\n\t\\","\u0000","'"])");
  EXPECT_EQ(Expected("'\x7f\xc3\xa9\xf0\x9f\x98\x80'"),
            R"("\u007f\u00e9\ud83d\ude00")");
}

TEST(PlainTestsTest, WhatIsNotKnownForSureIsNotPlain) {
  for (const std::string_view literal : {"1 + 1",
                                         "x",
                                         "[1] * 2",
                                         "'a' 'b'",
                                         "'''a'''",
                                         "r'a'",
                                         "b'a'",
                                         "f'a'",
                                         "{1, 2}",
                                         "{1: 2, True: 3}",
                                         "{'a': 1, 'a': 2}",
                                         "1_000",
                                         "0x10",
                                         "1j",
                                         "007",
                                         "99999999999999999999",
                                         "--1",
                                         "not True",
                                         "[i for i in x]",
                                         "(1",
                                         "[1 2]",
                                         "[,]",
                                         "'a\xff'",
                                         "'\\N{DASH}'",
                                         "'a\n'",
                                         "1 == 1",
                                         "1 if True else 2",
                                         "1; import os",
                                         "1 \\",
                                         "...",
                                         "1e400"}) {
    EXPECT_EQ(Expected(literal), "-") << literal;
  }
  EXPECT_FALSE(ParsePlainTests("").has_value());
  EXPECT_FALSE(ParsePlainTests("import os\ndef check(candidate):\n    assert "
                               "candidate(1) == 1\n")
                   .has_value());
  EXPECT_FALSE(ParseLine("assert candidate(1) == 1\nprint(1)").has_value());
  EXPECT_FALSE(
      ParseLine("assert candidate(1) == 1\n  assert True").has_value());
  EXPECT_FALSE(ParseLine("if True: assert candidate(1) == 1").has_value());
  EXPECT_FALSE(ParseLine("assert candidate(*[1]) == 1").has_value());
  EXPECT_FALSE(ParseLine("assert candidate(1) == 1, x").has_value());
  EXPECT_FALSE(ParseLine("assert True").has_value());
}

TEST(PlainTestsTest, AWholeScriptIsRead) {
  const auto tests = ParsePlainTests(
      "\n\nMETADATA = {\n    'author': 'x',  # Who.\n}\n\n\n"
      "def check(candidate):\n\n    # Simple.\n"
      "    assert True, \"always\"\n"
      "    assert candidate([1,\n        2], 'a', ) == 3, \"first\"\n"
      "    assert candidate(1)  # Yes.\n"
      "    assert not candidate(2)\n"
      "    assert abs(candidate(-1.5) - 2.5) < 1e-6\n\n");
  ASSERT_TRUE(tests.has_value());
  ASSERT_EQ(tests->size(), 4u);
  EXPECT_EQ((*tests)[0].call, R"([[[1,2],"a"],[]])");
  EXPECT_EQ((*tests)[0].expected, "3");
  EXPECT_EQ((*tests)[0].words, "first");
  EXPECT_EQ(Agrees((*tests)[1], "true"), Agreement::kYes);
  EXPECT_EQ(Agrees((*tests)[1], "false"), Agreement::kNo);
  EXPECT_EQ(Agrees((*tests)[1], "\"x\""), Agreement::kUnknown);
  EXPECT_EQ(Agrees((*tests)[2], "false"), Agreement::kYes);
  EXPECT_EQ(Agrees((*tests)[2], "null"), Agreement::kUnknown);
  EXPECT_EQ(Agrees((*tests)[3], "2.5000001"), Agreement::kYes);
  EXPECT_EQ(Agrees((*tests)[3], "2.51"), Agreement::kNo);
  EXPECT_EQ(Agrees((*tests)[3], "NaN"), Agreement::kUnknown);
  EXPECT_EQ(Agrees((*tests)[3], "\"2.5\""), Agreement::kUnknown);
  EXPECT_EQ(Agrees((*tests)[3], "{\"i\":\"0x1\"}"), Agreement::kUnknown);
}

TEST(PlainTestsTest, OnlyWhatIsCertainlyUnequalFails) {
  using enum Agreement;
  EXPECT_EQ(Judged("[1, 2]", "[1,2]"), kYes);
  EXPECT_EQ(Judged("[1, 2]", "[1,3]"), kNo);
  EXPECT_EQ(Judged("[1, 2]", "[1,23]"), kNo);
  EXPECT_EQ(Judged("[1, 23]", "[1,2]"), kNo);
  EXPECT_EQ(Judged("[1, 2]", "[1]"), kNo);
  EXPECT_EQ(Judged("[1]", "[1,2]"), kNo);
  EXPECT_EQ(Judged("'ab'", "\"ac\""), kNo);
  EXPECT_EQ(Judged("'a'", "1"), kNo);
  EXPECT_EQ(Judged("None", "0"), kNo);
  EXPECT_EQ(Judged("True", "false"), kNo);
  EXPECT_EQ(Judged("12", "123"), kNo);
  EXPECT_EQ(Judged("(1, 2)", R"({"t":[1,5]})"), kNo);
  // Python finds these equal.
  EXPECT_EQ(Judged("1", "true"), kUnknown);
  EXPECT_EQ(Judged("True", "1"), kUnknown);
  EXPECT_EQ(Judged("1", "1.0"), kUnknown);
  EXPECT_EQ(Judged("1.0", "1"), kUnknown);
  EXPECT_EQ(Judged("10", "10.0"), kUnknown);
  EXPECT_EQ(Judged("[1, 2]", "[1,2.0]"), kUnknown);
  EXPECT_EQ(Judged("0.0", "-0.0"), kUnknown);
  EXPECT_EQ(Judged("{'a': 1, 'b': 2}", R"({"d":[["b",2],["a",1]]})"), kUnknown);
  // And these are left to it as well.
  EXPECT_EQ(Judged("[1]", R"({"t":[1]})"), kUnknown);
  EXPECT_EQ(Judged("[1]", R"({"o":"Equal"})"), kUnknown);
  EXPECT_EQ(Judged("[]", "[1]"), kUnknown);
  EXPECT_EQ(Judged("1", ""), kUnknown);
  EXPECT_EQ(Judged("'a'", "\""), kNo);
  EXPECT_EQ(Judged("[1]", "[1]]"), kUnknown);
}

}  // namespace
}  // namespace evalloop::scorer
