#include "scorer/domain/calibration.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace evalloop::scorer {
namespace {

constexpr double kRecalibrateUnder = 0.3;
constexpr double kLeadingOver = 0.5;

// Rows by rising score, so that every statistic of a resample (which is how
// often each row was drawn) takes one walk and no sorting.
class Sample {
 public:
  explicit Sample(std::span<const OutcomeRow> rows)
      : rows_(rows), order_(rows.size()), task_(rows.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) {
                       return rows[a].score < rows[b].score;
                     });
    std::map<std::string_view, std::size_t> tasks;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      task_[i] = tasks.try_emplace(rows[i].task, tasks.size()).first->second;
    }
    by_task_.resize(tasks.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      by_task_[task_[i]].push_back(i);
    }
  }

  std::size_t tasks() const { return by_task_.size(); }
  std::vector<double> Once() const {
    return std::vector<double>(rows_.size(), 1.0);
  }

  // As many rows of each task as it has, drawn with replacement.
  void Draw(base::Random& random, std::vector<double>& times) const {
    std::fill(times.begin(), times.end(), 0.0);
    for (const std::vector<std::size_t>& rows : by_task_) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        times[rows[random.Below(rows.size())]] += 1;
      }
    }
  }

  std::optional<double> Pearson(const std::vector<double>& times) const {
    return Correlate(times, [&](std::size_t row) { return rows_[row].score; });
  }

  std::optional<double> Spearman(const std::vector<double>& times) const {
    std::vector<double> ranks(rows_.size());
    double below = 0;
    ForEachTie([&](std::span<const std::size_t> tie) {
      double drawn = 0;
      for (const std::size_t row : tie) drawn += times[row];
      for (const std::size_t row : tie) ranks[row] = below + (drawn + 1) / 2;
      below += drawn;
    });
    // Against a two-valued outcome its ranks are a line of its values.
    return Correlate(times, [&](std::size_t row) { return ranks[row]; });
  }

  std::optional<double> Auc(const std::vector<double>& times) const {
    std::vector<double> negatives(tasks(), 0.0);  // Under the present score.
    std::vector<double> positives(tasks(), 0.0);
    std::vector<double> tied(tasks(), 0.0);  // Accepted of the present score.
    double won = 0;
    ForEachTie([&](std::span<const std::size_t> tie) {
      for (const std::size_t row : tie) {
        if (!rows_[row].accepted) continue;
        won += times[row] * negatives[task_[row]];
        positives[task_[row]] += times[row];
        tied[task_[row]] += times[row];
      }
      for (const std::size_t row : tie) {
        if (rows_[row].accepted) continue;
        won += times[row] * tied[task_[row]] / 2;
        negatives[task_[row]] += times[row];
      }
      for (const std::size_t row : tie) tied[task_[row]] = 0;
    });
    double pairs = 0;
    for (std::size_t task = 0; task < tasks(); ++task) {
      pairs += negatives[task] * positives[task];
    }
    if (pairs <= 0) return std::nullopt;
    return won / pairs;
  }

 private:
  template <typename Visit>
  void ForEachTie(Visit visit) const {
    for (std::size_t begin = 0; begin < order_.size();) {
      std::size_t end = begin + 1;
      while (end < order_.size() &&
             rows_[order_[end]].score == rows_[order_[begin]].score) {
        ++end;
      }
      visit(std::span(order_).subspan(begin, end - begin));
      begin = end;
    }
  }

  // Pearson's r of a value with the outcome; nothing without variance.
  template <typename ValueOf>
  std::optional<double> Correlate(const std::vector<double>& times,
                                  ValueOf value_of) const {
    double weight = 0;
    double mean_x = 0;
    double mean_y = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      weight += times[i];
      mean_x += times[i] * value_of(i);
      mean_y += times[i] * (rows_[i].accepted ? 1 : 0);
    }
    if (weight <= 0) return std::nullopt;
    mean_x /= weight;
    mean_y /= weight;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double x = value_of(i) - mean_x;
      const double y = (rows_[i].accepted ? 1 : 0) - mean_y;
      xx += times[i] * x * x;
      yy += times[i] * y * y;
      xy += times[i] * x * y;
    }
    if (xx <= 0 || yy <= 0) return std::nullopt;
    return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
  }

  std::span<const OutcomeRow> rows_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> task_;
  std::vector<std::vector<std::size_t>> by_task_;
};

using Statistic =
    std::optional<double> (Sample::*)(const std::vector<double>&) const;

double Quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double share = at - static_cast<double>(below);
  return sorted[below] * (1 - share) + sorted[above] * share;
}

Correlation Estimated(const Sample& sample, Statistic statistic,
                      std::string_view reason,
                      const CalibrationOptions& options) {
  const auto value = (sample.*statistic)(sample.Once());
  if (!value.has_value()) return {std::nullopt, reason};
  base::Random random(options.seed);
  std::vector<double> times = sample.Once();
  std::vector<double> resamples;
  for (int i = 0; i < options.resamples; ++i) {
    sample.Draw(random, times);
    if (const auto one = (sample.*statistic)(times); one.has_value()) {
      resamples.push_back(*one);
    }
  }
  if (resamples.empty()) return {std::nullopt, reason};
  std::sort(resamples.begin(), resamples.end());
  return {
      base::Estimate{*value, Quantile(resamples, (1 - options.confidence) / 2),
                     Quantile(resamples, (1 + options.confidence) / 2)},
      ""};
}

