#include "scorer/execution/language_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace evalloop::scorer {
namespace {

using code_analysis::Language;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Call {
  const char* arguments;
  const char* expected;
};

// One language's programs. Those of all languages do the same.
struct Programs {
  Language language;
  const char* entry_point;
  const char* doubles;     // f(list of ints) -> each twice as large
  const char* off_by_one;  // ... one too much
  const char* no_program;
  const char* ends;        // Ends the process when called.
  const char* ends_early;  // Ends it before.
  const char* never;       // Never answers.
  const char* raises;
  const char* echo;            // f(string) -> the same
  const char* halves;          // f(float) -> half of it
  const char* answers_itself;  // Writes the lines of answers itself.
};

constexpr Programs kPython = {
    Language::kPython,
    "f",
    "def f(x):\n  print('noise')\n  return [2 * y for y in x]\n",
    "def f(x):\n  return [2 * y + 1 for y in x]\n",
    "def f(x:\n",
    "import os\ndef f(x):\n  os._exit(0)\n",
    "import os\nos._exit(0)\ndef f(x):\n  return x\n",
    "def f(x):\n  while True: pass\n",
    "def f(x):\n  raise ValueError('no')\n",
    "def f(x):\n  return x\n",
    "def f(x):\n  return x / 2\n",
    "import os\ndef f(x):\n  os.write(3, b'=[2,4]\\n' * 9)\n"};
constexpr Programs kJavaScript = {
    Language::kJavaScript,
    "f",
    "const f = (x) => { console.log('noise'); return x.map((y) => 2 * y); };\n",
    "function f(x) { return x.map((y) => 2 * y + 1); }\n",
    "function f(x { }\n",
    "function f(x) { process.exit(0); }\n",
    "process.reallyExit(0); function f(x) { return x; }\n",
    "function f(x) { for (;;) {} }\n",
    "function f(x) { throw new RangeError('no'); }\n",
    "exports.f = async (x) => x;\n",
    "function f(x) { return x / 2; }\n",
    "function f(x) { require('fs').writeSync(3, '=[2,4]\\n'.repeat(9)); }\n"};
constexpr Programs kCpp = {
    Language::kCpp,
    "f",
    "#include <iostream>\n#include <vector>\nusing namespace std;\n"
    "vector<int> f(vector<int> x) {\n  cout << \"noise\\n\";\n"
    "  for (int& y : x) y *= 2;\n  return x;\n}\nint main() { return 1; }\n",
    "#include <vector>\nstd::vector<long> f(const std::vector<long>& x) {\n"
    "  auto y = x;\n  for (auto& z : y) z = 2 * z + 1;\n  return y;\n}\n",
    "int f(int x) { return y; }\n",
    "#include <cstdlib>\n#include <vector>\n"
    "int f(std::vector<int>) { std::exit(0); }\n",
    "#include <cstdlib>\n__attribute__((constructor)) void g() {\n"
    "  std::_Exit(0);\n}\nint f(int x) { return x; }\n",
    "#include <vector>\nvolatile int z;\n"
    "int f(std::vector<int>) { for (;;) z = z; }\n",
    "#include <stdexcept>\n#include <vector>\n"
    "int f(std::vector<int>) { throw std::runtime_error(\"no\"); }\n",
    "#include <string>\nstd::string f(const std::string& x) { return x; }\n",
    "auto f = [](double x) { return x / 2; };\n",
    "#include <unistd.h>\n#include <vector>\nint f(std::vector<int>) {\n"
    "  for (int i = 0; i < 9; ++i) write(3, \"=[2,4]\\n\", 7);\n  return "
    "0;\n}\n"};

constexpr Programs kGo = {
    Language::kGo,
    "f",
    "package main\n\nimport \"fmt\"\n\nfunc f(x []int) []int {\n"
    "  fmt.Println(\"noise\")\n  y := []int{}\n"
    "  for _, z := range x { y = append(y, 2*z) }\n  return y\n}\n"
    "func main() { panic(1) }\n",
    "func f(x []int64) (y []int64) {\n"
    "  for _, z := range x { y = append(y, 2*z+1) }\n  return\n}\n",
    "package main\nfunc f(x int) int { return y }\n",
    "package a\nimport \"os\"\nfunc f(x []int) int { os.Exit(0); return 0 }\n",
    "// A comment.\npackage a\nimport \"os\"\nfunc init() { os.Exit(0) }\n"
    "func f(x []int) int { return 0 }\n",
    "package a\nfunc f(x []int) int { for {} }\n",
    "package a\nimport \"errors\"\n"
    "func f(x []int) (int, error) { return 0, errors.New(\"no\") }\n",
    "package a\nfunc f(x string) string { return x }\n",
    "package a\nvar f = func(x float64) (float64, error) { return x / 2, nil "
    "}\n",
    "package a\nimport \"syscall\"\nfunc f(x []int) int {\n"
    "  for i := 0; i < 9; i++ { syscall.Write(3, []byte(\"=[2,4]\\n\")) }\n"
    "  return 0\n}\n"};

class LanguageTestsTest : public ::testing::TestWithParam<const Programs*> {
 protected:
  static LanguageTests& Tests() {
    static auto& sandbox = *new std::unique_ptr<sandbox::Sandbox>(
        sandbox::OpenSandbox("").value());
    static auto& tests = *new std::unique_ptr<LanguageTests>(
        LanguageTests::Open(*sandbox).value());
    return *tests;
  }

