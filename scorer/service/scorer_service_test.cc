#include "scorer/service/scorer_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "platform/base/reason.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "scorer/domain/rubric.h"
#include "scorer/testing/fake_score_store.h"

namespace evalloop::scorer {
namespace {

using std::chrono::seconds;
using testing::IsOk;
using testing::StatusIs;
using Stub = v1::ScorerService::Stub;

class ScorerServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = rpc::Server::Start({}, executor_, {&service_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = std::make_unique<Stub>(rpc::NewChannel(
        {.target = "127.0.0.1:" + std::to_string(server_->port())}));
  }

  void Store(std::string subject, double composite) {
    StoredScore stored{.subject = std::move(subject),
                       .score = Unscored("infrastructure"),
                       .score_time = now_ += absl::Seconds(1)};
    stored.score.composite = composite;
    const std::vector<StoredScore> all = {stored};
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      return store_.Record(work, all);
    }),
                IsOk());
  }

  template <class Request, class Method>
  auto Call(Method method, const Request& request) {
    return rpc::CallUnary(*stub_, method, request, seconds(20));
  }

  telemetry::Registry registry_;
  rpc::Executor executor_{{}, registry_};
  FakeScoreStore store_;
  testing::FakeTransactor transactor_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  ScorerServiceImpl service_{store_, executor_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(ScorerServiceTest, ScoresACandidateByTheMetricsAskedFor) {
  v1::ScoreRequest request;
  request.mutable_candidate()->set_text("a + b");
  request.mutable_candidate()->add_references("a + b");
  request.add_metrics("chrf");
  request.add_metrics("pearson");
  ASSERT_OK_AND_ASSIGN(const auto response, Call(&Stub::Score, request));
  ASSERT_EQ(response.score().metrics_size(), 2);
  EXPECT_NEAR(response.score().metrics(0).value(), 100.0, 1e-9);
  EXPECT_FALSE(response.score().metrics(1).has_value());
  EXPECT_EQ(response.score().metrics(1).reason(), "zero_variance");
  EXPECT_EQ(response.score().scorer_digest(), ScorerDigest());
}

TEST_F(ScorerServiceTest, NamesTheFieldThatIsWrong) {
  v1::ScoreRequest request;
  auto status = Call(&Stub::Score, request).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(base::FieldOf(status), "candidate");
  request.mutable_candidate();
  request.add_metrics("nonsense");
  status = Call(&Stub::Score, request).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(base::FieldOf(status), "metrics");
}

TEST_F(ScorerServiceTest, ScoresABatchInOrderAndBoundsIt) {
  v1::BatchScoreRequest request;
  for (const char* text : {"a", "b", "c"}) {
    v1::Candidate& candidate = *request.add_candidates();
    candidate.set_text(text);
    candidate.add_references("b");
  }
  request.add_metrics("exact_match");
  ASSERT_OK_AND_ASSIGN(const auto response, Call(&Stub::BatchScore, request));
  ASSERT_EQ(response.scores_size(), 3);
  EXPECT_EQ(response.scores(0).metrics(0).value(), 0.0);
  EXPECT_EQ(response.scores(1).metrics(0).value(), 1.0);
  while (request.candidates_size() <= 1000) request.add_candidates();
  EXPECT_THAT(Call(&Stub::BatchScore, request),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ScorerServiceTest, RatesWithoutLookingAtReferences) {
  v1::RateRequest request;
  request.mutable_candidate()->set_text("x + )");
  request.mutable_candidate()->add_references("x + )");
  request.mutable_candidate()->set_language("python");
  request.mutable_candidate()->set_prefix("y = ");
  request.mutable_candidate()->set_suffix("\n");
  ASSERT_OK_AND_ASSIGN(const auto response, Call(&Stub::Rate, request));
  ASSERT_EQ(response.score().metrics_size(), 1);
  EXPECT_EQ(response.score().metrics(0).metric(), "parses");
  EXPECT_FALSE(response.score().has_composite());
}

TEST_F(ScorerServiceTest, DescribesItself) {
  ASSERT_OK_AND_ASSIGN(const auto scorer,
                       Call(&Stub::GetScorer, v1::GetScorerRequest()));
  EXPECT_EQ(scorer.scorer_digest(), ScorerDigest());
  EXPECT_EQ(scorer.metrics_size(), static_cast<int>(AllMetrics().size()));
  ASSERT_OK_AND_ASSIGN(const auto rubrics,
                       Call(&Stub::ListRubrics, v1::ListRubricsRequest()));
  ASSERT_EQ(rubrics.rubrics_size(), 1);
  EXPECT_EQ(rubrics.rubrics(0).SerializeAsString(),
            scorer.rubric().SerializeAsString());
}

TEST_F(ScorerServiceTest, FindsAStoredScore) {
  Store("completions/cmpl-1", 0.25);
  v1::GetScoreRequest request;
  request.set_subject("completions/cmpl-1");
  ASSERT_OK_AND_ASSIGN(const auto found, Call(&Stub::GetScore, request));
  EXPECT_EQ(found.score().score().composite(), 0.25);
  EXPECT_EQ(found.score().score_time().seconds(), 1'700'000'001);
  request.set_subject("completions/other");
  EXPECT_THAT(Call(&Stub::GetScore, request),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ScorerServiceTest, ListsPagesNewestFirst) {
  for (int i = 0; i < 5; ++i) Store("runs/r/items/" + std::to_string(i), 0.1);
  Store("completions/x", 0.1);
  v1::ListScoresRequest request;
  request.set_subject_prefix("runs/r/");
  request.mutable_page()->set_page_size(2);
  std::vector<std::string> seen;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Call(&Stub::ListScores, request));
    for (const auto& score : page.scores()) seen.push_back(score.subject());
    request.mutable_page()->set_page_token(page.next_page_token());
  } while (!request.page().page_token().empty());
  EXPECT_THAT(seen, ::testing::ElementsAre("runs/r/items/4", "runs/r/items/3",
                                           "runs/r/items/2", "runs/r/items/1",
                                           "runs/r/items/0"));
  request.mutable_page()->set_page_size(1001);
  EXPECT_THAT(Call(&Stub::ListScores, request),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace evalloop::scorer
