#include "platform/access/jwt.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "platform/access/strict_json.h"
#include "platform/base/crypto.h"
#include "platform/base/text.h"

namespace evalloop::access {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxKeyId = 128;
constexpr std::size_t kMaxClaim = 1024;

absl::Status Bad(const char* what) { return absl::InvalidArgumentError(what); }

std::optional<std::string> TextOf(const json::object& object,
                                  std::string_view name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->as_string());
}

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

absl::Status ReadHeader(const json::object& header, Jwt& jwt) {
  for (const auto& member : header) {
    const auto name = member.key();
    if (name != "alg" && name != "kid" && name != "typ" && name != "x5t") {
      return Bad("the header has a member that is not taken");
    }
  }
  const auto algorithm = TextOf(header, "alg");
  if (!algorithm || (*algorithm != "RS256" && *algorithm != "ES256")) {
    return Bad("the algorithm is not RS256 or ES256");
  }
  if (header.contains("typ")) {
    const auto type = TextOf(header, "typ");
    if (!type || !absl::EqualsIgnoreCase(*type, "JWT")) {
      return Bad("the type is not JWT");
    }
  }
  const auto key_id = TextOf(header, "kid");
  if (!key_id || key_id->empty() || key_id->size() > kMaxKeyId ||
      !IsPlain(*key_id)) {
    return Bad("the header names no key");
  }
  jwt.algorithm = *algorithm;
  jwt.key_id = *key_id;
  return absl::OkStatus();
}

bool IsRegistered(json::string_view name) {
  return name == "iss" || name == "aud" || name == "sub" || name == "exp" ||
         name == "iat" || name == "nbf";
}

absl::Status ReadClaims(const json::object& claims, Jwt& jwt) {
  for (const auto& member : claims) {
    const json::value* value = &member.value();
    if (member.key() == "aud" && value->is_array()) {
      if (value->as_array().size() != 1) return Bad("aud is not one audience");
      value = &value->as_array()[0];
      if (!value->is_string()) return Bad("aud is not one audience");
    }
    std::string text;
    if (value->is_string()) {
      text = std::string(value->as_string());
    } else if (value->is_int64()) {
      text = fmt::format("{}", value->as_int64());
    } else if (value->is_bool()) {
      text = value->as_bool() ? "true" : "false";
    } else if (IsRegistered(member.key())) {
      return Bad("a registered claim is of another type");
    } else {
      continue;
    }
    if (text.size() > kMaxClaim) continue;
    jwt.claims.emplace(std::string(member.key()), std::move(text));
  }
  return absl::OkStatus();
}

std::optional<absl::Time> TimeOf(const Jwt& jwt, const std::string& claim) {
  const auto found = jwt.claims.find(claim);
  std::int64_t seconds = 0;
  if (found == jwt.claims.end() || !absl::SimpleAtoi(found->second, &seconds) ||
      seconds < 0 || seconds > 1'000'000'000'000) {
    return std::nullopt;
  }
  return absl::FromUnixSeconds(seconds);
}

}  // namespace

absl::StatusOr<Jwt> ParseJwt(std::string_view token) {
  if (token.size() > kMaxJwt) return Bad("the token is too long");
  const std::vector<absl::string_view> parts =
      absl::StrSplit(base::A(token), '.');
  if (parts.size() != 3) return Bad("the token has not three parts");
  std::vector<std::string> decoded;
  for (const absl::string_view part : parts) {
    auto bytes = base::Base64UrlDecode(base::S(part));
    if (!bytes || bytes->empty()) return Bad("a part is not base64url");
    decoded.push_back(*std::move(bytes));
  }
  Jwt jwt;
  const auto header = ParseStrictObject(decoded[0]);
  if (!header.ok()) return header.status();
  if (auto read = ReadHeader(*header, jwt); !read.ok()) return read;
  const auto claims = ParseStrictObject(decoded[1]);
  if (!claims.ok()) return claims.status();
  if (auto read = ReadClaims(*claims, jwt); !read.ok()) return read;
  jwt.signed_text =
      std::string(token.substr(0, parts[0].size() + 1 + parts[1].size()));
  jwt.signature = std::move(decoded[2]);
  return jwt;
}

absl::Status CheckClaims(const Jwt& jwt, const JwtExpectation& expected) {
  const auto is = [&jwt](const char* claim, const std::string& wanted) {
    const auto found = jwt.claims.find(claim);
    return !wanted.empty() && found != jwt.claims.end() &&
           found->second == wanted;
  };
  if (!is("iss", expected.issuer)) return Bad("another issuer");
  if (!is("aud", expected.audience)) return Bad("another audience");
  const auto expires = TimeOf(jwt, "exp");
  const auto issued = TimeOf(jwt, "iat");
  if (!expires || !issued) return Bad("exp or iat is missing");
  if (*expires + kJwtSkew <= expected.now) return Bad("expired");
  if (*issued - kJwtSkew > expected.now) return Bad("not issued yet");
  if (*expires <= *issued || *expires - *issued > kLongestJwt) {
    return Bad("lives for too long");
  }
  if (jwt.claims.contains("nbf")) {
    const auto begins = TimeOf(jwt, "nbf");
    if (!begins || *begins - kJwtSkew > expected.now) {
      return Bad("not valid yet");
    }
  }
  return absl::OkStatus();
}

}  // namespace evalloop::access
