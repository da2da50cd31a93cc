#ifndef EVALLOOP_PLATFORM_ACCESS_ACCESS_H_
#define EVALLOOP_PLATFORM_ACCESS_ACCESS_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::access {

// What an identity may do: a lattice, see Covers. The numbers are those of
// evalloop.v1.Role.
enum class Role {
  kNone = 0,  // Held: may nothing. Asked for: nobody may.
  kReader = 1,
  kFeedback = 2,
  kRunner = 3,
  kPublisher = 4,
  kAdmin = 5,
};

// True when who holds `held` may do what asks for `needed`: admin, publisher,
// runner cover all below them; reader and feedback, below runner, cover only
// themselves. False where either is kNone.
bool Covers(Role held, Role needed);

std::string_view NameOf(Role role);  // "reader" ...; "none".
// Nullopt for what is no role's name; "none" is none.
std::optional<Role> RoleOf(std::string_view name);
// The role with that number; kNone where there is none.
Role RoleOf(int number);

// Who calls, as the server knows it.
struct Identity {
  // "services", "key/ID", "gitlab/group/project@refs/heads/main", "anonymous".
  std::string name;
  Role role = Role::kNone;
  // Globs of the prompts that it is for; none: all.
  std::vector<std::string> prompts;
  // One of the services, or anybody where nobody is asked: whom a request names
  // as its author is believed.
  bool speaks_for_others = false;

  // Whether `prompt` is one that it is for. An identity with a scope may
  // nothing with an empty prompt.
  bool MayUse(std::string_view prompt) const;
};

// The whole of `text` by a glob: '*' is any text, '?' any one byte.
bool GlobMatches(std::string_view glob, std::string_view text);

// What a method asks of its caller.
struct Need {
  Role role = Role::kNone;
  bool names_prompt = false;
  std::string prompt;  // Where it names one.
};

// OK, or PermissionDenied in words and with reason ROLE or SCOPE. An identity
// with a scope may call what names no prompt only where `need.role` is reader
// or feedback.
absl::Status Permit(const Identity& identity, const Need& need);

// Tells who calls. Thread-safe; fast enough for every call.
class Gatekeeper {
 public:
  virtual ~Gatekeeper() = default;

  // True where nobody is asked who they are: development on loopback.
  virtual bool open() const = 0;

  // By the value of the header "authorization", empty where there is none.
  // Unauthenticated, reason BAD_TOKEN; the words do not say what is wrong with
  // a secret.
  virtual absl::StatusOr<Identity> Identify(
      std::string_view authorization) const = 0;
};

// Knows one token, the services' own, whose holder may all; with an empty one,
// lets everybody in.
std::shared_ptr<const Gatekeeper> NewTokenGatekeeper(std::string token);

// The error of a Gatekeeper.
absl::Status BadToken();

// What stands after "Bearer " (any case); nullopt for another scheme.
std::optional<std::string_view> BearerToken(std::string_view authorization);

}  // namespace evalloop::access

#endif  // EVALLOOP_PLATFORM_ACCESS_ACCESS_H_
