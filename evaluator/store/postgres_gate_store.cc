#include "evaluator/store/postgres_gate_store.h"

#include <array>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {
namespace {

Verdict VerdictOf(const std::string& name) {
  for (Verdict verdict : {Verdict::kPassed, Verdict::kRegressed,
                          Verdict::kInconclusive, Verdict::kOverridden}) {
    if (name == NameOf(verdict)) return verdict;
  }
  return Verdict::kUndecided;
}

constexpr std::array<std::pair<BaselineSource, const char*>, 3> kSources = {{
    {BaselineSource::kNamed, "named"},
    {BaselineSource::kChosen, "chosen"},
    {BaselineSource::kRenewed, "renewed"},
}};

std::string NameOf(BaselineSource source) {
  for (const auto& [one, name] : kSources) {
    if (one == source) return name;
  }
  return "named";
}

BaselineSource SourceOf(const std::string& name) {
  for (const auto& [source, one] : kSources) {
    if (one == name) return source;
  }
  return BaselineSource::kNamed;
}

void ReadTolerances(pqxx::transaction_base& tx, Gate& gate) {
  for (const pqxx::row& row :
       tx.exec_params("SELECT * FROM gate_tolerances WHERE gate_id = $1 ORDER "
                      "BY ordinal",
                      gate.id)) {
    MetricTolerance tolerance;
    tolerance.metric = row["metric"].as<std::string>();
    tolerance.row_tolerance = postgres::DoubleOf(row["row_tolerance"]);
    tolerance.max_regressed_share = row["max_regressed_share"].as<double>();
    tolerance.average_tolerance = postgres::DoubleOf(row["average_tolerance"]);
    tolerance.required_gain = postgres::DoubleOf(row["required_gain"]);
    tolerance.threshold = postgres::DoubleOf(row["threshold"]);
    gate.policy.tolerances.push_back(std::move(tolerance));
  }
}

void ReadFindings(pqxx::transaction_base& tx, Gate& gate) {
  for (const pqxx::row& row : tx.exec_params(
           "SELECT * FROM gate_findings WHERE gate_id = $1 ORDER BY ordinal",
           gate.id)) {
    gate.decision.findings.push_back(
        {row["metric"].as<std::string>(), row["demand"].as<std::string>(),
         VerdictOf(row["verdict"].as<std::string>()),
         row["detail"].as<std::string>(), row["alarm"].as<bool>()});
  }
}

Gate GateOf(pqxx::transaction_base& tx, const pqxx::row& row) {
  Gate gate;
  gate.id = row["gate_id"].as<std::string>();
  gate.prompt = row["prompt"].as<std::string>();
  gate.candidate_version = row["candidate_version"].as<std::uint32_t>();
  gate.baseline_version = row["baseline_version"].as<std::uint32_t>();
  gate.candidate_run = row["candidate_run"].as<std::string>();
  gate.baseline_run = row["baseline_run"].as<std::string>();
  gate.baseline_source = SourceOf(row["baseline_source"].as<std::string>());
  gate.policy.min_pairs = row["min_pairs"].as<std::int64_t>();
  gate.decision.verdict = VerdictOf(row["verdict"].as<std::string>());
  gate.decision.minimum_detectable_effect =
      postgres::DoubleOf(row["minimum_detectable_effect"]);
  gate.override_reason = row["override_reason"].as<std::string>();
  gate.author = row["author"].as<std::string>();
  gate.request_id = row["request_id"].as<std::string>();
  gate.start_time = postgres::TimeOf(row["start_time"]);
  if (!row["decide_time"].is_null()) {
    gate.decide_time = postgres::TimeOf(row["decide_time"]);
  }
  ReadTolerances(tx, gate);
  ReadFindings(tx, gate);
  return gate;
}

std::vector<Gate> GatesOf(pqxx::transaction_base& tx,
                          const pqxx::result& rows) {
  std::vector<Gate> gates;
  for (const pqxx::row& row : rows) gates.push_back(GateOf(tx, row));
  return gates;
}

Decision DecisionOf(const pqxx::row& row) {
  Decision decision;
  decision.id = row["decision_id"].as<std::string>();
  decision.prompt = row["prompt"].as<std::string>();
  decision.kind = row["kind"].as<std::string>();
  decision.from_version = row["from_version"].as<std::uint32_t>();
  decision.to_version = row["to_version"].as<std::uint32_t>();
  decision.verdict = VerdictOf(row["verdict"].as<std::string>());
  decision.applied = row["applied"].as<bool>();
  decision.reason = row["reason"].as<std::string>();
  decision.gain = {row["gain"].as<double>(),
                   postgres::DoubleOf(row["gain_lower"]),
                   postgres::DoubleOf(row["gain_upper"])};
  decision.gain_metric = row["gain_metric"].as<std::string>();
  decision.gate_id = row["gate_id"].as<std::string>();
  decision.time = postgres::TimeOf(row["decide_time"]);
  return decision;
}

absl::Status NoSuchGate(std::string_view id) {
  return base::WithReason(absl::NotFoundError(fmt::format("no gate {}", id)),
                          "GATE_NOT_FOUND");
}

}  // namespace

