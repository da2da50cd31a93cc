#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_GATE_VERDICTS_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_GATE_VERDICTS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "prompt_engine/domain/revision.h"

namespace evalloop::prompt_engine {

// How a gate ended, and of which revision it was.
struct GateVerdict {
  std::string prompt;
  std::uint32_t version = 0;
  Verdict verdict = Verdict::kNone;  // kNone: not decided yet.
  bool warns = false;  // Inconclusive, and its policy lets that pass.

  // Whether it lets its revision be published.
  bool Green() const {
    return verdict == Verdict::kPassed || verdict == Verdict::kOverridden ||
           (verdict == Verdict::kInconclusive && warns);
  }
};

// Who knows how gates ended: never the one who publishes. Thread-safe.
class GateVerdicts {
 public:
  virtual ~GateVerdicts() = default;
  // NotFound for an unknown gate; Unavailable when nobody can be asked now.
  virtual absl::StatusOr<GateVerdict> Find(std::string_view gate_id) = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_GATE_VERDICTS_H_
