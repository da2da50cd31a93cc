#include "scorer/domain/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace evalloop::scorer {
namespace {

// The rows of testdata/calibration_goldens.py, which made the values below.
std::vector<OutcomeRow> GoldenRows() {
  std::int64_t state = 12345;
  const auto draw = [&](std::int64_t bound) {
    state = (state * 1103515245 + 12345) % (std::int64_t{1} << 31);
    return (state >> 8) % bound;
  };
  std::vector<OutcomeRow> rows;
  for (int i = 0; i < 600; ++i) {
    OutcomeRow row;
    row.score = static_cast<double>(draw(101)) / 100;
    row.accepted = static_cast<double>(draw(100)) < 20 + 50 * row.score;
    row.task = std::to_string(draw(4));
    rows.push_back(row);
  }
  return rows;
}

std::vector<OutcomeRow> Rows(std::vector<double> scores,
                             std::vector<bool> accepted) {
  std::vector<OutcomeRow> rows;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    rows.push_back({scores[i], accepted[i], "t"});
  }
  return rows;
}

TEST(CalibrationTest, EqualsScipy) {
  const Calibration calibration = Calibrate(GoldenRows(), ScoreRange());
  EXPECT_EQ(calibration.rows, 600u);
  EXPECT_EQ(calibration.accepted, 264u);
  EXPECT_EQ(calibration.tasks, 4u);
  EXPECT_NEAR(calibration.pearson.estimate->value, 0.331271509337, 1e-9);
  EXPECT_NEAR(calibration.spearman.estimate->value, 0.332090749969, 1e-9);
  EXPECT_NEAR(calibration.auc.estimate->value, 0.692486357281, 1e-9);
  EXPECT_NEAR(*calibration.brier, 0.238411, 1e-9);
  EXPECT_NEAR(*calibration.ece, 0.128955555556, 1e-9);
  ASSERT_EQ(calibration.isotonic.size(), 12u);
  EXPECT_NEAR(calibration.isotonic[0].score, 0.0, 1e-12);
  EXPECT_NEAR(calibration.isotonic[0].probability, 0.2, 1e-9);
  EXPECT_NEAR(calibration.isotonic[6].score, 0.7, 1e-12);
  EXPECT_NEAR(calibration.isotonic[6].probability, 0.644628099174, 1e-9);
  EXPECT_NEAR(calibration.isotonic[11].score, 0.99, 1e-12);
  EXPECT_NEAR(calibration.isotonic[11].probability, 0.916666666667, 1e-9);
  EXPECT_EQ(calibration.standing, Standing::kUsable);
}

TEST(CalibrationTest, IntervalsHoldTheValueAndNarrowWithRows) {
  const std::vector<OutcomeRow> all = GoldenRows();
  const auto width = [](const Correlation& correlation) {
    EXPECT_LT(correlation.estimate->low, correlation.estimate->value);
    EXPECT_GT(correlation.estimate->high, correlation.estimate->value);
    return correlation.estimate->high - correlation.estimate->low;
  };
  const Calibration few = Calibrate(std::span(all).first(100), ScoreRange());
  const Calibration many = Calibrate(all, ScoreRange());
  for (const auto field :
       {&Calibration::pearson, &Calibration::spearman, &Calibration::auc}) {
    EXPECT_GT(width(few.*field), 1.5 * width(many.*field));
  }
  // 1.96 * (1 - r^2) / sqrt(n), twice.
  EXPECT_NEAR(width(many.pearson), 0.142, 0.02);
}

TEST(CalibrationTest, TheOrderOfRowsSaysNothing) {
  std::vector<OutcomeRow> rows = GoldenRows();
  const Calibration first = Calibrate(rows, ScoreRange());
  std::reverse(rows.begin(), rows.end());
  const Calibration second = Calibrate(rows, ScoreRange());
  EXPECT_NEAR(first.auc.estimate->value, second.auc.estimate->value, 1e-12);
  EXPECT_NEAR(*first.ece, *second.ece, 1e-12);
  EXPECT_EQ(first.isotonic.size(), second.isotonic.size());
}

TEST(CalibrationTest, RanksAreComparedWithinATaskOnly) {
  // One task is easier and scored lower: across tasks the score misleads,
  // within each it is perfect.
  const std::vector<OutcomeRow> rows = {
      {0.1, false, "easy"}, {0.2, true, "easy"},  {0.3, true, "easy"},
      {0.7, false, "hard"}, {0.8, false, "hard"}, {0.9, true, "hard"}};
  EXPECT_EQ(Calibrate(rows, ScoreRange()).auc.estimate->value, 1.0);
}

