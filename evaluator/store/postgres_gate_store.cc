#include "evaluator/store/postgres_gate_store.h"

#include <optional>
#include <utility>

#include "evaluator/store/gate_rows.h"
#include "evaluator/store/lists.h"
#include "evaluator/store/run_rows.h"
#include "evaluator/translate/translate.h"
#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/listed.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {
namespace {

absl::Status NoSuchGate(std::string_view id) {
  return base::WithReason(absl::NotFoundError(fmt::format("no gate {}", id)),
                          "GATE_NOT_FOUND");
}

}  // namespace

absl::StatusOr<std::vector<Watched>> PostgresGateStore::WatchedSince(
    absl::Time since) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        "SELECT DISTINCT ON (g.prompt, r.benchmark, r.mode, r.subset, "
        "g.samples) g.prompt, r.benchmark, r.benchmark_version, r.mode, "
        "r.subset, g.samples, r.index_commit FROM gates g JOIN runs r ON "
        "r.run_id = g.candidate_run WHERE g.start_time >= $1::timestamptz "
        "ORDER BY g.prompt, r.benchmark, r.mode, r.subset, g.samples, "
        "g.start_time DESC LIMIT 200",
        postgres::Timestamp(since));
    std::vector<Watched> watched;
    for (const pqxx::row& row : rows) {
      watched.push_back({.prompt = row[0].as<std::string>(),
                         .benchmark = row[1].as<std::string>(),
                         .benchmark_version = row[2].as<std::uint32_t>(),
                         .mode = row[3].as<std::string>() == "typed"
                                     ? RunMode::kTyped
                                     : RunMode::kOnce,
                         .subset = SubsetOf(row[4].as<std::string>()),
                         .samples = row[5].as<std::uint32_t>(),
                         .index_commit = row[6].as<std::string>()});
    }
    return watched;
  });
}

absl::StatusOr<Gate> PostgresGateStore::Start(const Gate& gate) {
  Gate stored;
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      const pqxx::result made = tx.exec_params(
          "INSERT INTO gates (gate_id, prompt, candidate_version, "
          "baseline_version, candidate_run, baseline_run, min_pairs, author, "
          "request_id, start_time, baseline_source, on_inconclusive, "
          "rows_decide, samples) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
          "$10::timestamptz, $11, $12, $13, $14) ON CONFLICT (request_id) DO "
          "NOTHING",
          gate.id, gate.prompt, gate.candidate_version, gate.baseline_version,
          gate.candidate_run, gate.baseline_run, gate.policy.min_pairs,
          gate.author, gate.request_id, postgres::Timestamp(gate.start_time),
          NameOf(gate.baseline_source), NameOf(gate.policy.on_inconclusive),
          gate.policy.rows_decide, gate.samples);
      if (made.affected_rows() == 1) InsertTolerances(tx, gate);
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

absl::StatusOr<listing::Page<Gate>> PostgresGateStore::List(
    std::string_view prompt, const listing::Request& request) {
  const auto query =
      listing::Query::Make(kGateList, request, {std::string(prompt)});
  if (!query.ok()) return query.status();
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const std::string sql = postgres::SelectPage(
        "g.*", "gates g JOIN runs c ON c.run_id = g.candidate_run",
        "($1 = '' OR g.prompt = $1)", *query);
    return postgres::PageOf(
        *query, postgres::Select(tx, sql, *query),
        [&](const pqxx::row& row) { return GateOf(tx, row); });
  });
}

absl::StatusOr<std::vector<Gate>> PostgresGateStore::Decidable() {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    return GatesOf(
        tx,
        tx.exec("SELECT g.* FROM gates g WHERE g.verdict = 'undecided' AND NOT "
                "EXISTS (SELECT 1 FROM runs r WHERE r.run_id IN "
                "(g.candidate_run, g.baseline_run, g.candidate_confirm, "
                "g.baseline_confirm) AND r.state = 'running') ORDER BY "
                "g.start_time LIMIT 20"));
  });
}

absl::StatusOr<std::optional<Gate>> PostgresGateStore::LastPassed(
    std::string_view prompt, std::string_view benchmark, absl::Time before) {
  return postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<Gate> {
        const pqxx::result rows = tx.exec_params(
            "SELECT g.* FROM gates g JOIN runs c ON c.run_id = g.candidate_run "
            "WHERE g.prompt = $1 AND c.benchmark = $2 AND g.verdict = 'passed' "
            "AND g.start_time < $3::timestamptz ORDER BY g.start_time DESC, "
            "g.gate_id LIMIT 1",
            std::string(prompt), std::string(benchmark),
            postgres::Timestamp(before));
        if (rows.empty()) return std::nullopt;
        return GateOf(tx, rows[0]);
      });
}

