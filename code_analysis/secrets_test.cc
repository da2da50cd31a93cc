#include "code_analysis/secrets.h"

#include <gtest/gtest.h>

#include <string>

namespace evalloop::code_analysis {
namespace {

// Secrets are put together here, so that no scanner takes this file for a leak.
std::string Body(std::size_t length) {
  constexpr std::string_view kLetters =
      "k9Fz3QpWx7LmVb2RtYc8Nd5HsJg4TuAeZi6oBvKqXwMyPrCnDfGhSjUlEaIO01";
  std::string body;
  while (body.size() < length) body += kLetters;
  return body.substr(0, length);
}

std::string Upper(std::size_t length) {
  std::string body = "Q7ZX3KPLM2VB9RTYC8ND5HSJG4TUAE6O";
  return body.substr(0, length);
}

std::string Hex(std::size_t length) {
  std::string body;
  while (body.size() < length) body += "3f9a0c7be2d4815690adfc1b";
  return body.substr(0, length);
}

std::string RuleOf(const std::string& text) {
  const auto found = FindSecrets(text);
  if (found.size() != 1) return std::to_string(found.size()) + " secrets";
  return std::string(found[0].rule);
}

TEST(SecretsTest, FindsKeysByTheirShape) {
  EXPECT_EQ(RuleOf("id = 'AKIA" + Upper(16) + "'"), "aws-access-key-id");
  EXPECT_EQ(RuleOf("x(\"ghp_" + Body(36) + "\")"), "github-token");
  EXPECT_EQ(RuleOf("github_pat_" + Body(82)), "github-token");
  EXPECT_EQ(RuleOf("glpat-" + Body(20)), "gitlab-token");
  EXPECT_EQ(RuleOf("xoxb-" + Body(40)), "slack-token");
  EXPECT_EQ(RuleOf("sk_live_" + Body(24)), "stripe-key");
  EXPECT_EQ(RuleOf("sk-ant-api03-" + Body(90)), "anthropic-key");
  EXPECT_EQ(RuleOf("sk-proj-" + Body(80)), "openai-key");
  EXPECT_EQ(RuleOf("AIza" + Body(35)), "google-api-key");
  EXPECT_EQ(RuleOf("hf_" + Body(34)), "huggingface-token");
  EXPECT_EQ(RuleOf("npm_" + Body(36)), "npm-token");
  EXPECT_EQ(RuleOf("dop_v1_" + Hex(64)), "digitalocean-token");
  EXPECT_EQ(RuleOf("AccountKey=" + Body(86) + "=="), "azure-storage-key");
  EXPECT_EQ(RuleOf("eyJ" + Body(20) + ".eyJ" + Body(30) + "." + Body(40)),
            "jwt");
}

TEST(SecretsTest, FindsPrivateKeysWithABody) {
  const std::string begin = std::string("-----BEGIN RSA PRIVATE ") + "KEY-----";
  EXPECT_EQ(RuleOf(begin + "\n" + Body(64) + "\n" + Body(64) + "\n-----END"),
            "private-key");
  EXPECT_TRUE(FindSecrets("if (line == \"" + begin + "\") {}").empty());
  EXPECT_TRUE(FindSecrets("-----BEGIN PUBLIC KEY-----\n" + Body(64)).empty());
}

TEST(SecretsTest, FindsPasswordsInUrls) {
  const auto found = FindSecrets("postgres://app:s3cr3Tpw9@db/x");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].rule, "url-password");
  EXPECT_EQ(found[0].offset, 15u);
  EXPECT_EQ(found[0].length, 9u);
  EXPECT_TRUE(FindSecrets("http://host:8080/a@b").empty());
  EXPECT_TRUE(FindSecrets("postgres://app:${PASSWORD}@db").empty());
  EXPECT_TRUE(FindSecrets("postgres://app:password@db").empty());
}

TEST(SecretsTest, FindsStringsAssignedToTellingNames) {
  const std::string value = Body(24);
  EXPECT_EQ(RuleOf("API_KEY = \"" + value + "\""), "assigned-credential");
  EXPECT_EQ(RuleOf("{\"client_secret\": '" + value + "'}"),
            "assigned-credential");
  EXPECT_EQ(RuleOf("db.password := `" + value + "`"), "assigned-credential");
  EXPECT_EQ(RuleOf("config['token'] = '" + value + "'"), "assigned-credential");
  EXPECT_EQ(RuleOf("passwd='hunter2-Xq9z'"), "assigned-credential");
}

TEST(SecretsTest, LeavesOrdinaryCodeAlone) {
  for (const std::string& text : {
           std::string("password = \"\""),
           std::string("password = os.environ['DB_PASSWORD_1']"),
           std::string("token = 'your-token-here-1234'"),
           std::string("api_key = '<your 1st key>'"),
           std::string("secret = \"changeme123\""),
           std::string("key = '") + Body(24) + "'",  // Not a telling name.
           std::string("if token == \"IDENTIFIER_NAME\":"),
           std::string("password_label = 'Please type it: 1 to 9'"),
           std::string("AKIA") + "IOSFODNN7EXAMPLE",
           std::string("commit 3f9a0c7be2d4815690adfc1b3f9a0c7be2d48156"),
           std::string("xAKIA") + Upper(16),
           std::string("ghp_") + std::string(36, 'a'),
       }) {
    EXPECT_TRUE(FindSecrets(text).empty()) << text;
  }
}

TEST(SecretsTest, EntropyIsInBits) {
  EXPECT_EQ(ShannonEntropy(""), 0.0);
  EXPECT_EQ(ShannonEntropy("aaaa"), 0.0);
  EXPECT_DOUBLE_EQ(ShannonEntropy("abcd"), 2.0);
}

TEST(SecretsTest, SurvivesHostileText) {
  for (const std::string_view unit :
       {"\"", "'a", "://a:", "-----BEGIN ", "token='", "sk-", "eyJ.", "\xff",
        "=\"", "AccountKey=A"}) {
    std::string text;
    while (text.size() < (1 << 17)) text += unit;
    FindSecrets(text);
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
