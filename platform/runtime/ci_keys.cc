#include "platform/runtime/ci_keys.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>

#include "platform/base/sleep.h"
#include "platform/telemetry/log.h"

namespace evalloop::runtime {
namespace {

constexpr std::size_t kMaxFile = 256 * 1024;
constexpr std::chrono::milliseconds kDeadline{5'000};

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(fmt::format("{} can't be read", path));
  }
  std::string text(kMaxFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxFile) {
    return absl::InvalidArgumentError(
        fmt::format("{} has more than 256 KiB", path));
  }
  return text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CiKeys>> CiKeys::Of(const std::string& file,
                                                   base::Clock& clock,
                                                   CiKeysOptions options) {
  const auto text = ReadFile(file);
  if (!text.ok()) return text.status();
  auto issuers = access::ParseTrust(*text);
  if (!issuers.ok()) return issuers.status();
  return std::unique_ptr<CiKeys>(
      new CiKeys(*std::move(issuers), clock, std::move(options)));
}

absl::StatusOr<std::string> CiKeys::TextOf(
    const access::TrustedIssuer& issuer) {
  if (!issuer.jwks_file.empty()) return ReadFile(issuer.jwks_file);
  http::ClientRequest request;
  request.url = issuer.jwks_url;
  request.deadline = kDeadline;
  request.max_response = kMaxFile;
  auto answer = client_.Fetch(std::move(request));
  if (!answer.ok()) return answer.status();
  if (answer->status != 200) {
    return absl::UnavailableError(
        fmt::format("{} answers {}", issuer.jwks_url, answer->status));
  }
  return std::move(answer->body);
}

void CiKeys::Read(std::size_t index) {
  const access::TrustedIssuer& issuer = verifier_.issuers()[index];
  const auto text = TextOf(issuer);
  auto keys = text.ok() ? access::ParseJwks(*text)
                        : absl::StatusOr<access::KeySet>(text.status());
  if (!keys.ok()) {
    telemetry::LogWarning(
        "an issuer's keys can't be read",
        {{"issuer", issuer.name}, {"why", keys.status().ToString()}});
    return;
  }
  verifier_.PutKeys(index, *std::move(keys));
}

void CiKeys::ReadAll() {
  for (std::size_t i = 0; i < verifier_.issuers().size(); ++i) Read(i);
}

void CiKeys::Run(std::stop_token stop) {
  using Clock = std::chrono::steady_clock;
  std::vector<Clock::time_point> read(verifier_.issuers().size(), Clock::now());
  while (!stop.stop_requested()) {
    base::SleepUnlessStopped(stop, options_.look);
    for (std::size_t i = 0; i < read.size() && !stop.stop_requested(); ++i) {
      const auto age = Clock::now() - read[i];
      if (age < options_.miss_refresh) continue;
      if (age < options_.refresh && !verifier_.TakeMiss(i)) continue;
      Read(i);
      read[i] = Clock::now();
    }
  }
}

}  // namespace evalloop::runtime
