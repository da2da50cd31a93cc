#include "evaluator/store/postgres_outcome_store.h"

#include <utility>

#include "evaluator/store/lists.h"
#include "evaluator/store/run_rows.h"
#include "fmt/format.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {
namespace {

constexpr char kFinished[] =
    "SELECT run_id, prompt, revision_version, model, model_snapshot, mode, "
    "subset_digest, scorer_digest, index_commit, start_time FROM runs WHERE "
    "benchmark = $1 AND benchmark_version = $2 AND subset = $3 AND state = "
    "'finished' AND (cardinality($4::text[]) = 0 OR prompt = ANY($4::text[])) "
    "ORDER BY start_time DESC, run_id DESC LIMIT $5";

// Without those of items that the model may have been trained on.
constexpr char kRows[] =
    "SELECT item_id, sample, state = 'scored' AS scored, commit, CASE WHEN $2 "
    "= 'composite' THEN composite ELSE "
    "metric_values[array_position(metrics, $2)] END AS value, tally, "
    "cost_micros, attempts FROM run_rows w WHERE run_id = $1 AND (item_id, "
    "sample) > ($3, $4) AND {} ORDER BY item_id, sample LIMIT $5";

}  // namespace

absl::StatusOr<std::vector<FinishedRun>> PostgresOutcomeStore::FinishedRuns(
    std::string_view benchmark, std::uint32_t version, Subset subset,
    std::span<const std::string> prompts, std::size_t limit) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    std::vector<FinishedRun> runs;
    for (const pqxx::row& row :
         tx.exec_params(kFinished, std::string(benchmark), version,
                        std::string(NameOf(subset)),
                        postgres::TextArray(prompts), limit)) {
      FinishedRun run;
      run.id = row["run_id"].as<std::string>();
      run.prompt = row["prompt"].as<std::string>();
      run.version = row["revision_version"].as<std::uint32_t>();
      run.model = row["model"].as<std::string>();
      run.model_snapshot = row["model_snapshot"].as<std::string>();
      run.mode = ModeOf(row["mode"].as<std::string>());
      run.subset_digest = row["subset_digest"].as<std::string>();
      run.scorer_digest = row["scorer_digest"].as<std::string>();
      run.index_commit = row["index_commit"].as<std::string>();
      run.start_time = postgres::TimeOf(row["start_time"]);
      runs.push_back(std::move(run));
    }
    return runs;
  });
}

absl::StatusOr<std::vector<Row>> PostgresOutcomeStore::RowsWith(
    std::string_view run_id, std::string_view metric, const Page& page) {
  const std::string name(metric);
  const std::size_t blank = page.after.rfind(' ');
  const std::string item =
      blank == std::string::npos ? "" : page.after.substr(0, blank);
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const int sample =
        item.empty() ? -1 : std::stoi(page.after.substr(blank + 1));
    std::vector<Row> rows;
    for (const pqxx::row& row :
         tx.exec_params(fmt::format(kRows, kRowIsValid), std::string(run_id),
                        name, item, sample, page.size)) {
      Row out;
      out.item_id = row["item_id"].as<std::string>();
      out.sample = row["sample"].as<std::uint32_t>();
      out.scored = row["scored"].as<bool>();
      out.commit = row["commit"].as<std::string>();
      out.metrics = {{name, postgres::DoubleOf(row["value"]), ""}};
      out.tally = TallyOf(row["tally"]);
      out.cost_micros = row["cost_micros"].as<std::int64_t>();
      out.attempts = row["attempts"].as<std::int64_t>();
      rows.push_back(std::move(out));
    }
    return rows;
  });
}

}  // namespace evalloop::evaluator
