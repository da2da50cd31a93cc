#include "scorer/domain/oracle.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "platform/testing/status_matchers.h"

namespace evalloop::scorer {
namespace {

using testing::StatusIs;

// Tests that say what a function of the completion says.
class ScriptedTests final : public FunctionalTests {
 public:
  using Script = std::function<FunctionalResult(std::string_view)>;
  explicit ScriptedTests(Script script) : script_(std::move(script)) {}

  std::string_view tier() const override { return "none"; }
  absl::StatusOr<FunctionalVerdict> Check(const FunctionalCase& functional_case,
                                          std::chrono::milliseconds) override {
    if (functional_case.entry_point.empty()) {
      return absl::InvalidArgumentError("no entry point");
    }
    FunctionalVerdict verdict;
    verdict.result = script_(functional_case.completion);
    return verdict;
  }

 private:
  Script script_;
};

constexpr std::string_view kRight = "    return a + 1 < b\n";

FunctionalCase Right() {
  return {.language = code_analysis::Language::kPython,
          .prompt = "def f(a, b):\n",
          .completion = kRight,
          .tests = "def check(f): ...",
          .entry_point = "f"};
}

FunctionalResult If(bool passed) {
  return passed ? FunctionalResult::kPassed : FunctionalResult::kFailed;
}

TEST(OracleTest, TestsThatCatchAllMistakesScoreOne) {
  ScriptedTests tests([](auto text) { return If(text == kRight); });
  ASSERT_OK_AND_ASSIGN(const OracleReport report, CheckOracle(tests, Right()));
  EXPECT_EQ(report.mutation_score, 1.0);
  EXPECT_EQ(report.killed, 4u);
  EXPECT_TRUE(report.survivors.empty());
  EXPECT_EQ(report.repeats.size(), 3u);
}

TEST(OracleTest, WhatStandsBelowTheSolutionIsNotMutated) {
  constexpr std::string_view kBelow = "def g(a):\n    return a + 2 < 3\n";
  const std::string whole = std::string(kRight) + std::string(kBelow);
  ScriptedTests tests([&](auto text) {
    EXPECT_TRUE(std::string(text).ends_with(kBelow));
    return If(text == whole);
  });
  FunctionalCase right = Right();
  right.completion = whole;
  ASSERT_OK_AND_ASSIGN(const OracleReport report,
                       CheckOracle(tests, right, {.below = kBelow.size()}));
  EXPECT_EQ(report.killed, 4u);
  EXPECT_EQ(report.mutation_score, 1.0);
}

TEST(OracleTest, NamesTheMistakesThatTestsLetPass) {
  // Blind for the border.
  ScriptedTests tests([](auto text) {
    return If(text == kRight || text.find("<=") != std::string_view::npos);
  });
  ASSERT_OK_AND_ASSIGN(const OracleReport report, CheckOracle(tests, Right()));
  EXPECT_EQ(report.mutation_score, 0.75);
  ASSERT_EQ(report.survivors.size(), 1u);
  EXPECT_EQ(report.survivors[0].change, "< to <=");
}

TEST(OracleTest, TestsThatPassAnythingScoreZero) {
  ScriptedTests tests([](auto) { return FunctionalResult::kPassed; });
  ASSERT_OK_AND_ASSIGN(const OracleReport report, CheckOracle(tests, Right()));
  EXPECT_EQ(report.mutation_score, 0.0);
}

TEST(OracleTest, TheSameSolutionWithTwoVerdictsIsFlaky) {
  int calls = 0;
  ScriptedTests tests([&](auto) { return If(++calls != 2); });
  ASSERT_OK_AND_ASSIGN(const OracleReport report, CheckOracle(tests, Right()));
  EXPECT_TRUE(report.flaky);
  EXPECT_EQ(report.reason, "flaky");
  EXPECT_FALSE(report.mutation_score.has_value());
  EXPECT_EQ(calls, 3);
}

TEST(OracleTest, InfrastructureIsNeitherFlakyNorKilled) {
  int calls = 0;
  ScriptedTests tests([&](auto text) {
    ++calls;
    if (calls == 2 || calls == 5) return FunctionalResult::kInfrastructure;
    return text == kRight ? FunctionalResult::kPassed
                          : FunctionalResult::kTimedOut;
  });
  ASSERT_OK_AND_ASSIGN(const OracleReport report, CheckOracle(tests, Right()));
  EXPECT_FALSE(report.flaky);
  EXPECT_EQ(report.unknown, 1u);
  EXPECT_EQ(report.killed, 3u);
  EXPECT_EQ(report.mutation_score, 1.0);
}

TEST(OracleTest, SaysWhyThereIsNoScore) {
  const auto reason = [](FunctionalResult result, FunctionalCase right) {
    ScriptedTests tests([=](auto) { return result; });
    const auto report = CheckOracle(tests, right);
    return report.ok() && !report->mutation_score ? report->reason : "?";
  };
  EXPECT_EQ(reason(FunctionalResult::kFailed, Right()), "solution_fails");
  EXPECT_EQ(reason(FunctionalResult::kInfrastructure, Right()),
            "infrastructure");
  FunctionalCase other = Right();
  other.completion = "    pass\n";
  EXPECT_EQ(reason(FunctionalResult::kPassed, other), "no_mutants");
  other.language = code_analysis::Language::kCpp;
  EXPECT_EQ(reason(FunctionalResult::kPassed, other), "no_mutations");
  other.entry_point = "";
  ScriptedTests tests([](auto) { return FunctionalResult::kPassed; });
  EXPECT_THAT(CheckOracle(tests, other),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace evalloop::scorer
