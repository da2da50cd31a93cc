#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <functional>

#include "code_analysis/lexer.h"
#include "platform/base/statistics.h"
#include "platform/testing/status_matchers.h"
#include "prompt_engine/domain/gate_training.h"
#include "prompt_engine/domain/policy_search.h"
#include "prompt_engine/domain/simulate.h"
#include "prompt_engine/domain/tuning_data.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::HasSubstr;

// What a made-up model says at a cursor, and whether it is right there.
struct Saying {
  double probability = 0.5;  // Its own.
  std::uint32_t order = 0;
  bool right = false;
};

// Lines typed before a model that offers the whole rest of the line, or the
// same with a wrong first token.
class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {}

  base::Random& random() { return random_; }

  std::vector<Outcome> Type(int commits, int lines_per_commit,
                            const std::function<Saying()>& say) {
    std::vector<Outcome> outcomes;
    for (int commit = 0; commit < commits; ++commit) {
      for (int line = 1; line <= lines_per_commit; ++line) {
        const std::string text =
            fmt::format("value{} = compute(item{}, {});", commit, line, line);
        AddLine(commit, line, text, say, outcomes);
      }
    }
    return outcomes;
  }

 private:
  // Another token of the same kind and length: nothing but the model's words
  // tells it from the right one.
  static std::string Wrong(std::string_view token) {
    const auto first = static_cast<unsigned char>(token[0]);
    if (std::isalpha(first)) return std::string(token.size(), 'x');
    if (std::isdigit(first)) return std::string(token.size(), '7');
    constexpr std::string_view kRight = "=(,);";
    constexpr std::string_view kWrong = "+[;],";
    return std::string(1, kWrong[kRight.find(token)]);
  }

  static void AddLine(int commit, int line, const std::string& text,
                      const std::function<Saying()>& say,
                      std::vector<Outcome>& outcomes) {
    for (const auto& token :
         code_analysis::Lex(text, code_analysis::Language::kCpp)) {
      const Saying saying = say();
      Outcome& outcome = outcomes.emplace_back();
      outcome.completion_id = fmt::format("c{}", outcomes.size());
      outcome.session = "s";
      outcome.commit = fmt::format("commit{}", commit);
      outcome.path = "a.cc";
      outcome.language = "cpp";
      outcome.line = static_cast<std::uint32_t>(line);
      outcome.column = static_cast<std::uint32_t>(token.offset);
      outcome.text = text.substr(token.offset);
      const std::string first =
          saying.right ? std::string(token.text) : Wrong(token.text);
      const std::string rest = text.substr(token.offset + token.text.size());
      outcome.tokens.push_back(
          {first, std::log(saying.probability), saying.order, 3});
      outcome.raw_text = first;
      std::size_t begin = 0;
      for (const auto& next :
           code_analysis::Lex(rest, code_analysis::Language::kCpp)) {
        const std::size_t end = next.offset + next.text.size();
        outcome.tokens.push_back(
            {rest.substr(begin, end - begin), 0, saying.order, 3});
        begin = end;
      }
      outcome.raw_text += rest;
    }
  }

  base::Random random_;
};

TuningData Prepare(const std::vector<Outcome>& outcomes) {
  return PrepareTuningData(outcomes, {});
}

// Sure of everything to the same degree; right only where it has seen much.
TuningData MatchLengthDecides(std::uint64_t seed) {
  World world(seed);
  return Prepare(world.Type(40, 15, [&] {
    const bool long_match = world.random().Unit() < 0.5;
    const double truth = long_match ? 0.95 : 0.1;
    return Saying{0.6, long_match ? 20U : 2U, world.random().Unit() < truth};
  }));
}

// As sure as it is right.
TuningData WellCalibrated(std::uint64_t seed) {
  World world(seed);
  return Prepare(world.Type(40, 15, [&] {
    const double p = 0.05 + 0.9 * world.random().Unit();
    return Saying{p, 4, world.random().Unit() < p};
  }));
}

