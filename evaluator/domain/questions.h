#ifndef EVALLOOP_EVALUATOR_DOMAIN_QUESTIONS_H_
#define EVALLOOP_EVALUATOR_DOMAIN_QUESTIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/domain/changes.h"
#include "evaluator/domain/ports.h"
#include "evaluator/domain/row_queries.h"
#include "evaluator/domain/runs.h"

namespace evalloop::evaluator {

// AggregateRows as it is asked.
struct AggregateRequest {
  std::string filter;
  std::vector<std::string> group_by;  // Names of dimensions; at most 4.
  std::vector<std::string> metrics;   // At most 50.
  std::string order_by;               // rows, cost_micros or a metric; desc.
  std::size_t max_groups = 100;       // 1 to 1000.
};

// The question that it comes to. InvalidArgument names the field.
absl::StatusOr<AggregateQuestion> QuestionOf(const AggregateRequest& request);

struct RegressionRequest {
  std::string prompt;
  std::uint32_t since_version = 0;
  std::uint32_t until_version = 0;  // 0: what production points at.
  std::string benchmark;  // Empty: of the later revision's newest run.
  std::size_t max_rows = 20;
};

struct Regressions {
  Run since;
  Run until;
  Comparison comparison;
  std::vector<ChangeSince> changes;
};

struct FlipRequest {
  std::string prompt;
  std::uint32_t version = 0;  // 0: what production points at.
  std::string benchmark;
  std::uint32_t benchmark_version = 0;  // 0: the newest.
  std::string metric;  // Empty: pass_at_1 where tests lead (Benchmark),
                       // else exact_match.
};

struct Flips {
  std::string metric;
  listing::Page<Flip> page;
};

// What engineers ask of past runs. Thread-safe.
class Questions {
 public:
  // All references outlive this object.
  Questions(PromptLibrary& library, BenchmarkStore& benchmarks, Runs& runs,
            RunStore& run_store, RowQueries& rows)
      : library_(library),
        benchmarks_(benchmarks),
        runs_(runs),
        run_store_(run_store),
        rows_(rows),
        changes_(library, runs, run_store) {}

  absl::StatusOr<AggregateAnswer> Aggregate(const AggregateRequest& request);

  // What got worse from one revision to another, by their newest alike finished
  // runs. FailedPrecondition, with the command that makes them, where there are
  // none; as Runs::CompareRuns where the provider changed.
  absl::StatusOr<Regressions> FindRegressions(const RegressionRequest& request);

  // The items that a revision does now well and now badly. FailedPrecondition
  // where it has no finished run there.
  absl::StatusOr<Flips> ListFlips(const FlipRequest& request,
                                  const listing::Request& page);

 private:
  // The newest finished run; FailedPrecondition where there is none.
  absl::StatusOr<Run> NewestRun(const RevisionRef& revision,
                                std::string_view benchmark,
                                std::uint32_t benchmark_version);

  PromptLibrary& library_;
  BenchmarkStore& benchmarks_;
  Runs& runs_;
  RunStore& run_store_;
  RowQueries& rows_;
  ChangeFinder changes_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_QUESTIONS_H_
