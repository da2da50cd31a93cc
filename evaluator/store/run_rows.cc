#include "evaluator/store/run_rows.h"

#include <optional>
#include <vector>

#include "fmt/format.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {

const char kRunColumns[] =
    "r.*, "
    "(SELECT count(*) FROM run_rows w WHERE w.run_id = r.run_id AND w.state = "
    "'scored') AS scored, "
    "(SELECT count(*) FROM run_rows w WHERE w.run_id = r.run_id AND w.state = "
    "'failed') AS failed, "
    "(SELECT coalesce(sum(cost_micros), 0)::bigint FROM run_rows w WHERE "
    "w.run_id = r.run_id) AS cost";

std::string SelectRun(std::string_view rest) {
  return fmt::format("SELECT {} FROM runs r {}", kRunColumns, rest);
}

std::string_view NameOf(RunMode mode) {
  return mode == RunMode::kTyped ? "typed" : "once";
}

RunMode ModeOf(std::string_view name) {
  return name == "typed" ? RunMode::kTyped : RunMode::kOnce;
}

std::string_view NameOf(Subset subset) {
  switch (subset) {
    case Subset::kFull:
      return "full";
    case Subset::kSmoke:
      return "smoke";
    case Subset::kRows:
      return "rows";
    case Subset::kHoldout:
      return "holdout";
  }
  return "full";
}

Subset SubsetOf(std::string_view name) {
  if (name == "smoke") return Subset::kSmoke;
  if (name == "holdout") return Subset::kHoldout;
  return name == "rows" ? Subset::kRows : Subset::kFull;
}

namespace {

RunState StateOf(const std::string& name) {
  if (name == "finished") return RunState::kFinished;
  return name == "cancelled" ? RunState::kCancelled : RunState::kRunning;
}

}  // namespace

Run RunOf(const pqxx::row& row) {
  Run run;
  run.id = row["run_id"].as<std::string>();
  run.revision.prompt = row["prompt"].as<std::string>();
  run.revision.version = row["revision_version"].as<std::uint32_t>();
  run.revision.digest = row["revision_digest"].as<std::string>();
  run.revision.content = postgres::BytesOf(row["revision_content"]);
  run.revision.model = row["model"].as<std::string>();
  run.revision.model_snapshot = row["model_snapshot"].as<std::string>();
  run.benchmark = row["benchmark"].as<std::string>();
  run.benchmark_version = row["benchmark_version"].as<std::uint32_t>();
  run.mode = ModeOf(row["mode"].as<std::string>());
  run.subset = SubsetOf(row["subset"].as<std::string>());
  run.subset_digest = row["subset_digest"].as<std::string>();
  run.revision.deterministic = row["deterministic"].as<bool>();
  run.samples = row["samples"].as<std::uint32_t>();
  run.scorer_digest = row["scorer_digest"].as<std::string>();
  run.index_commit = row["index_commit"].as<std::string>();
  run.state = StateOf(row["state"].as<std::string>());
  run.rows = row["rows"].as<std::int64_t>();
  run.scored = row["scored"].as<std::int64_t>();
  run.failed = row["failed"].as<std::int64_t>();
  run.cost_micros = row["cost"].as<std::int64_t>();
  run.author = row["author"].as<std::string>();
  run.request_id = row["request_id"].as<std::string>();
  run.start_time = postgres::TimeOf(row["start_time"]);
  if (!row["finish_time"].is_null()) {
    run.finish_time = postgres::TimeOf(row["finish_time"]);
  }
  run.purpose = row["purpose"].as<std::string>();
  run.rubric = row["rubric"].as<std::string>();
  run.rescored_run = row["rescored_run"].as<std::string>("");
  return run;
}

std::optional<TypedTally> TallyOf(const pqxx::field& field) {
  const auto counts = postgres::IntsOf(field);
  if (counts.size() != 7) return std::nullopt;
  return TypedTally{counts[0], counts[1], counts[2], counts[3],
                    counts[4], counts[5], counts[6]};
}

std::string TallyArray(const TypedTally& t) {
  return postgres::IntArray(std::vector<std::int64_t>{
      t.lines, t.requests, t.shown, t.accepted, t.typed_chars, t.accepted_chars,
      t.rejected_chars});
}

Row RowOf(const pqxx::row& row) {
  Row out;
  out.run_id = row["run_id"].as<std::string>();
  out.item_id = row["item_id"].as<std::string>();
  out.sample = row["sample"].as<std::uint32_t>();
  out.scored = row["state"].as<std::string>() == "scored";
  out.commit = row["commit"].as<std::string>();
  out.raw_text = row["raw_text"].as<std::string>("");
  out.shown = row["shown"].as<bool>(false);
  out.shown_text = row["shown_text"].as<std::string>("");
  const auto metrics = postgres::TextsOf(row["metrics"]);
  const auto values = postgres::DoublesOf(row["metric_values"]);
  const auto reasons = postgres::TextsOf(row["metric_reasons"]);
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    out.metrics.push_back({metrics[i], values[i], reasons[i]});
  }
  const auto finding_metrics = postgres::TextsOf(row["finding_metrics"]);
  const auto rules = postgres::TextsOf(row["finding_rules"]);
  const auto lines = postgres::IntsOf(row["finding_lines"]);
  for (std::size_t i = 0; i < finding_metrics.size(); ++i) {
    out.findings.push_back({finding_metrics[i], rules.at(i),
                            static_cast<std::uint32_t>(lines.at(i))});
  }
  out.composite = postgres::DoubleOf(row["composite"]);
  out.tally = TallyOf(row["tally"]);
  out.infrastructure_error = row["infrastructure_error"].as<std::string>("");
  out.cost_micros = row["cost_micros"].as<std::int64_t>();
  out.attempts = row["attempts"].as<std::int64_t>();
  out.prompt_tokens = row["prompt_tokens"].as<std::int64_t>();
  out.completion_tokens = row["completion_tokens"].as<std::int64_t>();
  out.total_ms = row["total_ms"].as<double>(0);
  out.first_token_ms = postgres::DoubleOf(row["first_token_ms"]);
  out.index_commit = row["index_commit"].as<std::string>("");
  out.reported_model = row["reported_model"].as<std::string>();
  out.system_fingerprint = row["system_fingerprint"].as<std::string>();
  return out;
}

}  // namespace evalloop::evaluator
