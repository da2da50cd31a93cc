#include <algorithm>
#include <cmath>

#include "prompt_engine/domain/gate_training.h"

namespace evalloop::prompt_engine {
namespace {

constexpr std::size_t kBins = 15;

struct Pool {
  double raw = 0;  // Sums.
  double right = 0;
  std::size_t rows = 0;

  double MeanRaw() const { return raw / static_cast<double>(rows); }
  double Rate() const { return right / static_cast<double>(rows); }
  void Join(const Pool& other) {
    raw += other.raw;
    right += other.right;
    rows += other.rows;
  }
};

bool ByProbability(const Judged& a, const Judged& b) {
  return a.probability < b.probability;
}

}  // namespace

std::vector<completion_policy::CalibrationKnot> FitIsotonic(
    std::vector<Judged> rows, std::size_t least) {
  if (rows.size() < least || rows.empty()) return {};
  std::stable_sort(rows.begin(), rows.end(), ByProbability);
  std::vector<Pool> pools;
  for (const Judged& row : rows) {
    const Pool single{row.probability, row.right ? 1.0 : 0.0, 1};
    // Small pools would make knots of noise.
    if (!pools.empty() && pools.back().rows < least / 10) {
      pools.back().Join(single);
    } else {
      pools.push_back(single);
    }
    while (pools.size() > 1 &&
           pools[pools.size() - 2].Rate() >= pools.back().Rate() &&
           pools.back().rows >= least / 10) {
      pools[pools.size() - 2].Join(pools.back());
      pools.pop_back();
    }
  }
  while (pools.size() > 1 &&
         (pools.back().rows < least / 10 ||
          pools[pools.size() - 2].Rate() >= pools.back().Rate())) {
    pools[pools.size() - 2].Join(pools.back());
    pools.pop_back();
  }
  std::vector<completion_policy::CalibrationKnot> knots;
  for (const Pool& pool : pools) {
    const double raw = pool.MeanRaw();
    if (!knots.empty() && raw <= knots.back().raw) continue;
    knots.push_back({raw, pool.Rate()});
  }
  return knots;
}

std::vector<Judged> ShownRows(const TuningData& data,
                              const Probabilities& probabilities,
                              const ShowRule& rule) {
  std::vector<Judged> rows;
  for (std::size_t l = 0; l < data.lines.size(); ++l) {
    const auto& cursors = data.lines[l].cursors;
    for (std::size_t c = 0; c < cursors.size(); ++c) {
      const auto& of_cursor = probabilities[l][c];
      const auto shown = Shown(cursors[c], of_cursor, rule);
      if (!shown) continue;
      rows.push_back({of_cursor[*shown], cursors[c].options[*shown].right});
    }
  }
  return rows;
}

std::optional<double> BrierScore(std::span<const Judged> rows) {
  if (rows.empty()) return std::nullopt;
  double sum = 0;
  for (const Judged& row : rows) {
    const double error = row.probability - (row.right ? 1 : 0);
    sum += error * error;
  }
  return sum / static_cast<double>(rows.size());
}

std::optional<double> CalibrationError(std::vector<Judged> rows) {
  if (rows.empty()) return std::nullopt;
  std::stable_sort(rows.begin(), rows.end(), ByProbability);
  const std::size_t bins = std::min(kBins, rows.size());
  double error = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t begin = bin * rows.size() / bins;
    const std::size_t end = (bin + 1) * rows.size() / bins;
    double difference = 0;
    for (std::size_t i = begin; i < end; ++i) {
      difference += rows[i].probability - (rows[i].right ? 1 : 0);
    }
    error += std::abs(difference);
  }
  return error / static_cast<double>(rows.size());
}

}  // namespace evalloop::prompt_engine
