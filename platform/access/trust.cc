#include "platform/access/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <utility>

#include "platform/access/strict_json.h"
#include "platform/base/reason.h"

namespace evalloop::access {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxIdentity = 300;
constexpr std::string_view kProjects[] = {"project_id", "project_path",
                                          "repository", "repository_id"};

absl::Status Wrong(std::string_view where, std::string_view what) {
  return absl::InvalidArgumentError(
      fmt::format("trust file: {}: {}", where, what));
}

// Collects the first thing wrong while a file is read.
class Reader {
 public:
  explicit Reader(std::string where) : where_(std::move(where)) {}

  std::string Text(const json::object& from, const char* name, bool required) {
    const json::value* const value = from.if_contains(name);
    if (value == nullptr) {
      if (required) Note(name, "is missing");
      return "";
    }
    if (!value->is_string() || value->as_string().empty() ||
        value->as_string().size() > 1024) {
      Note(name, "must be a text");
      return "";
    }
    return std::string(value->as_string());
  }

  // One text, or a list of them.
  std::vector<std::string> Texts(const json::value& value,
                                 std::string_view name) {
    std::vector<std::string> texts;
    const auto add = [&](const json::value& one) {
      if (!one.is_string() || one.as_string().empty()) {
        Note(name, "must be a text or a list of texts");
      } else {
        texts.emplace_back(one.as_string());
      }
    };
    if (value.is_array()) {
      for (const json::value& one : value.as_array()) add(one);
      if (texts.empty()) Note(name, "is empty");
    } else {
      add(value);
    }
    return texts;
  }

  void Only(const json::object& from, const std::set<std::string>& names) {
    for (const auto& member : from) {
      const std::string name(member.key());
      if (!names.contains(name)) Note(name, "is not known here");
    }
  }

  void Note(std::string_view name, std::string_view what) {
    if (status_.ok()) status_ = Wrong(where_ + std::string(name), what);
  }
  const absl::Status& status() const { return status_; }

 private:
  const std::string where_;
  absl::Status status_;
};

bool Pins(const TrustRule& rule, std::string_view claim) {
  const auto found = rule.claims.find(std::string(claim));
  return found != rule.claims.end() &&
         std::none_of(found->second.begin(), found->second.end(),
                      [](const std::string& value) {
                        return value.find_first_of("*?") != std::string::npos;
                      });
}

absl::StatusOr<TrustRule> ReadRule(const json::object& from,
                                   const std::string& where) {
  Reader reader(where);
  reader.Only(from, {"claims", "role", "prompts"});
  TrustRule rule;
  const json::value* const claims = from.if_contains("claims");
  if (claims == nullptr || !claims->is_object()) {
    reader.Note("claims", "must be an object");
  } else {
    for (const auto& member : claims->as_object()) {
      const std::string name(member.key());
      rule.claims[name] = reader.Texts(member.value(), "claims." + name);
    }
  }
  const auto role = RoleOf(reader.Text(from, "role", true));
  if (role) {
    rule.role = *role;
  } else {
    reader.Note("role", "is none of ours");
  }
  if (const json::value* const prompts = from.if_contains("prompts")) {
    rule.prompts = reader.Texts(*prompts, "prompts");
  }
  if (std::none_of(std::begin(kProjects), std::end(kProjects),
                   [&](std::string_view claim) { return Pins(rule, claim); })) {
    reader.Note("claims",
                "must pin a project: project_id, project_path, repository or "
                "repository_id, without wildcards");
  }
  if (rule.role >= Role::kPublisher && !rule.claims.contains("ref") &&
      !rule.claims.contains("environment")) {
    reader.Note("claims", "must pin ref or environment for such a role");
  }
  if (!reader.status().ok()) return reader.status();
  return rule;
}

absl::StatusOr<TrustedIssuer> ReadIssuer(const json::object& from,
                                         const std::string& where) {
  Reader reader(where);
  reader.Only(from,
              {"name", "issuer", "audience", "jwks_file", "jwks_url", "rules"});
  TrustedIssuer issuer;
  issuer.name = reader.Text(from, "name", true);
  issuer.issuer = reader.Text(from, "issuer", true);
  issuer.audience = reader.Text(from, "audience", true);
  issuer.jwks_file = reader.Text(from, "jwks_file", false);
  issuer.jwks_url = reader.Text(from, "jwks_url", false);
  if (issuer.jwks_file.empty() == issuer.jwks_url.empty()) {
    reader.Note("jwks_url", "or jwks_file: one of the two");
  }
  if (!issuer.jwks_url.empty() && !issuer.jwks_url.starts_with("https://")) {
    reader.Note("jwks_url", "must begin with https://");
  }
  const json::value* const rules = from.if_contains("rules");
  if (rules == nullptr || !rules->is_array() || rules->as_array().empty()) {
    reader.Note("rules", "must be a list");
    return reader.status();
  }
  if (!reader.status().ok()) return reader.status();
  for (const json::value& entry : rules->as_array()) {
    const std::string at =
        fmt::format("{}rules[{}].", where, issuer.rules.size());
    if (!entry.is_object()) return Wrong(at, "must be an object");
    auto rule = ReadRule(entry.as_object(), at);
    if (!rule.ok()) return rule.status();
    issuer.rules.push_back(*std::move(rule));
  }
  return issuer;
}

bool Fits(const TrustRule& rule, const Jwt& jwt) {
  return std::all_of(
      rule.claims.begin(), rule.claims.end(), [&jwt](const auto& wanted) {
        const auto said = jwt.claims.find(wanted.first);
        return said != jwt.claims.end() &&
               std::any_of(wanted.second.begin(), wanted.second.end(),
                           [&](const std::string& value) {
                             return GlobMatches(value, said->second);
                           });
      });
}

std::string NameOf(const TrustedIssuer& issuer, const Jwt& jwt) {
  const auto subject = jwt.claims.find("sub");
  std::string name =
      issuer.name + "/" +
      (subject == jwt.claims.end() ? std::string("?") : subject->second);
  if (name.size() > kMaxIdentity) name.resize(kMaxIdentity);
  for (char& c : name) {
    if (c <= ' ' || c > '~') c = '?';
  }
  return name;
}

}  // namespace

