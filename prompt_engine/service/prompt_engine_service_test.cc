#include "prompt_engine/service/prompt_engine_service.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "platform/base/reason.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/server.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "prompt_engine/testing/fake_commit_store.h"
#include "prompt_engine/testing/fake_gates.h"
#include "prompt_engine/testing/fake_library_store.h"
#include "prompt_engine/testing/fake_outcome_records.h"
#include "prompt_engine/testing/fake_outcome_store.h"
#include "prompt_engine/translate/content_codec.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using namespace std::chrono_literals;

class PromptEngineServiceTest : public ::testing::Test {
 protected:
  using Stub = v1::PromptEngineService::Stub;

  void SetUp() override {
    auto server = rpc::Server::Start({}, executor_, {&service_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    rpc::ChannelOptions to;
    to.target = fmt::format("127.0.0.1:{}", server_->port());
    stub_ = v1::PromptEngineService::NewStub(rpc::NewChannel(to));
  }
  template <typename Method, typename Request>
  auto Call(Method method, const Request& request) {
    return rpc::CallUnary(*stub_, method, request, 30s);
  }

  static v1::PushRevisionRequest Line(std::uint32_t max_tokens) {
    v1::PushRevisionRequest request;
    request.set_prompt("line");
    v1::RevisionContent& content = *request.mutable_content();
    content.mutable_template_()->set_form(
        v1::Template::FORM_FILL_IN_THE_MIDDLE);
    content.mutable_template_()->set_fim_family("qwen");
    content.mutable_model()->set_name("m");
    content.mutable_sampling()->set_max_tokens(max_tokens);
    content.mutable_sampling()->add_stop("\n");
    return request;
  }

  evalloop::testing::FakeTransactor transactor_;
  evalloop::testing::FakeClock clock_;
  FakeLibraryStore library_store_;
  FakeLibraryEvents events_;
  FakeCommitStore commits_;
  FakeOutcomeStore outcomes_;
  FakeOutcomeRecords records_;
  ProtoContentCodec codec_;
  FakeGates gates_;
  RevisionCache cache_{clock_};
  Library library_{
      {transactor_, library_store_, events_, codec_, gates_, cache_, clock_}};
  Ingestor ingestor_{transactor_, commits_, clock_, {}};
  Proposer proposer_{transactor_, outcomes_, library_};
  telemetry::Registry registry_;
  rpc::Executor executor_{{}, registry_};
  PromptEngineService service_{
      {library_, ingestor_, proposer_, transactor_, commits_, records_},
      executor_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(PromptEngineServiceTest, GivesContentBackAsItWasPushed) {
  auto request = Line(16);
  request.mutable_content()->mutable_sampling()->set_temperature(0);
  request.mutable_content()->mutable_output()->mutable_always();
  request.mutable_content()->mutable_output()->set_extent(
      v1::OutputPolicy::EXTENT_LINE);
  ASSERT_OK_AND_ASSIGN(const auto pushed, Call(&Stub::PushRevision, request));
  EXPECT_EQ(pushed.revision().digest().size(), 64U);
  v1::GetRevisionRequest get;
  get.mutable_revision()->set_digest(pushed.revision().digest());
  ASSERT_OK_AND_ASSIGN(const auto found, Call(&Stub::GetRevision, get));
  EXPECT_TRUE(found.revision().content().sampling().has_temperature());
  EXPECT_EQ(found.revision().content().template_().fim_family(), "qwen");
  EXPECT_TRUE(found.revision().content().output().has_always());
}

TEST_F(PromptEngineServiceTest, IncludesAreContentAndTheirOrderIsNot) {
  const auto with = [](std::vector<std::pair<std::string, std::string>> list) {
    auto request = Line(16);
    request.mutable_content()->mutable_template_()->set_text(
        "{{> a}}{{> b}}{{prefix}}");
    for (const auto& [name, text] : list) {
      v1::Include& include = *request.mutable_content()->add_includes();
      include.set_name(name);
      include.set_text(text);
    }
    return request;
  };
  ASSERT_OK_AND_ASSIGN(
      const auto first,
      Call(&Stub::PushRevision, with({{"a", "1\n"}, {"b", "2\n"}})));
  ASSERT_OK_AND_ASSIGN(
      const auto same,
      Call(&Stub::PushRevision, with({{"b", "2\n"}, {"a", "1\n"}})));
  ASSERT_OK_AND_ASSIGN(
      const auto other,
      Call(&Stub::PushRevision, with({{"a", "1\n"}, {"b", "3\n"}})));
  EXPECT_EQ(first.revision().content().includes_size(), 2);
  EXPECT_FALSE(same.created());
  EXPECT_NE(other.revision().digest(), first.revision().digest());

  v1::DiffRevisionsRequest diff;
  diff.mutable_from()->set_prompt("line");
  diff.mutable_from()->set_version(1);
  diff.mutable_to()->set_prompt("line");
  diff.mutable_to()->set_version(2);
  ASSERT_OK_AND_ASSIGN(const auto changes, Call(&Stub::DiffRevisions, diff));
  ASSERT_EQ(changes.changes_size(), 1);
  EXPECT_EQ(changes.changes(0).kind(), "template");
  EXPECT_EQ(changes.changes(0).field(), "includes.b");
  EXPECT_EQ(changes.changes(0).diff(), "@@ -1,1 +1,1 @@\n-2\n+3\n");

  v1::RenderPromptRequest render;
  *render.mutable_revision() = diff.to();
  render.set_prefix("x");
  ASSERT_OK_AND_ASSIGN(const auto input, Call(&Stub::RenderPrompt, render));
  EXPECT_EQ(input.prompt(),
            "<|fim_prefix|>1\n3\nx<|fim_suffix|><|fim_middle|>");
}

// The verdict in a request is what its sender would like.
TEST_F(PromptEngineServiceTest, PublishesByWhatTheEvaluatorSays) {
  ASSERT_THAT(Call(&Stub::PushRevision, Line(16)), IsOk());
  v1::PublishRevisionRequest publish;
  publish.set_prompt("line");
  publish.set_version(1);
  publish.set_verdict(v1::VERDICT_KIND_PASSED);
  auto refused = Call(&Stub::PublishRevision, publish);
  EXPECT_EQ(base::ReasonOf(refused.status()), "GATE_REQUIRED");
  publish.set_gate_id("g");
  gates_.gates["g"] = {"line", 1, Verdict::kRegressed, false, ""};
  refused = Call(&Stub::PublishRevision, publish);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(base::ReasonOf(refused.status()), "GATE_NOT_GREEN");
  gates_.away = absl::UnavailableError("away");
  EXPECT_THAT(Call(&Stub::PublishRevision, publish),
              StatusIs(absl::StatusCode::kUnavailable));
  gates_.away = absl::OkStatus();
  gates_.gates["g"].verdict = Verdict::kPassed;
  publish.set_verdict(v1::VERDICT_KIND_REGRESSED);
  ASSERT_OK_AND_ASSIGN(const auto published,
                       Call(&Stub::PublishRevision, publish));
  EXPECT_EQ(published.staging().version(), 1U);
}

TEST_F(PromptEngineServiceTest, ProtectsALabelAndSaysWhoDid) {
  ASSERT_THAT(Call(&Stub::PushRevision, Line(16)), IsOk());
  ASSERT_THAT(Call(&Stub::PushRevision, Line(17)), IsOk());
  v1::MoveLabelRequest move;
  move.set_prompt("line");
  move.set_label("canary");
  move.set_version(1);
  move.set_reason("try");
  ASSERT_THAT(Call(&Stub::MoveLabel, move), IsOk());
  v1::ProtectLabelRequest protect;
  protect.set_prompt("line");
  protect.set_label("canary");
  protect.set_is_protected(true);
  protect.set_author("ann");
  ASSERT_OK_AND_ASSIGN(const auto done, Call(&Stub::ProtectLabel, protect));
  EXPECT_TRUE(done.label().is_protected());
  move.set_version(2);
  EXPECT_EQ(base::ReasonOf(Call(&Stub::MoveLabel, move).status()),
            "LABEL_PROTECTED");
  v1::ListHistoryRequest list;
  list.set_prompt("line");
  ASSERT_OK_AND_ASSIGN(const auto history, Call(&Stub::ListHistory, list));
  EXPECT_EQ(history.entries(0).act(), "protected");
  EXPECT_EQ(history.entries(0).author(), "ann");
}

TEST_F(PromptEngineServiceTest, SaysWhatIsMissing) {
  v1::GetRevisionRequest get;
  get.mutable_revision()->set_prompt("nobody");
  const auto answer = Call(&Stub::GetRevision, get);
  EXPECT_THAT(answer, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(base::ReasonOf(answer.status()), "LABEL_NOT_FOUND");
  v1::PushRevisionRequest empty;
  empty.set_prompt("line");
  EXPECT_THAT(Call(&Stub::PushRevision, empty),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PromptEngineServiceTest, DiffsLintsAndRenders) {
  ASSERT_THAT(Call(&Stub::PushRevision, Line(16)), IsOk());
  ASSERT_THAT(Call(&Stub::PushRevision, Line(32)), IsOk());
  v1::DiffRevisionsRequest diff;
  diff.mutable_from()->set_prompt("line");
  diff.mutable_from()->set_version(1);
  diff.mutable_to()->set_prompt("line");
  diff.mutable_to()->set_version(2);
  ASSERT_OK_AND_ASSIGN(const auto changes, Call(&Stub::DiffRevisions, diff));
  ASSERT_EQ(changes.changes_size(), 1);
  EXPECT_EQ(changes.changes(0).field(), "sampling.max_tokens");

  v1::LintRevisionRequest lint;
  *lint.mutable_content() = Line(0).content();
  ASSERT_OK_AND_ASSIGN(const auto findings, Call(&Stub::LintRevision, lint));
  ASSERT_EQ(findings.findings_size(), 1);
  EXPECT_TRUE(findings.findings(0).blocks());

  v1::RenderPromptRequest render;
  render.mutable_revision()->set_prompt("line");
  render.mutable_revision()->set_version(1);
  render.set_prefix("a = ");
  render.set_suffix("b");
  ASSERT_OK_AND_ASSIGN(const auto input, Call(&Stub::RenderPrompt, render));
  EXPECT_EQ(input.prompt(), "<|fim_prefix|>a = <|fim_suffix|>b<|fim_middle|>");
  EXPECT_EQ(input.stop(0), "\n");
}

TEST_F(PromptEngineServiceTest, ListsByPages) {
  for (std::uint32_t tokens = 1; tokens <= 3; ++tokens) {
    ASSERT_THAT(Call(&Stub::PushRevision, Line(tokens)), IsOk());
  }
  v1::ListRevisionsRequest list;
  list.set_prompt("line");
  list.mutable_page()->set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const auto first, Call(&Stub::ListRevisions, list));
  ASSERT_EQ(first.revisions_size(), 2);
  EXPECT_EQ(first.revisions(0).version(), 3U);
  list.mutable_page()->set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto second, Call(&Stub::ListRevisions, list));
  ASSERT_EQ(second.revisions_size(), 1);
  EXPECT_EQ(second.next_page_token(), "");
  list.mutable_page()->set_page_size(1001);
  EXPECT_THAT(Call(&Stub::ListRevisions, list),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PromptEngineServiceTest, ListsTellWhatTheReadMaskNames) {
  ASSERT_THAT(Call(&Stub::PushRevision, Line(1)), IsOk());
  v1::ListRevisionsRequest revisions;
  revisions.set_prompt("line");
  revisions.mutable_read_mask()->add_paths("version");
  revisions.mutable_read_mask()->add_paths("content.model.name");
  ASSERT_OK_AND_ASSIGN(const auto told, Call(&Stub::ListRevisions, revisions));
  ASSERT_EQ(told.revisions_size(), 1);
  EXPECT_EQ(told.revisions(0).version(), 1U);
  EXPECT_TRUE(told.revisions(0).content().has_model());
  EXPECT_FALSE(told.revisions(0).content().has_sampling());
  EXPECT_EQ(told.revisions(0).digest(), "");
  const auto refused = [&](auto request, auto method) {
    request.mutable_read_mask()->add_paths("no_such");
    const auto status = Call(method, request).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_EQ(base::FieldOf(status), "read_mask");
  };
  v1::ListHistoryRequest history;
  history.set_prompt("line");
  refused(revisions, &Stub::ListRevisions);
  refused(history, &Stub::ListHistory);
  refused(v1::ListPromptsRequest(), &Stub::ListPrompts);
}

TEST_F(PromptEngineServiceTest, ProposesADraftFromOutcomes) {
  ASSERT_THAT(Call(&Stub::PushRevision, Line(16)), IsOk());
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 300; ++i) {
    Outcome& outcome = outcomes.emplace_back();
    outcome.completion_id = fmt::format("c{:03}", i);
    outcome.commit = fmt::format("commit{}", i / 10);
    outcome.path = "a.py";
    outcome.language = "python";
    outcome.line = static_cast<std::uint32_t>(i);
    outcome.text = "compute()";
    const bool sure = i % 2 == 0;
    outcome.raw_text = sure ? "compute()" : "another()";
    const std::string word = outcome.raw_text.substr(0, 7);
    outcome.tokens = {{word, std::log(sure ? 0.8 : 0.3)}, {"(", 0}, {")", 0}};
    outcome.serve_time = absl::FromUnixSeconds(i);
  }
  evalloop::testing::FakeTransactor transactor;
  ASSERT_THAT(transactor.Run([&](base::UnitOfWork& work) {
    return outcomes_.Put(work, outcomes);
  }),
              IsOk());
  v1::ProposeRevisionsRequest propose;
  propose.set_prompt("line");
  propose.set_base_version(1);
  propose.add_kinds(v1::PROPOSAL_KIND_THRESHOLD);
  propose.add_kinds(v1::PROPOSAL_KIND_LEARNT);
  ASSERT_OK_AND_ASSIGN(const auto answer,
                       Call(&Stub::ProposeRevisions, propose));
  ASSERT_EQ(answer.proposals_size(), 2);
  for (const auto& proposal : answer.proposals()) {
    ASSERT_TRUE(proposal.proposed()) << proposal.reason();
    EXPECT_EQ(proposal.revision().parent_version(), 1U);
    EXPECT_NEAR(proposal.expected_acceptance(), 1.0, 1e-9);
    EXPECT_FALSE(proposal.revision().has_publish_time());
  }
  const auto& threshold =
      answer.proposals(0).revision().content().output().threshold();
  EXPECT_GT(threshold.min_probability(), 0.3);
  EXPECT_LE(threshold.min_probability(), 0.8);
  EXPECT_EQ(
      answer.proposals(1).revision().content().output().learnt().feature_set(),
      "v1");
}

TEST_F(PromptEngineServiceTest, OneCallTellsAllOfACompletion) {
  OutcomeRecord& record = records_.records["cmpl-1"];
  record.outcome.completion_id = "cmpl-1";
  record.outcome.shown = true;
  record.outcome.shown_text = "x = 1";
  record.committed = CommittedOutcome{.kind = CommittedKind::kEdited,
                                      .commit = "abc",
                                      .commit_time = absl::FromUnixSeconds(7),
                                      .path = "a.py",
                                      .line = 3,
                                      .end_line = 3,
                                      .text = "x = 2",
                                      .similarity = 0.75,
                                      .alive_7_days = true,
                                      .alive_30_days = std::nullopt};
  record.placement = Placement{.rank = Rank::kLike,
                               .variants = 3,
                               .at_least_as_good = 0.5,
                               .centrality = 0.4,
                               .median_centrality = 0.41};
  record.score =
      LiveScore{.completion_id = "cmpl-1",
                .scorer_digest = "d1",
                .metrics = {{"chrf", 50.0, ""}, {"bleu", std::nullopt, "why"}},
                .composite = 0.5,
                .score_time = absl::FromUnixSeconds(9)};
  v1::GetOutcomeRequest request;
  request.set_completion_id("cmpl-1");
  const auto got = Call(&Stub::GetOutcome, request);
  ASSERT_THAT(got, IsOk());
  const v1::Outcome& outcome = got->outcome();
  EXPECT_EQ(outcome.committed().kind(), v1::CommittedOutcome::KIND_EDITED);
  EXPECT_EQ(outcome.committed().text(), "x = 2");
  EXPECT_TRUE(outcome.committed().alive_7_days());
  EXPECT_FALSE(outcome.committed().has_alive_30_days());
  EXPECT_EQ(outcome.placement().rank(), v1::Placement::RANK_LIKE);
  EXPECT_EQ(outcome.score().metrics(0).value(), 50.0);
  EXPECT_FALSE(outcome.score().metrics(1).has_value());
  EXPECT_FALSE(outcome.has_settle_time());
  request.set_completion_id("other");
  EXPECT_THAT(Call(&Stub::GetOutcome, request),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PromptEngineServiceTest, FiguresHaveIntervalsFromTwoCommitsOn) {
  OutcomeSummary& summary = records_.summaries.emplace_back();
  summary.prompt = "line";
  summary.counts = {.completions = 5, .settled = 4, .kept = 2, .pending = 1};
  summary.commits = {{{1, 2}, {1.5, 2}}};
  auto got = Call(&Stub::SummariseOutcomes, v1::SummariseOutcomesRequest());
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->summaries(0).settled(), 4U);
  EXPECT_EQ(got->summaries(0).at_least_median().value(), 0.5);
  EXPECT_FALSE(got->summaries(0).at_least_median().has_lower());
  records_.summaries[0].commits = {
      {{1, 2}, {1.5, 2}}, {{2, 2}, {0.5, 2}}, {{0, 1}, {0, 0}}};
  got = Call(&Stub::SummariseOutcomes, v1::SummariseOutcomesRequest());
  ASSERT_THAT(got, IsOk());
  const v1::OutcomeSummary& told = got->summaries(0);
  EXPECT_EQ(told.placed(), 5U);
  EXPECT_EQ(told.at_least_median().value(), 3.0 / 5);
  EXPECT_LE(told.at_least_median().lower(), 3.0 / 5);
  EXPECT_GE(told.at_least_median().upper(), 3.0 / 5);
  EXPECT_EQ(told.scored(), 4U);
  EXPECT_EQ(told.composite().value(), 0.5);
}

}  // namespace
}  // namespace evalloop::prompt_engine
