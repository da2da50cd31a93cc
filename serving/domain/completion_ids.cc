#include "serving/domain/completion_ids.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "platform/base/crypto.h"
#include "platform/base/reason.h"

namespace evalloop::serving {
namespace {

constexpr std::string_view kPrefix = "cmpl-";
constexpr std::size_t kRandomBytes = 12;
constexpr std::size_t kTimeBytes = 5;
constexpr std::size_t kBodyBytes = kRandomBytes + kTimeBytes;
constexpr std::size_t kSignatureBytes = 16;
constexpr absl::Duration kClockSkew = absl::Minutes(5);

absl::Status Unknown() {
  return base::WithReason(
      absl::NotFoundError(
          "no such completion: the id is not of this gateway, or expired"),
      "COMPLETION_NOT_FOUND");
}

}  // namespace

CompletionIds::CompletionIds(std::string key, base::Clock& clock)
    : key_(std::move(key)), clock_(clock) {}

std::string CompletionIds::Sign(std::string_view body) const {
  std::string signed_text(kPrefix);
  signed_text.append(body);
  return base::HmacSha256(key_, signed_text).substr(0, kSignatureBytes);
}

std::string CompletionIds::New() {
  std::string body = base::RandomBytes(kRandomBytes);
  const auto seconds =
      static_cast<std::uint64_t>(absl::ToUnixSeconds(clock_.Now()));
  for (std::size_t i = kTimeBytes; i-- > 0;) {
    body.push_back(static_cast<char>((seconds >> (8 * i)) & 0xff));
  }
  body += Sign(body);
  return std::string(kPrefix) + base::Base64UrlEncode(body);
}

absl::StatusOr<absl::Time> CompletionIds::Check(std::string_view id) const {
  if (!id.starts_with(kPrefix)) return Unknown();
  const auto bytes = base::Base64UrlDecode(id.substr(kPrefix.size()));
  if (!bytes || bytes->size() != kBodyBytes + kSignatureBytes) {
    return Unknown();
  }
  // Base64 has spare bits at its end: only the one spelling we made counts, or
  // one completion could be told of under several ids.
  if (base::Base64UrlEncode(*bytes) != id.substr(kPrefix.size())) {
    return Unknown();
  }
  const std::string_view body = std::string_view(*bytes).substr(0, kBodyBytes);
  if (!base::ConstantTimeEquals(Sign(body),
                                std::string_view(*bytes).substr(kBodyBytes))) {
    return Unknown();
  }
  std::int64_t seconds = 0;
  for (const char c : body.substr(kRandomBytes)) {
    seconds = (seconds << 8) | static_cast<unsigned char>(c);
  }
  const absl::Time made = absl::FromUnixSeconds(seconds);
  const absl::Time now = clock_.Now();
  if (made > now + kClockSkew || made + kLifetime < now) return Unknown();
  return made;
}

}  // namespace evalloop::serving
