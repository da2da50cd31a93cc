#include "platform/base/reason.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "platform/base/text.h"

namespace evalloop::base {
namespace {

constexpr absl::string_view kReasonUrl = "evalloop.dev/reason";
constexpr absl::string_view kMetadataUrl = "evalloop.dev/reason-metadata";
constexpr absl::string_view kFieldUrl = "evalloop.dev/field";
constexpr absl::string_view kRetryUrl = "evalloop.dev/retry-after-ms";

std::optional<std::string> PayloadOf(const absl::Status& status,
                                     absl::string_view url) {
  const auto payload = status.GetPayload(url);
  if (!payload.has_value()) return std::nullopt;
  return std::string(*payload);
}

}  // namespace

absl::Status WithReason(absl::Status status, std::string_view reason,
                        const std::map<std::string, std::string>& metadata) {
  if (status.ok()) return status;
  status.SetPayload(kReasonUrl, absl::Cord(A(reason)));
  if (metadata.empty()) return status;
  std::string packed;  // key NUL value NUL ...: neither may hold a NUL.
  for (const auto& [key, value] : metadata) {
    packed.append(key.c_str()).push_back('\0');
    packed.append(value.c_str()).push_back('\0');
  }
  status.SetPayload(kMetadataUrl, absl::Cord(packed));
  return status;
}

std::optional<std::string> ReasonOf(const absl::Status& status) {
  return PayloadOf(status, kReasonUrl);
}

std::map<std::string, std::string> ReasonMetadataOf(
    const absl::Status& status) {
  std::map<std::string, std::string> metadata;
  const std::string packed = PayloadOf(status, kMetadataUrl).value_or("");
  std::size_t at = 0;
  const auto next = [&] {
    const std::size_t end = packed.find('\0', at);
    std::string text = packed.substr(at, end - at);
    at = end == std::string::npos ? packed.size() : end + 1;
    return text;
  };
  while (at < packed.size()) {
    std::string key = next();
    metadata[std::move(key)] = next();
  }
  return metadata;
}

absl::Status FieldError(std::string_view field, std::string_view what,
                        std::string_view remedy) {
  std::string text(field);
  text.append(": ").append(what);
  if (!remedy.empty()) text.append("; ").append(remedy);
  return WithField(absl::InvalidArgumentError(text), field);
}

absl::Status WithField(absl::Status status, std::string_view field) {
  if (status.ok()) return status;
  status.SetPayload(kFieldUrl, absl::Cord(A(field)));
  return status;
}

std::optional<std::string> FieldOf(const absl::Status& status) {
  return PayloadOf(status, kFieldUrl);
}

absl::Status WithRetryAfter(absl::Status status,
                            std::chrono::milliseconds wait) {
  if (status.ok()) return status;
  status.SetPayload(kRetryUrl, absl::Cord(std::to_string(wait.count())));
  return status;
}

std::optional<std::chrono::milliseconds> RetryAfterOf(
    const absl::Status& status) {
  const auto text = PayloadOf(status, kRetryUrl);
  std::int64_t count = 0;
  if (!text.has_value() || !absl::SimpleAtoi(*text, &count)) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(count);
}

}  // namespace evalloop::base
