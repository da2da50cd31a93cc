#include "prompt_engine/domain/library.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/reason.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "prompt_engine/testing/fake_gates.h"
#include "prompt_engine/testing/fake_library_store.h"
#include "prompt_engine/testing/tiny_codec.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::HasSubstr;

class LibraryTest : public ::testing::Test {
 protected:
  std::uint32_t Push(std::uint32_t max_tokens,
                     const std::string& request_id = "") {
    PushRequest request;
    request.prompt = "complete";
    request.content.model = "ngram";
    request.content.sampling.max_tokens = max_tokens;
    request.request_id = request_id;
    const auto pushed = library_.Push(request);
    EXPECT_THAT(pushed, IsOk());
    created_ = pushed->created;
    return pushed->revision.version;
  }
  absl::Status Publish(std::uint32_t version) {
    return library_.Publish({"complete", version, "", "tried out", ""})
        .status();
  }
  absl::StatusOr<Label> Move(std::string label, std::uint32_t version,
                             std::uint32_t expected = 0) {
    return library_.Move(
        {"complete", std::move(label), version, "why", "me", expected});
  }

  evalloop::testing::FakeTransactor transactor_;
  evalloop::testing::FakeClock clock_;
  FakeLibraryStore store_;
  FakeLibraryEvents events_;
  TinyCodec codec_;
  FakeGates gates_;
  RevisionCache cache_{clock_};
  Library library_{
      {transactor_, store_, events_, codec_, gates_, cache_, clock_}};
  bool created_ = false;
};

TEST_F(LibraryTest, GivesTheSameContentTheSameVersion) {
  EXPECT_EQ(Push(8), 1U);
  EXPECT_TRUE(created_);
  EXPECT_EQ(Push(9), 2U);
  EXPECT_EQ(Push(8), 1U);
  EXPECT_FALSE(created_);
  EXPECT_EQ(events_.revisions.size(), 2U);
}

TEST_F(LibraryTest, TakesARequestForTheSamePushWithinADay) {
  EXPECT_EQ(Push(8, "r"), 1U);
  EXPECT_EQ(Push(9, "r"), 1U);
  clock_.Advance(absl::Hours(25));
  EXPECT_EQ(Push(9, "r"), 2U);
}

TEST_F(LibraryTest, RefusesBadNamesAndUnknownParents) {
  PushRequest request;
  request.prompt = "no blanks";
  request.content.model = "m";
  EXPECT_THAT(library_.Push(request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.prompt = "complete";
  request.parent_version = 7;
  EXPECT_THAT(library_.Push(request), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(LibraryTest, ResolvesByVersionLabelDigestAndProductionByDefault) {
  Push(8);
  Push(9);
  EXPECT_THAT(library_.Resolve({"complete", 0, "", ""}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("production")));
  ASSERT_THAT(Publish(1), IsOk());
  ASSERT_THAT(Move("production", 1), IsOk());
  EXPECT_EQ(library_.Resolve({"complete", 0, "", ""})->version, 1U);
  EXPECT_EQ(library_.Resolve({"complete", 2, "", ""})->version, 2U);
  EXPECT_EQ(library_.Resolve({"complete", 0, "latest", ""})->version, 2U);
  const std::string digest = library_.Resolve({"complete", 2, "", ""})->digest;
  EXPECT_EQ(library_.Resolve({"", 0, "", digest})->version, 2U);
}

TEST_F(LibraryTest, LetsProductionTakePublishedRevisionsOnly) {
  Push(8);
  EXPECT_THAT(Move("production", 1),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Move("canary", 1), IsOk());
}

TEST_F(LibraryTest, RefusesLatestAndMovesThatExpectAnotherVersion) {
  Push(8);
  Push(9);
  EXPECT_THAT(Move("latest", 1), StatusIs(absl::StatusCode::kInvalidArgument));
  ASSERT_THAT(Move("canary", 1), IsOk());
  EXPECT_THAT(Move("canary", 2, 2), StatusIs(absl::StatusCode::kAborted));
  ASSERT_THAT(Move("canary", 2, 1), IsOk());
}

TEST_F(LibraryTest, NumbersMovesAndTellsOfEachOnce) {
  Push(8);
  Push(9);
  EXPECT_EQ(Move("canary", 1)->sequence, 1U);
  EXPECT_EQ(Move("canary", 1)->sequence, 1U);
  EXPECT_EQ(Move("canary", 2)->sequence, 2U);
  EXPECT_EQ(events_.labels.size(), 2U);
}

TEST_F(LibraryTest, RollsBackOneMoveMoreEachTime) {
  for (std::uint32_t tokens = 1; tokens <= 3; ++tokens) {
    ASSERT_THAT(Move("canary", Push(tokens)), IsOk());
  }
  const MoveRequest back{"complete", "canary", 0, "bad", "me", 0};
  EXPECT_EQ(library_.RollBack(back)->version, 2U);
  EXPECT_EQ(library_.RollBack(back)->version, 1U);
  EXPECT_THAT(library_.RollBack(back),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_THAT(Move("canary", 3), IsOk());
  EXPECT_EQ(library_.RollBack(back)->version, 1U);
}

TEST_F(LibraryTest, AnswersFromMemoryAndKnowsItsOwnChangesAtOnce) {
  Push(8);
  ASSERT_THAT(Move("canary", 1), IsOk());
  EXPECT_EQ(library_.Resolve({"complete", 0, "canary", ""})->version, 1U);
  EXPECT_EQ(library_.Resolve({"complete", 0, "latest", ""})->version, 1U);
  const int before = transactor_.commits();
  EXPECT_EQ(library_.Resolve({"complete", 0, "canary", ""})->version, 1U);
  EXPECT_EQ(library_.Resolve({"complete", 0, "latest", ""})->version, 1U);
  EXPECT_EQ(library_.Resolve({"complete", 1, "", ""})->version, 1U);
  EXPECT_EQ(transactor_.commits(), before);

  Push(9);
  EXPECT_EQ(library_.Resolve({"complete", 0, "latest", ""})->version, 2U);
  ASSERT_THAT(Move("canary", 2), IsOk());
  EXPECT_EQ(library_.Resolve({"complete", 0, "canary", ""})->version, 2U);
  ASSERT_THAT(library_.RollBack({"complete", "canary", 0, "bad", "me", 0}),
              IsOk());
  EXPECT_EQ(library_.Resolve({"complete", 0, "canary", ""})->version, 1U);
  EXPECT_FALSE(library_.Resolve({"complete", 1, "", ""})->publication);
  ASSERT_THAT(Publish(1), IsOk());
  EXPECT_TRUE(library_.Resolve({"complete", 1, "", ""})->publication);
  EXPECT_EQ(library_.Resolve({"complete", 0, "staging", ""})->version, 1U);
}

TEST_F(LibraryTest, KeepsAProtectedLabelWhereItIs) {
  Push(8);
  Push(9);
  ASSERT_THAT(Move("canary", 1), IsOk());
  ASSERT_THAT(library_.Protect("complete", "canary", true, "me"), IsOk());
  EXPECT_THAT(Move("canary", 2),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_THAT(library_.Protect("complete", "canary", false, "me"), IsOk());
  EXPECT_THAT(Move("canary", 2), IsOk());
}

}  // namespace
}  // namespace evalloop::prompt_engine
