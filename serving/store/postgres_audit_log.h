#ifndef EVALLOOP_SERVING_STORE_POSTGRES_AUDIT_LOG_H_
#define EVALLOOP_SERVING_STORE_POSTGRES_AUDIT_LOG_H_

#include "platform/postgres/pool.h"
#include "serving/domain/audit_log.h"

namespace evalloop::serving {

// AuditLog over tables audit_lines, which takes INSERT only, and audit_head.
class PostgresAuditLog final : public AuditLog {
 public:
  // `pool` outlives this object.
  explicit PostgresAuditLog(postgres::Pool& pool) : pool_(pool) {}

  absl::Status Append(base::UnitOfWork& work,
                      std::span<AuditLine> lines) override;
  absl::StatusOr<std::vector<AuditLine>> List(const AuditFilter& filter,
                                              std::uint64_t before,
                                              std::int64_t limit) override;
  absl::StatusOr<AuditCheck> Check() override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STORE_POSTGRES_AUDIT_LOG_H_
