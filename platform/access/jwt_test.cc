// Tokens that are forged, foreign, old or odd: none is taken.
#include "platform/access/jwt.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "platform/access/testing/test_issuer.h"
#include "platform/access/trust.h"
#include "platform/base/crypto.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::access {
namespace {

using ::evalloop::testing::IsOk;
using ::evalloop::testing::StatusIs;

constexpr std::int64_t kNow = 1'800'000'000;
constexpr char kRsa[] = R"({"alg":"RS256","kid":"r","typ":"JWT"})";
constexpr char kCurve[] = R"({"alg":"ES256","kid":"e"})";
constexpr char kTrust[] = R"({"issuers":[{
  "name":"gitlab","issuer":"https://git.example.com","audience":"evalloop",
  "jwks_file":"unused","rules":[
    {"claims":{"project_path":"group/app","ref":"main",
               "ref_protected":"true"},"role":"publisher","prompts":["web-*"]},
    {"claims":{"project_path":"group/app"},"role":"runner"}]}]})";

// The claims of a good token, with some taken out or changed: name, and JSON of
// the value ("" takes it out).
std::string Claims(
    std::vector<std::pair<std::string, std::string>> changes = {}) {
  std::vector<std::pair<std::string, std::string>> claims = {
      {"iss", "\"https://git.example.com\""},
      {"aud", "\"evalloop\""},
      {"sub", "\"project_path:group/app:ref_type:branch:ref:main\""},
      {"project_path", "\"group/app\""},
      {"ref", "\"main\""},
      {"ref_protected", "\"true\""},
      {"iat", std::to_string(kNow - 10)},
      {"nbf", std::to_string(kNow - 15)},
      {"exp", std::to_string(kNow + 300)}};
  for (auto& [name, value] : changes) {
    bool known = false;
    for (auto& claim : claims) {
      if (claim.first != name) continue;
      claim.second = value;
      known = true;
    }
    if (!known) claims.emplace_back(name, value);
  }
  std::string text;
  for (const auto& [name, value] : claims) {
    if (value.empty()) continue;
    text += fmt::format("{}\"{}\":{}", text.empty() ? "{" : ",", name, value);
  }
  return text + "}";
}

std::string At(std::int64_t offset) { return std::to_string(kNow + offset); }

class JwtTest : public ::testing::Test {
 protected:
  JwtTest() {
    auto issuers = ParseTrust(kTrust);
    EXPECT_THAT(issuers, IsOk());
    verifier_ = std::make_unique<CiVerifier>(*std::move(issuers), clock_);
    auto keys = ParseJwks(issuer().Jwks());
    EXPECT_THAT(keys, IsOk());
    verifier_->PutKeys(0, *std::move(keys));
  }
  // Made once: RSA keys take their time.
  static const TestIssuer& issuer() {
    static const TestIssuer one;
    return one;
  }
  static const TestIssuer& stranger() {
    static const TestIssuer one;
    return one;
  }

  testing::FakeClock clock_{absl::FromUnixSeconds(kNow)};
  std::unique_ptr<CiVerifier> verifier_;
};

TEST_F(JwtTest, AGoodTokenIsWhomItsRuleSays) {
  for (const std::string& token :
       {issuer().Rsa(kRsa, Claims()), issuer().Curve(kCurve, Claims()),
        issuer().Rsa(kRsa, Claims({{"aud", R"(["evalloop"])"}})),
        issuer().Rsa(kRsa, Claims({{"nbf", ""}})),
        issuer().Rsa(kRsa, Claims({{"nested", R"({"a":[1,{"b":2}]})"}})),
        issuer().Rsa(R"({"alg":"RS256","kid":"r","typ":"jwt","x5t":"r"})",
                     Claims())}) {
    const auto identity = verifier_->Verify(token);
    ASSERT_THAT(identity, IsOk());
    EXPECT_EQ(identity->name,
              "gitlab/project_path:group/app:ref_type:branch:ref:main");
    EXPECT_EQ(identity->role, Role::kPublisher);
    EXPECT_THAT(identity->prompts, ::testing::ElementsAre("web-*"));
  }
  // Another ref: the next rule.
  const auto identity =
      verifier_->Verify(issuer().Rsa(kRsa, Claims({{"ref", "\"feature\""}})));
  ASSERT_THAT(identity, IsOk());
  EXPECT_EQ(identity->role, Role::kRunner);
  EXPECT_TRUE(identity->prompts.empty());
}

