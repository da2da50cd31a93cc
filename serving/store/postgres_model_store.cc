#include "serving/store/postgres_model_store.h"

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::serving {
namespace {

constexpr char kColumns[] =
    "name, provider, base_url, model_id, snapshot, family, cutoff_time, "
    "input_price_micros, output_price_micros, fim_form, token_probabilities, "
    "key_file, retired, create_time";

std::string ProviderName(ProviderKind kind) {
  return kind == ProviderKind::kEmbedded ? "embedded" : "openai_compatible";
}

Model ModelOf(const pqxx::row& row) {
  Model model;
  model.name = row["name"].as<std::string>();
  model.provider = row["provider"].as<std::string>() == "embedded"
                       ? ProviderKind::kEmbedded
                       : ProviderKind::kOpenAiCompatible;
  model.base_url = row["base_url"].as<std::string>();
  model.model_id = row["model_id"].as<std::string>();
  model.snapshot = row["snapshot"].as<std::string>();
  model.family = row["family"].as<std::string>();
  if (!row["cutoff_time"].is_null()) {
    model.cutoff_time = postgres::TimeOf(row["cutoff_time"]);
  }
  model.input_price_micros = row["input_price_micros"].as<std::int64_t>();
  model.output_price_micros = row["output_price_micros"].as<std::int64_t>();
  model.fim_form = row["fim_form"].as<std::string>();
  model.token_probabilities = row["token_probabilities"].as<bool>();
  model.key_file = row["key_file"].as<std::string>();
  model.retired = row["retired"].as<bool>();
  model.create_time = postgres::TimeOf(row["create_time"]);
  return model;
}

absl::Status NoModel(std::string_view name) {
  return base::WithReason(absl::NotFoundError(fmt::format("no model {}", name)),
                          "MODEL_NOT_FOUND");
}

}  // namespace

absl::StatusOr<Model> PostgresModelStore::Put(base::UnitOfWork& work,
                                              const Model& model) {
  return postgres::Guard([&]() -> Model {
    std::optional<std::string> cutoff;
    if (model.cutoff_time) cutoff = postgres::Timestamp(*model.cutoff_time);
    const pqxx::result rows = postgres::Of(work).exec_params(
        fmt::format(
            "INSERT INTO models ({}) VALUES ($1, $2, $3, $4, $5, $6, "
            "$7::timestamptz, $8, $9, $10, $11, $12, $13, $14::timestamptz) "
            "ON CONFLICT (name) DO UPDATE SET provider = excluded.provider, "
            "base_url = excluded.base_url, model_id = excluded.model_id, "
            "snapshot = excluded.snapshot, family = excluded.family, "
            "cutoff_time = excluded.cutoff_time, "
            "input_price_micros = excluded.input_price_micros, "
            "output_price_micros = excluded.output_price_micros, "
            "fim_form = excluded.fim_form, "
            "token_probabilities = excluded.token_probabilities, "
            "key_file = excluded.key_file, retired = excluded.retired, "
            "retire_reason = '', update_time = now() RETURNING {}",
            kColumns, kColumns),
        model.name, ProviderName(model.provider), model.base_url,
        model.model_id, model.snapshot, model.family, cutoff,
        model.input_price_micros, model.output_price_micros, model.fim_form,
        model.token_probabilities, model.key_file, model.retired,
        postgres::Timestamp(model.create_time));
    return ModelOf(rows[0]);
  });
}

absl::StatusOr<Model> PostgresModelStore::Retire(base::UnitOfWork& work,
                                                 std::string_view name,
                                                 std::string_view reason) {
  return postgres::Guard([&]() -> absl::StatusOr<Model> {
    const pqxx::result rows = postgres::Of(work).exec_params(
        fmt::format("UPDATE models SET retired = true, retire_reason = $2, "
                    "update_time = now() WHERE name = $1 RETURNING {}",
                    kColumns),
        std::string(name), std::string(reason));
    if (rows.empty()) return NoModel(name);
    return ModelOf(rows[0]);
  });
}

absl::StatusOr<Model> PostgresModelStore::Get(std::string_view name) {
  return postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> absl::StatusOr<Model> {
        const pqxx::result rows = tx.exec_params(
            fmt::format("SELECT {} FROM models WHERE name = $1", kColumns),
            std::string(name));
        if (rows.empty()) return NoModel(name);
        return ModelOf(rows[0]);
      });
}

absl::StatusOr<std::vector<Model>> PostgresModelStore::List(
    std::string_view after, std::int64_t limit) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        fmt::format("SELECT {} FROM models WHERE name > $1 ORDER BY name "
                    "LIMIT $2",
                    kColumns),
        std::string(after), limit);
    std::vector<Model> models;
    for (const pqxx::row& row : rows) models.push_back(ModelOf(row));
    return models;
  });
}

}  // namespace evalloop::serving
