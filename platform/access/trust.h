#ifndef EVALLOOP_PLATFORM_ACCESS_TRUST_H_
#define EVALLOOP_PLATFORM_ACCESS_TRUST_H_

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/access/access.h"
#include "platform/access/door.h"
#include "platform/access/jwt.h"
#include "platform/base/clock.h"

namespace evalloop::access {

// Whose identity tokens are trusted with what: docs/formats/trust.schema.json.
struct TrustRule {
  // Claim -> the values that it may have, globs; all claims must fit.
  std::map<std::string, std::vector<std::string>> claims;
  Role role = Role::kNone;
  std::vector<std::string> prompts;  // Globs; none: all.
};

struct TrustedIssuer {
  std::string name;      // Short, for identities: "gitlab".
  std::string issuer;    // iss, exactly.
  std::string audience;  // aud, exactly.
  std::string jwks_file;
  std::string jwks_url;          // One of the two.
  std::vector<TrustRule> rules;  // The first that fits decides.
};

// Reads a trust file's text, strictly. InvalidArgument says where it is wrong,
// also where a rule pins no project (project_id, project_path, repository or
// repository_id without a wildcard), or gives publisher or admin without
// pinning ref or environment.
absl::StatusOr<std::vector<TrustedIssuer>> ParseTrust(std::string_view text);

// Verifies CI's identity tokens against issuers' keys. Thread-safe.
class CiVerifier final : public TokenVerifier {
 public:
  // `clock` outlives this object.
  CiVerifier(std::vector<TrustedIssuer> issuers, base::Clock& clock);

  const std::vector<TrustedIssuer>& issuers() const { return issuers_; }

  // The keys of issuers()[index], instead of those before.
  void PutKeys(std::size_t index, KeySet keys);

  // Whether a token named a key that its issuer does not have, since this was
  // asked last: its keys may be read again.
  bool TakeMiss(std::size_t index);

  // Identity "NAME/SUB", with the role and scope of the rule.
  // Unauthenticated, BAD_TOKEN; a token that is good and fits no rule is
  // PermissionDenied, reason TRUST.
  absl::StatusOr<Identity> Verify(std::string_view token) const override;

 private:
  struct Keys {
    KeySet keys;
    bool missed = false;
  };

  const std::vector<TrustedIssuer> issuers_;
  base::Clock& clock_;
  mutable std::mutex mu_;
  mutable std::vector<Keys> keys_;  // As issuers_.
};

}  // namespace evalloop::access

#endif  // EVALLOOP_PLATFORM_ACCESS_TRUST_H_
