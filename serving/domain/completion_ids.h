#ifndef EVALLOOP_SERVING_DOMAIN_COMPLETION_IDS_H_
#define EVALLOOP_SERVING_DOMAIN_COMPLETION_IDS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"

namespace evalloop::serving {

// Makes and checks completion ids, so that feedback needs no look-up:
//   "cmpl-" base64url(random 12 bytes, unix seconds 5 bytes big-endian,
//                     first 16 bytes of HMAC-SHA256(key, "cmpl-" random time))
// Thread-safe.
class CompletionIds {
 public:
  static constexpr absl::Duration kLifetime = absl::Hours(24 * 30);

  // `key`: at least 16 bytes; replicas of one gateway share it. `clock`
  // outlives this object.
  CompletionIds(std::string key, base::Clock& clock);

  std::string New();

  // The moment at which `id` was made. NotFound: not one of ours, altered, or
  // older than kLifetime (or from more than 5 minutes ahead).
  absl::StatusOr<absl::Time> Check(std::string_view id) const;

 private:
  std::string Sign(std::string_view body) const;

  const std::string key_;
  base::Clock& clock_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_COMPLETION_IDS_H_
