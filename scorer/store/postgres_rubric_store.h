#ifndef EVALLOOP_SCORER_STORE_POSTGRES_RUBRIC_STORE_H_
#define EVALLOOP_SCORER_STORE_POSTGRES_RUBRIC_STORE_H_

#include <set>
#include <string>
#include <vector>

#include "platform/postgres/pool.h"
#include "scorer/domain/rubric_store.h"

namespace evalloop::scorer {

// RubricStore over the tables rubric, rubric_term, rubric_in_force and
// run_rubric. Thread-safe.
class PostgresRubricStore final : public RubricStore {
 public:
  explicit PostgresRubricStore(postgres::Pool& pool) : pool_(pool) {}

  absl::StatusOr<Rubric> Push(base::UnitOfWork& work,
                              const Rubric& rubric) override;
  absl::StatusOr<RubricRef> Use(base::UnitOfWork& work,
                                const RubricRef& rubric) override;
  absl::StatusOr<RubricsInForce> InForce(base::UnitOfWork& work,
                                         const RubricsAsked& runs) override;
  absl::StatusOr<RubricRef> InForce() override;
  absl::StatusOr<Rubric> Get(const RubricRef& rubric) override;
  absl::StatusOr<Rubric> Get(base::UnitOfWork& work,
                             const RubricRef& rubric) override;
  absl::StatusOr<std::vector<Rubric>> List(const RubricRef& after,
                                           std::size_t limit) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_STORE_POSTGRES_RUBRIC_STORE_H_
