#include "scorer/domain/functional.h"

#include <gtest/gtest.h>

namespace evalloop::scorer {
namespace {

TEST(PassAtKTest, EqualsTheShareOfSubsetsWithAPass) {
  EXPECT_DOUBLE_EQ(PassAtK(10, 0, 1), 0.0);
  EXPECT_DOUBLE_EQ(PassAtK(10, 3, 1), 0.3);
  EXPECT_NEAR(PassAtK(5, 2, 2), 1.0 - 3.0 / 10.0, 1e-12);
  EXPECT_NEAR(PassAtK(100, 7, 10), 0.5332595856827855, 1e-12);
  EXPECT_DOUBLE_EQ(PassAtK(5, 4, 2), 1.0);
  EXPECT_DOUBLE_EQ(PassAtK(3, 3, 3), 1.0);
}

TEST(PassHatKTest, EqualsTheShareOfSubsetsThatPassWhole) {
  EXPECT_DOUBLE_EQ(PassHatK(5, 1, 2), 0.0);
  EXPECT_NEAR(PassHatK(5, 2, 2), 1.0 / 10.0, 1e-12);
  EXPECT_DOUBLE_EQ(PassHatK(4, 4, 4), 1.0);
  EXPECT_DOUBLE_EQ(PassHatK(10, 3, 1), 0.3);
}

TEST(HiddenCallTest, WhatIsWrongIsNamed) {
  EXPECT_TRUE(MakeHiddenCall("[1]", "null", 0).ok());
  const auto words = [](const char* arguments, const char* expected,
                        double tolerance) {
    return std::string(
        MakeHiddenCall(arguments, expected, tolerance).status().message());
  };
  EXPECT_EQ(words("1", "1", 0), "arguments: not an array");
  EXPECT_EQ(words("[1", "1", 0), "arguments: not JSON");
  EXPECT_EQ(words("[1]", "x", 0), "expected: not JSON");
  EXPECT_EQ(words("[1]", "1", 2), "tolerance: not within 0 to 1");
}

TEST(ResultTextTest, SaysWhatScriptsReadFor) {
  FunctionalVerdict verdict;
  verdict.detail = "no fork";
  EXPECT_EQ(ResultText(verdict), "infrastructure: no fork");
  verdict.result = FunctionalResult::kFailed;
  verdict.detail = "AssertionError";
  EXPECT_EQ(ResultText(verdict), "failed: AssertionError");
  verdict.result = FunctionalResult::kTimedOut;
  EXPECT_EQ(ResultText(verdict), "timed out");
  verdict.result = FunctionalResult::kPassed;
  EXPECT_EQ(ResultText(verdict), "passed");
}

}  // namespace
}  // namespace evalloop::scorer
