#include "prompt_engine/domain/gate_training.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "platform/base/statistics.h"

namespace evalloop::prompt_engine {
namespace {

using completion_policy::CalibrationKnot;

constexpr double kLearningRate = 0.12;
constexpr int kMostEpochs = 8;
constexpr std::size_t kLeastCursors = 200;
constexpr std::size_t kLeastCalibrationRows = 200;
// Lengths below what a suggestion must save can't be accepted: nothing to
// learn.
constexpr int kLeastCharacters = 4;
// Which length is chosen depends on the calibration that it shapes.
constexpr int kCalibrationRounds = 3;

// Which option of which cursor of which line.
struct Place {
  std::uint32_t line;
  std::uint32_t cursor;
  std::uint32_t option;
};

const LengthOption& At(const TuningData& data, const Place& place) {
  return data.lines[place.line].cursors[place.cursor].options[place.option];
}

std::vector<Place> PlacesOf(const TuningData& data) {
  std::vector<Place> places;
  for (std::uint32_t l = 0; l < data.lines.size(); ++l) {
    const auto& cursors = data.lines[l].cursors;
    for (std::uint32_t c = 0; c < cursors.size(); ++c) {
      for (std::uint32_t o = 0; o < cursors[c].options.size(); ++o) {
        if (cursors[c].options[o].characters < kLeastCharacters) continue;
        places.push_back({l, c, o});
      }
    }
  }
  return places;
}

void Shuffle(std::vector<Place>& places, base::Random& random) {
  for (std::size_t i = places.size(); i > 1; --i) {
    std::swap(places[i - 1], places[random.Below(i)]);
  }
}

// One logistic model under AdaGrad.
class Learner {
 public:
  Learner()
      : weights_(completion_policy::InitialWeightsV1()),
        squares_(weights_.size(), 1.0) {}

  void Epoch(const TuningData& data, std::span<const Place> places) {
    for (const Place& place : places) {
      const LengthOption& option = At(data, place);
      const double error =
          completion_policy::Logistic(weights_, option.features) -
          (option.right ? 1 : 0);
      for (const completion_policy::Feature& feature : option.features) {
        const double gradient = error * feature.value;
        double& squares = squares_[feature.index];
        squares += gradient * gradient;
        weights_[feature.index] -=
            kLearningRate * gradient / std::sqrt(squares);
      }
    }
  }
  const std::vector<double>& weights() const { return weights_; }

