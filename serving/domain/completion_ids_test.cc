#include "serving/domain/completion_ids.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "platform/testing/fake_clock.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::serving {
namespace {

using testing::IsOk;
using testing::StatusIs;

constexpr char kKey[] = "0123456789abcdef0123456789abcdef";

class CompletionIdsTest : public ::testing::Test {
 protected:
  testing::FakeClock clock_;
  CompletionIds ids_{kKey, clock_};
};

TEST_F(CompletionIdsTest, KnowsItsOwnIdsAndWhenTheyWereMade) {
  const std::string id = ids_.New();
  EXPECT_TRUE(id.starts_with("cmpl-")) << id;
  clock_.Advance(absl::Hours(5));
  ASSERT_OK_AND_ASSIGN(const absl::Time made, ids_.Check(id));
  EXPECT_EQ(made + absl::Hours(5), clock_.Now());
}

TEST_F(CompletionIdsTest, NeverMakesTheSameIdTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(seen.insert(ids_.New()).second);
  }
}

TEST_F(CompletionIdsTest, RefusesAnIdWithAnyCharacterChanged) {
  const std::string id = ids_.New();
  for (std::size_t i = 0; i < id.size(); ++i) {
    std::string forged = id;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(ids_.Check(forged), StatusIs(absl::StatusCode::kNotFound))
        << "position " << i;
  }
}

TEST_F(CompletionIdsTest, RefusesWhatIsNoIdAtAll) {
  for (const char* text : {"", "cmpl-", "cmpl-x", "abc", "cmpl-===="}) {
    EXPECT_THAT(ids_.Check(text), StatusIs(absl::StatusCode::kNotFound))
        << text;
  }
  EXPECT_THAT(ids_.Check(ids_.New() + "A"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(CompletionIdsTest, RefusesIdsOfAnotherKey) {
  CompletionIds other("another key of at least 16 bytes", clock_);
  EXPECT_THAT(ids_.Check(other.New()), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(CompletionIdsTest, ExpiresAfterThirtyDays) {
  const std::string id = ids_.New();
  clock_.Advance(absl::Hours(24 * 30));
  EXPECT_THAT(ids_.Check(id), IsOk());
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(ids_.Check(id), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(CompletionIdsTest, RefusesIdsFromTheFuture) {
  testing::FakeClock ahead(clock_.Now() + absl::Hours(1));
  CompletionIds other(kKey, ahead);
  EXPECT_THAT(ids_.Check(other.New()), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace evalloop::serving
