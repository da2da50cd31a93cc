#include "scorer/domain/hidden_tests.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>

namespace evalloop::scorer {
namespace {

// Says of a completion what its text asks for.
class TextTests final : public FunctionalTests {
 public:
  std::string_view tier() const override { return opened_tier; }
  absl::StatusOr<FunctionalVerdict> Check(const FunctionalCase& one,
                                          std::chrono::milliseconds) override {
    const std::lock_guard lock(mutex_);
    const int attempt = ++attempts[std::string(one.completion)];
    if (one.completion == "no sandbox") {
      return absl::FailedPreconditionError("none works");
    }
    if (one.completion == "fortran") {
      return absl::InvalidArgumentError("no tests in that language");
    }
    FunctionalVerdict verdict;
    if (one.completion == "right" ||
        (one.completion == "unlucky" && attempt == 3)) {
      verdict.result = FunctionalResult::kPassed;
    } else if (one.completion == "wrong") {
      verdict.result = FunctionalResult::kFailed;
    } else if (one.completion == "endless") {
      verdict.result = FunctionalResult::kTimedOut;
    } else if (one.completion == "broken" && attempt == 2) {
      return absl::UnavailableError("no more processes");
    }
    return verdict;
  }

  std::map<std::string, int> attempts;
  std::string opened_tier;

 private:
  std::mutex mutex_;
};

TEST(HiddenTestsTest, AnAnswerPassesOrItDoesNot) {
  TextTests tests;
  const std::vector<FunctionalCase> cases = {{.completion = "right"},
                                             {.completion = "wrong"},
                                             {.completion = "endless"}};
  const auto passed = RunHiddenTests(tests, cases);
  ASSERT_EQ(passed.size(), 3u);
  EXPECT_EQ(passed[0].value, 1.0);
  EXPECT_EQ(passed[1].value, 0.0);
  EXPECT_EQ(passed[2].value, 0.0);
}

TEST(HiddenTestsTest, InfrastructureIsTriedAgainAndNeverAFailure) {
  TextTests tests;
  const std::vector<FunctionalCase> cases = {{.completion = "unlucky"},
                                             {.completion = "broken"}};
  const auto passed = RunHiddenTests(tests, cases);
  EXPECT_EQ(passed[0].value, 1.0);
  EXPECT_FALSE(passed[1].value.has_value());
  EXPECT_EQ(passed[1].reason, "infrastructure");
  EXPECT_EQ(tests.attempts["broken"], 3);
}

TEST(HiddenTestsTest, WhereNothingCanRunTheReasonSaysWhy) {
  TextTests tests;
  const std::vector<FunctionalCase> cases = {{.completion = "no sandbox"},
                                             {.completion = "fortran"}};
  const auto passed = RunHiddenTests(tests, cases);
  EXPECT_EQ(passed[0].reason, "no_sandbox");
  EXPECT_EQ(passed[1].reason, "no_test_runner");
  tests.opened_tier = "zygote";
  EXPECT_EQ(RunHiddenTests(tests, cases)[0].reason, "no_tool");
}

}  // namespace
}  // namespace evalloop::scorer
