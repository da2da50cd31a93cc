#include "scorer/service/execute_call.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace evalloop::scorer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Passes, and remembers what it was asked.
class FakeTests final : public FunctionalTests {
 public:
  std::string_view tier() const override { return "fake"; }
  absl::StatusOr<FunctionalVerdict> Check(const FunctionalCase& asked,
                                          milliseconds timeout) override {
    program = std::string(asked.prompt) + std::string(asked.completion);
    last_timeout = timeout;
    calls = asked.calls.size();
    FunctionalVerdict verdict;
    verdict.result = FunctionalResult::kPassed;
    verdict.tier = "fake";
    return verdict;
  }

  std::string program;
  milliseconds last_timeout{0};
  std::size_t calls = 0;
};

class ExecuteCallTest : public ::testing::Test {
 protected:
  ExecuteCallTest() {
    request_.mutable_candidate()->set_text("    return x\n");
    request_.mutable_candidate()->set_prefix("def f(x):\n");
    request_.mutable_candidate()->set_suffix("# end\n");
    request_.mutable_candidate()->set_language("python");
    request_.set_entry_point("f");
    request_.set_timeout_seconds(2);
  }

  absl::StatusCode Execute(milliseconds left = seconds(30)) {
    return ExecuteTests(request_, response_, left, tests_, slots_).code();
  }

  v1::ExecuteRequest request_;
  v1::ExecuteResponse response_;
  FakeTests tests_;
  CheckSlots slots_{kChecksAtOnce};
};

TEST_F(ExecuteCallTest, TheProgramIsPrefixTextAndSuffix) {
  EXPECT_EQ(Execute(), absl::StatusCode::kOk);
  EXPECT_EQ(tests_.program, "def f(x):\n    return x\n# end\n");
  EXPECT_EQ(tests_.last_timeout, seconds(2));
  EXPECT_TRUE(response_.passed());
  EXPECT_EQ(response_.result(), "passed");
  EXPECT_EQ(response_.tier(), "fake");
}

TEST_F(ExecuteCallTest, WhatIsMissingOrOutOfRangeIsNamed) {
  request_.set_timeout_seconds(61);
  EXPECT_EQ(Execute(), absl::StatusCode::kInvalidArgument);
  request_.set_timeout_seconds(0);
  EXPECT_EQ(Execute(), absl::StatusCode::kOk);
  request_.clear_entry_point();
  EXPECT_EQ(Execute(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ExecuteCallTest, ACheckThatCouldNotEndInTimeIsNotStarted) {
  EXPECT_EQ(Execute(milliseconds(1500)), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(tests_.program, "");
}

TEST_F(ExecuteCallTest, CallsAreTakenWhereTheyAreJson) {
  auto* const call = request_.add_calls();
  call->set_arguments("[1, 2.0]");
  call->set_expected("[NaN]");
  EXPECT_EQ(Execute(), absl::StatusCode::kOk);
  EXPECT_EQ(tests_.calls, 1u);
  call->set_arguments("1");
  EXPECT_EQ(Execute(), absl::StatusCode::kInvalidArgument);
  call->set_arguments("[" + std::string(1 << 20, '1') + "]");
  EXPECT_EQ(Execute(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ExecuteCallTest, CompilingNeedsTimeOfItsOwn) {
  request_.mutable_candidate()->set_language("cpp");
  EXPECT_EQ(Execute(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(Execute(seconds(62)), absl::StatusCode::kOk);
}

TEST_F(ExecuteCallTest, MoreThanMayRunAtOnceAreTurnedAway) {
  for (int i = 0; i < kChecksAtOnce; ++i) slots_.acquire();
  EXPECT_EQ(Execute(), absl::StatusCode::kResourceExhausted);
  slots_.release();
  EXPECT_EQ(Execute(), absl::StatusCode::kOk);
  EXPECT_EQ(Execute(), absl::StatusCode::kOk);  // The slot came back.
}

}  // namespace
}  // namespace evalloop::scorer
