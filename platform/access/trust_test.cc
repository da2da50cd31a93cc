#include "platform/access/trust.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "platform/access/door.h"
#include "platform/access/testing/test_issuer.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::access {
namespace {

using ::evalloop::testing::IsOk;
using ::evalloop::testing::StatusIs;
using ::testing::HasSubstr;

// A trust file of one issuer with one rule; parts may be changed.
std::string File(std::string_view rule,
                 std::string_view keys = R"("jwks_url":"https://a.b/keys")") {
  return fmt::format(
      R"({{"issuers":[{{"name":"github","issuer":"https://token.example",)"
      R"("audience":"evalloop",{},"rules":[{}]}}]}})",
      keys, rule);
}
constexpr char kRule[] =
    R"({"claims":{"repository":"octo/app","ref":["refs/heads/main","refs/heads/release-*"]},"role":"publisher"})";

TEST(TrustTest, ReadsIssuersAndRules) {
  const auto trust = ParseTrust(File(kRule));
  ASSERT_THAT(trust, IsOk());
  ASSERT_EQ(trust->size(), 1u);
  const TrustedIssuer& issuer = trust->front();
  EXPECT_EQ(issuer.name, "github");
  EXPECT_EQ(issuer.jwks_url, "https://a.b/keys");
  ASSERT_EQ(issuer.rules.size(), 1u);
  EXPECT_EQ(issuer.rules[0].role, Role::kPublisher);
  EXPECT_EQ(issuer.rules[0].claims.at("ref").size(), 2u);
}

TEST(TrustTest, SaysWhereAFileIsWrong) {
  const std::pair<std::string, const char*> kWrong[] = {
      {"", "strict JSON"},
      {"{}", "issuers"},
      {R"({"issuers":[]})", "issuers"},
      {R"({"issuers":[1]})", "issuers[0]"},
      {R"({"issuers":[],"more":1})", "more"},
      {File(""), "rules"},
      {File(kRule, R"("jwks_url":"http://a.b/keys")"), "https"},
      {File(kRule, R"("jwks_url":"https://a","jwks_file":"b")"), "one of"},
      {File(kRule, R"("x":1)"), "not known"},
      {File(R"({"claims":{"ref":"main"},"role":"runner"})"), "pin a project"},
      {File(R"({"claims":{"repository":"*"},"role":"reader"})"),
       "pin a project"},
      {File(R"({"claims":{"repository":["a/b","a/*"]},"role":"reader"})"),
       "pin a project"},
      {File(R"({"claims":{"repository":"a/b"},"role":"publisher"})"), "ref"},
      {File(R"({"claims":{"repository":"a/b"},"role":"admin"})"), "ref"},
      {File(R"({"claims":{"repository":"a/b"},"role":"owner"})"), "role"},
      {File(R"({"claims":{"repository":"a/b"}})"), "role"},
      {File(R"({"claims":{"repository":7},"role":"reader"})"), "text"},
      {File(R"({"claims":{"repository":"a/b"},"role":"reader","roles":1})"),
       "not known"},
      {File(R"({"claims":{"repository":"a/b"},"role":"reader","prompts":[]})"),
       "prompts"}};
  for (const auto& [file, words] : kWrong) {
    EXPECT_THAT(ParseTrust(file),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(words)))
        << file;
  }
}

TEST(TrustTest, KeySetsLoseTheKeysThatAreNotTaken) {
  const TestIssuer issuer;
  const auto keys = ParseJwks(issuer.Jwks());
  ASSERT_THAT(keys, IsOk());
  EXPECT_EQ(keys->size(), 2u);
  for (const char* const set :
       {"", "{}", R"({"keys":[]})", R"({"keys":{}})", R"({"keys":[1]})",
        R"({"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]})",
        R"({"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]})",
        R"({"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"}]})",
        R"({"keys":[{"kty":"OKP","kid":"a","crv":"Ed25519","x":"AA"}]})"}) {
    EXPECT_THAT(ParseJwks(set), StatusIs(absl::StatusCode::kInvalidArgument))
        << set;
  }
  // A point that is not on the curve.
  EXPECT_FALSE(
      ParseJwks(fmt::format(R"({{"keys":[{{"kty":"EC","kid":"a","crv":)"
                            R"("P-256","x":"{0}","y":"{0}"}}]}})",
                            TestIssuer::Encode(std::string(32, 'x'))))
          .ok());
  std::string encryption = issuer.Jwks();
  encryption.replace(encryption.find("\"sig\""), 5, "\"enc\"");
  EXPECT_EQ(ParseJwks(encryption)->size(), 1u);
}

TEST(DoorTest, KnowsServicesKeysAndCiAndNobodyElse) {
  testing::FakeClock clock(absl::FromUnixSeconds(1'800'000'000));
  const TestIssuer issuer;
  CiVerifier verifier(*ParseTrust(File(kRule)), clock);
  verifier.PutKeys(0, *ParseJwks(issuer.Jwks()));
  KeyRing ring;
  const std::string id = NewKeyId();
  const std::string token = NewKeyToken(id);
  ring.Put({.id = id, .role = Role::kReader, .mac = KeyMac("pepper", token)});
  const auto door = NewDoor({.token = "services",
                             .pepper = "pepper",
                             .ring = &ring,
                             .verifier = &verifier},
                            clock);
  EXPECT_FALSE(door->open());
  EXPECT_EQ(door->Identify("Bearer services")->role, Role::kAdmin);
  EXPECT_EQ(door->Identify("Bearer " + token)->role, Role::kReader);
  const std::string ci = issuer.Rsa(
      R"({"alg":"RS256","kid":"r"})",
      R"({"iss":"https://token.example","aud":"evalloop","sub":"repo:octo/app",)"
      R"("repository":"octo/app","ref":"refs/heads/release-2",)"
      R"("iat":1800000000,"exp":1800000300})");
  ASSERT_THAT(door->Identify("Bearer " + ci), IsOk());
  EXPECT_EQ(door->Identify("Bearer " + ci)->name, "github/repo:octo/app");
  for (const std::string& nobody :
       {std::string(), std::string("Bearer "), std::string("Bearer x"),
        "Basic " + token, token, "Bearer " + token + "x",
        "Bearer " + NewKeyToken(id), "Bearer " + NewKeyToken(NewKeyId()),
        "Bearer " + ci + "x", std::string("Bearer services ")}) {
    EXPECT_THAT(door->Identify(nobody),
                StatusIs(absl::StatusCode::kUnauthenticated))
        << nobody;
  }
  // With neither keys nor CI, only the services.
  const auto plain = NewDoor({.token = "services"}, clock);
  EXPECT_FALSE(plain->Identify("Bearer " + token).ok());
  EXPECT_FALSE(plain->Identify("Bearer " + ci).ok());
  EXPECT_TRUE(NewDoor({}, clock)->open());
}

}  // namespace
}  // namespace evalloop::access
