#ifndef EVALLOOP_SERVING_TRANSLATE_ACCESS_H_
#define EVALLOOP_SERVING_TRANSLATE_ACCESS_H_

#include "evalloop/v1/access.pb.h"
#include "serving/domain/audit_log.h"
#include "serving/domain/key_desk.h"

// Keys and lines of the audit log as messages.
namespace evalloop::serving {

void ToProto(const AccessKey& key, v1::AccessKey& message);
void ToProto(const AuditLine& line, v1::AuditEntry& message);
// Not its sequence and hash, which are the log's.
AuditLine FromProto(const v1::AuditEntry& message);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_TRANSLATE_ACCESS_H_
