#include "trainer_bridge/store/postgres_training_store.h"

#include <string>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::trainer_bridge {
namespace {

TrainingSet SetOf(const pqxx::row& row) {
  TrainingSet set;
  set.id = row["training_set_id"].as<std::string>();
  set.repository = row["repository"].as<std::string>();
  set.commit = row["commit"].as<std::string>();
  set.files = row["files"].as<std::uint32_t>();
  set.bytes = row["bytes"].as<std::uint64_t>();
  const auto reasons = postgres::TextsOf(row["left_out_reasons"]);
  const auto files = postgres::IntsOf(row["left_out_files"]);
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    set.left_out[reasons[i]] = static_cast<std::uint32_t>(files[i]);
  }
  set.digest = row["digest"].as<std::string>();
  set.create_time = postgres::TimeOf(row["create_time"]);
  return set;
}

TrainingJob JobOf(const pqxx::row& row) {
  TrainingJob job;
  job.id = row["job_id"].as<std::string>();
  job.training_set_id = row["training_set_id"].as<std::string>();
  job.launcher = row["launcher"].as<std::string>();
  if (!row["gate_prompt"].is_null()) {
    job.gate = {
        .prompt = row["gate_prompt"].as<std::string>(),
        .benchmark = row["gate_benchmark"].as<std::string>(),
        .benchmark_version = row["gate_benchmark_version"].as<std::uint32_t>(),
        .promote = row["gate_promote"].as<bool>()};
  }
  job.state = JobStateOf(row["state"].as<std::string>());
  job.progress = row["progress"].as<std::string>();
  job.share_done = row["share_done"].as<double>();
  job.model_digest = row["model_digest"].as<std::string>();
  job.error = row["error"].as<std::string>();
  if (!row["decision"].is_null()) {
    job.decision = postgres::BytesOf(row["decision"]);
  }
  job.author = row["author"].as<std::string>();
  job.request_id = row["request_id"].as<std::string>();
  job.create_time = postgres::TimeOf(row["create_time"]);
  if (!row["finish_time"].is_null()) {
    job.finish_time = postgres::TimeOf(row["finish_time"]);
  }
  return job;
}

ModelVersion VersionOf(const pqxx::row& row) {
  ModelVersion version;
  version.trained.digest = row["digest"].as<std::string>();
  version.trained.tokens = row["tokens"].as<std::uint64_t>();
  version.trained.bytes = row["bytes"].as<std::uint64_t>();
  version.trained.held_out_loss = postgres::DoubleOf(row["held_out_loss"]);
  version.trained.trainer = row["trainer"].as<std::string>();
  version.model = row["model"].as<std::string>();
  version.training_set_id = row["training_set_id"].as<std::string>();
  version.job_id = row["job_id"].as<std::string>();
  version.parent_digest = row["parent_digest"].as<std::string>();
  version.commit = row["commit"].as<std::string>();
  version.create_time = postgres::TimeOf(row["create_time"]);
  version.in_production = row["in_production"].as<bool>();
  return version;
}

// One row by its key, or NotFound with `reason`.
template <class Value>
absl::StatusOr<Value> Find(postgres::Pool& pool, const char* sql,
                           std::string_view key,
                           Value (*read)(const pqxx::row&),
                           std::string_view what, std::string_view reason) {
  auto found = postgres::ReadOnly(
      pool, [&](pqxx::transaction_base& tx) -> std::optional<Value> {
        const pqxx::result rows = tx.exec_params(sql, std::string(key));
        if (rows.empty()) return std::nullopt;
        return read(rows[0]);
      });
  if (!found.ok()) return found.status();
  if (!found->has_value()) {
    return base::WithReason(
        absl::NotFoundError(fmt::format("no {} {}", what, key)), reason);
  }
  return **std::move(found);
}

// A page of `table`, newest first; `key` is its primary key.
template <class Value>
absl::StatusOr<std::vector<Value>> ListOf(postgres::Pool& pool,
                                          std::string_view table,
                                          std::string_view key,
                                          const Page& page,
                                          Value (*read)(const pqxx::row&)) {
  return postgres::ReadOnly(pool, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        fmt::format("SELECT * FROM {0} WHERE $1 = '' OR (create_time, {1}) < "
                    "(SELECT create_time, {1} FROM {0} WHERE {1} = $1) ORDER "
                    "BY create_time DESC, {1} DESC LIMIT $2",
                    table, key),
        page.after, page.size);
    std::vector<Value> values;
    for (const pqxx::row& row : rows) values.push_back(read(row));
    return values;
  });
}

}  // namespace

absl::StatusOr<TrainingSet> PostgresTrainingStore::AddSet(
    const TrainingSet& set) {
  std::vector<std::string> reasons;
  std::vector<std::int64_t> files;
  for (const auto& [reason, count] : set.left_out) {
    reasons.push_back(reason);
    files.push_back(count);
  }
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      postgres::Of(work).exec_params(
          "INSERT INTO training_sets (training_set_id, repository, commit, "
          "files, bytes, left_out_reasons, left_out_files, digest) VALUES ($1, "
          "$2, $3, $4, $5, $6::text[], $7::bigint[], $8) ON CONFLICT DO "
          "NOTHING",
          set.id, set.repository, set.commit, set.files, set.bytes,
          postgres::TextArray(reasons), postgres::IntArray(files), set.digest);
    });
  });
  if (!done.ok()) return done;
  return GetSet(set.id);
}