TEST(CalibrationTest, SaysWhyThereIsNoCorrelation) {
  EXPECT_EQ(Calibrate({}, ScoreRange()).pearson.reason, "no_rows");
  EXPECT_FALSE(Calibrate({}, ScoreRange()).brier.has_value());
  EXPECT_EQ(Calibrate(Rows({0.1, 0.9}, {true, true}), ScoreRange()).auc.reason,
            "one_outcome");
  const Calibration flat =
      Calibrate(Rows({0.5, 0.5}, {true, false}), ScoreRange());
  EXPECT_EQ(flat.spearman.reason, "zero_variance");
  EXPECT_EQ(flat.auc.estimate->value, 0.5);
  const std::vector<OutcomeRow> apart = {{0.1, true, "a"}, {0.2, false, "b"}};
  EXPECT_EQ(Calibrate(apart, ScoreRange()).auc.reason, "no_pairs");
}

TEST(CalibrationTest, AnUnboundedScoreHasNoProbability) {
  const Calibration calibration = Calibrate(GoldenRows(), std::nullopt);
  EXPECT_TRUE(calibration.spearman.estimate.has_value());
  EXPECT_FALSE(calibration.brier.has_value());
  EXPECT_FALSE(calibration.ece.has_value());
  EXPECT_TRUE(calibration.isotonic.empty());
}

TEST(CalibrationTest, ScalesByTheRange) {
  std::vector<OutcomeRow> rows = GoldenRows();
  for (OutcomeRow& row : rows) row.score = 200 * row.score - 100;
  const Calibration calibration =
      Calibrate(rows, ScoreRange{.lowest = -100, .highest = 100});
  EXPECT_NEAR(*calibration.brier, 0.238411, 1e-9);
  EXPECT_NEAR(calibration.spearman.estimate->value, 0.332090749969, 1e-9);
}

TEST(CalibrationTest, StandsByItsRankCorrelation) {
  const auto standing_of = [](int right, int rows) {
    std::vector<OutcomeRow> all;
    for (int i = 0; i < rows; ++i) {
      const bool accepted = i % 2 == 0;
      const bool hit = i % 100 < right;
      all.push_back({accepted == hit ? 0.9 : 0.1, accepted, "t"});
    }
    return Calibrate(all, ScoreRange(), {.resamples = 10}).standing;
  };
  EXPECT_EQ(standing_of(90, 100), Standing::kTooFewRows);
  EXPECT_EQ(standing_of(90, 400), Standing::kLeading);
  EXPECT_EQ(standing_of(70, 400), Standing::kUsable);
  EXPECT_EQ(standing_of(60, 400), Standing::kRecalibrate);
  EXPECT_EQ(standing_of(10, 400), Standing::kRecalibrate);
}

TEST(CalibrationTest, BinsHoldEqualNumbersOfRows) {
  const auto bins = EqualMassBins(
      Rows({0.1, 0.2, 0.2, 0.4, 0.9}, {false, true, false, true, true}), 2);
  ASSERT_EQ(bins.size(), 2u);
  EXPECT_EQ(bins[0].rows, 3u);
  EXPECT_NEAR(bins[0].mean_score, 0.5 / 3, 1e-12);
  EXPECT_NEAR(bins[0].accepted, 1.0 / 3, 1e-12);
  EXPECT_EQ(bins[1].rows, 2u);
  EXPECT_NEAR(bins[1].accepted, 1.0, 1e-12);
  EXPECT_EQ(EqualMassBins(Rows({0.5}, {true}), 15).size(), 1u);
  EXPECT_TRUE(EqualMassBins({}, 15).empty());
}

TEST(CalibrationTest, IsotonicStepsRise) {
  const auto steps = FitIsotonic(GoldenRows());
  for (std::size_t i = 1; i < steps.size(); ++i) {
    EXPECT_GT(steps[i].score, steps[i - 1].score);
    EXPECT_GT(steps[i].probability, steps[i - 1].probability);
  }
  const auto flat = FitIsotonic(Rows({0.1, 0.9}, {true, false}));
  ASSERT_EQ(flat.size(), 1u);
  EXPECT_EQ(flat[0].probability, 0.5);
}

}  // namespace
}  // namespace evalloop::scorer
