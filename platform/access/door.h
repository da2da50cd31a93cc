#ifndef EVALLOOP_PLATFORM_ACCESS_DOOR_H_
#define EVALLOOP_PLATFORM_ACCESS_DOOR_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/access/access.h"
#include "platform/access/keys.h"
#include "platform/base/clock.h"

namespace evalloop::access {

// Who stands behind a token that others sign. Thread-safe.
class TokenVerifier {
 public:
  virtual ~TokenVerifier() = default;
  // Unauthenticated: not signed by whom we trust, or not for us.
  virtual absl::StatusOr<Identity> Verify(std::string_view token) const = 0;
};

struct DoorOptions {
  std::string token;   // The services' own; empty: everybody is let in.
  std::string pepper;  // Empty: no keys.
  const KeyRing* ring = nullptr;
  const TokenVerifier* verifier = nullptr;  // Null: no tokens of CI.
};

// The gatekeeper of a service: its own token, API keys, CI's identity tokens.
// What `options` and `clock` point to outlives it.
std::shared_ptr<const Gatekeeper> NewDoor(DoorOptions options,
                                          base::Clock& clock);

}  // namespace evalloop::access

#endif  // EVALLOOP_PLATFORM_ACCESS_DOOR_H_
