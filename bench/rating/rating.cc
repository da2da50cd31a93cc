// How long a live rating takes: a completion of Python with code of growing
// size in front, rated in process with the default budget. One JSON line a
// size: p50 and p99 in milliseconds, and the share of ratings that were whole.
// Run by hand; never a timed test.
//
//   build/release/bench/rating

#include "scorer/domain/rating.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "scorer/domain/metrics.h"

namespace {

using evalloop::scorer::FindMetric;
using evalloop::scorer::RatedText;
using evalloop::scorer::Rater;
using evalloop::scorer::Scorer;
using evalloop::scorer::ScorerPtr;
using Clock = std::chrono::steady_clock;

constexpr int kRatings = 2'000;

RatedText After(std::size_t bytes) {
  RatedText rated;
  rated.language = evalloop::code_analysis::Language::kPython;
  for (int i = 0; rated.prefix.size() < bytes; ++i) {
    fmt::format_to(std::back_inserter(rated.prefix),
                   "def f{0}(a, b):\n    if a > {0}:\n        return b[{0}]\n"
                   "    return a + b\n\n\n",
                   i);
  }
  rated.prefix += "def last(x):\n    ";
  rated.text = "return f1(x, 2) if x else None";
  rated.before = "pass";
  return rated;
}

void Measure(std::size_t bytes) {
  Rater rater;
  const ScorerPtr scorer(ScorerPtr(), &Scorer::BuiltIn());
  const RatedText text = After(bytes);
  std::vector<double> times;
  int whole = 0;
  for (int i = 0; i < kRatings; ++i) {
    const auto since = Clock::now();
    const auto rated =
        rater.Rate(text, scorer, since + std::chrono::seconds(1));
    times.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - since)
            .count());
    // No rating waits for a tool.
    const auto late = std::count_if(
        rated.metrics.begin(), rated.metrics.end(), [](const auto& metric) {
          return metric.reason == "deadline" &&
                 FindMetric(metric.metric)->tool == nullptr;
        });
    whole += late == 0;
  }
  std::sort(times.begin(), times.end());
  fmt::print(
      "{{\"context_bytes\":{},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},"
      "\"whole\":{:.4f}}}\n",
      bytes, times[kRatings / 2], times[kRatings * 99 / 100],
      static_cast<double>(whole) / kRatings);
}

}  // namespace

int main() {
  for (const std::size_t bytes : {200, 2'000, 20'000}) Measure(bytes);
  return 0;
}
