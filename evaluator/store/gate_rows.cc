#include "evaluator/store/gate_rows.h"

#include <array>
#include <optional>
#include <utility>

#include "platform/postgres/arrays.h"
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

constexpr std::array<std::pair<OnInconclusive, const char*>, 3>
    kOnInconclusive = {{
        {OnInconclusive::kBlock, "block"},
        {OnInconclusive::kWarn, "warn"},
        {OnInconclusive::kSampleMore, "sample_more"},
    }};

OnInconclusive OnInconclusiveOf(const std::string& name) {
  for (const auto& [one, words] : kOnInconclusive) {
    if (words == name) return one;
  }
  return OnInconclusive::kBlock;
}

}  // namespace

std::string NameOf(OnInconclusive on_inconclusive) {
  for (const auto& [one, words] : kOnInconclusive) {
    if (one == on_inconclusive) return words;
  }
  return "block";
}

std::string NameOf(BaselineSource source) {
  for (const auto& [one, name] : kSources) {
    if (one == source) return name;
  }
  return "named";
}

namespace {

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
    tolerance.category_tolerance =
        postgres::DoubleOf(row["category_tolerance"]);
    const auto dimensions = postgres::TextsOf(row["category_dimensions"]);
    const auto names = postgres::TextsOf(row["category_names"]);
    const auto averages = postgres::DoublesOf(row["category_averages"]);
    const auto thresholds = postgres::DoublesOf(row["category_thresholds"]);
    for (std::size_t i = 0; i < names.size(); ++i) {
      tolerance.categories.push_back({.dimension = dimensions.at(i),
                                      .name = names[i],
                                      .average_tolerance = averages.at(i),
                                      .threshold = thresholds.at(i)});
    }
    gate.policy.tolerances.push_back(std::move(tolerance));
  }
}

// The newest sign-off of each row.
void ReadSignOffs(pqxx::transaction_base& tx, Gate& gate) {
  for (const pqxx::row& row : tx.exec_params(
           "SELECT DISTINCT ON (item_id) item_id, reason, author, act_time "
           "FROM gate_acts WHERE gate_id = $1 AND act = 'row' ORDER BY "
           "item_id, act_id DESC",
           gate.id)) {
    gate.sign_offs.push_back({.item_id = row[0].as<std::string>(),
                              .reason = row[1].as<std::string>(),
                              .author = row[2].as<std::string>(),
                              .time = postgres::TimeOf(row[3])});
  }
}

void ReadFindings(pqxx::transaction_base& tx, Gate& gate) {
  for (const pqxx::row& row : tx.exec_params(
           "SELECT * FROM gate_findings WHERE gate_id = $1 ORDER BY ordinal",
           gate.id)) {
    gate.decision.findings.push_back(
        {row["metric"].as<std::string>(), row["demand"].as<std::string>(),
         VerdictOf(row["verdict"].as<std::string>()),
         row["detail"].as<std::string>(), row["alarm"].as<bool>(),
         row["dimension"].as<std::string>(),
         row["category"].as<std::string>()});
  }
}

}  // namespace

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
  gate.override_author = row["override_author"].as<std::string>();
  if (!row["override_time"].is_null()) {
    gate.override_time = postgres::TimeOf(row["override_time"]);
  }
  gate.policy.on_inconclusive =
      OnInconclusiveOf(row["on_inconclusive"].as<std::string>());
  gate.policy.rows_decide = row["rows_decide"].as<bool>();
  gate.looks = row["looks"].as<int>();
  gate.samples = row["samples"].as<std::uint32_t>();
  gate.retried = row["retried"].as<bool>();
  gate.candidate_confirm = row["candidate_confirm"].as<std::string>("");
  gate.baseline_confirm = row["baseline_confirm"].as<std::string>("");
  gate.decision.warns = row["warns"].as<bool>();
  if (!row["content"].is_null())
    gate.content = postgres::BytesOf(row["content"]);
  gate.author = row["author"].as<std::string>();
  gate.request_id = row["request_id"].as<std::string>();
  gate.start_time = postgres::TimeOf(row["start_time"]);
  if (!row["decide_time"].is_null()) {
    gate.decide_time = postgres::TimeOf(row["decide_time"]);
  }
  ReadTolerances(tx, gate);
  ReadFindings(tx, gate);
  ReadSignOffs(tx, gate);
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

void InsertTolerances(pqxx::transaction_base& tx, const Gate& gate) {
  for (std::size_t i = 0; i < gate.policy.tolerances.size(); ++i) {
    const MetricTolerance& t = gate.policy.tolerances[i];
    std::vector<std::string> dimensions, names;
    std::vector<std::optional<double>> averages, thresholds;
    for (const CategoryDemand& demand : t.categories) {
      dimensions.push_back(demand.dimension);
      names.push_back(demand.name);
      averages.push_back(demand.average_tolerance);
      thresholds.push_back(demand.threshold);
    }
    tx.exec_params(
        "INSERT INTO gate_tolerances (gate_id, ordinal, metric, row_tolerance, "
        "max_regressed_share, average_tolerance, required_gain, threshold, "
        "category_tolerance, category_dimensions, category_names, "
        "category_averages, category_thresholds) VALUES ($1, $2, $3, $4, $5, "
        "$6, $7, $8, $9, $10::text[], $11::text[], $12::float8[], "
        "$13::float8[])",
        gate.id, i, t.metric, t.row_tolerance, t.max_regressed_share,
        t.average_tolerance, t.required_gain, t.threshold, t.category_tolerance,
        postgres::TextArray(dimensions), postgres::TextArray(names),
        postgres::DoubleArray(averages), postgres::DoubleArray(thresholds));
  }
}

void ReplaceFindings(pqxx::transaction_base& tx, const std::string& gate_id,
                     const GateDecision& decision) {
  tx.exec_params("DELETE FROM gate_findings WHERE gate_id = $1", gate_id);
  for (std::size_t i = 0; i < decision.findings.size(); ++i) {
    const GateFinding& f = decision.findings[i];
    tx.exec_params(
        "INSERT INTO gate_findings (gate_id, ordinal, metric, demand, verdict, "
        "detail, alarm, dimension, category) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7, $8, $9)",
        gate_id, i, f.metric, f.demand, std::string(NameOf(f.verdict)),
        f.detail, f.alarm, f.dimension, f.category);
  }
}

void KeepFloors(pqxx::transaction_base& tx, const std::string& gate_id,
                const std::vector<NoiseFloor>& floors) {
  for (const NoiseFloor& floor : floors) {
    tx.exec_params(
        "INSERT INTO noise_floors (prompt, benchmark, metric, floor, "
        "differences) SELECT g.prompt, r.benchmark, $2, $3, $4 FROM gates g "
        "JOIN runs r ON r.run_id = g.candidate_run WHERE g.gate_id = $1 "
        "ON CONFLICT (prompt, benchmark, metric) DO UPDATE SET floor = "
        "EXCLUDED.floor, differences = EXCLUDED.differences, learn_time = "
        "now()",
        gate_id, floor.metric, floor.floor, floor.differences);
  }
}

}  // namespace evalloop::evaluator
