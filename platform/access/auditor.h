#ifndef EVALLOOP_PLATFORM_ACCESS_AUDITOR_H_
#define EVALLOOP_PLATFORM_ACCESS_AUDITOR_H_

#include <string>

#include "absl/status/status.h"
#include "platform/access/access.h"

namespace evalloop::access {

// A call that the audit log tells of.
struct AuditedCall {
  std::string call_id;  // Random.
  std::string method;   // "PublishRevision"
  Identity identity;
  std::string prompt;      // Where the method names one.
  std::string details;     // The request's plain fields as a JSON object.
  std::string request_id;  // The client's, bounded.
};

// Where audited calls are written down. Thread-safe.
class Auditor {
 public:
  virtual ~Auditor() = default;

  // Before the call runs; it does not run where this fails.
  virtual absl::Status Asked(const AuditedCall& call) = 0;

  // After it. What cannot be written is logged: the log then says that the
  // call was asked for, and not how it ended.
  virtual void Ended(const AuditedCall& call, absl::StatusCode code) = 0;
};

}  // namespace evalloop::access

#endif  // EVALLOOP_PLATFORM_ACCESS_AUDITOR_H_