absl::StatusOr<TrainingSet> PostgresTrainingStore::GetSet(std::string_view id) {
  return Find(pool_, "SELECT * FROM training_sets WHERE training_set_id = $1",
              id, SetOf, "training set", "TRAINING_SET_NOT_FOUND");
}

absl::StatusOr<std::vector<TrainingSet>> PostgresTrainingStore::ListSets(
    const Page& page) {
  return ListOf(pool_, "training_sets", "training_set_id", page, SetOf);
}

absl::StatusOr<TrainingJob> PostgresTrainingStore::AddJob(
    const TrainingJob& job) {
  std::string id;
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      std::optional<std::string> prompt, benchmark;
      std::optional<int> version;
      std::optional<bool> promote;
      if (job.gate.has_value()) {
        prompt = job.gate->prompt;
        benchmark = job.gate->benchmark;
        version = static_cast<int>(job.gate->benchmark_version);
        promote = job.gate->promote;
      }
      tx.exec_params(
          "INSERT INTO training_jobs (job_id, training_set_id, launcher, "
          "gate_prompt, gate_benchmark, gate_benchmark_version, gate_promote, "
          "state, model_digest, author, request_id) VALUES ($1, $2, $3, $4, "
          "$5, $6, $7, $8, $9, $10, $11) ON CONFLICT (request_id) DO NOTHING",
          job.id, job.training_set_id, job.launcher, prompt, benchmark, version,
          promote, std::string(NameOf(job.state)), job.model_digest, job.author,
          job.request_id);
      id = tx.exec_params(
                 "SELECT job_id FROM training_jobs WHERE request_id = $1",
                 job.request_id)
               .at(0)[0]
               .as<std::string>();
    });
  });
  if (!done.ok()) return done;
  return GetJob(id);
}

absl::StatusOr<TrainingJob> PostgresTrainingStore::GetJob(std::string_view id) {
  return Find(pool_, "SELECT * FROM training_jobs WHERE job_id = $1", id, JobOf,
              "training job", "TRAINING_JOB_NOT_FOUND");
}

absl::StatusOr<std::vector<TrainingJob>> PostgresTrainingStore::ListJobs(
    const Page& page) {
  return ListOf(pool_, "training_jobs", "job_id", page, JobOf);
}

absl::StatusOr<std::optional<TrainingJob>> PostgresTrainingStore::NextJob() {
  return postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<TrainingJob> {
        const pqxx::result rows = tx.exec(
            "SELECT * FROM training_jobs WHERE finish_time IS NULL "
            "ORDER BY create_time, job_id LIMIT 1");
        if (rows.empty()) return std::nullopt;
        return JobOf(rows[0]);
      });
}

absl::Status PostgresTrainingStore::UpdateJob(const TrainingJob& job) {
  std::optional<std::string> finish_time;
  if (job.finish_time.has_value()) {
    finish_time = postgres::Timestamp(*job.finish_time);
  }
  return transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
    bool cancelled = false;
    const absl::Status done = postgres::Guard([&] {
      const pqxx::result rows = postgres::Of(work).exec_params(
          "UPDATE training_jobs SET state = $2, progress = $3, share_done = "
          "$4, model_digest = $5, error = $6, decision = $7, finish_time = "
          "$8::timestamptz WHERE job_id = $1 AND state <> 'cancelled'",
          job.id, std::string(NameOf(job.state)), job.progress, job.share_done,
          job.model_digest, job.error, postgres::Bytes(job.decision),
          finish_time);
      cancelled = rows.affected_rows() == 0;
    });
    if (!done.ok()) return done;
    return cancelled ? absl::AbortedError("the job was cancelled")
                     : absl::OkStatus();
  });
}

absl::StatusOr<TrainingJob> PostgresTrainingStore::CancelJob(
    std::string_view id) {
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      postgres::Of(work).exec_params(
          "UPDATE training_jobs SET state = 'cancelled', finish_time = now() "
          "WHERE job_id = $1 AND finish_time IS NULL",
          std::string(id));
    });
  });
  if (!done.ok()) return done;
  return GetJob(id);
}

absl::Status PostgresTrainingStore::AddVersion(const ModelVersion& version) {
  return transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      postgres::Of(work).exec_params(
          "INSERT INTO model_versions (digest, model, training_set_id, job_id, "
          "parent_digest, commit, tokens, bytes, held_out_loss, trainer, "
          "create_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
          "$11::timestamptz) ON CONFLICT (digest) DO NOTHING",
          version.trained.digest, version.model, version.training_set_id,
          version.job_id, version.parent_digest, version.commit,
          version.trained.tokens, version.trained.bytes,
          version.trained.held_out_loss, version.trained.trainer,
          postgres::Timestamp(version.create_time));
    });
  });
}

absl::StatusOr<ModelVersion> PostgresTrainingStore::GetVersion(
    std::string_view digest) {
  return Find(pool_, "SELECT * FROM model_versions WHERE digest = $1", digest,
              VersionOf, "model version", "MODEL_VERSION_NOT_FOUND");
}

absl::StatusOr<std::vector<ModelVersion>> PostgresTrainingStore::ListVersions(
    const Page& page) {
  return ListOf(pool_, "model_versions", "digest", page, VersionOf);
}

absl::Status PostgresTrainingStore::SetProduction(std::string_view digest) {
  return transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      postgres::Of(work).exec_params(
          "UPDATE model_versions SET in_production = (digest = $1) WHERE "
          "in_production OR digest = $1",
          std::string(digest));
    });
  });
}

}  // namespace evalloop::trainer_bridge
