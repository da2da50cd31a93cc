#include "scorer/execution/python_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace evalloop::scorer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kPrompt =
    "import math\n\ndef helper(x):\n    return x * 2\n\n"
    "def f(x):\n    \"\"\"Doubles.\"\"\"\n";
constexpr std::string_view kCheck =
    "def check(candidate):\n"
    "    assert candidate(2) == 4\n"
    "    assert candidate(-3) == helper(-3)\n";

struct Tier {
  std::unique_ptr<sandbox::Sandbox> sandbox;
  std::unique_ptr<PythonTests> tests;
};

// The same verdicts in every tier.
class PythonTestsTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    static auto& tiers = *new std::map<std::string, Tier>();
    Tier& tier = tiers[GetParam()];
    if (tier.tests == nullptr) {
      auto sandbox = sandbox::OpenSandbox(GetParam());
      ASSERT_TRUE(sandbox.ok()) << sandbox.status();
      tier.sandbox = *std::move(sandbox);
      auto tests = PythonTests::Open(*tier.sandbox);
      ASSERT_TRUE(tests.ok()) << tests.status();
      tier.tests = *std::move(tests);
    }
    tests_ = tier.tests.get();
  }

  std::string Check(std::string_view completion,
                    std::string_view tests = kCheck,
                    milliseconds timeout = seconds(10)) {
    FunctionalCase functional_case;
    functional_case.language = code_analysis::Language::kPython;
    functional_case.prompt = kPrompt;
    functional_case.completion = completion;
    functional_case.tests = tests;
    functional_case.entry_point = "f";
    const auto verdict = tests_->Check(functional_case, timeout);
    if (!verdict.ok()) return verdict.status().ToString();
    EXPECT_EQ(verdict->tier, GetParam());
    return ResultText(*verdict);
  }

  PythonTests* tests_ = nullptr;
};

TEST_P(PythonTestsTest, ARightCandidatePasses) {
  EXPECT_EQ(Check("    return x + x\n"), "passed");
}

TEST_P(PythonTestsTest, AWrongCandidateFails) {
  EXPECT_EQ(Check("    return x\n"), "failed: AssertionError");
}

TEST_P(PythonTestsTest, WhatTestsShareTheCandidateHasAndNothingElseOfThem) {
  constexpr std::string_view kShared =
      "# evalloop: shared\n"
      "import sys, types\n"
      "sys.modules['sums'] = types.ModuleType('sums')\n"
      "sys.modules['sums'].twice = lambda x: 2 * x\n"
      "__name__ = 'app.f'\n"
      "# evalloop: tests\n"
      "expected = 4\n"
      "def check(candidate):\n"
      "    from sums import twice\n"
      "    assert candidate(2) == twice(2) == expected\n";
  EXPECT_EQ(Check("    from sums import twice\n    return twice(x)\n", kShared),
            "passed");
  EXPECT_EQ(Check("    return 4 if __name__ == 'app.f' else 0\n", kShared),
            "passed");
  EXPECT_THAT(Check("    return expected\n", kShared),
              StartsWith("failed: NameError"));
  // Without its end there is no such part.
  const std::string_view open =
      kShared.substr(0, kShared.find("# evalloop: t"));
  EXPECT_THAT(Check("    return twice(x)\n",
                    std::string(open) + "def check(candidate):\n"
                                        "    assert candidate(2) == 4\n"),
              StartsWith("failed: NameError"));
}

TEST_P(PythonTestsTest, AProgramThatDoesNotParseFails) {
  EXPECT_THAT(Check("    return (\n"), StartsWith("failed: SyntaxError"));
}

TEST_P(PythonTestsTest, AnErrorOfTheCandidateFailsByItsName) {
  EXPECT_THAT(Check("    raise KeyError('no')\n"),
              StartsWith("failed: KeyError"));
}

