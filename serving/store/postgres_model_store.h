#ifndef EVALLOOP_SERVING_STORE_POSTGRES_MODEL_STORE_H_
#define EVALLOOP_SERVING_STORE_POSTGRES_MODEL_STORE_H_

#include "platform/postgres/pool.h"
#include "serving/domain/model_catalog.h"

namespace evalloop::serving {

// ModelStore over table models.
class PostgresModelStore final : public ModelStore {
 public:
  // `pool` outlives this object.
  explicit PostgresModelStore(postgres::Pool& pool) : pool_(pool) {}

  absl::StatusOr<Model> Put(base::UnitOfWork& work,
                            const Model& model) override;
  absl::StatusOr<Model> Retire(base::UnitOfWork& work, std::string_view name,
                               std::string_view reason) override;
  absl::StatusOr<Model> Get(std::string_view name) override;
  absl::StatusOr<std::vector<Model>> List(std::string_view after,
                                          std::int64_t limit) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STORE_POSTGRES_MODEL_STORE_H_
