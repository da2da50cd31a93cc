#ifndef EVALLOOP_SERVING_DOMAIN_AUDIT_LOG_H_
#define EVALLOOP_SERVING_DOMAIN_AUDIT_LOG_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/access/access.h"
#include "platform/base/unit_of_work.h"

namespace evalloop::serving {

// One line of the audit log; see evalloop.v1.AuditEntry.
struct AuditLine {
  std::uint64_t sequence = 0;  // From 1; 0: not in the log yet.
  std::string call_id;
  absl::Time occur_time;  // Whole microseconds, as the database keeps it.
  std::string service;
  std::string method;
  std::string identity;
  access::Role role = access::Role::kNone;
  std::string prompt;
  std::string outcome;
  std::string details;
  std::string request_id;
  std::string hash;  // 64 hex digits.
};

// The hash of a line: SHA-256 over the hash of the line before (empty for the
// first) and every field but `hash`, each with its length before it, so that no
// two lines read the same.
std::string HashOf(const AuditLine& line, std::string_view previous);

struct AuditFilter {  // Exact; empty means all.
  std::string prompt;
  std::string identity;
  std::string method;
};

// What a walk over the log found.
struct AuditCheck {
  std::uint64_t lines = 0;
  // The first line that is not as it was written, or is gone; 0: none.
  std::uint64_t first_bad = 0;
  std::string last_hash;
};

// Lines that are only ever added. Thread-safe.
class AuditLog {
 public:
  virtual ~AuditLog() = default;
  // Adds `lines` in their order; sets their sequence and hash.
  virtual absl::Status Append(base::UnitOfWork& work,
                              std::span<AuditLine> lines) = 0;
  // Newest first, those before `before` (0: from the newest).
  virtual absl::StatusOr<std::vector<AuditLine>> List(const AuditFilter& filter,
                                                      std::uint64_t before,
                                                      std::int64_t limit) = 0;
  // Reads the whole log, a page at a time.
  virtual absl::StatusOr<AuditCheck> Check() = 0;
};

// The check over lines handed in by rising sequence.
class AuditChecker {
 public:
  void See(const AuditLine& line);
  // head_sequence, head_hash: what the log says its last line is.
  AuditCheck Done(std::uint64_t head_sequence, std::string_view head_hash);

 private:
  AuditCheck check_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_AUDIT_LOG_H_
