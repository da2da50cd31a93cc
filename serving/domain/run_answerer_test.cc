#include "serving/domain/run_answerer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serving/testing/fixtures.h"

namespace evalloop::serving {
namespace {

using Steady = std::chrono::steady_clock;

class RunAnswererTest : public ::testing::Test {
 protected:
  RunAnswererTest() {
    question_.revision =
        std::make_shared<const Revision>(TestRevision("complete", 1));
    question_.query.prefix = "def f(a, b):\n    ";
    question_.query.location.path = "a.py";
    question_.query.location.language = "python";
    question_.committed = "return add(a, b)";
  }
  RunAnswer Answer() {
    return answerer_.Answer(question_, Steady::now() + patience_,
                            [this] { return stopped_; });
  }

  LiveFixture fixture_;
  int sleeps_ = 0;
  bool stopped_ = false;
  std::chrono::milliseconds patience_{60'000};
  RunQuestion question_;
  RunAnswerer answerer_{fixture_.completer, {}, [this](auto) { ++sleeps_; }};
};

TEST_F(RunAnswererTest, AnswersOnceAtTheCursor) {
  const RunAnswer answer = Answer();
  EXPECT_EQ(answer.infrastructure_error, "");
  EXPECT_EQ(answer.completion.raw_text, "answer");
  EXPECT_FALSE(answer.tally.has_value());
  EXPECT_TRUE(fixture_.log.completions().empty()) << "runs are no live traffic";
}

TEST_F(RunAnswererTest, TypesTheLineWithTheAcceptanceRule) {
  question_.typed = true;
  fixture_.provider.Next(
      FakeProvider::Saying({"return", " add", "(", "a", ",", " b", ")"}));
  const RunAnswer answer = Answer();
  EXPECT_EQ(answer.infrastructure_error, "");
  EXPECT_EQ(answer.completion.raw_text, "return add(a, b)");
  ASSERT_TRUE(answer.tally.has_value());
  EXPECT_EQ(answer.tally->lines, 1);
  EXPECT_EQ(answer.tally->requests, 1);
  EXPECT_EQ(answer.tally->accepted, 1);
  EXPECT_EQ(answer.tally->accepted_characters, 14);
  EXPECT_EQ(answer.tally->typed_characters, 0);
  EXPECT_EQ(answer.attempts, 1u);
}

TEST_F(RunAnswererTest, ALineCostsWhatAllOfItsCallsCost) {
  question_.typed = true;
  question_.committed = "x = y";
  // Nothing of it is right, so that each token's start asks again.
  for (int i = 0; i < 3; ++i) {
    fixture_.provider.Next(FakeProvider::Saying({"no", "pe"}));
  }
  const RunAnswer answer = Answer();
  ASSERT_TRUE(answer.tally.has_value());
  ASSERT_EQ(answer.tally->requests, 3);
  EXPECT_EQ(answer.attempts, 3u);
  EXPECT_EQ(answer.completion.usage.prompt_tokens, 3 * 7u);
  EXPECT_EQ(answer.completion.usage.completion_tokens, 3 * 2u);
}

TEST_F(RunAnswererTest, SitsAnOutageOut) {
  for (int i = 0; i < 3; ++i) {
    fixture_.provider.Next(absl::UnavailableError("down"));
  }
  const RunAnswer answer = Answer();
  EXPECT_EQ(answer.completion.raw_text, "answer");
  EXPECT_EQ(sleeps_, 3);
  EXPECT_EQ(answer.attempts, 4u);
  EXPECT_EQ(answer.completion.usage.prompt_tokens, 7u)
      << "a call without an answer tells no tokens";
}

TEST_F(RunAnswererTest, GivesUpWithAnInfrastructureErrorWhenTheOutageLasts) {
  patience_ = std::chrono::milliseconds(0);
  fixture_.provider.Next(absl::UnavailableError("down"));
  const RunAnswer answer = Answer();
  EXPECT_THAT(answer.infrastructure_error, ::testing::HasSubstr("UNAVAILABLE"));
  EXPECT_EQ(answer.attempts, 1u);
}

TEST_F(RunAnswererTest, DoesNotRepeatWhatTheModelRefuses) {
  fixture_.provider.Next(absl::InvalidArgumentError("no such parameter"));
  EXPECT_THAT(Answer().infrastructure_error,
              ::testing::HasSubstr("INVALID_ARGUMENT"));
  EXPECT_EQ(sleeps_, 0);
}

TEST_F(RunAnswererTest, KeepsARawTextThatThePolicyHides) {
  Revision strict = TestRevision("complete", 1);
  strict.output.min_characters = 50;
  question_.revision = std::make_shared<const Revision>(strict);
  const RunAnswer answer = Answer();
  EXPECT_FALSE(answer.completion.shown);
  EXPECT_EQ(answer.completion.raw_text, "answer");
}

}  // namespace
}  // namespace evalloop::serving
