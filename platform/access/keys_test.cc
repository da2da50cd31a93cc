#include "platform/access/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "platform/base/crypto.h"

namespace evalloop::access {
namespace {

constexpr std::string_view kPepper = "0123456789abcdef0123456789abcdef";
const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

class KeysTest : public ::testing::Test {
 protected:
  KeysTest() {
    record_ = {.id = NewKeyId(), .role = Role::kRunner, .prompts = {"web-*"}};
    token_ = NewKeyToken(record_.id);
    record_.mac = KeyMac(kPepper, token_);
  }
  std::optional<Identity> Holder(std::string_view token) const {
    return HolderOf(token, kPepper, ring_, kNow);
  }

  KeyRecord record_;
  std::string token_;
  KeyRing ring_;
};

TEST_F(KeysTest, ATokenOpensAsItsKey) {
  ring_.Put(record_);
  const auto holder = Holder(token_);
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->name, "key/" + record_.id);
  EXPECT_EQ(holder->role, Role::kRunner);
  EXPECT_THAT(holder->prompts, ::testing::ElementsAre("web-*"));
}

TEST_F(KeysTest, WhatIsKeptOpensNothing) {
  ring_.Put(record_);
  EXPECT_FALSE(Holder(record_.mac));
  EXPECT_FALSE(Holder(base::Hex(record_.mac)));
  EXPECT_FALSE(
      Holder("evk_" + record_.id + "_" + base::Base64UrlEncode(record_.mac)));
}

TEST_F(KeysTest, AnyOtherTokenOpensNothing) {
  EXPECT_FALSE(Holder(token_));  // Not known yet.
  ring_.Put(record_);
  for (std::size_t i = 0; i < token_.size(); ++i) {
    std::string wrong = token_;
    wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(Holder(wrong)) << i;
    EXPECT_FALSE(Holder(token_.substr(0, i))) << i;
  }
  EXPECT_FALSE(Holder(token_ + "a"));
  EXPECT_FALSE(Holder(" " + token_));
  EXPECT_FALSE(HolderOf(token_, "another pepper", ring_, kNow));
}

TEST_F(KeysTest, AnExpiredOrRevokedKeyOpensNothingAndStaysRevoked) {
  record_.expire_time = kNow;
  ring_.Put(record_);
  EXPECT_FALSE(Holder(token_));
  record_.expire_time = kNow + absl::Seconds(1);
  ring_.Put(record_);
  EXPECT_TRUE(Holder(token_));
  record_.revoked = true;
  ring_.Put(record_);
  EXPECT_FALSE(Holder(token_));
  record_.revoked = false;  // An older record, read again.
  ring_.Put(record_);
  EXPECT_FALSE(Holder(token_));
  EXPECT_EQ(ring_.size(), 1u);
}

TEST_F(KeysTest, TokensDifferAndHave256RandomBits) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(NewKeyToken(record_.id));
  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_EQ(base::Base64UrlDecode(token_.substr(token_.size() - 43))->size(),
            32u);
  EXPECT_EQ(KeyIdOf(token_), record_.id);
}

}  // namespace
}  // namespace evalloop::access
