#ifndef EVALLOOP_PLATFORM_POSTGRES_TRANSACTOR_H_
#define EVALLOOP_PLATFORM_POSTGRES_TRANSACTOR_H_

#include <functional>
#include <pqxx/pqxx>

#include "absl/status/status.h"
#include "platform/base/unit_of_work.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/pool.h"

namespace evalloop::postgres {

// base::Transactor over a Pool: READ COMMITTED, at most kMaxAttempts runs of
// the body on a serialization failure or deadlock. Thread-safe.
class PostgresTransactor final : public base::Transactor {
 public:
  static constexpr int kMaxAttempts = 5;

  explicit PostgresTransactor(Pool& pool) : pool_(pool) {}
  absl::Status Run(
      const std::function<absl::Status(base::UnitOfWork&)>& body) override;

 private:
  Pool& pool_;
};

// The transaction behind a unit of work that PostgresTransactor began; a store
// runs its statements on it, inside Guard. Dies on any other unit of work.
pqxx::transaction_base& Of(base::UnitOfWork& work);

// Runs `body(pqxx::transaction_base&)` in a read-only transaction on a pooled
// connection, once more when the connection turns out to be broken.
template <typename Body>
auto ReadOnly(Pool& pool, Body&& body) {
  const auto once = [&] {
    return Guard([&] {
      auto lease = pool.Acquire();
      pqxx::read_transaction tx(*lease);
      return body(static_cast<pqxx::transaction_base&>(tx));
    });
  };
  auto first = once();
  if (!first.ok() && first.status().code() == absl::StatusCode::kUnavailable) {
    return once();
  }
  return first;
}

}  // namespace evalloop::postgres

#endif  // EVALLOOP_PLATFORM_POSTGRES_TRANSACTOR_H_
