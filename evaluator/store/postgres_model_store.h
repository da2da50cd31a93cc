#ifndef EVALLOOP_EVALUATOR_STORE_POSTGRES_MODEL_STORE_H_
#define EVALLOOP_EVALUATOR_STORE_POSTGRES_MODEL_STORE_H_

#include <string_view>

#include "evaluator/domain/ports.h"
#include "platform/postgres/pool.h"

namespace evalloop::evaluator {

// ModelStore over the table models. Thread-safe.
class PostgresModelStore final : public ModelStore {
 public:
  // `pool` outlives this object.
  explicit PostgresModelStore(postgres::Pool& pool) : pool_(pool) {}

  absl::Status Record(base::UnitOfWork& work, std::string_view snapshot,
                      const ModelCutoff& cutoff) override;
  absl::StatusOr<ModelCutoff> CutoffOf(std::string_view model,
                                       std::string_view snapshot) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_POSTGRES_MODEL_STORE_H_
