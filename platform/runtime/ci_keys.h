#ifndef EVALLOOP_PLATFORM_RUNTIME_CI_KEYS_H_
#define EVALLOOP_PLATFORM_RUNTIME_CI_KEYS_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/access/trust.h"
#include "platform/base/clock.h"
#include "platform/http/client.h"

namespace evalloop::runtime {

struct CiKeysOptions {
  std::chrono::milliseconds refresh{300'000};
  // A token that names an unknown key makes keys be read again, at most this
  // often: nobody can make us ask issuers more.
  std::chrono::milliseconds miss_refresh{10'000};
  std::chrono::milliseconds look{500};  // For misses.
  std::string ca_file = {};  // Whom to trust besides the system's, as PEM.
};

// Reads issuers' keys, from files or over HTTPS without redirects, and keeps
// them fresh. Keys that can't be read stay as they were.
class CiKeys {
 public:
  // Reads and checks the trust file; not the keys yet. InvalidArgument says
  // where the file is wrong. `clock` outlives this object.
  static absl::StatusOr<std::unique_ptr<CiKeys>> Of(const std::string& file,
                                                    base::Clock& clock,
                                                    CiKeysOptions options = {});

  const access::TokenVerifier& verifier() const { return verifier_; }

  // Reads all keys once; what can't be read is logged.
  void ReadAll();

  // Keeps them fresh until `stop`.
  void Run(std::stop_token stop);

 private:
  CiKeys(std::vector<access::TrustedIssuer> issuers, base::Clock& clock,
         CiKeysOptions options)
      : options_(std::move(options)),
        verifier_(std::move(issuers), clock),
        client_({.ca_file = options_.ca_file}) {}

  void Read(std::size_t index);
  absl::StatusOr<std::string> TextOf(const access::TrustedIssuer& issuer);

  const CiKeysOptions options_;
  access::CiVerifier verifier_;
  http::Client client_;
};

}  // namespace evalloop::runtime

#endif  // EVALLOOP_PLATFORM_RUNTIME_CI_KEYS_H_
