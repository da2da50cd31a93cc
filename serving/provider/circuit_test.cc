#include "serving/provider/circuit.h"

#include <gtest/gtest.h>

namespace evalloop::serving {
namespace {

class CircuitTest : public ::testing::Test {
 protected:
  void Open() {
    for (int i = 0; i < Circuit::kFailures; ++i) {
      ASSERT_TRUE(circuit_.Allow(now_));
      circuit_.Failed(now_);
    }
  }

  Circuit circuit_;
  Circuit::Time now_{std::chrono::hours(1)};
};

TEST_F(CircuitTest, StaysClosedWhileSuccessesComeBetweenFailures) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(circuit_.Allow(now_));
    if (i % Circuit::kFailures == 0) {
      circuit_.Succeeded();
    } else {
      circuit_.Failed(now_);
    }
  }
}

TEST_F(CircuitTest, OpensAfterFailuresInARowAndLetsOneTryLater) {
  Open();
  EXPECT_FALSE(circuit_.Allow(now_));
  now_ += Circuit::kFirstPause;
  EXPECT_TRUE(circuit_.Allow(now_));
  EXPECT_FALSE(circuit_.Allow(now_)) << "only one may try";
  circuit_.Succeeded();
  EXPECT_TRUE(circuit_.Allow(now_));
  EXPECT_TRUE(circuit_.Allow(now_));
}

TEST_F(CircuitTest, WaitsLongerAfterEachFailedTry) {
  Open();
  now_ += Circuit::kFirstPause;
  ASSERT_TRUE(circuit_.Allow(now_));
  circuit_.Failed(now_);
  now_ += Circuit::kFirstPause;
  EXPECT_FALSE(circuit_.Allow(now_));
  now_ += Circuit::kFirstPause;
  EXPECT_TRUE(circuit_.Allow(now_));
}

TEST_F(CircuitTest, GivesTheTryBackWhenItWasAbandoned) {
  Open();
  now_ += Circuit::kFirstPause;
  ASSERT_TRUE(circuit_.Allow(now_));
  circuit_.Abandoned();
  EXPECT_TRUE(circuit_.Allow(now_));
}

TEST(RetryBudgetTest, AllowsOneRetryInTenCallsOnceItsSavingsAreSpent) {
  RetryBudget budget;
  int retries = 0;
  while (budget.TryRetry()) ++retries;
  EXPECT_EQ(retries, 10);
  for (int i = 0; i < 100; ++i) {
    budget.Called();
    if (budget.TryRetry()) ++retries;
  }
  EXPECT_GE(retries, 19);
  EXPECT_LE(retries, 20);
}

}  // namespace
}  // namespace evalloop::serving
