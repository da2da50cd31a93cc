#ifndef EVALLOOP_SERVING_DOMAIN_KEY_DESK_H_
#define EVALLOOP_SERVING_DOMAIN_KEY_DESK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/access/access.h"
#include "platform/base/clock.h"
#include "platform/base/unit_of_work.h"

namespace evalloop::serving {

// An API key as it is kept: without its secret.
struct AccessKey {
  std::string id;
  std::string name;
  access::Role role = access::Role::kNone;
  std::vector<std::string> prompts;  // Globs; none: all.
  std::optional<absl::Time> expire_time;
  absl::Time create_time;
  std::optional<absl::Time> revoke_time;
  std::string creator;
  std::string revoker;
  std::string mac;  // access::KeyMac of its token, 32 bytes.
};

// Where a page of keys goes on: after the key of this time and id.
struct KeyCursor {
  absl::Time create_time = absl::InfiniteFuture();
  std::string id;
};

// Keys as rows. Thread-safe.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  virtual absl::Status Insert(base::UnitOfWork& work, const AccessKey& key) = 0;
  // Sets revoke_time and revoker where they are not set; what stands now.
  // NotFound.
  virtual absl::StatusOr<AccessKey> Revoke(base::UnitOfWork& work,
                                           std::string_view id,
                                           std::string_view revoker,
                                           absl::Time time) = 0;
  // Newest first, those after `cursor`.
  virtual absl::StatusOr<std::vector<AccessKey>> List(const KeyCursor& cursor,
                                                      std::int64_t limit) = 0;
};

// Tells every service of a key.
class KeyEvents {
 public:
  virtual ~KeyEvents() = default;
  virtual absl::Status Changed(base::UnitOfWork& work,
                               const AccessKey& key) = 0;
};

// What a key is asked to be.
struct KeyOrder {
  std::string name;
  access::Role role = access::Role::kNone;
  std::vector<std::string> prompts;
  std::optional<absl::Time> expire_time;
};

struct NewKey {
  AccessKey key;
  std::string token;  // Nowhere else, and never again.
};

// Makes keys and takes them back. Thread-safe.
class KeyDesk {
 public:
  static constexpr std::size_t kMaxName = 100;
  static constexpr std::size_t kMaxPrompts = 32;
  static constexpr std::size_t kMaxGlob = 128;

  // All references outlive this object. pepper: empty where the services have
  // none; then no key can be made.
  KeyDesk(std::string pepper, base::Transactor& transactor, KeyStore& store,
          KeyEvents& events, base::Clock& clock);

  // InvalidArgument names the field. FailedPrecondition, NO_PEPPER.
  // PermissionDenied: `creator` may not what the key may.
  absl::StatusOr<NewKey> Create(const access::Identity& creator,
                                KeyOrder order);
  // NotFound.
  absl::StatusOr<AccessKey> Revoke(const access::Identity& revoker,
                                   std::string_view id);
  absl::StatusOr<std::vector<AccessKey>> List(const KeyCursor& cursor,
                                              std::int64_t limit) {
    return store_.List(cursor, limit);
  }

 private:
  const std::string pepper_;
  base::Transactor& transactor_;
  KeyStore& store_;
  KeyEvents& events_;
  base::Clock& clock_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_KEY_DESK_H_
