#include "scorer/domain/rating.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <string>

#include "scorer/domain/scorer.h"

namespace evalloop::scorer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;
using code_analysis::Language;
using code_analysis::Measure;

ScorerPtr BuiltIn() { return {ScorerPtr(), &Scorer::BuiltIn()}; }

const MetricScore& Of(const ScoreSet& scores, std::string_view name) {
  for (const MetricScore& score : scores.metrics) {
    if (score.metric == name) return score;
  }
  ADD_FAILURE() << "no " << name;
  static const MetricScore none;
  return none;
}

RatedText Python() {
  RatedText text;
  text.text = "x + 1";
  text.language = Language::kPython;
  text.prefix = "y = ";
  text.suffix = "\n";
  text.before = "x";
  return text;
}

Measure Quick(const Candidate&, std::optional<std::string_view>) {
  return {.value = 0.5};
}

// Lets a test say when a slow metric ends.
std::latch* slow_may_end = nullptr;
Measure Slow(const Candidate&, std::optional<std::string_view>) {
  slow_may_end->wait();
  return {.value = 1.0};
}

constexpr Metric kQuick{.name = "quick",
                        .highest = 1.0,
                        .references = References::kNone,
                        .compute = Quick};
constexpr Metric kSlow{.name = "slow",
                       .highest = 1.0,
                       .references = References::kNone,
                       .compute = Slow};

TEST(RaterTest, SaysWhatTheScorerSaysWithoutReferences) {
  Rater rater({.budget = seconds(30)});
  const ScoreSet rated =
      rater.Rate(Python(), BuiltIn(), Clock::now() + seconds(30));
  const RatedText text = Python();
  Candidate candidate{.text = text.text,
                      .language = text.language,
                      .prefix = text.prefix,
                      .suffix = text.suffix};
  candidate.before = *text.before;
  const ScoreSet scored = ScoreRow(candidate, ReferenceFreeMetrics());
  EXPECT_EQ(rated.scorer_digest, scored.scorer_digest);
  ASSERT_EQ(rated.metrics.size(), scored.metrics.size());
  for (std::size_t i = 0; i < rated.metrics.size(); ++i) {
    EXPECT_EQ(rated.metrics[i].metric, scored.metrics[i].metric);
    EXPECT_EQ(rated.metrics[i].value, scored.metrics[i].value);
  }
  EXPECT_EQ(Of(rated, "parses").value, 1.0);
  // A tool would take seconds.
  EXPECT_EQ(Of(rated, "type_errors_delta").reason, "deadline");
}

TEST(RaterTest, WhatIsNotReadyIsMissing) {
  std::latch may_end(1);
  slow_may_end = &may_end;
  {
    Rater rater({.threads = 1, .budget = seconds(30)},
                {&kQuick, &kSlow, &kQuick});
    // The quick one is through by then, or the machine stands still.
    const ScoreSet rated =
        rater.Rate(Python(), BuiltIn(), Clock::now() + seconds(1));
    ASSERT_EQ(rated.metrics.size(), 3u);
    EXPECT_EQ(rated.metrics[0].value, 0.5);
    EXPECT_FALSE(rated.metrics[1].value.has_value());
    EXPECT_EQ(rated.metrics[1].reason, "deadline");
    EXPECT_EQ(rated.metrics[2].reason, "deadline");
    may_end.count_down();
  }
}

TEST(RaterTest, TheBudgetHoldsWhereTheClientWouldWaitLonger) {
  std::latch may_end(1);
  slow_may_end = &may_end;
  {
    Rater rater({.threads = 1, .budget = milliseconds(20)}, {&kSlow});
    const auto since = Clock::now();
    const ScoreSet rated =
        rater.Rate(Python(), BuiltIn(), since + std::chrono::hours(1));
    EXPECT_LT(Clock::now() - since, seconds(20));
    EXPECT_EQ(rated.metrics[0].reason, "deadline");
    may_end.count_down();
  }
}

TEST(RaterTest, AFullRaterAnswersAtOnce) {
  std::latch may_end(1);
  slow_may_end = &may_end;
  {
    Rater rater({.threads = 1, .max_queued = 1, .budget = milliseconds(50)},
                {&kSlow});
    const auto late = Clock::now() + seconds(60);
    // One computes, one waits; both are given up by their callers.
    rater.Rate(Python(), BuiltIn(), late);
    rater.Rate(Python(), BuiltIn(), late);
    const ScoreSet rated = rater.Rate(Python(), BuiltIn(), late);
    EXPECT_EQ(rated.metrics[0].reason, "deadline");
    EXPECT_FALSE(rated.composite.has_value());
    may_end.count_down();
  }
}

TEST(RaterTest, ADeadlineThatHasPassedLeavesNothingToSay) {
  Rater rater({}, {&kQuick});
  const ScoreSet rated =
      rater.Rate(Python(), BuiltIn(), Clock::now() - seconds(1));
  EXPECT_EQ(rated.metrics[0].reason, "deadline");
  EXPECT_EQ(rated.scorer_digest, Scorer::BuiltIn().digest());
}

}  // namespace
}  // namespace evalloop::scorer
