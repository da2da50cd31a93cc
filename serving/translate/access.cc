#include "serving/translate/access.h"

#include "protos/timestamps.h"

namespace evalloop::serving {

void ToProto(const AccessKey& key, v1::AccessKey& message) {
  message.set_key_id(key.id);
  message.set_name(key.name);
  message.set_role(static_cast<v1::Role>(key.role));
  for (const std::string& glob : key.prompts) message.add_prompts(glob);
  if (key.expire_time) {
    *message.mutable_expire_time() = v1::ToTimestamp(*key.expire_time);
  }
  *message.mutable_create_time() = v1::ToTimestamp(key.create_time);
  if (key.revoke_time) {
    *message.mutable_revoke_time() = v1::ToTimestamp(*key.revoke_time);
  }
  message.set_creator(key.creator);
  message.set_revoker(key.revoker);
}

void ToProto(const AuditLine& line, v1::AuditEntry& message) {
  message.set_sequence(line.sequence);
  message.set_call_id(line.call_id);
  *message.mutable_occur_time() = v1::ToTimestamp(line.occur_time);
  message.set_service(line.service);
  message.set_method(line.method);
  message.set_identity(line.identity);
  message.set_role(static_cast<v1::Role>(line.role));
  message.set_prompt(line.prompt);
  message.set_outcome(line.outcome);
  message.set_details(line.details);
  message.set_request_id(line.request_id);
  message.set_hash(line.hash);
}

AuditLine FromProto(const v1::AuditEntry& message) {
  AuditLine line;
  line.call_id = message.call_id();
  // As exact as the database keeps it, for the hash is over it.
  line.occur_time = absl::FromUnixMicros(
      absl::ToUnixMicros(v1::FromTimestamp(message.occur_time())));
  line.service = message.service();
  line.method = message.method();
  line.identity = message.identity();
  line.role = access::RoleOf(static_cast<int>(message.role()));
  line.prompt = message.prompt();
  line.outcome = message.outcome();
  line.details = message.details();
  line.request_id = message.request_id();
  return line;
}

}  // namespace evalloop::serving
