#ifndef EVALLOOP_PLATFORM_ACCESS_KEYS_H_
#define EVALLOOP_PLATFORM_ACCESS_KEYS_H_

#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "platform/access/access.h"

namespace evalloop::access {

// An API key's token is "evk_" + 16 hex digits (its id) + "_" + 43 characters
// of base64url (256 random bits). It is shown once; what is kept is its
// HMAC-SHA-256 under a pepper that no database holds.

// A new key's id, and the token of a key with that id.
std::string NewKeyId();
std::string NewKeyToken(std::string_view id);

// The id within a token; nullopt where it does not have the form.
std::optional<std::string_view> KeyIdOf(std::string_view token);

// 32 raw bytes, of the whole token.
std::string KeyMac(std::string_view pepper, std::string_view token);

// What a service knows of a key.
struct KeyRecord {
  std::string id;
  Role role = Role::kNone;
  std::vector<std::string> prompts;  // Globs; none: all.
  std::optional<absl::Time> expire_time;
  bool revoked = false;
  std::string mac;  // KeyMac of its token.
};

// The keys of all, as they come in over the wire. Thread-safe.
class KeyRing {
 public:
  // Puts or replaces by id. A key that is revoked stays so.
  void Put(KeyRecord record);

  // Nullptr where there is none.
  std::shared_ptr<const KeyRecord> Find(std::string_view id) const;

  std::size_t size() const;

 private:
  mutable std::shared_mutex mu_;
  std::unordered_map<std::string, std::shared_ptr<const KeyRecord>> keys_;
};

// Who holds this token at `now`, as "key/ID": nullopt for a token that is none,
// unknown, wrong, expired or revoked. Takes as long for a wrong secret as for
// an unknown id.
std::optional<Identity> HolderOf(std::string_view token,
                                 std::string_view pepper, const KeyRing& ring,
                                 absl::Time now);

}  // namespace evalloop::access

#endif  // EVALLOOP_PLATFORM_ACCESS_KEYS_H_