 private:
  std::vector<double> weights_;
  std::vector<double> squares_;
};

double LogLoss(const TuningData& data, std::span<const Place> places,
               std::span<const double> weights) {
  double loss = 0;
  for (const Place& place : places) {
    const LengthOption& option = At(data, place);
    const double p = std::clamp(
        completion_policy::Logistic(weights, option.features), 1e-9, 1 - 1e-9);
    loss -= std::log(option.right ? p : 1 - p);
  }
  return loss;
}

Probabilities Like(const TuningData& data) { return ModelProbabilities(data); }

void Predict(const TuningData& data, const std::vector<int>& folds, int fold,
             std::span<const double> weights, Probabilities& out) {
  for (std::size_t l = 0; l < data.lines.size(); ++l) {
    if (folds[l] != fold) continue;
    const auto& cursors = data.lines[l].cursors;
    for (std::size_t c = 0; c < cursors.size(); ++c) {
      for (std::size_t o = 0; o < cursors[c].options.size(); ++o) {
        out[l][c][o] = completion_policy::Logistic(
            weights, cursors[c].options[o].features);
      }
    }
  }
}

// Raw predictions of lines that the gate had not seen, and the epochs for it.
struct CrossFit {
  Probabilities raw;
  int epochs = 0;
};

CrossFit FitAcross(const TuningData& data, const std::vector<int>& folds,
                   int count) {
  const std::vector<Place> all = PlacesOf(data);
  std::vector<double> losses(kMostEpochs + 1, 0);
  // Weights by fold and epoch.
  std::vector<std::vector<std::vector<double>>> weights(count);
  for (int fold = 0; fold < count; ++fold) {
    std::vector<Place> inside;
    std::vector<Place> outside;
    for (const Place& place : all) {
      (folds[place.line] == fold ? outside : inside).push_back(place);
    }
    Learner learner;
    base::Random random(static_cast<std::uint64_t>(fold) + 1);
    for (int epoch = 0; epoch <= kMostEpochs; ++epoch) {
      if (epoch > 0) {
        Shuffle(inside, random);
        learner.Epoch(data, inside);
      }
      weights[fold].push_back(learner.weights());
      losses[epoch] += LogLoss(data, outside, learner.weights());
    }
  }
  CrossFit fit;
  fit.epochs = static_cast<int>(std::min_element(losses.begin(), losses.end()) -
                                losses.begin());
  fit.raw = Like(data);
  for (int fold = 0; fold < count; ++fold) {
    Predict(data, folds, fold, weights[fold][fit.epochs], fit.raw);
  }
  return fit;
}

Probabilities Calibrated(const Probabilities& raw,
                         std::span<const CalibrationKnot> knots) {
  Probabilities out = raw;
  for (auto& line : out) {
    for (auto& cursor : line) {
      for (double& p : cursor) p = completion_policy::Calibrate(knots, p);
    }
  }
  return out;
}

// The raw probability of the length that would be chosen at each cursor of the
// lines whose fold isn't `left_out`, and whether it was right.
std::vector<Judged> ChosenRows(const TuningData& data, const Probabilities& raw,
                               std::span<const CalibrationKnot> knots,
                               const std::vector<int>& folds, int left_out) {
  const ShowRule anything{1e-12, kLeastCharacters};
  std::vector<Judged> rows;
  for (std::size_t l = 0; l < data.lines.size(); ++l) {
    if (folds[l] == left_out) continue;
    const auto& cursors = data.lines[l].cursors;
    for (std::size_t c = 0; c < cursors.size(); ++c) {
      std::vector<double> calibrated = raw[l][c];
      for (double& p : calibrated) p = completion_policy::Calibrate(knots, p);
      const auto chosen = Shown(cursors[c], calibrated, anything);
      if (!chosen) continue;
      rows.push_back({raw[l][c][*chosen], cursors[c].options[*chosen].right});
    }
  }
  return rows;
}

constexpr int kNoFold = -1;

std::vector<CalibrationKnot> FitCalibration(const TuningData& data,
                                            const Probabilities& raw,
                                            const std::vector<int>& folds,
                                            int left_out) {
  std::vector<CalibrationKnot> knots;
  for (int round = 0; round < kCalibrationRounds; ++round) {
    knots = FitIsotonic(ChosenRows(data, raw, knots, folds, left_out),
                        kLeastCalibrationRows);
    if (knots.empty()) break;
  }
  return knots;
}

}  // namespace

absl::StatusOr<std::vector<int>> FoldsOf(const TuningData& data, int folds) {
  std::vector<std::string> order;
  std::map<std::string, std::size_t> lines_of;
  for (const LineRecord& line : data.lines) {
    if (lines_of[line.commit]++ == 0) order.push_back(line.commit);
  }
  if (static_cast<int>(order.size()) < folds) {
    return absl::FailedPreconditionError("too_few_commits");
  }
  std::map<std::string, int> fold_of;
  std::size_t before = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    // The middle of the commit decides, so that a large one fills its own.
    const std::size_t middle = before + lines_of[order[i]] / 2;
    fold_of[order[i]] = static_cast<int>(
        std::min<std::size_t>(middle * folds / data.lines.size(), folds - 1));
    before += lines_of[order[i]];
  }
  std::vector<int> result;
  for (const LineRecord& line : data.lines) {
    result.push_back(fold_of[line.commit]);
  }
  return result;
}

absl::StatusOr<TrainedGate> TrainGate(const TuningData& data, int folds) {
  std::size_t cursors = 0;
  for (const LineRecord& line : data.lines) {
    for (const CursorRecord& cursor : line.cursors) {
      cursors += cursor.options.empty() ? 0 : 1;
    }
  }
  if (cursors < kLeastCursors) {
    return absl::FailedPreconditionError("too_few_cursors");
  }
  const auto parts = FoldsOf(data, folds);
  if (!parts.ok()) return parts.status();
  const CrossFit fit = FitAcross(data, *parts, folds);

  TrainedGate trained;
  trained.epochs = fit.epochs;
  trained.gate.feature_set = completion_policy::kFeatureSetV1;
  trained.gate.calibration = FitCalibration(data, fit.raw, *parts, kNoFold);
  // Each part's calibration knows nothing of that part.
  trained.held_out = fit.raw;
  for (int fold = 0; fold < folds; ++fold) {
    const auto knots = FitCalibration(data, fit.raw, *parts, fold);
    const Probabilities calibrated = Calibrated(fit.raw, knots);
    for (std::size_t l = 0; l < data.lines.size(); ++l) {
      if ((*parts)[l] == fold) trained.held_out[l] = calibrated[l];
    }
  }
  Learner learner;
  std::vector<Place> all = PlacesOf(data);
  base::Random random(0);
  for (int epoch = 0; epoch < fit.epochs; ++epoch) {
    Shuffle(all, random);
    learner.Epoch(data, all);
  }
  trained.gate.weights = learner.weights();
  return trained;
}

}  // namespace evalloop::prompt_engine