absl::StatusOr<Gate> PostgresGateStore::Start(const Gate& gate) {
  Gate stored;
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      const pqxx::result made = tx.exec_params(
          "INSERT INTO gates (gate_id, prompt, candidate_version, "
          "baseline_version, candidate_run, baseline_run, min_pairs, author, "
          "request_id, start_time, baseline_source) VALUES ($1, $2, $3, $4, "
          "$5, $6, $7, $8, $9, $10::timestamptz, $11) ON CONFLICT (request_id) "
          "DO NOTHING",
          gate.id, gate.prompt, gate.candidate_version, gate.baseline_version,
          gate.candidate_run, gate.baseline_run, gate.policy.min_pairs,
          gate.author, gate.request_id, postgres::Timestamp(gate.start_time),
          NameOf(gate.baseline_source));
      if (made.affected_rows() == 1) {
        for (std::size_t i = 0; i < gate.policy.tolerances.size(); ++i) {
          const MetricTolerance& t = gate.policy.tolerances[i];
          tx.exec_params(
              "INSERT INTO gate_tolerances VALUES ($1, $2, $3, $4, $5, $6, $7, "
              "$8)",
              gate.id, i, t.metric, t.row_tolerance, t.max_regressed_share,
              t.average_tolerance, t.required_gain, t.threshold);
        }
      }
      const pqxx::result rows = tx.exec_params(
          "SELECT * FROM gates WHERE request_id = $1", gate.request_id);
      stored = GateOf(tx, rows.at(0));
    });
  });
  if (!done.ok()) return done;
  return stored;
}

absl::StatusOr<Gate> PostgresGateStore::Get(std::string_view id) {
  auto found = postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<Gate> {
        const pqxx::result rows = tx.exec_params(
            "SELECT * FROM gates WHERE gate_id = $1", std::string(id));
        if (rows.empty()) return std::nullopt;
        return GateOf(tx, rows[0]);
      });
  if (!found.ok()) return found.status();
  if (!found->has_value()) return NoSuchGate(id);
  return **std::move(found);
}

absl::StatusOr<std::vector<Gate>> PostgresGateStore::List(
    std::string_view prompt, const Page& page) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    return GatesOf(
        tx, tx.exec_params(
                "SELECT * FROM gates WHERE ($1 = '' OR prompt = $1) AND ($2 = "
                "'' OR (start_time, gate_id) < (SELECT start_time, gate_id "
                "FROM gates WHERE gate_id = $2)) ORDER BY start_time DESC, "
                "gate_id DESC LIMIT $3",
                std::string(prompt), page.after, page.size));
  });
}

absl::StatusOr<std::vector<Gate>> PostgresGateStore::Decidable() {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    return GatesOf(
        tx, tx.exec("SELECT g.* FROM gates g JOIN runs c ON c.run_id = "
                    "g.candidate_run JOIN runs b ON b.run_id = g.baseline_run "
                    "WHERE g.verdict = 'undecided' AND c.state <> 'running' "
                    "AND b.state <> 'running' ORDER BY g.start_time LIMIT 20"));
  });
}

