#ifndef EVALLOOP_EVALUATOR_TESTING_FAKE_ROW_QUERIES_H_
#define EVALLOOP_EVALUATOR_TESTING_FAKE_ROW_QUERIES_H_

#include <optional>
#include <string>
#include <vector>

#include "evaluator/domain/row_queries.h"
#include "evaluator/testing/fakes.h"

namespace evalloop::evaluator {

// Says what it is told to say, and what it was asked; newest runs are those
// that the store got last. For one thread.
class FakeRowQueries final : public RowQueries {
 public:
  explicit FakeRowQueries(FakeRunStore& runs) : runs_(runs) {}

  absl::StatusOr<AggregateAnswer> Aggregate(
      const AggregateQuestion& question) override {
    asked = question;
    return answer;
  }
  absl::StatusOr<std::optional<std::string>> NewestRun(
      std::string_view, std::uint32_t version, std::string_view benchmark,
      std::uint32_t) override {
    std::optional<std::string> newest;
    for (const Run& run : runs_.runs) {
      if (run.revision.version == version && run.state == RunState::kFinished &&
          (benchmark.empty() || run.benchmark == benchmark)) {
        newest = run.id;
      }
    }
    return newest;
  }
  absl::StatusOr<std::optional<AlikeRuns>> NewestAlike(
      std::string_view prompt, std::uint32_t since, std::uint32_t until,
      std::string_view benchmark) override {
    const auto a = NewestRun(prompt, since, benchmark, 0);
    const auto b = NewestRun(prompt, until, benchmark, 0);
    if (!a->has_value() || !b->has_value()) return std::nullopt;
    return AlikeRuns{**a, **b};
  }
  absl::StatusOr<listing::Page<Flip>> Flips(const FlipQuestion& question,
                                            const listing::Request&) override {
    flips_asked = question;
    return flips;
  }

  AggregateQuestion asked;
  AggregateAnswer answer;
  FlipQuestion flips_asked;
  listing::Page<Flip> flips;

 private:
  FakeRunStore& runs_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TESTING_FAKE_ROW_QUERIES_H_