TEST(TuningDataTest, LabelsEachLengthByWhatWasTyped) {
  Outcome outcome;
  outcome.language = "cpp";
  outcome.raw_text = "a(b, c);";
  outcome.text = "a(b, d);";
  for (const std::string_view token : {"a", "(", "b", ",", " c", ")", ";"}) {
    outcome.tokens.push_back({std::string(token), -0.1});
  }
  const TuningData data = Prepare({outcome});
  ASSERT_EQ(data.lines.size(), 1U);
  const auto& options = data.lines[0].cursors[0].options;
  ASSERT_EQ(options.size(), 7U);
  EXPECT_TRUE(options[3].right);
  EXPECT_FALSE(options[4].right);
  EXPECT_FALSE(options[6].right);
  EXPECT_NEAR(options[3].model_probability, std::exp(-0.4), 1e-9);
}

TEST(TuningDataTest, LeavesOutOutcomesWithoutTheTruthOrOfAnotherText) {
  Outcome told;
  told.language = "cpp";
  told.text = "int a = 1;";
  Outcome silent = told;
  silent.text.reset();
  silent.column = 4;
  Outcome other = told;
  other.column = 8;
  other.text = "2;";
  const TuningData data = Prepare({told, silent, other});
  ASSERT_EQ(data.lines.size(), 1U);
  EXPECT_EQ(data.cursors, 1U);
}

TEST(SimulateTest, CountsByTheRuleOfReplay) {
  World world(1);
  const TuningData data = Prepare(world.Type(1, 1, [] {
    return Saying{0.9, 4, true};
  }));
  const auto commits = Simulate(data, ModelProbabilities(data), {0.5, 4});
  ASSERT_THAT(commits, IsOk());
  const replay::Tally& tally = (*commits)[0].tally;
  EXPECT_EQ(tally.lines, 1);
  EXPECT_EQ(tally.shown, 1);
  EXPECT_EQ(tally.accepted, 1);
  EXPECT_EQ(tally.typed_characters, 0);
  EXPECT_EQ(tally.accepted_characters, 24);

  const auto hidden = Simulate(data, ModelProbabilities(data), {0.95, 4});
  ASSERT_THAT(hidden, IsOk());
  EXPECT_EQ((*hidden)[0].tally.shown, 0);
  EXPECT_EQ((*hidden)[0].tally.typed_characters, 24);
}

TEST(FoldsTest, KeepCommitsWholeAndInOrder) {
  const TuningData data = WellCalibrated(1);
  const auto folds = FoldsOf(data, 5);
  ASSERT_THAT(folds, IsOk());
  for (std::size_t i = 1; i < folds->size(); ++i) {
    EXPECT_GE((*folds)[i], (*folds)[i - 1]);
    if (data.lines[i].commit == data.lines[i - 1].commit) {
      EXPECT_EQ((*folds)[i], (*folds)[i - 1]);
    }
  }
  EXPECT_EQ(folds->front(), 0);
  EXPECT_EQ(folds->back(), 4);
}

TEST(IsotonicTest, FindsTheStepsOfATruthThatRises) {
  std::vector<Judged> rows;
  for (int i = 0; i < 2000; ++i) {
    const double raw = i / 2000.0;
    const double truth = raw < 0.5 ? 0.2 : 0.8;
    rows.push_back({raw, (i % 10) < static_cast<int>(10 * truth)});
  }
  const auto knots = FitIsotonic(rows, 200);
  ASSERT_GE(knots.size(), 2U);
  EXPECT_NEAR(completion_policy::Calibrate(knots, 0.25), 0.2, 0.05);
  EXPECT_NEAR(completion_policy::Calibrate(knots, 0.75), 0.8, 0.05);
  for (std::size_t i = 1; i < knots.size(); ++i) {
    EXPECT_GT(knots[i].raw, knots[i - 1].raw);
    EXPECT_GE(knots[i].calibrated, knots[i - 1].calibrated);
  }
}

TEST(IsotonicTest, SaysNothingFromTooFewRows) {
  EXPECT_TRUE(FitIsotonic({{0.5, true}}, 200).empty());
}

TEST(CalibrationErrorTest, IsTheGapBetweenSaidAndSeen) {
  const std::vector<Judged> rows(300, Judged{0.9, false});
  EXPECT_NEAR(*CalibrationError(rows), 0.9, 1e-9);
  EXPECT_NEAR(*BrierScore(rows), 0.81, 1e-9);
  EXPECT_FALSE(CalibrationError({}).has_value());
}

