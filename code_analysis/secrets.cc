#include "code_analysis/secrets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <utility>

namespace evalloop::code_analysis {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsAlnum(char c) { return IsDigit(c) || IsUpper(c) || IsLower(c); }
bool IsWord(char c) { return IsAlnum(c) || c == '_'; }
bool IsToken(char c) { return IsWord(c) || c == '-'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }
bool IsBase64(char c) { return IsAlnum(c) || c == '+' || c == '/' || c == '='; }
bool IsUpperAlnum(char c) { return IsDigit(c) || IsUpper(c); }
char Lower(char c) { return IsUpper(c) ? static_cast<char>(c + 32) : c; }

// A token that begins with `prefix` and goes on with `least` to `most`
// characters of a set; it must not be part of a longer word.
struct PrefixRule {
  std::string_view name;
  std::string_view prefix;
  bool (*in_set)(char);
  std::size_t least;
  std::size_t most;
  double entropy = 2.5;  // Of what follows the prefix, at least.
};

constexpr std::size_t kAny = 4096;

constexpr PrefixRule kPrefixRules[] = {
    {"aws-access-key-id", "AKIA", IsUpperAlnum, 16, 16},
    {"aws-access-key-id", "ASIA", IsUpperAlnum, 16, 16},
    {"aws-access-key-id", "ABIA", IsUpperAlnum, 16, 16},
    {"aws-access-key-id", "ACCA", IsUpperAlnum, 16, 16},
    {"github-token", "ghp_", IsAlnum, 36, 36},
    {"github-token", "gho_", IsAlnum, 36, 36},
    {"github-token", "ghu_", IsAlnum, 36, 36},
    {"github-token", "ghs_", IsAlnum, 36, 36},
    {"github-token", "ghr_", IsAlnum, 36, 36},
    {"github-token", "github_pat_", IsWord, 82, 82},
    {"gitlab-token", "glpat-", IsToken, 20, 64},
    {"gitlab-token", "glrt-", IsToken, 20, 64},
    {"gitlab-token", "gldt-", IsToken, 20, 64},
    {"slack-token", "xoxb-", IsToken, 20, 100},
    {"slack-token", "xoxp-", IsToken, 20, 100},
    {"slack-token", "xoxa-", IsToken, 20, 100},
    {"slack-token", "xoxr-", IsToken, 20, 100},
    {"slack-token", "xapp-", IsToken, 20, 120},
    {"slack-webhook", "hooks.slack.com/services/",
     [](char c) { return IsAlnum(c) || c == '/'; }, 40, 80},
    {"stripe-key", "sk_live_", IsAlnum, 10, 99},
    {"stripe-key", "rk_live_", IsAlnum, 10, 99},
    {"stripe-key", "sk_test_", IsAlnum, 10, 99},
    {"openai-key", "sk-proj-", IsToken, 40, 200, 3.0},
    {"openai-key", "sk-svcacct-", IsToken, 40, 200, 3.0},
    {"openai-key", "sk-", IsAlnum, 48, 48, 3.0},
    {"anthropic-key", "sk-ant-", IsToken, 80, 120, 3.0},
    {"huggingface-token", "hf_", IsAlnum, 34, 34},
    {"google-api-key", "AIza", IsToken, 35, 35, 3.0},
    {"google-oauth", "ya29.", IsToken, 30, kAny, 3.0},
    {"google-oauth-secret", "GOCSPX-", IsToken, 28, 28},
    {"npm-token", "npm_", IsAlnum, 36, 36},
    {"pypi-token", "pypi-AgEIcHlwaS5vcmc", IsToken, 50, kAny},
    {"rubygems-key", "rubygems_", IsHex, 48, 48},
    {"crates-token", "cio", IsAlnum, 32, 32, 3.5},
    {"sendgrid-key", "SG.", [](char c) { return IsToken(c) || c == '.'; }, 66,
     66},
    {"mailgun-key", "key-", IsHex, 32, 32},
    {"twilio-key", "SK", IsHex, 32, 32, 3.0},
    {"twilio-account", "AC", IsHex, 32, 32, 3.0},
    {"digitalocean-token", "dop_v1_", IsHex, 64, 64},
    {"digitalocean-token", "doo_v1_", IsHex, 64, 64},
    {"shopify-token", "shpat_", IsAlnum, 32, 32},
    {"shopify-token", "shpss_", IsAlnum, 32, 32},
    {"square-token", "sq0atp-", IsToken, 22, 22},
    {"square-token", "sq0csp-", IsToken, 43, 43},
    {"postman-key", "PMAK-", IsToken, 59, 59},
    {"grafana-token", "glsa_", IsWord, 41, 41},
    {"grafana-token", "glc_", IsBase64, 32, 400, 3.0},
    {"databricks-token", "dapi", IsHex, 32, 32, 3.0},
    {"doppler-token", "dp.pt.", IsAlnum, 43, 43},
    {"linear-key", "lin_api_", IsAlnum, 40, 40},
    {"notion-token", "ntn_", IsAlnum, 43, 46},
    {"new-relic-key", "NRAK-", IsUpperAlnum, 27, 27},
    {"planetscale-token", "pscale_tkn_", IsToken, 32, 64},
    {"vault-token", "hvs.", IsToken, 90, 120},
    {"terraform-token", "atlasv1.", IsToken, 60, 70},
    {"atlassian-token", "ATATT3", [](char c) { return IsToken(c) || c == '='; },
     180, 200},
    {"dockerhub-token", "dckr_pat_", IsToken, 27, 27},
    {"figma-token", "figd_", IsToken, 38, 60},
    {"age-secret-key", "AGE-SECRET-KEY-1", IsUpperAlnum, 58, 58},
    {"telegram-token", "bot", [](char c) { return IsToken(c) || c == ':'; }, 43,
     48, 3.5},
    {"azure-storage-key", "AccountKey=", IsBase64, 86, 90, 3.5},
    {"jwt", "eyJ", [](char c) { return IsToken(c) || c == '.'; }, 30, kAny,
     3.5},
};

// Names whose assigned strings are looked at. Compared without case, "_" and
// "-".
constexpr std::string_view kNames[] = {
    "apikey",     "apisecret",  "secretkey",     "accesskey",  "accesstoken",
    "authtoken",  "authkey",    "clientsecret",  "password",   "passwd",
    "privatekey", "secret",     "token",         "passphrase", "credential",
    "bearer",     "signingkey", "encryptionkey", "pwd"};

constexpr std::string_view kPlaceholders[] = {
    "example", "changeme", "change_me", "placeholder", "your",    "xxxx",
    "dummy",   "sample",   "redacted",  "insert",      "replace", "todo",
    "test",    "fake",     "foobar",    "abcdef",      "123456",  "....",
    "****",    "secret",   "password",  "token",       "lorem",   "none",
    "null",    "undefined"};

bool HasAnyOf(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

std::string Lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = Lower(c);
  return lower;
}

class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text) {}

  std::vector<Secret> Find() {
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t length = At(at);
      if (length == 0) {
        ++at;
      } else {
        at += length;
      }
    }
    return std::move(found_);
  }

 private:
  char Before(std::size_t at) const { return at == 0 ? '\0' : text_[at - 1]; }

  std::size_t Run(std::size_t at, bool (*in_set)(char),
                  std::size_t most = kAny) const {
    std::size_t end = at;
    while (end < text_.size() && end - at < most && in_set(text_[end])) ++end;
    return end - at;
  }

  // What to pass over from `at`; 0: nothing begins here.
  std::size_t At(std::size_t at) {
    const char c = text_[at];
    if (c == '-' && text_.substr(at, 5) == "-----") return PrivateKey(at);
    if (c == ':' && text_.substr(at, 3) == "://") return UrlPassword(at);
    if ((c == '"' || c == '\'' || c == '`')) return Assigned(at);
    if (!IsWord(Before(at)) && IsAlnum(c)) return Prefixed(at);
    return 0;
  }

  std::size_t Add(std::string_view rule, std::size_t at, std::size_t length,
                  std::size_t pass) {
    found_.push_back({.rule = rule, .offset = at, .length = length});
    return pass;
  }

  std::size_t PrivateKey(std::size_t at) {
    constexpr std::string_view kBegin = "-----BEGIN ";
    constexpr std::string_view kEnd = "PRIVATE KEY";
    const std::string_view rest = text_.substr(at);
    if (rest.substr(0, kBegin.size()) != kBegin) return 5;
    const std::string_view line = rest.substr(0, 80);
    const std::size_t key = line.find(kEnd);
    if (key == std::string_view::npos ||
        line.substr(0, key).find('\n') != std::string_view::npos) {
      return kBegin.size();
    }
    // A header alone, as programs that read keys have it, is no key.
    const std::size_t body = at + key + kEnd.size();
    std::size_t letters = 0;
    std::size_t end = body;
    for (; end < text_.size() && end - body < 400; ++end) {
      if (end > body + 16 && text_[end] == '-') break;
      if (IsBase64(text_[end])) ++letters;
    }
    if (letters < 40) return key + kEnd.size();
    return Add("private-key", at, end - at, end - at);
  }

  std::size_t UrlPassword(std::size_t at) {
    // scheme://user:password@host
    const std::size_t user = at + 3;
    std::size_t colon = 0;
    for (std::size_t end = user; end < text_.size() && end - user < 200;
         ++end) {
      const char c = text_[end];
      if (c == ':' && colon == 0) {
        colon = end;
      } else if (c == '@') {
        if (colon == 0 || end - colon < 5) return 3;
        const std::string_view password =
            text_.substr(colon + 1, end - colon - 1);
        if (!Plausible(password, 2.0)) return 3;
        return Add("url-password", colon + 1, password.size(), end - at);
      } else if (c == '/' || c == ' ' || c == '"' || c == '\'' || c == '\n' ||
                 c == '?') {
        return 3;
      }
    }
    return 3;
  }

  std::size_t Prefixed(std::size_t at) {
    const std::string_view rest = text_.substr(at);
    for (const PrefixRule& rule : kPrefixRules) {
      if (rest.substr(0, rule.prefix.size()) != rule.prefix) continue;
      const std::size_t body = at + rule.prefix.size();
      const std::size_t run = Run(body, rule.in_set, rule.most + 1);
      if (run < rule.least || run > rule.most) continue;
      const std::string_view secret = text_.substr(body, run);
      if (ShannonEntropy(secret) < rule.entropy) continue;
      if (rule.name == "jwt" && !IsJwt(secret)) continue;
      if (rule.name == "telegram-token" &&
          secret.find(':') == std::string_view::npos) {
        continue;
      }
      const std::string lower = Lowered(secret);
      if (lower.find("example") != std::string::npos ||
          lower.find("xxxx") != std::string::npos) {
        continue;
      }
      return Add(rule.name, at, rule.prefix.size() + run,
                 rule.prefix.size() + run);
    }
    return 0;
  }

  static bool IsJwt(std::string_view rest) {
    const std::size_t dot = rest.find(".eyJ");
    return dot != std::string_view::npos && dot >= 10 &&
           rest.find('.', dot + 4) != std::string_view::npos;
  }

  // A quoted string that begins at `at` and is assigned to a telling name.
  std::size_t Assigned(std::size_t at) {
    const char quote = text_[at];
    const std::size_t begin = at + 1;
    std::size_t end = begin;
    while (end < text_.size() && end - begin <= 200 && text_[end] != quote &&
           text_[end] != '\n' && text_[end] != '\\') {
      ++end;
    }
    if (end >= text_.size() || text_[end] != quote) return 0;
    const std::string_view value = text_.substr(begin, end - begin);
    if (value.size() < 8 || value.size() > 150 || !Plausible(value, 3.0) ||
        !NamesASecret(at)) {
      return 0;
    }
    // Words and paths have letters only; passwords and keys mix.
    const bool digit = std::any_of(value.begin(), value.end(), IsDigit);
    const bool spaced = value.find(' ') != std::string_view::npos;
    if (!digit || spaced) return 0;
    return Add("assigned-credential", begin, value.size(), end + 1 - at);
  }

  // Whether what stands before a quote is `name =`, `name:`, `"name": ` ...
  bool NamesASecret(std::size_t at) const {
    std::size_t end = at;
    const auto skip_blanks = [&] {
      while (end > 0 && (text_[end - 1] == ' ' || text_[end - 1] == '\t'))
        --end;
    };
    skip_blanks();
    if (end == 0 || (text_[end - 1] != '=' && text_[end - 1] != ':' &&
                     text_[end - 1] != '>')) {
      return false;
    }
    while (end > 0 && (text_[end - 1] == '=' || text_[end - 1] == ':' ||
                       text_[end - 1] == '>')) {
      --end;
    }
    if (end > 0 && text_[end - 1] == '!') return false;
    skip_blanks();
    if (end > 0 && (text_[end - 1] == '"' || text_[end - 1] == '\'' ||
                    text_[end - 1] == ']')) {
      --end;
      if (end > 0 && (text_[end - 1] == '"' || text_[end - 1] == '\'')) --end;
    }
    std::size_t begin = end;
    while (begin > 0 && end - begin < 64 && IsToken(text_[begin - 1])) --begin;
    std::string name;
    for (const char c : text_.substr(begin, end - begin)) {
      if (c != '_' && c != '-') name += Lower(c);
    }
    return std::any_of(std::begin(kNames), std::end(kNames),
                       [&](std::string_view known) {
                         return name.size() >= known.size() &&
                                name.compare(name.size() - known.size(),
                                             known.size(), known) == 0;
                       });
  }

  static bool Plausible(std::string_view value, double entropy) {
    if (ShannonEntropy(value) < entropy) return false;
    if (value.find_first_of("<>{}%") != std::string_view::npos ||
        value.front() == '$' || value.find("${") != std::string_view::npos) {
      return false;  // A template.
    }
    return !HasAnyOf(Lowered(value), kPlaceholders);
  }

  const std::string_view text_;
  std::vector<Secret> found_;
};

}  // namespace

double ShannonEntropy(std::string_view text) {
  if (text.empty()) return 0.0;
  std::array<std::size_t, 256> counts = {};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0.0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share =
        static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

std::vector<Secret> FindSecrets(std::string_view text) {
  return Finder(text).Find();
}

}  // namespace evalloop::code_analysis
