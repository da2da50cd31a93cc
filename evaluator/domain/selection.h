#ifndef EVALLOOP_EVALUATOR_DOMAIN_SELECTION_H_
#define EVALLOOP_EVALUATOR_DOMAIN_SELECTION_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/domain/frontier.h"
#include "evaluator/domain/ports.h"
#include "evaluator/domain/recommendation.h"

// Which revision, and with it which model, for which work: cost against quality
// over the runs of a benchmark version.
namespace evalloop::evaluator {

// What selection reads. Thread-safe. Unavailable when the database can't be
// reached just now.
class OutcomeStore {
 public:
  virtual ~OutcomeStore() = default;

  // Finished runs on that part of the benchmark version, of these prompts
  // (none: of all), newest first, at most `limit`.
  virtual absl::StatusOr<std::vector<FinishedRun>> FinishedRuns(
      std::string_view benchmark, std::uint32_t version, Subset subset,
      std::span<const std::string> prompts, std::size_t limit) = 0;

  // Rows with this metric alone ("composite": the rubric's), and of the rest
  // only item, sample, commit, tally, cost and attempts. A page goes on after
  // "item sample".
  virtual absl::StatusOr<std::vector<Row>> RowsWith(std::string_view run_id,
                                                    std::string_view metric,
                                                    const Page& page) = 0;
};

struct SelectionRequest {
  std::string benchmark;
  std::uint32_t version = 0;  // 0: the newest.
  Subset subset = Subset::kFull;
  std::vector<std::string> prompts;  // None: all.
  // Empty: pass_at_1 where tests lead (Benchmark), else exact_match.
  std::string metric;
  std::optional<double>
      completed_at;  // Absent: the most that the metric can be.
  std::int64_t correction_micros = 0;  // 0: corrections are not priced.
  double near_share = 0;               // In [0, 1); 0: 0.03.
};

struct SelectionReport {
  std::uint32_t benchmark_version = 0;
  MetricTerms terms;
  std::vector<FrontierPoint> points;  // Ranked.
  std::vector<FrontierStep> steps;
  std::vector<Recommendation> recommendations;
  std::vector<std::string> notes;  // What could not be told.
};

// Weighs the newest finished run of each revision in which every row has an
// answer. The newest such run says how all are made: those of another mode,
// scorer digest, index commit or set of items are not compared with it, and
// named. Items in quarantine are left out. At most 50 revisions of the newest
// 2000 runs; rows are read a page at a time, sums by item are kept.
// InvalidArgument names the field; NotFound: the benchmark; FailedPrecondition
// NO_FINISHED_RUN, with the command that makes one.
absl::StatusOr<SelectionReport> Select(BenchmarkStore& benchmarks,
                                       RunStore& runs, OutcomeStore& outcomes,
                                       const SelectionRequest& request);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_SELECTION_H_