  void SetUp() override {
    static auto& missing = *new std::map<Language, absl::Status>();
    const auto found = missing.find(GetParam()->language);
    if (found == missing.end()) {
      missing[GetParam()->language] =
          Run(GetParam()->doubles, {{"[[]]", "[]"}}).status();
    }
    const absl::Status& status = missing[GetParam()->language];
    if (absl::IsFailedPrecondition(status)) GTEST_SKIP() << status.message();
  }

  absl::StatusOr<FunctionalVerdict> Run(const char* program,
                                        const std::vector<Call>& calls,
                                        milliseconds timeout = seconds(10)) {
    std::vector<HiddenCall> hidden;
    for (const Call& call : calls) {
      hidden.push_back(
          MakeHiddenCall(call.arguments, call.expected, 0).value());
    }
    FunctionalCase functional_case;
    functional_case.language = GetParam()->language;
    functional_case.completion = program;
    functional_case.entry_point = GetParam()->entry_point;
    functional_case.calls = hidden;
    return Tests().Check(functional_case, timeout);
  }

  std::string Check(const char* program,
                    const std::vector<Call>& calls = {{"[[1,2]]", "[2,4]"},
                                                      {"[[]]", "[]"},
                                                      {"[[-3]]", "[-6]"}},
                    milliseconds timeout = seconds(10)) {
    const auto verdict = Run(program, calls, timeout);
    return verdict.ok() ? ResultText(*verdict) : verdict.status().ToString();
  }

