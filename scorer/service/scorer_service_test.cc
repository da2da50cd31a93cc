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
#include "scorer/testing/fake_judge.h"
#include "scorer/testing/fake_rubric_store.h"
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
  FakeRubricStore rubric_store_;
  Rubrics rubrics_{rubric_store_, transactor_};
  FakeJudgeModels judge_models_;
  FakeJudgeCache judge_cache_;
  Judge judge_{judge_models_, judge_cache_};
  // This machine may be busy; what a budget does is rating_test's.
  Rater rater_{{.budget = seconds(20)}};
  ScorerServiceImpl service_{store_, rubric_store_, rubrics_,
                             judge_, rater_,        executor_};
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
  EXPECT_EQ(response.score().scorer_digest(), Scorer::BuiltIn().digest());
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
  EXPECT_EQ(response.score().metrics_size(),
            static_cast<int>(ReferenceFreeMetrics().size()));
  EXPECT_EQ(response.score().metrics(0).metric(), "parses");
  EXPECT_TRUE(response.score().metrics(0).has_value());
  EXPECT_EQ(response.score().scorer_digest(), Scorer::BuiltIn().digest());
  EXPECT_FALSE(response.score().has_composite());
}

TEST_F(ScorerServiceTest, DescribesItself) {
  ASSERT_OK_AND_ASSIGN(const auto scorer,
                       Call(&Stub::GetScorer, v1::GetScorerRequest()));
  EXPECT_EQ(scorer.scorer_digest(), Scorer::BuiltIn().digest());
  EXPECT_EQ(scorer.metrics_size(), static_cast<int>(AllMetrics().size()));
  ASSERT_OK_AND_ASSIGN(const auto rubrics,
                       Call(&Stub::ListRubrics, v1::ListRubricsRequest()));
  ASSERT_EQ(rubrics.rubrics_size(), 1);
  EXPECT_EQ(rubrics.rubrics(0).SerializeAsString(),
            scorer.rubric().SerializeAsString());
}

v1::PushRubricRequest ParsesOnly(std::string name) {
  v1::PushRubricRequest request;
  request.mutable_rubric()->set_name(std::move(name));
  request.mutable_rubric()->set_author("ann");
  v1::RubricTerm& term = *request.mutable_rubric()->add_terms();
  term.set_metric("parses");
  term.set_weight(1);
  term.set_floor(1);
  term.set_group("harmless");
  return request;
}

TEST_F(ScorerServiceTest, APushedRubricScoresFromThenOn) {
  const auto before = Scorer::BuiltIn().digest();
  ASSERT_OK_AND_ASSIGN(const auto pushed,
                       Call(&Stub::PushRubric, ParsesOnly("strict")));
  EXPECT_EQ(pushed.rubric().version(), 1u);
  EXPECT_TRUE(pushed.rubric().in_force());
  EXPECT_NE(pushed.scorer_digest(), before);

  v1::ScoreRequest request;
  request.mutable_candidate()->set_text("x + )");
  request.mutable_candidate()->set_language("python");
  ASSERT_OK_AND_ASSIGN(const auto scored, Call(&Stub::Score, request));
  EXPECT_EQ(scored.score().scorer_digest(), pushed.scorer_digest());
  EXPECT_EQ(scored.score().composite(), 0.0);
  ASSERT_EQ(scored.score().failed_size(), 1);
  EXPECT_EQ(scored.score().failed(0), "parses");
  ASSERT_EQ(scored.score().groups_size(), 1);
  EXPECT_EQ(scored.score().groups(0).group(), "harmless");

  v1::UseRubricRequest back;
  back.set_name("default");
  ASSERT_OK_AND_ASSIGN(const auto used, Call(&Stub::UseRubric, back));
  EXPECT_EQ(used.scorer_digest(), before);
  back.set_name("nobody");
  EXPECT_THAT(Call(&Stub::UseRubric, back),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ScorerServiceTest, TellsHowWellAScoreTellsAcceptance) {
  for (int i = 0; i < 40; ++i) {
    StoredScore stored{.subject = "completions/" + std::to_string(i),
                       .score = Unscored("infrastructure"),
                       .score_time = now_ += absl::Seconds(1)};
    stored.score.composite = i / 40.0;
    stored.outcome = Outcome{i % 4 == 0 || i > 30, "p cpp"};
    const std::vector<StoredScore> all = {stored};
    ASSERT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      return store_.Record(work, all);
    }),
                IsOk());
  }
  ASSERT_OK_AND_ASSIGN(const auto found, Call(&Stub::GetCalibration,
                                              v1::GetCalibrationRequest()));
  EXPECT_EQ(found.metric(), "composite");
  EXPECT_EQ(found.scorer_digest(), Scorer::BuiltIn().digest());
  EXPECT_EQ(found.rows(), 40u);
  EXPECT_EQ(found.accepted(), 17u);
  EXPECT_EQ(found.tasks(), 1u);
  EXPECT_GT(found.spearman().value(), 0.3);
  EXPECT_LT(found.spearman().lower(), found.spearman().value());
  EXPECT_TRUE(found.has_ece());
  EXPECT_EQ(found.bins_size(), 15);
  EXPECT_EQ(found.standing(), "too_few_rows");

  v1::GetCalibrationRequest request;
  request.set_metric("chrf");
  ASSERT_OK_AND_ASSIGN(const auto none, Call(&Stub::GetCalibration, request));
  EXPECT_FALSE(none.has_auc());
  ASSERT_EQ(none.missing_size(), 3);
  EXPECT_EQ(none.missing(0).reason(), "no_rows");
  request.set_metric("nonsense");
  EXPECT_EQ(base::FieldOf(Call(&Stub::GetCalibration, request).status()),
            "metric");
}

