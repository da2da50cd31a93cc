#ifndef EVALLOOP_SCORER_TESTING_FAKE_SCORE_STORE_H_
#define EVALLOOP_SCORER_TESTING_FAKE_SCORE_STORE_H_

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "platform/testing/fake_transactor.h"
#include "scorer/domain/score_store.h"

namespace evalloop::scorer {

// ScoreStore in memory, for units of work of testing::FakeTransactor.
// Thread-safe.
class FakeScoreStore final : public ScoreStore {
 public:
  absl::Status Record(base::UnitOfWork& work,
                      std::span<const StoredScore> scores) override {
    std::vector<StoredScore> added(scores.begin(), scores.end());
    dynamic_cast<testing::FakeUnitOfWork&>(work).OnCommit([this, added] {
      std::lock_guard lock(mu_);
      for (const StoredScore& score : added) {
        const auto [row, is_new] = rows_.try_emplace(
            {score.subject, score.score.scorer_digest}, score);
        const auto& metrics = row->second.score.metrics;
        if (!is_new && std::all_of(metrics.begin(), metrics.end(),
                                   [](const MetricScore& metric) {
                                     return metric.reason == "infrastructure";
                                   })) {
          row->second = score;
        }
      }
    });
    return absl::OkStatus();
  }

  absl::StatusOr<StoredScore> Newest(std::string_view subject) override {
    auto scores = Sorted(
        [&](const StoredScore& score) { return score.subject == subject; });
    if (scores.empty()) return absl::NotFoundError("no score");
    return scores.front();
  }

  absl::StatusOr<std::vector<StoredScore>> List(std::string_view prefix,
                                                const ScoreCursor& after,
                                                std::size_t limit) override {
    auto scores = Sorted([&](const StoredScore& score) {
      return score.subject.starts_with(prefix) &&
             KeyOf(score) < std::tuple(after.score_time, after.subject,
                                       after.scorer_digest);
    });
    if (scores.size() > limit) scores.resize(limit);
    return scores;
  }

  absl::StatusOr<std::vector<OutcomeRow>> Outcomes(
      std::string_view metric, std::string_view scorer_digest,
      std::size_t limit) override {
    std::vector<OutcomeRow> rows;
    for (const StoredScore& stored : Sorted([&](const StoredScore& score) {
           return score.score.scorer_digest == scorer_digest &&
                  score.outcome.has_value();
         })) {
      std::optional<double> value;
      if (metric == "composite") value = stored.score.composite;
      for (const MetricScore& one : stored.score.metrics) {
        if (one.metric == metric) value = one.value;
      }
      if (!value.has_value() || rows.size() == limit) continue;
      rows.push_back({*value, stored.outcome->accepted, stored.outcome->task});
    }
    return rows;
  }

  std::size_t size() const {
    std::lock_guard lock(mu_);
    return rows_.size();
  }

 private:
  static std::tuple<absl::Time, std::string, std::string> KeyOf(
      const StoredScore& score) {
    return {score.score_time, score.subject, score.score.scorer_digest};
  }

  template <typename Wanted>
  std::vector<StoredScore> Sorted(Wanted wanted) const {
    std::lock_guard lock(mu_);
    std::vector<StoredScore> scores;
    for (const auto& [key, score] : rows_) {
      if (wanted(score)) scores.push_back(score);
    }
    std::sort(scores.begin(), scores.end(),
              [](const StoredScore& a, const StoredScore& b) {
                return KeyOf(a) > KeyOf(b);
              });
    return scores;
  }

  mutable std::mutex mu_;
  std::map<std::pair<std::string, std::string>, StoredScore> rows_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_TESTING_FAKE_SCORE_STORE_H_
