#include "platform/access/keys.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "platform/base/crypto.h"

namespace evalloop::access {
namespace {

constexpr std::string_view kPrefix = "evk_";
constexpr std::size_t kIdDigits = 16;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretCharacters = 43;

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool IsBase64Url(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

}  // namespace

std::string NewKeyId() { return base::Hex(base::RandomBytes(kIdDigits / 2)); }

std::string NewKeyToken(std::string_view id) {
  std::string token(kPrefix);
  token += id;
  token += '_';
  token += base::Base64UrlEncode(base::RandomBytes(kSecretBytes));
  return token;
}

std::optional<std::string_view> KeyIdOf(std::string_view token) {
  if (token.size() != kPrefix.size() + kIdDigits + 1 + kSecretCharacters ||
      !token.starts_with(kPrefix)) {
    return std::nullopt;
  }
  const std::string_view id = token.substr(kPrefix.size(), kIdDigits);
  const std::string_view secret = token.substr(kPrefix.size() + kIdDigits + 1);
  if (token[kPrefix.size() + kIdDigits] != '_' ||
      !std::all_of(id.begin(), id.end(), IsHexDigit) ||
      !std::all_of(secret.begin(), secret.end(), IsBase64Url)) {
    return std::nullopt;
  }
  return id;
}

std::string KeyMac(std::string_view pepper, std::string_view token) {
  return base::HmacSha256(pepper, token);
}

void KeyRing::Put(KeyRecord record) {
  std::unique_lock lock(mu_);
  std::shared_ptr<const KeyRecord>& kept = keys_[record.id];
  if (kept != nullptr && kept->revoked) return;
  kept = std::make_shared<const KeyRecord>(std::move(record));
}

std::shared_ptr<const KeyRecord> KeyRing::Find(std::string_view id) const {
  std::shared_lock lock(mu_);
  const auto found = keys_.find(std::string(id));
  return found == keys_.end() ? nullptr : found->second;
}

std::size_t KeyRing::size() const {
  std::shared_lock lock(mu_);
  return keys_.size();
}

std::optional<Identity> HolderOf(std::string_view token,
                                 std::string_view pepper, const KeyRing& ring,
                                 absl::Time now) {
  const auto id = KeyIdOf(token);
  if (!id) return std::nullopt;
  const std::string mac = KeyMac(pepper, token);
  const auto record = ring.Find(*id);
  // Compared with something in any case.
  static const std::string kNoMac(32, '\0');
  const bool right =
      base::ConstantTimeEquals(mac, record == nullptr ? kNoMac : record->mac);
  if (record == nullptr || !right || record->revoked ||
      (record->expire_time && *record->expire_time <= now)) {
    return std::nullopt;
  }
  return Identity{.name = "key/" + record->id,
                  .role = record->role,
                  .prompts = record->prompts};
}

}  // namespace evalloop::access
