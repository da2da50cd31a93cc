#include "scorer/domain/rating.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

namespace evalloop::scorer {
namespace {

using Clock = std::chrono::steady_clock;
using code_analysis::Measure;

constexpr std::string_view kLate = "deadline";

// Shared by who waits and who computes; either may leave first.
struct Rating {
  RatedText text;
  std::mutex mu;
  std::condition_variable changed;
  std::vector<Measure> measures;  // Those that are ready, in order.
  bool done = false;
};

void Compute(Rating& rating, const std::vector<const Metric*>& metrics,
             Clock::time_point end) {
  Candidate candidate{.text = rating.text.text,
                      .language = rating.text.language,
                      .prefix = rating.text.prefix,
                      .suffix = rating.text.suffix};
  if (rating.text.before.has_value()) candidate.before = *rating.text.before;
  for (const Metric* const metric : metrics) {
    if (Clock::now() >= end) return;
    const bool tool = metric->tool != nullptr && metric->tool(candidate);
    Measure measure = tool ? Measure::Missing(kLate)
                           : metric->compute(candidate, std::nullopt);
    std::lock_guard lock(rating.mu);
    rating.measures.push_back(std::move(measure));
  }
  std::lock_guard lock(rating.mu);
  rating.done = true;
  rating.changed.notify_one();
}

}  // namespace

Rater::Rater(RaterOptions options) : Rater(options, ReferenceFreeMetrics()) {}

Rater::Rater(RaterOptions options, std::vector<const Metric*> metrics)
    : budget_(options.budget),
      metrics_(std::move(metrics)),
      workers_(options.threads, options.max_queued) {}

ScoreSet Rater::Rate(RatedText text, ScorerPtr scorer,
                     Clock::time_point deadline) {
  const Clock::time_point end = std::min(deadline, Clock::now() + budget_);
  auto rating = std::make_shared<Rating>();
  const code_analysis::Language language = text.language;
  rating->text = std::move(text);
  const bool taken = workers_.TrySubmit(
      [this, rating, end] { Compute(*rating, metrics_, end); });
  std::vector<Measure> measures;
  if (taken) {
    std::unique_lock lock(rating->mu);
    rating->changed.wait_until(lock, end, [&] { return rating->done; });
    measures = rating->measures;
  }
  ScoreSet scores;
  scores.scorer_digest = scorer->digest();
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    const Measure measure =
        i < measures.size() ? measures[i] : Measure::Missing(kLate);
    scores.metrics.push_back({.metric = std::string(metrics_[i]->name),
                              .value = measure.value,
                              .reason = std::string(measure.reason)});
  }
  Composition composition =
      Compose(scorer->rubric(), {.language = language}, scores.metrics);
  scores.composite = composition.composite;
  scores.groups = std::move(composition.groups);
  scores.failed = std::move(composition.failed);
  return scores;
}

}  // namespace evalloop::scorer
