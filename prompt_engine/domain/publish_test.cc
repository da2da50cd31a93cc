#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/reason.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "prompt_engine/domain/library.h"
#include "prompt_engine/testing/fake_gates.h"
#include "prompt_engine/testing/fake_library_store.h"
#include "prompt_engine/testing/tiny_codec.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::HasSubstr;

class PublishTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Push(8);
    Push(9);
  }
  void Push(std::uint32_t max_tokens) {
    PushRequest request;
    request.prompt = "complete";
    request.content.model = "ngram";
    request.content.sampling.max_tokens = max_tokens;
    ASSERT_THAT(library_.Push(request), IsOk());
  }
  absl::StatusOr<Published> Publish(std::uint32_t version, std::string gate,
                                    std::string reason = "") {
    return library_.Publish(
        {"complete", version, std::move(gate), std::move(reason), "ann"});
  }
  // Of version 1.
  void GateEnds(Verdict verdict, bool warns = false,
                std::string override_reason = "") {
    gates_.gates["g"] = {"complete", 1, verdict, warns,
                         std::move(override_reason)};
  }
  // Code, reason and words of a refusal.
  void ExpectRefused(const absl::Status& status, std::string_view reason,
                     const std::string& words) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                                 HasSubstr(words)));
    EXPECT_EQ(base::ReasonOf(status), reason);
    EXPECT_FALSE(library_.Resolve({"complete", 1, "", ""})->publication);
  }
  std::string LastReason() {
    return library_.ListHistory("complete", {.page_size = 2})->items.back().reason;
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
};

TEST_F(PublishTest, TakesAPassedGateOfThisVersion) {
  GateEnds(Verdict::kPassed);
  ASSERT_OK_AND_ASSIGN(const Published published, Publish(1, "g"));
  EXPECT_EQ(published.staging.version, 1U);
  EXPECT_EQ(published.revision.publication->verdict, Verdict::kPassed);
  EXPECT_EQ(published.revision.publication->gate_id, "g");
  EXPECT_EQ(LastReason(), "gate g passed");
}

TEST_F(PublishTest, TakesAnOverriddenGateAndKeepsWhy) {
  GateEnds(Verdict::kOverridden, false, "hotfix");
  ASSERT_OK_AND_ASSIGN(const Published published, Publish(1, "g"));
  EXPECT_EQ(published.revision.publication->verdict, Verdict::kOverridden);
  EXPECT_EQ(published.revision.publication->override_reason, "hotfix");
  EXPECT_EQ(LastReason(), "gate g overridden: hotfix");
}

TEST_F(PublishTest, TakesAnInconclusiveGateOnlyWhereItsPolicyWarns) {
  GateEnds(Verdict::kInconclusive);
  ExpectRefused(Publish(1, "g").status(), "GATE_NOT_GREEN", "inconclusive");
  GateEnds(Verdict::kInconclusive, /*warns=*/true);
  ASSERT_OK_AND_ASSIGN(const Published published, Publish(1, "g"));
  EXPECT_EQ(published.revision.publication->verdict, Verdict::kInconclusive);
}

TEST_F(PublishTest, RefusesWhatIsNotGreenAndSaysWhatHelps) {
  GateEnds(Verdict::kRegressed);
  ExpectRefused(Publish(1, "g").status(), "GATE_NOT_GREEN", "--override");
  GateEnds(Verdict::kNone);
  ExpectRefused(Publish(1, "g").status(), "GATE_NOT_GREEN", "not decided yet");
}

TEST_F(PublishTest, RefusesAGateOfAnotherVersionOrPrompt) {
  GateEnds(Verdict::kPassed);
  gates_.gates["g"].version = 2;
  ExpectRefused(Publish(1, "g").status(), "GATE_OF_ANOTHER_REVISION",
                "judged complete@2");
  gates_.gates["g"] = {"other", 1, Verdict::kPassed, false, ""};
  ExpectRefused(Publish(1, "g").status(), "GATE_OF_ANOTHER_REVISION",
                "judged other@1");
}

TEST_F(PublishTest, WithoutAGateAsksForAReason) {
  ExpectRefused(Publish(1, "").status(), "GATE_REQUIRED",
                "evalloop gate --prompt complete@1 --benchmark NAME");
  ASSERT_OK_AND_ASSIGN(const Published published,
                       Publish(1, "", "first revision"));
  EXPECT_EQ(published.revision.publication->verdict, Verdict::kOverridden);
  EXPECT_EQ(LastReason(), "first revision");
  EXPECT_EQ(gates_.asked, 0);
}

TEST_F(PublishTest, TakesNoReasonBesideAGate) {
  GateEnds(Verdict::kRegressed);
  EXPECT_THAT(Publish(1, "g", "anyway"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("override_reason")));
}

TEST_F(PublishTest, PublishesNothingWhereNobodyKnowsTheGate) {
  EXPECT_THAT(Publish(1, "none"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(base::ReasonOf(Publish(1, "none").status()), "GATE_NOT_FOUND");
  gates_.away = absl::UnavailableError("away");
  EXPECT_THAT(Publish(1, "g"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(library_.Resolve({"complete", 1, "", ""})->publication);
}

TEST_F(PublishTest, PublishesNothingThatLintBlocks) {
  Push(0);
  const absl::Status status = Publish(3, "", "because").status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr("max_tokens")));
  EXPECT_EQ(base::ReasonOf(status), "LINT_BLOCKS");
}

TEST_F(PublishTest, TwiceIsOnce) {
  ASSERT_THAT(Publish(1, "", "first"), IsOk());
  const absl::Time first =
      library_.Resolve({"complete", 1, "", ""})->publication->time;
  clock_.Advance(absl::Hours(1));
  ASSERT_THAT(Publish(1, "", "again"), IsOk());
  EXPECT_EQ(library_.Resolve({"complete", 1, "", ""})->publication->time,
            first);
}

}  // namespace
}  // namespace evalloop::prompt_engine
