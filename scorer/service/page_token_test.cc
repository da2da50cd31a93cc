#include "scorer/service/page_token.h"

#include <gtest/gtest.h>

#include "platform/testing/status_matchers.h"

namespace evalloop::scorer {
namespace {

using testing::StatusIs;

TEST(PageTokenTest, GoesThereAndBack) {
  const ScoreCursor cursor{.score_time = absl::FromUnixMicros(1234567890123),
                           .subject = "runs/r/items/a b/samples/0",
                           .scorer_digest = "d"};
  ASSERT_OK_AND_ASSIGN(const ScoreCursor back,
                       ReadPageToken(WritePageToken(cursor, "runs/"), "runs/"));
  EXPECT_EQ(back.score_time, cursor.score_time);
  EXPECT_EQ(back.subject, cursor.subject);
  EXPECT_EQ(back.scorer_digest, cursor.scorer_digest);
}

TEST(PageTokenTest, NoTokenIsTheFirstPage) {
  ASSERT_OK_AND_ASSIGN(const ScoreCursor first, ReadPageToken("", "x"));
  EXPECT_EQ(first.score_time, absl::InfiniteFuture());
}

TEST(PageTokenTest, RefusesStrangersAndOtherFilters) {
  const std::string token = WritePageToken({}, "a");
  EXPECT_THAT(ReadPageToken(token, "b"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  for (const std::string_view bad : {"!", "AAAA", "zzzzzzzz", "Cg"}) {
    EXPECT_THAT(ReadPageToken(bad, "a"),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << bad;
  }
}

}  // namespace
}  // namespace evalloop::scorer