  const Programs& programs() { return *GetParam(); }
};

TEST_P(LanguageTestsTest, ARightCandidatePasses) {
  EXPECT_EQ(Check(programs().doubles), "passed");
}

TEST_P(LanguageTestsTest, AWrongCandidateFailsAtItsFirstWrongAnswer) {
  EXPECT_EQ(Check(programs().off_by_one),
            "failed: call 1 of 3: another answer than expected");
  EXPECT_EQ(Check(programs().doubles, {{"[[1]]", "[2]"}, {"[[1]]", "[3]"}}),
            "failed: call 2 of 2: another answer than expected");
}

TEST_P(LanguageTestsTest, WhatIsNoProgramFailsInOneShortLine) {
  const std::string words = Check(programs().no_program);
  EXPECT_THAT(words, StartsWith("failed: "));
  EXPECT_LT(words.size(), 300u);
  EXPECT_EQ(words.find('\n'), words.npos);
}

TEST_P(LanguageTestsTest, AnEarlyEndIsNoPass) {
  EXPECT_THAT(Check(programs().ends),
              StartsWith("failed: call 1 of 3: the program ended early"));
  EXPECT_THAT(Check(programs().ends_early),
              StartsWith("failed: the program ended before it was asked"));
}

TEST_P(LanguageTestsTest, OneThatNeverAnswersIsOutOfTime) {
  EXPECT_EQ(Check(programs().never, {{"[[1]]", "[2]"}}, seconds(1)),
            "timed out");
}

TEST_P(LanguageTestsTest, AnErrorIsToldInItsWords) {
  EXPECT_THAT(Check(programs().raises), HasSubstr("no"));
  EXPECT_THAT(Check(programs().raises), StartsWith("failed: call 1 of 3: "));
}

TEST_P(LanguageTestsTest, TextsCrossUnchanged) {
  EXPECT_EQ(Check(programs().echo, {{R"(["a\"\\\n\u0000\u00e9\ud83d\ude00"])",
                                     R"("a\"\\\n\u0000\u00e9\ud83d\ude00")"},
                                    {R"([""])", R"("")"}}),
            "passed");
}

TEST_P(LanguageTestsTest, FloatsAreExactAndMayBeNoNumbers) {
  EXPECT_EQ(Check(programs().halves, {{"[3.0]", "1.5"},
                                      {"[4.0]", "2.0"},
                                      {"[0.2]", "0.1"},
                                      {"[NaN]", "NaN"},
                                      {"[-Infinity]", "-Infinity"}}),
            "passed");
}

TEST_P(LanguageTestsTest, AnswersOfItsOwnCountForNothing) {
  EXPECT_THAT(Check(programs().answers_itself), StartsWith("failed: "));
}

TEST_P(LanguageTestsTest, AnAnswerOfAnotherTypeIsNoAnswer) {
  EXPECT_THAT(Check(programs().doubles, {{"[[1]]", "[2.5]"}}),
              StartsWith("failed: "));
  EXPECT_EQ(Check(programs().doubles, {{"[[1]]", "[2.0]"}}) == "passed",
            GetParam()->language == Language::kJavaScript);
  EXPECT_THAT(Check(programs().doubles, {{"[[1]]", "[\"2\"]"}}),
              StartsWith("failed: "));
}

std::string NameOfCase(const ::testing::TestParamInfo<const Programs*>& info) {
  return std::string(code_analysis::NameOf(info.param->language));
}
INSTANTIATE_TEST_SUITE_P(Languages, LanguageTestsTest,
                         ::testing::Values(&kPython, &kJavaScript, &kCpp, &kGo),
                         NameOfCase);

TEST(LanguageTestsFormTest, AFormThatALanguageHasNotIsRefusedWithTheRemedy) {
  auto sandbox = sandbox::OpenSandbox("");
  ASSERT_TRUE(sandbox.ok()) << sandbox.status();
  auto tests = LanguageTests::Open(**sandbox);
  ASSERT_TRUE(tests.ok()) << tests.status();
  FunctionalCase functional_case;
  functional_case.language = Language::kCpp;
  functional_case.completion = "int f() { return 1; }";
  functional_case.entry_point = "f";
  functional_case.tests = "int main() { return f() != 1; }";
  const auto check = [&] {
    return (*tests)->Check(functional_case, seconds(5)).status();
  };
  EXPECT_EQ(check().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(check().message()), HasSubstr("give calls"));
  const std::vector<HiddenCall> calls = {MakeHiddenCall("[]", "1", 0).value()};
  functional_case.calls = calls;
  EXPECT_THAT(std::string(check().message()), HasSubstr("not together"));
  functional_case.tests = "";
  functional_case.entry_point = "f); system(\"true\"";
  EXPECT_THAT(std::string(check().message()), HasSubstr("entry_point"));
  functional_case.language = Language::kRuby;
  EXPECT_THAT(std::string(check().message()), HasSubstr("ruby"));
}

}  // namespace
}  // namespace evalloop::scorer
