#include "platform/listing/page_token.h"

#include <cstdint>

#include "platform/base/crc32c.h"
#include "platform/base/crypto.h"
#include "platform/base/reason.h"

namespace evalloop::listing {
namespace {

// version, 8 bytes of the context's sha256, the keys (a length of four bytes,
// then the text), CRC-32C of all before it. Numbers are little endian.
constexpr char kVersion = 1;
constexpr std::size_t kContextBytes = 8;
constexpr std::size_t kNumberBytes = 4;
constexpr std::size_t kMaxTokenBytes = 32 * 1024;
constexpr std::uint32_t kAbsent = 0xffffffff;

void AppendNumber(std::string& out, std::uint32_t number) {
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    out.push_back(static_cast<char>(number >> (8 * i) & 0xff));
  }
}

// Takes a number off the front of `bytes`; nothing when it is too short.
std::optional<std::uint32_t> TakeNumber(std::string_view& bytes) {
  if (bytes.size() < kNumberBytes) return std::nullopt;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]))
              << (8 * i);
  }
  bytes.remove_prefix(kNumberBytes);
  return number;
}

std::string DigestOf(std::string_view context) {
  return base::Sha256(context).substr(0, kContextBytes);
}

absl::Status Damaged() {
  return base::FieldError("page.page_token", "is no token of this service",
                          "send next_page_token as it came, or leave it out "
                          "to begin anew");
}

}  // namespace

std::string PageToken(std::string_view context, const OrderKeys& keys) {
  std::string bytes = kVersion + DigestOf(context);
  for (const auto& key : keys) {
    AppendNumber(bytes, key.has_value()
                            ? static_cast<std::uint32_t>(key->size())
                            : kAbsent);
    if (key.has_value()) bytes += *key;
  }
  AppendNumber(bytes, base::Crc32c(bytes));
  return base::Base64UrlEncode(bytes);
}

absl::StatusOr<OrderKeys> KeysOf(std::string_view token,
                                 std::string_view context, std::size_t keys) {
  if (token.size() > kMaxTokenBytes) return Damaged();
  const auto decoded = base::Base64UrlDecode(token);
  if (!decoded.has_value() ||
      decoded->size() < 1 + kContextBytes + kNumberBytes) {
    return Damaged();
  }
  std::string_view bytes(*decoded);
  std::string_view check = bytes.substr(bytes.size() - kNumberBytes);
  bytes.remove_suffix(kNumberBytes);
  if (TakeNumber(check) != base::Crc32c(bytes) || bytes.front() != kVersion) {
    return Damaged();
  }
  if (bytes.substr(1, kContextBytes) != DigestOf(context)) {
    return base::FieldError(
        "page.page_token", "belongs to another list, filter or order",
        "send the filter and order_by of the page before, or leave the token "
        "out to begin anew");
  }
  bytes.remove_prefix(1 + kContextBytes);
  OrderKeys found;
  while (!bytes.empty()) {
    const auto size = TakeNumber(bytes);
    if (!size.has_value()) return Damaged();
    if (*size == kAbsent) {
      found.emplace_back();
      continue;
    }
    if (*size > bytes.size()) return Damaged();
    found.emplace_back(bytes.substr(0, *size));
    bytes.remove_prefix(*size);
  }
  if (found.size() != keys) return Damaged();
  return found;
}

}  // namespace evalloop::listing