TEST_F(JwtTest, ATokenThatFitsNoRuleIsRefusedByName) {
  for (const auto& changes :
       std::vector<std::vector<std::pair<std::string, std::string>>>{
           {{"project_path", "\"group/fork\""}},
           {{"project_path", "\"Group/App\""}},
           {{"project_path", "\"group/app/\""}},
           {{"project_path", "\"x/group/app\""}},
           {{"project_path", ""}},
           {{"project_path", "[\"group/app\"]"}}}) {
    EXPECT_THAT(verifier_->Verify(issuer().Rsa(kRsa, Claims(changes))),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         ::testing::HasSubstr("not trusted")));
  }
}

// Each a way in that was tried on somebody: what it is, and the token.
std::vector<std::pair<std::string, std::string>> Forgeries(
    const TestIssuer& us, const TestIssuer& them) {
  const auto encode = TestIssuer::Encode;
  const std::string good = us.Rsa(kRsa, Claims());
  const std::string curve = us.Curve(kCurve, Claims());
  const auto first = good.find('.');
  const auto last = good.rfind('.');
  const std::string head = good.substr(0, first);
  const std::string body = good.substr(first + 1, last - first - 1);
  const std::string sign = good.substr(last + 1);
  std::vector<std::pair<std::string, std::string>> all;
  const auto add = [&all](std::string name, std::string token) {
    all.emplace_back(std::move(name), std::move(token));
  };
  // No signature.
  for (const char* const none : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string header =
        encode(fmt::format(R"({{"alg":"{}","kid":"r"}})", none));
    add(fmt::format("alg '{}', no signature", none), header + "." + body + ".");
    add(fmt::format("alg '{}', ours kept", none),
        header + "." + body + "." + sign);
  }
  add("signature dropped", head + "." + body + ".");
  add("two parts", head + "." + body);
  // Other algorithms, signed as RS256 or by the public key as a secret.
  for (const char* const other :
       {"HS256", "HS384", "HS512", "RS1", "RS384", "RS512", "PS256", "ES384",
        "ES512", "EdDSA", "ES256K", "rs256", "RS256 ", "dir"}) {
    add(fmt::format("alg {}", other),
        us.Rsa(fmt::format(R"({{"alg":"{}","kid":"r"}})", other), Claims()));
  }
  for (const std::string& secret :
       {us.RsaModulus(), us.Jwks(), std::string()}) {
    const std::string text =
        encode(R"({"alg":"HS256","kid":"r"})") + "." + body;
    add("HS256 by what is public",
        text + "." + encode(base::HmacSha256(secret, text)));
  }
  add("ES256 by name, signed by RSA",
      us.Rsa(R"({"alg":"ES256","kid":"r"})", Claims()));
  add("ES256 key under RS256",
      us.Curve(R"({"alg":"RS256","kid":"e"})", Claims()));
  add("RS256 key under ES256",
      us.Rsa(R"({"alg":"ES256","kid":"e"})", Claims()));
  add("ES256 as DER", us.CurveDer(kCurve, Claims()));
  add("ES256 all zero",
      curve.substr(0, curve.rfind('.')) + "." + encode(std::string(64, '\0')));
  add("ES256 too short", curve.substr(0, curve.size() - 4));
  add("alg is a number", us.Rsa(R"({"alg":256,"kid":"r"})", Claims()));
  add("alg is missing", us.Rsa(R"({"kid":"r"})", Claims()));
  // Others' keys.
  add("a stranger's key", them.Rsa(kRsa, Claims()));
  add("a stranger's curve", them.Curve(kCurve, Claims()));
  for (const char* const member :
       {R"("jku":"https://evil.example/keys")",
        R"("x5u":"https://evil.example/cert")", R"("x5c":["MIIB"])",
        R"("jwk":{"kty":"RSA"})", R"("crit":["exp"])", R"("zip":"DEF")",
        R"("cty":"JWT")", R"("b64":false)", R"("url":"x")"}) {
    add(fmt::format("header {}", member),
        them.Rsa(fmt::format(R"({{"alg":"RS256","kid":"r",{}}})", member),
                 Claims()));
    add(fmt::format("header {}, ours", member),
        us.Rsa(fmt::format(R"({{"alg":"RS256","kid":"r",{}}})", member),
               Claims()));
  }
  for (const char* const kid :
       {"", "x", "../../dev/null", "/etc/passwd", "r' OR '1'='1", "r\\u0000",
        "https://evil.example/k", "R", "r "}) {
    add(fmt::format("kid '{}'", kid),
        us.Rsa(fmt::format(R"({{"alg":"RS256","kid":"{}"}})", kid), Claims()));
  }
  add("kid is missing", us.Rsa(R"({"alg":"RS256"})", Claims()));
  add("kid is a list", us.Rsa(R"({"alg":"RS256","kid":["r"]})", Claims()));
  add("typ at+jwt",
      us.Rsa(R"({"alg":"RS256","kid":"r","typ":"at+jwt"})", Claims()));
  add("alg twice",
      us.Rsa(R"({"alg":"none","alg":"RS256","kid":"r"})", Claims()));
  add("kid twice", us.Rsa(R"({"alg":"RS256","kid":"x","kid":"r"})", Claims()));
  // Claims, rightly signed.
  const auto claims = [&](std::string name, std::string value) {
    add(name + " = " + value, us.Rsa(kRsa, Claims({{name, value}})));
  };
  for (const char* const issuer :
       {"", "null", "\"https://git.example.com/\"",
        "\"http://git.example.com\"", "\"https://git.example.com.evil\"",
        "\"HTTPS://git.example.com\"", "[\"https://git.example.com\"]"}) {
    claims("iss", issuer);
  }
  for (const char* const audience :
       {"", "null", "\"other\"", "\"\"", "\"Evalloop\"", "[]",
        "[\"evalloop\",\"other\"]", "[\"other\",\"evalloop\"]",
        "[[\"evalloop\"]]", "{\"evalloop\":1}", "\"evalloop \""}) {
    claims("aud", audience);
  }
  for (const std::string& time :
       {std::string(), At(-31), At(-4000), std::string("0"), std::string("-1"),
        std::string("null"), std::string("true"), "\"never\"" + std::string(),
        std::string("1e99"), At(200) + ".5", At(90'000),
        std::string("99999999999999999999")}) {
    claims("exp", time);
  }
  claims("iat", "");
  claims("iat", At(31));
  claims("iat", "\"soon\"");
  claims("iat", At(301));
  claims("iat", At(-90'000));
  claims("nbf", At(31));
  claims("nbf", "\"x\"");
  claims("nbf", "1e9");
  claims("nbf", "null");
  add("aud twice", us.Rsa(kRsa, R"({"aud":"other",)" + Claims().substr(1)));
  add("project twice",
      us.Rsa(kRsa, R"({"project_path":"x/y",)" + Claims().substr(1)));
  add("project twice, escaped",
      us.Rsa(kRsa, R"({"project\u005fpath":"x/y",)" + Claims().substr(1)));
  add("twice within", us.Rsa(kRsa, Claims({{"n", R"({"a":1,"a":2})"}})));
  add("deep",
      us.Rsa(kRsa,
             Claims({{"n", std::string(40, '[') + std::string(40, ']')}})));
  // The form.
  add("empty", "");
  add("dots", "..");
  add("four parts", good + ".x");
  add("padding", good + "=");
  add("blank before", " " + good);
  add("line behind", good + "\n");
  add("claims of another",
      encode(kRsa) + "." + encode(Claims({{"ref", "\"x\""}})) + "." + sign);
  add("claims are a list", us.Rsa(kRsa, "[]"));
  add("claims and more", us.Rsa(kRsa, Claims() + "{}"));
  add("no JSON", us.Rsa(kRsa, "claims"));
  add("comment", us.Rsa(kRsa, "/**/" + Claims()));
  add("bad UTF-8", us.Rsa(kRsa, Claims({{"n", "\"\xff\""}})));
  add("large",
      us.Rsa(kRsa, Claims({{"n", "\"" + std::string(9000, 'x') + "\""}})));
  add("standard base64", [&] {
    std::string text = good;
    for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    return text + "/";
  }());
  return all;
}

TEST_F(JwtTest, NoForgeryIsTaken) {
  const auto forgeries = Forgeries(issuer(), stranger());
  EXPECT_GE(forgeries.size(), 60u);
  for (const auto& [name, token] : forgeries) {
    EXPECT_THAT(verifier_->Verify(token),
                StatusIs(absl::StatusCode::kUnauthenticated))
        << name;
  }
}

TEST_F(JwtTest, NoMutationOfATokenIsTaken) {
  const std::string good = issuer().Curve(kCurve, Claims());
  ASSERT_THAT(verifier_->Verify(good), IsOk());
  std::mt19937 random(7);
  const auto below = [&random](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.={}"
      "\"\n";
  // The last character holds bits that base64 drops: a change there alone may
  // be none.
  const std::size_t last = good.size() - 1;
  for (int i = 0; i < 20'000; ++i) {
    std::string token = good;
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(std::min(token.size(), last));
      switch (below(4)) {
        case 0:
          token[at] = kAlphabet[below(kAlphabet.size())];
          break;
        case 1:
          token.insert(at, 1, kAlphabet[below(kAlphabet.size())]);
          break;
        case 2:
          token.erase(at, 1 + below(8));
          break;
        default:
          token[at] = static_cast<char>(below(256));
      }
    }
    if (token == good) continue;
    EXPECT_FALSE(verifier_->Verify(token).ok()) << token;
  }
}

// What the parser reads, whatever is signed: it must stay on its feet.
TEST_F(JwtTest, AnyJsonInAnyPartIsReadOrRefused) {
  std::mt19937 random(11);
  constexpr std::string_view kPieces[] = {
      "{",       "}",          "[",
      "]",       ":",          ",",
      "\"",      "\"alg\"",    "\"RS256\"",
      "\"kid\"", "\"r\"",      "\"aud\"",
      "1",       "-",          "1e5",
      "true",    "null",       "\\",
      "\\u0000", "\xc3",       "\xe2\x82\xac",
      " ",       "\"exp\":1,", "{\"a\":"};
  for (int i = 0; i < 20'000; ++i) {
    std::string parts[2];
    for (std::string& part : parts) {
      for (unsigned n = random() % 12; n > 0; --n) {
        part += kPieces[random() % std::size(kPieces)];
      }
    }
    const std::string token = TestIssuer::Encode(parts[0]) + "." +
                              TestIssuer::Encode(parts[1]) + ".AAAA";
    EXPECT_FALSE(verifier_->Verify(token).ok());
  }
}

TEST_F(JwtTest, ExpiryIsByTheClockWithASmallSkew) {
  const std::string token = issuer().Rsa(kRsa, Claims());
  clock_.Advance(absl::Seconds(329));
  EXPECT_THAT(verifier_->Verify(token), IsOk());
  clock_.Advance(absl::Seconds(1));
  EXPECT_FALSE(verifier_->Verify(token).ok());
}

TEST_F(JwtTest, AnUnknownKeyIsNotedOnceAndANewSetReplacesTheOld) {
  EXPECT_FALSE(verifier_->TakeMiss(0));
  EXPECT_FALSE(
      verifier_
          ->Verify(issuer().Rsa(R"({"alg":"RS256","kid":"new"})", Claims()))
          .ok());
  EXPECT_TRUE(verifier_->TakeMiss(0));
  EXPECT_FALSE(verifier_->TakeMiss(0));
  verifier_->PutKeys(0, *ParseJwks(stranger().Jwks()));
  EXPECT_FALSE(verifier_->Verify(issuer().Rsa(kRsa, Claims())).ok());
  EXPECT_THAT(verifier_->Verify(stranger().Rsa(kRsa, Claims())), IsOk());
}

}  // namespace
}  // namespace evalloop::access
