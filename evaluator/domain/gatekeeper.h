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
  // Absent, or without tolerances: those usual for mode and kind.
  std::optional<GatePolicy> policy;
  ChangeKind kind = ChangeKind::kOther;
  std::string author;
  std::string request_id;
};

// Starts gates and decides them once their runs have ended. Nothing is held in
// memory between the two, so a gate survives any crash. Thread-safe.
class Gatekeeper {
 public:
  // All references outlive this object.
  Gatekeeper(PromptLibrary& library, Runs& runs, RunStore& run_store,
             GateStore& gates, base::Clock& clock);

  // InvalidArgument names the field.
  absl::StatusOr<Gate> Start(const GateRequest& request);

  // Decides every gate that can be; says how many. A gate is decided later
  // whose rows infrastructure kept from an answer (once), whose baseline was
  // scored by another rubric than its candidate, whose failing rows have to be
  // asked again, or that may sample more. Call it again and again.
  absl::StatusOr<int> DecideDue();

  // Takes one row, with a reason, and decides a gate that has a verdict again
  // without it. InvalidArgument: no such row; FailedPrecondition: no verdict
  // yet.
  absl::StatusOr<Gate> SignOff(std::string_view gate_id,
                               std::string_view item_id,
                               std::string_view reason,
                               std::string_view author);

  // See Runs::CompareRuns; without rows.
  absl::StatusOr<Comparison> CompareRuns(const Gate& gate);

 private:
  // The candidate's run, and the baseline's where none is named.
  absl::StatusOr<StartedPair> StartRuns(const GateRequest& request, Gate& gate);
  // The verdict; nothing where something is on its way that it waits for.
  absl::StatusOr<std::optional<GateOutcome>> Judge(Gate gate);
  // Asks again for what infrastructure kept from an answer; true: wait.
  absl::StatusOr<bool> RetryOnce(Gate& gate);
  // The next look's runs, or the runs of failing rows.
  absl::Status LookAgain(Gate gate, const RunPair& pair);
  absl::Status AskAgain(Gate gate, const RunPair& pair,
                        std::span<const FailingRow> failing);
  // Decides by the rows of the gate's runs, without those signed off.
  absl::StatusOr<GateOutcome> Weigh(const Gate& gate, const RunPair& pair);
  absl::StatusOr<GateEvidence> EvidenceOf(const Gate& gate, const RunPair& pair,
                                          const Comparison& comparison);
  RegressionReport Report(const Gate& gate, const RunPair& pair,
                          const GateOutcome& outcome);
  // True: the gate waits for another baseline now. A rubric was pushed since
  // the chosen one was scored. Once a gate: where the rubric changes again
  // meanwhile, the verdict says so.
  absl::StatusOr<bool> RenewBaseline(Gate gate);

  PromptLibrary& library_;
  Runs& runs_;
  RunStore& run_store_;
  GateStore& gates_;
  base::Clock& clock_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_GATEKEEPER_H_
