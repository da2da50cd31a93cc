#include "platform/postgres/transactor.h"

#include <chrono>
#include <cstdlib>
#include <thread>

#include "platform/base/backoff.h"

namespace evalloop::postgres {
namespace {

using std::chrono::milliseconds;

class PostgresUnitOfWork final : public base::UnitOfWork {
 public:
  explicit PostgresUnitOfWork(pqxx::transaction_base& tx) : tx_(tx) {}
  pqxx::transaction_base& tx() { return tx_; }

 private:
  pqxx::transaction_base& tx_;
};

absl::Status RunOnce(
    Pool& pool, const std::function<absl::Status(base::UnitOfWork&)>& body) {
  return Guard([&] {
    auto lease = pool.Acquire();
    pqxx::work tx(*lease);
    PostgresUnitOfWork work(tx);
    absl::Status status = body(work);
    if (status.ok()) tx.commit();
    return status;
  });
}

}  // namespace

absl::Status PostgresTransactor::Run(
    const std::function<absl::Status(base::UnitOfWork&)>& body) {
  base::Backoff backoff(milliseconds(5), milliseconds(100));
  absl::Status status;
  for (int attempt = 1; attempt <= kMaxAttempts; ++attempt) {
    status = RunOnce(pool_, body);
    if (!IsRetryable(status)) return status;
    std::this_thread::sleep_for(backoff.Next());
  }
  return status;
}

pqxx::transaction_base& Of(base::UnitOfWork& work) {
  auto* const ours = dynamic_cast<PostgresUnitOfWork*>(&work);
  if (ours == nullptr) std::abort();  // A fake's token reached a real store.
  return ours->tx();
}

}  // namespace evalloop::postgres