absl::Status PostgresGateStore::RenewBaseline(std::string_view id,
                                              std::string_view baseline_run) {
  return transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      postgres::Of(work).exec_params(
          "UPDATE gates SET baseline_run = $2, baseline_source = $3 WHERE "
          "gate_id = $1 AND verdict = 'undecided'",
          std::string(id), std::string(baseline_run),
          NameOf(BaselineSource::kRenewed));
    });
  });
}

absl::Status PostgresGateStore::Decide(std::string_view id,
                                       const GateDecision& decision) {
  return transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      const std::string gate_id(id);
      const pqxx::result set = tx.exec_params(
          "UPDATE gates SET verdict = $2, minimum_detectable_effect = $3, "
          "decide_time = now() WHERE gate_id = $1 AND verdict = 'undecided'",
          gate_id, std::string(NameOf(decision.verdict)),
          decision.minimum_detectable_effect);
      if (set.affected_rows() == 0) return;
      for (std::size_t i = 0; i < decision.findings.size(); ++i) {
        const GateFinding& f = decision.findings[i];
        tx.exec_params(
            "INSERT INTO gate_findings VALUES ($1, $2, $3, $4, $5, $6, $7)",
            gate_id, i, f.metric, f.demand, std::string(NameOf(f.verdict)),
            f.detail, f.alarm);
      }
    });
  });
}

absl::StatusOr<Gate> PostgresGateStore::Override(std::string_view id,
                                                 std::string_view reason,
                                                 std::string_view author) {
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      postgres::Of(work).exec_params(
          "UPDATE gates SET verdict = 'overridden', override_reason = $2, "
          "override_author = $3, decide_time = now() WHERE gate_id = $1",
          std::string(id), std::string(reason), std::string(author));
    });
  });
  if (!done.ok()) return done;
  return Get(id);
}

absl::StatusOr<std::uint32_t> PostgresGateStore::BeginTurn(
    std::string_view request_id, std::string_view prompt,
    std::uint32_t production_version) {
  std::uint32_t version = 0;
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      tx.exec_params(
          "INSERT INTO turns (request_id, prompt, production_version) VALUES "
          "($1, $2, $3) ON CONFLICT (request_id) DO NOTHING",
          std::string(request_id), std::string(prompt), production_version);
      version = tx.exec_params(
                      "SELECT production_version FROM turns WHERE "
                      "request_id = $1",
                      std::string(request_id))
                    .at(0)[0]
                    .as<std::uint32_t>();
    });
  });
  if (!done.ok()) return done;
  return version;
}

absl::StatusOr<bool> PostgresGateStore::AddDecision(base::UnitOfWork& work,
                                                    const Decision& decision) {
  return postgres::Guard([&] {
    const pqxx::result made = postgres::Of(work).exec_params(
        "INSERT INTO decisions VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
        "$10, $11, $12, $13, $14::timestamptz) ON CONFLICT (decision_id) DO "
        "NOTHING",
        decision.id, decision.prompt, decision.kind, decision.from_version,
        decision.to_version, std::string(NameOf(decision.verdict)),
        decision.applied, decision.reason, decision.gain.value,
        decision.gain.lower, decision.gain.upper, decision.gain_metric,
        decision.gate_id, postgres::Timestamp(decision.time));
    return made.affected_rows() == 1;
  });
}

absl::StatusOr<std::vector<Decision>> PostgresGateStore::ListDecisions(
    std::string_view prompt, const Page& page) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        "SELECT * FROM decisions WHERE ($1 = '' OR prompt = $1) AND ($2 = '' "
        "OR (decide_time, decision_id) < (SELECT decide_time, decision_id "
        "FROM decisions WHERE decision_id = $2)) ORDER BY decide_time DESC, "
        "decision_id DESC LIMIT $3",
        std::string(prompt), page.after, page.size);
    std::vector<Decision> decisions;
    for (const pqxx::row& row : rows) decisions.push_back(DecisionOf(row));
    return decisions;
  });
}

}  // namespace evalloop::evaluator
