#ifndef EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_GATES_H_
#define EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_GATES_H_

#include <map>
#include <string>

#include "prompt_engine/domain/gates.h"

namespace evalloop::prompt_engine {

// The gates that a test puts in.
class FakeGates final : public Gates {
 public:
  absl::StatusOr<GateResult> Get(std::string_view gate_id) override {
    ++asked;
    if (!away.ok()) return away;
    const auto found = gates.find(std::string(gate_id));
    if (found == gates.end()) return absl::NotFoundError("no such gate");
    return found->second;
  }

  std::map<std::string, GateResult> gates;
  absl::Status away;  // Not OK: the answer to everybody.
  int asked = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_GATES_H_
