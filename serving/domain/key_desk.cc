#include "serving/domain/key_desk.h"

#include <utility>

#include "platform/access/keys.h"
#include "platform/base/reason.h"

namespace evalloop::serving {
namespace {

absl::Status Check(const KeyOrder& order, absl::Time now) {
  if (order.name.empty() || order.name.size() > KeyDesk::kMaxName) {
    return base::FieldError("name", "must have 1 to 100 bytes",
                            "say what the key is for");
  }
  if (order.role == access::Role::kNone) {
    return base::FieldError("role", "is required");
  }
  if (order.prompts.size() > KeyDesk::kMaxPrompts) {
    return base::FieldError("prompts", "are more than 32");
  }
  for (const std::string& glob : order.prompts) {
    if (glob.empty() || glob.size() > KeyDesk::kMaxGlob) {
      return base::FieldError("prompts", "must have 1 to 128 bytes each");
    }
  }
  if (order.expire_time && *order.expire_time <= now) {
    return base::FieldError("expire_time", "has passed");
  }
  return absl::OkStatus();
}

}  // namespace

KeyDesk::KeyDesk(std::string pepper, base::Transactor& transactor,
                 KeyStore& store, KeyEvents& events, base::Clock& clock)
    : pepper_(std::move(pepper)),
      transactor_(transactor),
      store_(store),
      events_(events),
      clock_(clock) {}

absl::StatusOr<NewKey> KeyDesk::Create(const access::Identity& creator,
                                       KeyOrder order) {
  const absl::Time now = clock_.Now();
  if (auto status = Check(order, now); !status.ok()) return status;
  // Nobody hands out more than they hold: an admin with a scope could.
  if (!access::Covers(creator.role, order.role) || !creator.prompts.empty()) {
    return base::WithReason(
        absl::PermissionDeniedError(
            "a key may not do more than who makes it; one with a scope makes "
            "none"),
        "ROLE");
  }
  if (pepper_.empty()) {
    return base::WithReason(
        absl::FailedPreconditionError(
            "EVALLOOP_KEY_PEPPER_FILE is not set on the services: there are no "
            "keys"),
        "NO_PEPPER");
  }
  NewKey made;
  made.key = {.id = access::NewKeyId(),
              .name = std::move(order.name),
              .role = order.role,
              .prompts = std::move(order.prompts),
              .expire_time = order.expire_time,
              .create_time = now,
              .creator = creator.name};
  made.token = access::NewKeyToken(made.key.id);
  made.key.mac = access::KeyMac(pepper_, made.token);
  auto status = transactor_.Run([&](base::UnitOfWork& work) {
    if (auto put = store_.Insert(work, made.key); !put.ok()) return put;
    return events_.Changed(work, made.key);
  });
  if (!status.ok()) return status;
  return made;
}

absl::StatusOr<AccessKey> KeyDesk::Revoke(const access::Identity& revoker,
                                          std::string_view id) {
  AccessKey stands;
  auto status = transactor_.Run([&](base::UnitOfWork& work) {
    auto revoked = store_.Revoke(work, id, revoker.name, clock_.Now());
    if (!revoked.ok()) return revoked.status();
    stands = *std::move(revoked);
    return events_.Changed(work, stands);
  });
  if (!status.ok()) return status;
  return stands;
}

}  // namespace evalloop::serving
