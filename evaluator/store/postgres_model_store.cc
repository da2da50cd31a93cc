#include "evaluator/store/postgres_model_store.h"

#include <optional>
#include <string>

#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {

absl::Status PostgresModelStore::Record(base::UnitOfWork& work,
                                        std::string_view snapshot,
                                        const ModelCutoff& cutoff) {
  return postgres::Guard([&] {
    std::optional<std::string> time;
    if (cutoff.time) time = postgres::Timestamp(*cutoff.time);
    postgres::Of(work).exec_params(
        "INSERT INTO models (model, snapshot, cutoff_time) VALUES ($1, $2, "
        "$3::timestamptz) ON CONFLICT (model, snapshot) DO UPDATE SET "
        "cutoff_time = excluded.cutoff_time, register_time = now()",
        cutoff.model, std::string(snapshot), time);
  });
}

absl::StatusOr<ModelCutoff> PostgresModelStore::CutoffOf(
    std::string_view model, std::string_view snapshot) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    ModelCutoff found{.model = std::string(model), .time = std::nullopt};
    const pqxx::result rows = tx.exec_params(
        "SELECT cutoff_time FROM models WHERE model = $1 AND snapshot = $2",
        found.model, std::string(snapshot));
    if (!rows.empty() && !rows[0][0].is_null()) {
      found.time = postgres::TimeOf(rows[0][0]);
    }
    return found;
  });
}

}  // namespace evalloop::evaluator
