#include "prompt_engine/domain/library.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/reason.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "prompt_engine/testing/fake_library_store.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::HasSubstr;

// Content is its model and its number of tokens.
class TinyCodec final : public ContentCodec {
 public:
  absl::StatusOr<EncodedContent> Encode(
      const RevisionContent& content) const override {
    return EncodedContent{
        fmt::format("{} {}", content.model, content.sampling.max_tokens), "{}"};
  }
  absl::StatusOr<RevisionContent> Decode(
      std::string_view bytes) const override {
    RevisionContent content;
    const std::size_t blank = bytes.find(' ');
    content.model = bytes.substr(0, blank);
    content.sampling.max_tokens =
        static_cast<std::uint32_t>(std::stoi(std::string(bytes.substr(blank))));
    content.sampling.stop = {"\n"};
    return content;
  }
};

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
    gates_.gates["g1"] = {"complete", version, Verdict::kPassed};
    return library_.Publish({"complete", version, "g1", "", ""}).status();
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
  FakeGateVerdicts gates_;
  Library library_{transactor_, store_, events_, codec_, clock_, gates_};
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

TEST_F(LibraryTest, PublishesWithAGreenGateOfThisRevisionOnly) {
  Push(8);
  Push(9);
  gates_.gates = {{"passed", {"complete", 1, Verdict::kPassed}},
                  {"regressed", {"complete", 1, Verdict::kRegressed}},
                  {"undecided", {"complete", 1, Verdict::kNone}},
                  {"blocks", {"complete", 1, Verdict::kInconclusive, false}},
                  {"warns", {"complete", 1, Verdict::kInconclusive, true}},
                  {"overridden", {"complete", 1, Verdict::kOverridden}},
                  {"other version", {"complete", 2, Verdict::kPassed}},
                  {"other prompt", {"explain", 1, Verdict::kPassed}}};
  const struct {
    const char* gate;
    const char* reason;
  } refusals[] = {{"", "GATE_REQUIRED"},
                  {"regressed", "GATE_NOT_GREEN"},
                  {"undecided", "GATE_NOT_GREEN"},
                  {"blocks", "GATE_NOT_GREEN"},
                  {"other version", "GATE_OF_ANOTHER_REVISION"},
                  {"other prompt", "GATE_OF_ANOTHER_REVISION"}};
  for (const auto& [gate, reason] : refusals) {
    const auto refused = library_.Publish({"complete", 1, gate, "", ""});
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition))
        << gate;
    EXPECT_EQ(base::ReasonOf(refused.status()), reason) << gate;
  }
  EXPECT_THAT(library_.Publish({"complete", 1, "unknown", "", ""}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_FALSE(library_.Resolve({"complete", 1, "", ""})->publication);
  for (const char* gate : {"passed", "warns", "overridden"}) {
    EXPECT_THAT(library_.Publish({"complete", 1, gate, "", ""}), IsOk())
        << gate;
  }
}

TEST_F(LibraryTest, PublishesNothingWhileNobodyKnowsHowTheGateEnded) {
  Push(8);
  gates_.down = true;
  EXPECT_THAT(library_.Publish({"complete", 1, "g", "", ""}),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(library_.Resolve({"complete", 1, "", ""})->publication);
}

TEST_F(LibraryTest, PublishesWithAReasonInsteadOfAGate) {
  Push(8);
  const auto published =
      library_.Publish({"complete", 1, "", "first revision", "me"});
  ASSERT_THAT(published, IsOk());
  EXPECT_EQ(published->staging.version, 1U);
  EXPECT_EQ(published->revision.publication->verdict, Verdict::kOverridden);
}

TEST_F(LibraryTest, DoesNotPublishWhatLintBlocks) {
  Push(0);
  const absl::Status status = Publish(1);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr("max_tokens")));
  EXPECT_EQ(base::ReasonOf(status), "LINT_BLOCKS");
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
