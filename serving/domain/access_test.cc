// Keys at their desk, and the check of the audit log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "platform/access/keys.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "serving/domain/audit_log.h"
#include "serving/domain/key_desk.h"

namespace evalloop::serving {
namespace {

using ::evalloop::testing::IsOk;
using ::evalloop::testing::StatusIs;

class FakeKeys final : public KeyStore, public KeyEvents {
 public:
  absl::Status Insert(base::UnitOfWork&, const AccessKey& key) override {
    keys[key.id] = key;
    return absl::OkStatus();
  }
  absl::StatusOr<AccessKey> Revoke(base::UnitOfWork&, std::string_view id,
                                   std::string_view revoker,
                                   absl::Time time) override {
    const auto found = keys.find(std::string(id));
    if (found == keys.end()) return absl::NotFoundError("no key");
    found->second.revoke_time = time;
    found->second.revoker = std::string(revoker);
    return found->second;
  }
  absl::StatusOr<std::vector<AccessKey>> List(const KeyCursor&,
                                              std::int64_t) override {
    return std::vector<AccessKey>();
  }
  absl::Status Changed(base::UnitOfWork&, const AccessKey& key) override {
    told.push_back(key);
    return absl::OkStatus();
  }

  std::map<std::string, AccessKey> keys;
  std::vector<AccessKey> told;
};

class KeyDeskTest : public ::testing::Test {
 protected:
  testing::FakeTransactor transactor_;
  testing::FakeClock clock_;
  FakeKeys keys_;
  KeyDesk desk_{"a pepper", transactor_, keys_, keys_, clock_};
  const access::Identity admin_{.name = "ann", .role = access::Role::kAdmin};
};

TEST_F(KeyDeskTest, AKeyIsToldToAllAndItsTokenKeptNowhere) {
  const auto made = desk_.Create(
      admin_,
      {.name = "ci", .role = access::Role::kRunner, .prompts = {"web-*"}});
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(access::KeyIdOf(made->token), made->key.id);
  EXPECT_EQ(made->key.creator, "ann");
  ASSERT_EQ(keys_.told.size(), 1u);
  EXPECT_EQ(keys_.told[0].mac, access::KeyMac("a pepper", made->token));
  EXPECT_EQ(keys_.keys.at(made->key.id).mac.find(made->token.substr(21)),
            std::string::npos);
}

TEST_F(KeyDeskTest, NobodyMakesAKeyThatMayMoreThanThey) {
  const access::Identity runner{.name = "r", .role = access::Role::kRunner};
  EXPECT_THAT(
      desk_.Create(runner, {.name = "x", .role = access::Role::kPublisher}),
      StatusIs(absl::StatusCode::kPermissionDenied));
  access::Identity scoped = admin_;
  scoped.prompts = {"web-*"};
  EXPECT_THAT(
      desk_.Create(scoped, {.name = "x", .role = access::Role::kReader}),
      StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_TRUE(keys_.told.empty());
}

TEST_F(KeyDeskTest, BadOrdersNameTheField) {
  const auto refused = [&](KeyOrder order) {
    return !desk_.Create(admin_, std::move(order)).ok();
  };
  EXPECT_TRUE(refused({.role = access::Role::kReader}));
  EXPECT_TRUE(refused({.name = "x"}));
  EXPECT_TRUE(
      refused({.name = "x", .role = access::Role::kReader, .prompts = {""}}));
  EXPECT_TRUE(refused({.name = "x",
                       .role = access::Role::kReader,
                       .expire_time = clock_.Now()}));
  KeyDesk without("", transactor_, keys_, keys_, clock_);
  EXPECT_THAT(
      without.Create(admin_, {.name = "x", .role = access::Role::kReader}),
      StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(KeyDeskTest, ARevokedKeyIsToldToAll) {
  const auto made =
      desk_.Create(admin_, {.name = "ci", .role = access::Role::kRunner});
  ASSERT_THAT(made, IsOk());
  ASSERT_THAT(desk_.Revoke(admin_, made->key.id), IsOk());
  EXPECT_TRUE(keys_.told.at(1).revoke_time.has_value());
  EXPECT_EQ(keys_.told.at(1).revoker, "ann");
  EXPECT_THAT(desk_.Revoke(admin_, "none"),
              StatusIs(absl::StatusCode::kNotFound));
}

std::vector<AuditLine> Chain() {
  std::vector<AuditLine> lines(5);
  std::string hash;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i].sequence = i + 1;
    lines[i].call_id = std::to_string(i);
    lines[i].method = "PublishRevision";
    lines[i].identity = "key/a";
    lines[i].role = access::Role::kPublisher;
    lines[i].hash = hash = HashOf(lines[i], hash);
  }
  return lines;
}

AuditCheck CheckOf(const std::vector<AuditLine>& lines) {
  const auto whole = Chain();
  AuditChecker checker;
  for (const AuditLine& line : lines) checker.See(line);
  return checker.Done(whole.back().sequence, whole.back().hash);
}

TEST(AuditCheckTest, AWholeLogIsGood) {
  EXPECT_EQ(CheckOf(Chain()).first_bad, 0u);
  EXPECT_EQ(CheckOf(Chain()).lines, 5u);
  EXPECT_EQ(AuditChecker().Done(0, "").first_bad, 0u);
}

TEST(AuditCheckTest, EveryChangedFieldAndEveryMissingLineShows) {
  for (std::size_t i = 0; i < 5; ++i) {
    auto lines = Chain();
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(CheckOf(lines).first_bad, i + 1) << "without line " << i + 1;
    const auto changed = [&](auto change) {
      auto edited = Chain();
      change(edited[i]);
      return CheckOf(edited).first_bad;
    };
    EXPECT_EQ(changed([](AuditLine& l) { l.call_id += "x"; }), i + 1);
    EXPECT_EQ(changed([](AuditLine& l) { l.identity = "key/b"; }), i + 1);
    EXPECT_EQ(changed([](AuditLine& l) { l.method = "MoveLabel"; }), i + 1);
    EXPECT_EQ(changed([](AuditLine& l) { l.service = "x"; }), i + 1);
    EXPECT_EQ(changed([](AuditLine& l) { l.prompt = "x"; }), i + 1);
    EXPECT_EQ(changed([](AuditLine& l) { l.outcome = "OK"; }), i + 1);
    EXPECT_EQ(changed([](AuditLine& l) { l.details = "{}"; }), i + 1);
    EXPECT_EQ(changed([](AuditLine& l) { l.request_id = "x"; }), i + 1);
    EXPECT_EQ(changed([](AuditLine& l) { l.role = access::Role::kAdmin; }),
              i + 1);
    EXPECT_EQ(
        changed([](AuditLine& l) { l.occur_time += absl::Microseconds(1); }),
        i + 1);
  }
}

TEST(AuditCheckTest, FieldsCannotRunIntoEachOther) {
  AuditLine a{.service = "ab", .method = "c"};
  AuditLine b{.service = "a", .method = "bc"};
  EXPECT_NE(HashOf(a, ""), HashOf(b, ""));
}

}  // namespace
}  // namespace evalloop::serving
