#ifndef EVALLOOP_EVALUATOR_DOMAIN_GATEKEEPER_H_
#define EVALLOOP_EVALUATOR_DOMAIN_GATEKEEPER_H_

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evaluator/domain/ports.h"
#include "evaluator/domain/runs.h"
#include "platform/base/clock.h"

namespace evalloop::evaluator {

// What a gate is asked to be.
struct GateRequest {
  RunRequest candidate;  // Its request_id is derived from the gate's.
  // Either a finished run, or a revision that is run (or whose run is reused).
  std::string baseline_run;
  RevisionName baseline;
  std::optional<GatePolicy> policy;  // Absent: the default of mode and kind.
  ChangeKind kind = ChangeKind::kOther;
  std::string author;
  std::string request_id;
};

// Starts gates and decides them once their runs have ended. Nothing is held in
// memory between the two, so a gate survives any crash. Thread-safe.
class Gatekeeper {
 public:
  // All references outlive this object.
  Gatekeeper(Runs& runs, RunStore& run_store, GateStore& gates,
             base::Clock& clock);

  // InvalidArgument names the field.
  absl::StatusOr<Gate> Start(const GateRequest& request);

  // Decides every gate that can be; says how many. A gate whose baseline was
  // scored by another rubric than its candidate gets another baseline instead
  // and is decided later. Call it again and again.
  absl::StatusOr<int> DecideDue();

  // See Runs::CompareRuns; without rows.
  absl::StatusOr<Comparison> CompareRuns(const Gate& gate);

 private:
  // The verdict; nothing where a baseline is on its way that is like the
  // candidate's run.
  absl::StatusOr<std::optional<GateDecision>> Judge(const Gate& gate);
  // True: the gate waits for another baseline now. A rubric was pushed since
  // the chosen one was scored. Once a gate: where the rubric changes again
  // meanwhile, the verdict says so.
  absl::StatusOr<bool> RenewBaseline(const Gate& gate);

  Runs& runs_;
  RunStore& run_store_;
  GateStore& gates_;
  base::Clock& clock_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_GATEKEEPER_H_