absl::StatusOr<std::vector<TrustedIssuer>> ParseTrust(std::string_view text) {
  const auto file = ParseStrictObject(text);
  if (!file.ok()) return Wrong("text", "is no strict JSON object");
  Reader reader("");
  reader.Only(*file, {"issuers"});
  if (!reader.status().ok()) return reader.status();
  const json::value* const list = file->if_contains("issuers");
  if (list == nullptr || !list->is_array() || list->as_array().empty()) {
    return Wrong("issuers", "must be a list");
  }
  std::vector<TrustedIssuer> issuers;
  for (const json::value& entry : list->as_array()) {
    const std::string where = fmt::format("issuers[{}].", issuers.size());
    if (!entry.is_object()) return Wrong(where, "must be an object");
    auto issuer = ReadIssuer(entry.as_object(), where);
    if (!issuer.ok()) return issuer.status();
    for (const TrustedIssuer& other : issuers) {
      if (other.issuer == issuer->issuer || other.name == issuer->name) {
        return Wrong(where, "names an issuer twice");
      }
    }
    issuers.push_back(*std::move(issuer));
  }
  return issuers;
}

CiVerifier::CiVerifier(std::vector<TrustedIssuer> issuers, base::Clock& clock)
    : issuers_(std::move(issuers)), clock_(clock), keys_(issuers_.size()) {}

void CiVerifier::PutKeys(std::size_t index, KeySet keys) {
  std::lock_guard lock(mu_);
  keys_[index].keys = std::move(keys);
}

bool CiVerifier::TakeMiss(std::size_t index) {
  std::lock_guard lock(mu_);
  return std::exchange(keys_[index].missed, false);
}

absl::StatusOr<Identity> CiVerifier::Verify(std::string_view token) const {
  const auto jwt = ParseJwt(token);
  if (!jwt.ok()) return BadToken();
  const auto said = jwt->claims.find("iss");
  const auto issuer =
      std::find_if(issuers_.begin(), issuers_.end(), [&](const auto& known) {
        return said != jwt->claims.end() && known.issuer == said->second;
      });
  if (issuer == issuers_.end()) return BadToken();
  std::shared_ptr<const PublicKey> key;
  {
    std::lock_guard lock(mu_);
    Keys& known = keys_[static_cast<std::size_t>(issuer - issuers_.begin())];
    const auto found = known.keys.find(jwt->key_id);
    if (found == known.keys.end()) {
      known.missed = true;
      return BadToken();
    }
    key = found->second;
  }
  if (!key->Verifies(jwt->algorithm, jwt->signed_text, jwt->signature)) {
    return BadToken();
  }
  if (!CheckClaims(*jwt, {.issuer = issuer->issuer,
                          .audience = issuer->audience,
                          .now = clock_.Now()})
           .ok()) {
    return BadToken();
  }
  for (const TrustRule& rule : issuer->rules) {
    if (!Fits(rule, *jwt)) continue;
    return Identity{.name = NameOf(*issuer, *jwt),
                    .role = rule.role,
                    .prompts = rule.prompts};
  }
  return base::WithReason(
      absl::PermissionDeniedError(fmt::format(
          "{} is not trusted with anything here", NameOf(*issuer, *jwt))),
      "TRUST");
}

}  // namespace evalloop::access
