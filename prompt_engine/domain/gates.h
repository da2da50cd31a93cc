#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_GATES_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_GATES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "prompt_engine/domain/revision.h"

namespace evalloop::prompt_engine {

// What a gate judged, and how it ended.
struct GateResult {
  std::string prompt;
  std::uint32_t version = 0;
  Verdict verdict = Verdict::kNone;  // kNone: not decided yet.
  // Inconclusive, and its policy lets that pass with a warning.
  bool warns = false;
  std::string override_reason;  // With kOverridden.
};

// The gates, which another service decides. Thread-safe.
class Gates {
 public:
  virtual ~Gates() = default;
  // NotFound: there is no such gate. Unavailable: nobody can say now.
  virtual absl::StatusOr<GateResult> Get(std::string_view gate_id) = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_GATES_H_
