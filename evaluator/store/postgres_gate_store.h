#ifndef EVALLOOP_EVALUATOR_STORE_POSTGRES_GATE_STORE_H_
#define EVALLOOP_EVALUATOR_STORE_POSTGRES_GATE_STORE_H_

#include <string_view>
#include <vector>

#include "evaluator/domain/ports.h"
#include "platform/postgres/pool.h"

namespace evalloop::evaluator {

// GateStore over the tables gates, gate_tolerances, gate_findings, gate_acts,
// noise_floors, turns and decisions. Thread-safe.
class PostgresGateStore final : public GateStore {
 public:
  // Both outlive this object.
  PostgresGateStore(postgres::Pool& pool, base::Transactor& transactor)
      : pool_(pool), transactor_(transactor) {}

  absl::StatusOr<std::vector<Watched>> WatchedSince(absl::Time since) override;
  absl::StatusOr<Gate> Start(const Gate& gate) override;
  absl::StatusOr<Gate> Get(std::string_view id) override;
  absl::StatusOr<listing::Page<Gate>> List(
      std::string_view prompt, const listing::Request& request) override;
  absl::StatusOr<std::vector<Gate>> Decidable() override;
  absl::Status Advance(const Gate& gate) override;
  absl::Status Decide(std::string_view id, const GateOutcome& outcome) override;
  absl::StatusOr<Gate> SignOff(std::string_view id, const RowSignOff& sign_off,
                               const GateOutcome& outcome) override;
  absl::StatusOr<std::optional<Gate>> LastPassed(std::string_view prompt,
                                                 std::string_view benchmark,
                                                 absl::Time before) override;
  absl::StatusOr<Gate> Override(std::string_view id, std::string_view reason,
                                std::string_view author) override;
  absl::StatusOr<std::uint32_t> BeginTurn(
      std::string_view request_id, std::string_view prompt,
      std::uint32_t production_version) override;
  absl::StatusOr<bool> AddDecision(base::UnitOfWork& work,
                                   const Decision& decision) override;
  absl::StatusOr<listing::Page<Decision>> ListDecisions(
      std::string_view prompt, const listing::Request& request) override;

 private:
  postgres::Pool& pool_;
  base::Transactor& transactor_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_POSTGRES_GATE_STORE_H_