TEST(TuneThresholdTest, HoldsTheLowerBoundAndGainsCharacters) {
  const TuningData data = WellCalibrated(2);
  const auto loose = TuneThreshold(data, {}, 0.5);
  const auto strict = TuneThreshold(data, {}, 0.8);
  ASSERT_THAT(loose, IsOk());
  ASSERT_THAT(strict, IsOk());
  EXPECT_GE(loose->trial.acceptance_low, 0.5);
  EXPECT_GE(strict->trial.acceptance_low, 0.8);
  EXPECT_GT(loose->trial.completed_characters,
            strict->trial.completed_characters);
  EXPECT_GT(strict->trial.rule.threshold, loose->trial.rule.threshold);
  EXPECT_LE(*loose->calibration_error, 0.06);
}

TEST(TuneThresholdTest, SaysWhenNoThresholdIsGoodEnough) {
  EXPECT_THAT(
      TuneThreshold(MatchLengthDecides(3), {}, 0.9),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("acceptance")));
}

TEST(TuneThresholdTest, NeedsAModelThatTellsProbabilities) {
  World world(4);
  auto outcomes = world.Type(10, 5, [] { return Saying{0.5, 1, true}; });
  for (Outcome& outcome : outcomes) outcome.tokens.clear();
  EXPECT_THAT(TuneThreshold(Prepare(outcomes), {}, 0.5),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("probabilities")));
}

TEST(TuneLearntTest, FindsWhatTheModelItselfDoesNotKnow) {
  const TuningData data = MatchLengthDecides(5);
  const auto tuned = TuneLearnt(data, {}, 0.8);
  ASSERT_THAT(tuned, IsOk());
  EXPECT_GE(tuned->trial.acceptance_low, 0.8);
  EXPECT_GE(tuned->trial.completed_characters, 0.5);
  EXPECT_LE(*tuned->calibration_error, 0.05);

  // The gate that is proposed, on lines that nobody has learnt from.
  const TuningData later = MatchLengthDecides(6);
  const auto& learnt =
      std::get<completion_policy::ShowLearnt>(tuned->policy.show);
  Probabilities probabilities = ModelProbabilities(later);
  for (std::size_t l = 0; l < later.lines.size(); ++l) {
    for (std::size_t c = 0; c < later.lines[l].cursors.size(); ++c) {
      const auto& options = later.lines[l].cursors[c].options;
      for (std::size_t o = 0; o < options.size(); ++o) {
        probabilities[l][c][o] = completion_policy::Calibrate(
            learnt.gate.calibration,
            completion_policy::Logistic(learnt.gate.weights,
                                        options[o].features));
      }
    }
  }
  const auto shown =
      ShownRows(later, probabilities,
                {learnt.min_probability, tuned->policy.min_characters});
  EXPECT_GT(shown.size(), 500U);
  EXPECT_LE(*CalibrationError(shown), 0.05);
}

TEST(TuneLearntTest, LosesNothingWhereTheModelIsAlreadyRight) {
  const TuningData data = WellCalibrated(7);
  const auto raw = TuneThreshold(data, {}, 0.5);
  const auto learnt = TuneLearnt(data, {}, 0.5);
  ASSERT_THAT(raw, IsOk());
  ASSERT_THAT(learnt, IsOk());
  EXPECT_GE(learnt->trial.completed_characters,
            raw->trial.completed_characters - 0.03);
  EXPECT_LE(*learnt->calibration_error, 0.06);
}

TEST(TuneLearntTest, IsTheSameForTheSameData) {
  const auto once = TuneLearnt(MatchLengthDecides(8), {}, 0.5);
  const auto again = TuneLearnt(MatchLengthDecides(8), {}, 0.5);
  ASSERT_THAT(once, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(
      std::get<completion_policy::ShowLearnt>(once->policy.show).gate.weights,
      std::get<completion_policy::ShowLearnt>(again->policy.show).gate.weights);
}

TEST(TuneLearntTest, AsksForEnoughToLearnFrom) {
  World world(9);
  const auto few = Prepare(world.Type(6, 1, [] {
    return Saying{0.5, 1, true};
  }));
  EXPECT_THAT(TuneLearnt(few, {}, 0.5),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace evalloop::prompt_engine
