#include "platform/runtime/key_feed.h"

#include <utility>

#include "absl/time/time.h"
#include "evalloop/v1/events.pb.h"

namespace evalloop::runtime {

absl::Status ApplyToRing(const kafka::Record& record, access::KeyRing& ring) {
  if (record.tombstone) return absl::OkStatus();
  v1::Event event;
  if (!event.ParseFromString(record.payload) ||
      !event.has_access_key_changed() ||
      event.access_key_changed().key().key_id().empty()) {
    return absl::InvalidArgumentError("not a key");
  }
  const v1::AccessKeyChanged& changed = event.access_key_changed();
  const v1::AccessKey& key = changed.key();
  access::KeyRecord known{
      .id = key.key_id(),
      .role = access::RoleOf(static_cast<int>(key.role())),
      .prompts = {key.prompts().begin(), key.prompts().end()},
      .revoked = key.has_revoke_time(),
      .mac = changed.token_mac()};
  if (key.has_expire_time()) {
    known.expire_time = absl::FromUnixSeconds(key.expire_time().seconds()) +
                        absl::Nanoseconds(key.expire_time().nanos());
  }
  ring.Put(std::move(known));
  return absl::OkStatus();
}

}  // namespace evalloop::runtime
