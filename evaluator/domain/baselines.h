#ifndef EVALLOOP_EVALUATOR_DOMAIN_BASELINES_H_
#define EVALLOOP_EVALUATOR_DOMAIN_BASELINES_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "evaluator/domain/ports.h"
#include "evaluator/domain/runs.h"
#include "platform/base/clock.h"

namespace evalloop::evaluator {

// Keeps what production does measured: on every benchmark that a prompt was
// gated on in the last 90 days there is a run of what `production` points at,
// on the newest benchmark version (so that appended rows have a baseline before
// anybody asks) and no older than `max_age`. Thread-safe.
class Baselines {
 public:
  // All references outlive this object. `max_age` is positive.
  Baselines(PromptLibrary& library, Runs& runs, BenchmarkStore& benchmarks,
            GateStore& gates, base::Clock& clock, absl::Duration max_age);

  // Starts what is missing, a few at most; says how many. Call it again and
  // again: the same is not started twice, whoever calls.
  absl::StatusOr<int> Refresh();

 private:
  absl::StatusOr<bool> RefreshOne(const Watched& watched);

  PromptLibrary& library_;
  Runs& runs_;
  BenchmarkStore& benchmarks_;
  GateStore& gates_;
  base::Clock& clock_;
  const absl::Duration max_age_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_BASELINES_H_