TEST_P(PythonTestsTest, TestsMayExpectAnError) {
  EXPECT_EQ(Check("    raise ValueError('no')\n",
                  "def check(candidate):\n  try:\n    candidate(1)\n"
                  "  except ValueError:\n    return\n  assert False\n"),
            "passed");
}

TEST_P(PythonTestsTest, AnEndlessLoopTimesOut) {
  EXPECT_EQ(Check("    while True: pass\n", kCheck, milliseconds(700)),
            "timed out");
}

TEST_P(PythonTestsTest, ASleeperTimesOut) {
  EXPECT_EQ(
      Check("    import time\n    time.sleep(99)\n", kCheck, milliseconds(700)),
      "timed out");
}

TEST_P(PythonTestsTest, AnEarlyExitFails) {
  EXPECT_EQ(Check("    import os\n    os._exit(0)\n"),
            "failed: the candidate ended early");
  EXPECT_THAT(Check("    return x + x\nimport sys\nsys.exit(0)\n"),
              StartsWith("failed: "));
}

TEST_P(PythonTestsTest, AnAnswerThatEqualsEverythingFails) {
  EXPECT_THAT(
      Check("    class Equal:\n        def __eq__(self, other): return True\n"
            "    return Equal()\n"),
      StartsWith("failed: "));
  EXPECT_THAT(Check("    class Equal(int):\n"
                    "        def __eq__(self, other): return True\n"
                    "    return Equal(1)\n"),
              StartsWith("failed: "));
}

TEST_P(PythonTestsTest, AForgedVerdictFails) {
  EXPECT_THAT(Check("    import os\n"
                    "    for fd in range(3, 64):\n"
                    "        try: os.write(fd, b'\\x01\\x00\\x00\\x00P')\n"
                    "        except OSError: pass\n"
                    "    os._exit(0)\n"),
              StartsWith("failed: "));
}

TEST_P(PythonTestsTest, AStopIterationDoesNotEndALoopOfTheTests) {
  constexpr std::string_view kLoop =
      "def check(candidate):\n"
      "    for x, got in enumerate(map(candidate, range(3))):\n"
      "        assert got == 2 * x\n";
  EXPECT_EQ(Check("    return x + x\n", kLoop), "passed");
  EXPECT_THAT(Check("    raise StopIteration\n", kLoop),
              StartsWith("failed: RuntimeError"));
}

TEST_P(PythonTestsTest, PlainValuesCrossUnchanged) {
  EXPECT_EQ(
      Check("    return x\n",
            "def check(candidate):\n"
            "  for value in [None, True, 0, -1, 2**200, -2**62, 1.5, 1e300,\n"
            "                float('inf'), '', 'a\\0\\ud800\\U0001F600', "
            "b'\\xff',\n"
            "                [], [1, [2]], (), (1, (2,)), {}, {1: 'a', (2,): "
            "[]},\n"
            "                {1, 2}, frozenset([3]), 1 + 2j, range(3), ...]:\n"
            "    back = candidate(value)\n"
            "    assert type(back) is type(value), value\n"
            "    assert back == value, value\n"
            "  nan = candidate(float('nan'))\n"
            "  assert nan != nan\n"),
      "passed");
}

TEST_P(PythonTestsTest, TestFunctionsAreCalledWhereThereIsNoCheck) {
  EXPECT_EQ(Check("    return 5\n", "def test_it():\n  assert f(1) == 5\n"),
            "passed");
  EXPECT_EQ(Check("    return 5\n", "def test_it():\n  assert f(1) == 6\n"),
            "failed: AssertionError");
  EXPECT_EQ(Check("    return 5\n", "assert f(1) == 6\n"),
            "failed: AssertionError");
}

TEST_P(PythonTestsTest, AnotherLanguageIsRefused) {
  FunctionalCase functional_case;
  functional_case.entry_point = "f";
  EXPECT_EQ(tests_->Check(functional_case, seconds(1)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(Tiers, PythonTestsTest,
                         ::testing::Values("zygote", "bubblewrap"));

}  // namespace
}  // namespace evalloop::scorer
