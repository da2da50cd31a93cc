#include "serving/domain/live_completions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"
#include "serving/testing/fixtures.h"

namespace evalloop::serving {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StatusIs;

LiveRequest Asking(std::string_view model, std::string prefix = "x = ") {
  LiveRequest request;
  request.choice = *ParseModelString(model);
  request.query.prefix = std::move(prefix);
  request.query.location.path = "a.py";
  request.user = "ann";
  return request;
}

class LiveCompletionsTest : public ::testing::Test {
 protected:
  absl::StatusOr<Completion> Complete(LiveRequest request,
                                      const LivePieceSink& sink = {}) {
    return fixture_.live.Complete(std::move(request), {}, sink);
  }
  LiveFixture fixture_;
};

TEST_F(LiveCompletionsTest, ShowsWhatThePromptsRevisionAnswers) {
  ASSERT_OK_AND_ASSIGN(const Completion completion,
                       Complete(Asking("evalloop/complete", "total = a +")));
  EXPECT_TRUE(completion.shown);
  EXPECT_EQ(completion.shown_text, "answer");
  EXPECT_EQ(completion.revision_version, 1u);
  EXPECT_EQ(completion.model, "small");
  EXPECT_EQ(completion.model_snapshot, "snap");
  EXPECT_EQ(completion.typed_tokens_before, 4u);
  EXPECT_EQ(completion.typed_chars_before, 8u);
  EXPECT_EQ(fixture_.provider.requests().at(0).sampling.max_tokens, 32u);
}

TEST_F(LiveCompletionsTest, IsDurableAsIntentAndResultBeforeItsAnswer) {
  ASSERT_OK_AND_ASSIGN(const Completion completion,
                       Complete(Asking("evalloop/complete")));
  const auto kept = fixture_.log.completions();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].error, kNoResult);
  EXPECT_EQ(kept[1].error, "");
  EXPECT_EQ(kept[0].id, completion.id);
  EXPECT_EQ(kept[1].id, completion.id);
  EXPECT_EQ(kept[1].raw_text, "answer");
}

TEST_F(LiveCompletionsTest, RefusesWhenTheLogIsFullAndAsksNoModel) {
  fixture_.log.Fill();
  EXPECT_THAT(Complete(Asking("evalloop/complete")),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(fixture_.provider.requests(), IsEmpty());
}

TEST_F(LiveCompletionsTest, HidesALateAnswerOfAPrompt) {
  fixture_.provider.Next(absl::DeadlineExceededError("slow"));
  ASSERT_OK_AND_ASSIGN(const Completion completion,
                       Complete(Asking("evalloop/complete")));
  EXPECT_FALSE(completion.shown);
  EXPECT_EQ(completion.hidden_reason, "late");
  EXPECT_EQ(completion.shown_text, "");
  EXPECT_EQ(fixture_.log.completions().at(1).hidden_reason, "late");
}

TEST_F(LiveCompletionsTest, TellsThatADirectlyCalledModelIsLate) {
  fixture_.provider.Next(absl::DeadlineExceededError("slow"));
  EXPECT_THAT(Complete(Asking("small")),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(LiveCompletionsTest, KeepsAnErrorByItsCodeAlone) {
  fixture_.provider.Next(absl::UnavailableError("quotes the code"));
  EXPECT_THAT(Complete(Asking("evalloop/complete")),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(fixture_.log.completions().at(1).error, "UNAVAILABLE");
}

TEST_F(LiveCompletionsTest, HidesBelowTheRevisionsThreshold) {
  Revision strict = TestRevision("complete", 3);
  strict.output.show = completion_policy::ShowThreshold{.min_probability = 0.9};
  fixture_.library.Put(strict);
  ASSERT_OK_AND_ASSIGN(const Completion completion,
                       Complete(Asking("evalloop/complete@3")));
  EXPECT_FALSE(completion.shown);
  EXPECT_EQ(completion.hidden_reason, "below_threshold");
  EXPECT_EQ(completion.raw_text, "answer");
}

TEST_F(LiveCompletionsTest, FollowsAMovedLabelAtOnce) {
  fixture_.library.Move({.prompt = "complete",
                         .label = "production",
                         .version = 2,
                         .sequence = 2});
  ASSERT_OK_AND_ASSIGN(const Completion completion,
                       Complete(Asking("evalloop/complete")));
  EXPECT_EQ(completion.revision_version, 2u);
}

TEST_F(LiveCompletionsTest, StreamsAModelPieceByPieceAndAPromptWhenDecided) {
  std::vector<std::string> pieces;
  std::vector<std::size_t> logged;
  const LivePieceSink sink = [&](const Completion&, std::string_view piece) {
    pieces.emplace_back(piece);
    logged.push_back(fixture_.log.completions().size());
    return true;
  };
  ASSERT_OK_AND_ASSIGN(const Completion direct,
                       Complete(Asking("small"), sink));
  EXPECT_THAT(pieces, ElementsAre("ans", "wer"));
  pieces.clear();
  ASSERT_OK_AND_ASSIGN(const Completion decided,
                       Complete(Asking("evalloop/complete"), sink));
  EXPECT_THAT(pieces, ElementsAre("answer"));
  EXPECT_EQ(logged.back(), 4u) << "the result is durable before its text";
}

TEST_F(LiveCompletionsTest, KnowsNoUnknownPromptLabelVersionOrModel) {
  for (const char* model : {"evalloop/other", "evalloop/complete@staging",
                            "evalloop/complete@9", "other"}) {
    EXPECT_THAT(Complete(Asking(model)), StatusIs(absl::StatusCode::kNotFound))
        << model;
  }
  EXPECT_THAT(fixture_.log.completions(), IsEmpty());
}

TEST(LiveCompletionsBoundTest, RefusesMoreThanItMayHoldAtOnce) {
  LiveFixture fixture({.max_concurrent = 0});
  const auto answer = fixture.live.Complete(Asking("small"), {}, {});
  EXPECT_THAT(answer, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_TRUE(base::RetryAfterOf(answer.status()).has_value());
}

TEST_F(LiveCompletionsTest, TellsTheProviderWhenNobodyWaits) {
  EXPECT_THAT(fixture_.live.Complete(Asking("small"), [] { return true; }, {}),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST_F(LiveCompletionsTest, TakesFeedbackForItsOwnIdsOnly) {
  ASSERT_OK_AND_ASSIGN(const Completion completion,
                       Complete(Asking("evalloop/complete")));
  Feedback feedback;
  feedback.completion_id = completion.id;
  feedback.kind = FeedbackKind::kAccepted;
  EXPECT_THAT(fixture_.feedback.Take(feedback), testing::IsOk());
  feedback.completion_id.back() ^= 1;
  EXPECT_THAT(fixture_.feedback.Take(feedback),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(fixture_.log.feedback(), SizeIs(1));
}

TEST(FeedbackEventIdTest, IsTheSameForTheSameFeedbackAlone) {
  Feedback feedback;
  feedback.completion_id = "a";
  feedback.kind = FeedbackKind::kTyped;
  feedback.text = "x";
  Feedback again = feedback;
  again.elapsed_ms = 5;
  again.give_time = absl::Now();
  EXPECT_EQ(FeedbackEventId(feedback), FeedbackEventId(again));
  Feedback without = feedback;
  without.text.reset();
  Feedback empty = feedback;
  empty.text = "";
  EXPECT_NE(FeedbackEventId(without), FeedbackEventId(empty));
  again.kind = FeedbackKind::kEdited;
  EXPECT_NE(FeedbackEventId(feedback), FeedbackEventId(again));
}

}  // namespace
}  // namespace evalloop::serving
