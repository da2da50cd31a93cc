#include "completion_policy/output_policy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "platform/testing/status_matchers.h"

namespace evalloop::completion_policy {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;

const CursorContext kCursor{code_analysis::Language::kCpp, 0, 0};

// "value = compute(x);" where certainty falls off at the argument.
const std::string kText = "value = compute(x);";
const std::vector<ModelToken> kTokens = {
    {"value", std::log(0.9)},    {" =", std::log(0.9)},
    {" compute", std::log(0.9)}, {"(", std::log(1.0)},
    {"x", std::log(0.1)},        {")", std::log(1.0)},
    {";", std::log(1.0)}};

TEST(DecideTest, ShowsTheWholeFirstLineAlways) {
  const Decision decision = Decide({}, kText + "\nmore", {}, kCursor);
  EXPECT_TRUE(decision.shown);
  EXPECT_EQ(decision.text, kText);
  EXPECT_FALSE(decision.probability.has_value());
}

TEST(DecideTest, ChoosesTheLengthOfTheLargestExpectedGain) {
  OutputPolicy policy;
  policy.show = ShowThreshold{0.5};
  const Decision decision = Decide(policy, kText, kTokens, kCursor);
  EXPECT_TRUE(decision.shown);
  EXPECT_EQ(decision.text, "value = compute(");
  EXPECT_NEAR(*decision.probability, 0.729, 1e-9);
}

TEST(DecideTest, HidesWhatDoesNotReachTheThreshold) {
  OutputPolicy policy;
  policy.show = ShowThreshold{0.95};
  const Decision decision = Decide(policy, kText, kTokens, kCursor);
  EXPECT_FALSE(decision.shown);
  EXPECT_EQ(decision.text, "");
  EXPECT_EQ(decision.hidden_reason, "below_threshold");
  EXPECT_NEAR(*decision.probability, 0.9, 1e-9);
}

TEST(DecideTest, HidesWhatIsTooShort) {
  OutputPolicy policy;
  policy.min_characters = 100;
  EXPECT_EQ(Decide(policy, kText, kTokens, kCursor).hidden_reason, "too_short");
  policy.show = ShowThreshold{0.5};
  EXPECT_EQ(Decide(policy, kText, kTokens, kCursor).hidden_reason, "too_short");
}

TEST(DecideTest, NeedsProbabilitiesForAThreshold) {
  OutputPolicy policy;
  policy.show = ShowThreshold{0.5};
  EXPECT_EQ(Decide(policy, kText, {}, kCursor).hidden_reason, "no_probability");
}

TEST(DecideTest, AppliesAGateThatStandsAtTheModelsProbabilityLikeAThreshold) {
  OutputPolicy raw;
  raw.show = ShowThreshold{0.5};
  OutputPolicy learnt;
  learnt.show = ShowLearnt{0.5, {"v1", InitialWeightsV1(), {}}};
  const Decision a = Decide(raw, kText, kTokens, kCursor);
  const Decision b = Decide(learnt, kText, kTokens, kCursor);
  EXPECT_EQ(a.text, b.text);
  EXPECT_NEAR(*a.probability, *b.probability, 1e-6);
}

TEST(DecideTest, HidesWhereTheModelSaidNothing) {
  EXPECT_EQ(Decide({}, "  \n", {}, kCursor).hidden_reason, "empty");
}

TEST(CheckOutputPolicyTest, NamesWhatIsOutOfRange) {
  OutputPolicy policy;
  EXPECT_THAT(CheckOutputPolicy(policy), IsOk());
  policy.show = ShowThreshold{1.0};
  EXPECT_THAT(CheckOutputPolicy(policy),
              StatusIs(absl::StatusCode::kInvalidArgument));
  ShowLearnt learnt{0.5, {"v1", InitialWeightsV1(), {{0.1, 0.2}, {0.5, 0.4}}}};
  policy.show = learnt;
  EXPECT_THAT(CheckOutputPolicy(policy), IsOk());
  learnt.gate.calibration[1].calibrated = 0.1;
  policy.show = learnt;
  EXPECT_THAT(CheckOutputPolicy(policy),
              StatusIs(absl::StatusCode::kInvalidArgument));
  learnt.gate.calibration.clear();
  learnt.gate.weights.pop_back();
  policy.show = learnt;
  EXPECT_THAT(CheckOutputPolicy(policy),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace evalloop::completion_policy