TEST_F(ScorerServiceTest, AsksAJudgeOfAnotherFamily) {
  v1::JudgeRequest request;
  request.mutable_candidate()->set_text("return a;");
  request.set_judge_model("judge");
  request.set_candidate_model("author");
  request.set_votes(4);
  judge_models_.answers = {JudgeAnswer{{5, 5, 5}, "good"},
                           JudgeAnswer{{1, 1, 1}, "bad"},
                           absl::InvalidArgumentError("no JSON object"),
                           absl::UnavailableError("away")};
  ASSERT_OK_AND_ASSIGN(const auto verdict, Call(&Stub::Judge, request));
  EXPECT_EQ(verdict.verdict().value(), 0.5);
  EXPECT_EQ(verdict.verdict().lower(), 0.0);
  EXPECT_EQ(verdict.variance(), 0.5);
  EXPECT_EQ(verdict.invalid_votes(), 1u);
  EXPECT_EQ(verdict.failed_votes(), 1u);
  ASSERT_EQ(verdict.details_size(), 4);
  EXPECT_EQ(verdict.details(0).criteria(2).metric(), "helpful");
  EXPECT_EQ(verdict.details(2).reason(), "no JSON object");
  EXPECT_EQ(verdict.model_snapshot(), "s1");

  request.set_candidate_model("judge");
  const auto refused = Call(&Stub::Judge, request).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(base::ReasonOf(refused), "JUDGE_SAME_FAMILY");
}

TEST_F(ScorerServiceTest, ListsRubricsWithTheBuiltInOneLast) {
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_THAT(Call(&Stub::PushRubric, ParsesOnly(name)), IsOk());
  }
  std::vector<std::string> seen;
  v1::ListRubricsRequest request;
  request.mutable_page()->set_page_size(2);
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Call(&Stub::ListRubrics, request));
    for (const auto& rubric : page.rubrics()) {
      seen.push_back(rubric.name() + (rubric.in_force() ? "!" : ""));
    }
    request.mutable_page()->set_page_token(page.next_page_token());
  } while (!request.page().page_token().empty());
  EXPECT_THAT(seen, ::testing::ElementsAre("c!", "b", "a", "default"));
}

TEST_F(ScorerServiceTest, NamesTheFieldOfABadRubric) {
  v1::PushRubricRequest request = ParsesOnly("strict");
  request.mutable_rubric()->mutable_terms(0)->set_weight(2);
  const auto status = Call(&Stub::PushRubric, request).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(base::FieldOf(status), "terms[0].weight");
  EXPECT_EQ(
      base::FieldOf(Call(&Stub::PushRubric, ParsesOnly("default")).status()),
      "name");
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
