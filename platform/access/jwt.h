#ifndef EVALLOOP_PLATFORM_ACCESS_JWT_H_
#define EVALLOOP_PLATFORM_ACCESS_JWT_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace evalloop::access {

// A signed token as it reads, before anybody believes it (RFC 7519, 7515).
struct Jwt {
  std::string algorithm;  // "RS256" or "ES256"; no other is read.
  std::string key_id;
  // Claims that are texts, whole numbers or truths, as text. Others are not
  // here.
  std::map<std::string, std::string> claims;
  std::string signed_text;  // What the signature is over.
  std::string signature;    // Raw.
};

inline constexpr std::size_t kMaxJwt = 8 * 1024;  // Bytes.

// Reads a compact token, strictly: three parts of base64url without padding;
// a header of alg, kid, typ and x5t only (no jku, jwk, x5u, x5c, crit, zip);
// alg RS256 or ES256; a kid; no name twice in any object; at most 8 deep; aud
// one text, or a list of one. InvalidArgument says what is wrong.
absl::StatusOr<Jwt> ParseJwt(std::string_view token);

// A public key: RSA of at least 2048 bits, or of the curve P-256. Immutable.
class PublicKey {
 public:
  virtual ~PublicKey() = default;
  // Whether `signature` (raw) is over `text` by this key and `algorithm`, which
  // must be the key's own: RS256 for RSA, ES256 for P-256.
  virtual bool Verifies(std::string_view algorithm, std::string_view text,
                        std::string_view signature) const = 0;
};

// Keys by kid.
using KeySet = std::map<std::string, std::shared_ptr<const PublicKey>>;

// Reads a JSON Web Key Set (RFC 7517): at most 256 KiB and 64 keys. Keys that
// are not for signatures, of other kinds, too short, without a kid or with one
// seen before are left out. InvalidArgument: no such set, or no key left.
absl::StatusOr<KeySet> ParseJwks(std::string_view text);

// What a token must say of itself.
struct JwtExpectation {
  std::string issuer;
  std::string audience;
  absl::Time now;
};

// Clocks may differ by this much.
inline constexpr absl::Duration kJwtSkew = absl::Seconds(30);
// CI's tokens live as long as a job; longer ones are none.
inline constexpr absl::Duration kLongestJwt = absl::Hours(24);

// OK when iss and aud are those expected, exp is ahead, iat and (where given)
// nbf are not, and exp is at most 24 h after iat. InvalidArgument.
absl::Status CheckClaims(const Jwt& jwt, const JwtExpectation& expected);

}  // namespace evalloop::access

#endif  // EVALLOOP_PLATFORM_ACCESS_JWT_H_