absl::Status PostgresGateStore::Advance(const Gate& gate) {
  return transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      postgres::Of(work).exec_params(
          "UPDATE gates SET candidate_run = $2, baseline_run = $3, "
          "baseline_source = $4, looks = $5, samples = $6, retried = $7, "
          "candidate_confirm = nullif($8, ''), baseline_confirm = nullif($9, "
          "'') WHERE gate_id = $1 AND verdict = 'undecided'",
          gate.id, gate.candidate_run, gate.baseline_run,
          NameOf(gate.baseline_source), gate.looks, gate.samples, gate.retried,
          gate.candidate_confirm, gate.baseline_confirm);
    });
  });
}

absl::Status PostgresGateStore::Decide(std::string_view id,
                                       const GateOutcome& outcome) {
  return transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      const std::string gate_id(id);
      const GateDecision& decision = outcome.decision;
      const pqxx::result set = tx.exec_params(
          "UPDATE gates SET verdict = $2, minimum_detectable_effect = $3, "
          "warns = $4, content = $5, decide_time = now() WHERE gate_id = $1 "
          "AND verdict = 'undecided'",
          gate_id, std::string(NameOf(decision.verdict)),
          decision.minimum_detectable_effect, decision.warns,
          postgres::Bytes(ToProto(outcome).SerializeAsString()));
      if (set.affected_rows() == 0) return;
      ReplaceFindings(tx, gate_id, decision);
      KeepFloors(tx, gate_id, outcome.report.floors);
    });
  });
}

absl::StatusOr<Gate> PostgresGateStore::SignOff(std::string_view id,
                                                const RowSignOff& sign_off,
                                                const GateOutcome& outcome) {
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      const std::string gate_id(id);
      const GateDecision& decision = outcome.decision;
      tx.exec_params(
          "INSERT INTO gate_acts (gate_id, act, item_id, reason, author, "
          "verdict_before, verdict_after, act_time) SELECT gate_id, 'row', $2, "
          "$3, $4, verdict, CASE verdict WHEN 'overridden' THEN verdict ELSE "
          "$5 END, $6::timestamptz FROM gates WHERE gate_id = $1",
          gate_id, sign_off.item_id, sign_off.reason, sign_off.author,
          std::string(NameOf(decision.verdict)),
          postgres::Timestamp(sign_off.time));
      tx.exec_params(
          "UPDATE gates SET verdict = CASE verdict WHEN 'overridden' THEN "
          "verdict ELSE $2 END, minimum_detectable_effect = $3, warns = $4, "
          "content = $5, decide_time = now() WHERE gate_id = $1 AND verdict <> "
          "'undecided'",
          gate_id, std::string(NameOf(decision.verdict)),
          decision.minimum_detectable_effect, decision.warns,
          postgres::Bytes(ToProto(outcome).SerializeAsString()));
      ReplaceFindings(tx, gate_id, decision);
    });
  });
  if (!done.ok()) return done;
  return Get(id);
}

absl::StatusOr<Gate> PostgresGateStore::Override(std::string_view id,
                                                 std::string_view reason,
                                                 std::string_view author) {
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      tx.exec_params(
          "INSERT INTO gate_acts (gate_id, act, item_id, reason, author, "
          "verdict_before, verdict_after, act_time) SELECT gate_id, "
          "'override', '', $2, $3, verdict, 'overridden', now() FROM gates "
          "WHERE gate_id = $1",
          std::string(id), std::string(reason), std::string(author));
      tx.exec_params(
          "UPDATE gates SET verdict = 'overridden', override_reason = $2, "
          "override_author = $3, override_time = now(), decide_time = now() "
          "WHERE gate_id = $1",
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

absl::StatusOr<listing::Page<Decision>> PostgresGateStore::ListDecisions(
    std::string_view prompt, const listing::Request& request) {
  const auto query =
      listing::Query::Make(kDecisionList, request, {std::string(prompt)});
  if (!query.ok()) return query.status();
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const std::string sql = postgres::SelectPage(
        "d.*", "decisions d", "($1 = '' OR d.prompt = $1)", *query);
    return postgres::PageOf(*query, postgres::Select(tx, sql, *query),
                            DecisionOf);
  });
}

}  // namespace evalloop::evaluator
