#include "platform/access/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/testing/status_matchers.h"

namespace evalloop::access {
namespace {

using ::evalloop::testing::IsOk;
using ::evalloop::testing::StatusIs;

constexpr Role kAll[] = {Role::kNone,   Role::kReader,    Role::kFeedback,
                         Role::kRunner, Role::kPublisher, Role::kAdmin};

TEST(Roles, CoverWhatIsBelowThemInTheLattice) {
  // Rows hold, columns ask; in the order of kAll.
  constexpr std::string_view kTable[] = {"......", ".#....", "..#...",
                                         ".###..", ".####.", ".#####"};
  for (int held = 0; held < 6; ++held) {
    for (int needed = 0; needed < 6; ++needed) {
      EXPECT_EQ(Covers(kAll[held], kAll[needed]), kTable[held][needed] == '#')
          << NameOf(kAll[held]) << " asked for " << NameOf(kAll[needed]);
    }
  }
}

TEST(Roles, HaveNamesThatAreReadBack) {
  for (const Role role : kAll) {
    if (role == Role::kNone) continue;
    EXPECT_EQ(RoleOf(NameOf(role)), role);
    EXPECT_EQ(RoleOf(static_cast<int>(role)), role);
  }
  EXPECT_EQ(RoleOf("none"), std::nullopt);
  EXPECT_EQ(RoleOf("Admin"), std::nullopt);
  EXPECT_EQ(RoleOf(6), Role::kNone);
  EXPECT_EQ(RoleOf(-1), Role::kNone);
}

TEST(Globs, MatchWholeTexts) {
  EXPECT_TRUE(GlobMatches("*", ""));
  EXPECT_TRUE(GlobMatches("line-*", "line-completion"));
  EXPECT_TRUE(GlobMatches("*-*", "a-b-c"));
  EXPECT_TRUE(GlobMatches("a?c", "abc"));
  EXPECT_FALSE(GlobMatches("line", "line-completion"));
  EXPECT_FALSE(GlobMatches("line-*", "xline-completion"));
  EXPECT_FALSE(GlobMatches("a?c", "ac"));
  EXPECT_FALSE(GlobMatches("", "a"));
  // A glob that would take a backtracking matcher for ever.
  EXPECT_FALSE(GlobMatches("*a*a*a*a*a*a*a*a*a*b", std::string(10'000, 'a')));
}

TEST(Permits, AreByRoleThenByScope) {
  const Identity runner{.name = "key/a", .role = Role::kRunner};
  EXPECT_THAT(Permit(runner, {.role = Role::kReader}), IsOk());
  EXPECT_THAT(Permit(runner, {.role = Role::kPublisher}),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Permit(runner, {}),
              StatusIs(absl::StatusCode::kPermissionDenied));
  const Identity scoped{
      .name = "key/b", .role = Role::kRunner, .prompts = {"web-*", "x"}};
  const auto asks = [&](Role role, const char* prompt) {
    return Permit(scoped, {.role = role,
                           .names_prompt = prompt != nullptr,
                           .prompt = prompt == nullptr ? "" : prompt});
  };
  EXPECT_THAT(asks(Role::kRunner, "web-line"), IsOk());
  EXPECT_THAT(asks(Role::kRunner, "x"), IsOk());
  EXPECT_THAT(asks(Role::kReader, nullptr), IsOk());
  for (const char* const prompt : {"other", "", "xx"}) {
    EXPECT_THAT(asks(Role::kReader, prompt),
                StatusIs(absl::StatusCode::kPermissionDenied))
        << prompt;
  }
  EXPECT_THAT(asks(Role::kRunner, nullptr),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(TokenGatekeeper, KnowsTheServicesOnly) {
  const auto keeper = NewTokenGatekeeper("secret");
  EXPECT_FALSE(keeper->open());
  const auto services = keeper->Identify("Bearer secret");
  ASSERT_THAT(services, IsOk());
  EXPECT_EQ(services->role, Role::kAdmin);
  EXPECT_TRUE(services->speaks_for_others);
  for (const char* const wrong : {"", "Bearer ", "Bearer secret2", "secret",
                                  "Basic secret", "Bearer  secret"}) {
    EXPECT_THAT(keeper->Identify(wrong),
                StatusIs(absl::StatusCode::kUnauthenticated))
        << wrong;
  }
  EXPECT_TRUE(NewTokenGatekeeper("")->open());
  EXPECT_THAT(NewTokenGatekeeper("")->Identify(""), IsOk());
}

}  // namespace
}  // namespace evalloop::access