std::vector<OutcomeRow> Scaled(std::span<const OutcomeRow> rows,
                               ScoreRange range) {
  std::vector<OutcomeRow> scaled(rows.begin(), rows.end());
  for (OutcomeRow& row : scaled) {
    row.score = std::clamp(
        (row.score - range.lowest) / (range.highest - range.lowest), 0.0, 1.0);
  }
  return scaled;
}

// Rows of one score: how many, and how many of them were accepted.
struct Level {
  double score = 0;
  double rows = 0;
  double accepted = 0;

  double Share() const { return accepted / rows; }
};

std::vector<Level> LevelsOf(std::span<const OutcomeRow> rows) {
  std::map<double, Level> levels;
  for (const OutcomeRow& row : rows) {
    Level& level = levels[row.score];
    level.score = row.score;
    level.rows += 1;
    level.accepted += row.accepted ? 1 : 0;
  }
  std::vector<Level> out;
  for (const auto& [score, level] : levels) out.push_back(level);
  return out;
}

Standing StandingOf(const Calibration& calibration) {
  if (calibration.rows < kMinRows ||
      !calibration.spearman.estimate.has_value()) {
    return Standing::kTooFewRows;
  }
  const double rank = calibration.spearman.estimate->value;
  if (rank < kRecalibrateUnder) return Standing::kRecalibrate;
  return rank > kLeadingOver ? Standing::kLeading : Standing::kUsable;
}

}  // namespace

std::string_view NameOf(Standing standing) {
  switch (standing) {
    case Standing::kTooFewRows:
      return "too_few_rows";
    case Standing::kRecalibrate:
      return "recalibrate";
    case Standing::kUsable:
      return "usable";
    case Standing::kLeading:
      return "leading";
  }
  return "too_few_rows";
}

std::vector<CalibrationBin> EqualMassBins(std::span<const OutcomeRow> rows,
                                          std::size_t bins) {
  std::vector<CalibrationBin> out;
  bins = std::min(bins, rows.size());
  const std::vector<Level> levels = LevelsOf(rows);
  std::size_t level = 0;
  double left = levels.empty() ? 0 : levels[0].rows;  // Of the level.
  for (std::size_t bin = 0; bin < bins; ++bin) {
    CalibrationBin filled;
    filled.rows = rows.size() / bins + (bin < rows.size() % bins ? 1 : 0);
    auto wanted = static_cast<double>(filled.rows);
    while (wanted > 0) {
      const double taken = std::min(wanted, left);
      filled.mean_score += taken * levels[level].score;
      filled.accepted += taken * levels[level].Share();
      wanted -= taken;
      left -= taken;
      if (left <= 0 && level + 1 < levels.size()) left = levels[++level].rows;
    }
    filled.mean_score /= static_cast<double>(filled.rows);
    filled.accepted /= static_cast<double>(filled.rows);
    out.push_back(filled);
  }
  return out;
}

double ExpectedCalibrationError(std::span<const CalibrationBin> bins) {
  double rows = 0;
  double error = 0;
  for (const CalibrationBin& bin : bins) {
    rows += static_cast<double>(bin.rows);
    error +=
        static_cast<double>(bin.rows) * std::abs(bin.mean_score - bin.accepted);
  }
  return rows > 0 ? error / rows : 0;
}

std::vector<IsotonicStep> FitIsotonic(std::span<const OutcomeRow> rows) {
  std::vector<Level> pooled;
  for (const Level& level : LevelsOf(rows)) {
    pooled.push_back(level);
    while (pooled.size() > 1 &&
           pooled[pooled.size() - 2].Share() >= pooled.back().Share()) {
      Level& into = pooled[pooled.size() - 2];
      into.rows += pooled.back().rows;
      into.accepted += pooled.back().accepted;
      pooled.pop_back();
    }
  }
  std::vector<IsotonicStep> steps;
  for (const Level& level : pooled) {
    steps.push_back({level.score, level.Share()});
  }
  return steps;
}

Calibration Calibrate(std::span<const OutcomeRow> rows,
                      std::optional<ScoreRange> range,
                      const CalibrationOptions& options) {
  Calibration out;
  out.rows = rows.size();
  out.accepted = static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(),
                    [](const OutcomeRow& row) { return row.accepted; }));
  const Sample sample(rows);
  out.tasks = sample.tasks();
  std::string_view reason = "zero_variance";
  if (rows.empty()) {
    reason = "no_rows";
  } else if (out.accepted == 0 || out.accepted == out.rows) {
    reason = "one_outcome";
  }
  out.pearson = Estimated(sample, &Sample::Pearson, reason, options);
  out.spearman = Estimated(sample, &Sample::Spearman, reason, options);
  out.auc = Estimated(sample, &Sample::Auc,
                      reason == "zero_variance" ? "no_pairs" : reason, options);
  out.standing = StandingOf(out);
  if (rows.empty() || !range.has_value()) return out;
  const std::vector<OutcomeRow> scaled = Scaled(rows, *range);
  double squares = 0;
  for (const OutcomeRow& row : scaled) {
    const double off = row.score - (row.accepted ? 1 : 0);
    squares += off * off;
  }
  out.brier = squares / static_cast<double>(scaled.size());
  out.bins = EqualMassBins(scaled, kCalibrationBins);
  out.ece = ExpectedCalibrationError(out.bins);
  if (rows.size() >= kMinRows) out.isotonic = FitIsotonic(scaled);
  return out;
}

}  // namespace evalloop::scorer
