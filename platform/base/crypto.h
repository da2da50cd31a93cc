#ifndef EVALLOOP_PLATFORM_BASE_CRYPTO_H_
#define EVALLOOP_PLATFORM_BASE_CRYPTO_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace evalloop::base {

// Digests and encodings over OpenSSL. All thread-safe; raw digests are 32
// bytes.
std::string Sha256(std::string_view bytes);     // Raw.
std::string Sha256Hex(std::string_view bytes);  // 64 lower-case hex digits.
std::string HmacSha256(std::string_view key, std::string_view bytes);  // Raw.
std::string Hex(std::string_view bytes);

// RFC 4648 section 5, without padding.
std::string Base64UrlEncode(std::string_view bytes);
// Nullopt on a character outside the alphabet, padding, or an impossible
// length.
std::optional<std::string> Base64UrlDecode(std::string_view text);

// Takes the same time wherever the first difference is; for secrets.
bool ConstantTimeEquals(std::string_view a, std::string_view b);

// `size` bytes from the system's random source.
std::string RandomBytes(std::size_t size);

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_CRYPTO_H_
