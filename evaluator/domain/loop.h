#ifndef EVALLOOP_EVALUATOR_DOMAIN_LOOP_H_
#define EVALLOOP_EVALUATOR_DOMAIN_LOOP_H_

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evaluator/domain/gatekeeper.h"
#include "evaluator/domain/ports.h"
#include "platform/base/clock.h"

namespace evalloop::evaluator {

// Where the benchmark is that judges, and what may be done with what passes.
struct LoopContext {
  std::string prompt;
  std::string benchmark;
  std::uint32_t benchmark_version = 0;
  RunMode mode = RunMode::kTyped;
  std::string index_commit;
  Autopilot autopilot;
  std::string request_id;  // The same id is the same turn, also after a crash.
};

// Tells the caller how far it is; false: stop, nobody listens any more.
using Progress = std::function<bool(std::string_view)>;
// Sleeps between looks; false: stop.
using Pause = std::function<bool()>;

// The loop's decisions. Every step is idempotent by ids derived from the
// request, so a turn that was cut off is finished by asking again.
// Thread-safe.
class Loop {
 public:
  // All references outlive this object.
  Loop(PromptLibrary& library, Gatekeeper& gatekeeper, RunStore& runs,
       GateStore& gates, Events& events, base::Transactor& transactor,
       base::Clock& clock);

  // Has output policies learnt from the outcomes of `session` (empty: all),
  // gates each against production, and applies the one that gains most among
  // those that pass. One decision for each proposal, in their order.
  absl::StatusOr<std::vector<Decision>> Turn(const LoopContext& context,
                                             std::string_view session,
                                             const Progress& progress,
                                             const Pause& pause);

  // Gates one revision against production and applies it when it passes.
  absl::StatusOr<Decision> DecideRevision(const LoopContext& context,
                                          const RevisionName& candidate,
                                          std::string_view kind,
                                          const Progress& progress,
                                          const Pause& pause);

 private:
  // Production as it was when this turn began.
  absl::StatusOr<RevisionRef> Baseline(const LoopContext& context);

  struct Candidate {
    RevisionRef revision;
    std::string kind;
    std::string note;  // Comes before the verdict's words.
    Gate gate;
  };

  absl::StatusOr<Gate> StartGate(const LoopContext& context,
                                 const RevisionRef& baseline,
                                 const RevisionRef& candidate,
                                 std::string_view kind);
  absl::StatusOr<Gate> Await(const Gate& gate, std::string_view what,
                             const Progress& progress, const Pause& pause);
  absl::StatusOr<Decision> Describe(const LoopContext& context,
                                    const RevisionRef& baseline,
                                    const Candidate& candidate);
  absl::Status Apply(const LoopContext& context, const RevisionRef& baseline,
                     const Candidate& candidate, Decision& decision);
  absl::Status Store(const Decision& decision);

  PromptLibrary& library_;
  Gatekeeper& gatekeeper_;
  RunStore& runs_;
  GateStore& gates_;
  Events& events_;
  base::Transactor& transactor_;
  base::Clock& clock_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_LOOP_H_
