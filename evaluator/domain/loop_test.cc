#include "evaluator/domain/loop.h"

#include <gtest/gtest.h>

#include "evaluator/testing/fakes.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"

namespace evalloop::evaluator {
namespace {

TypedTally Line(std::int64_t shown, std::int64_t accepted_chars) {
  return {.lines = 1,
          .requests = 5,
          .shown = shown,
          .accepted = 1,
          .typed_chars = 20 - accepted_chars,
          .accepted_chars = accepted_chars,
          .rejected_chars = 10 * (shown - 1)};
}

// A benchmark of 60 lines in 30 commits. Revision v answers each line with the
// tally that the test gives it.
class LoopTest : public ::testing::Test {
 protected:
  LoopTest() {
    for (int i = 0; i < 60; ++i) {
      Item item;
      item.id = "item" + std::to_string(100 + i);
      item.commit = "commit" + std::to_string(i / 2);
      item.agreed = "x";
      items_.push_back(item);
    }
    EXPECT_TRUE(benchmarks_.Add(Describe("gate", items_), items_, {}).ok());
    tallies_ = {{1, Line(5, 4)}, {2, Line(2, 5)}, {3, Line(2, 7)}};
    library_.proposals = {Proposed(ProposalKind::kThreshold, 2),
                          Proposed(ProposalKind::kLearnt, 3)};
  }

  static Proposal Proposed(ProposalKind kind, std::uint32_t version) {
    return {kind, true, "tuned", FakePromptLibrary::Ref(version)};
  }

  // What serving, scorer and the gate's thread do meanwhile.
  bool Work() {
    for (evaluator::Run& run : run_store_.runs) {
      if (run.state != RunState::kRunning) continue;
      for (const Item& item : items_) {
        Row row;
        row.run_id = run.id;
        row.item_id = item.id;
        row.commit = item.commit;
        row.scored = true;
        row.tally = tallies_.at(run.revision.version);
        run_store_.rows[run.id].push_back(row);
      }
      if (run.scorer_digest.empty()) run.scorer_digest = scorer_digest_;
      run.scored = run.rows;
      run.state = RunState::kFinished;
    }
    EXPECT_TRUE(gatekeeper_.DecideDue().ok());
    return true;
  }

  LoopContext Context() {
    return {.prompt = "complete-line",
            .benchmark = "gate",
            .autopilot = {.publish = true, .move_production = true},
            .request_id = "turn-1"};
  }

  absl::StatusOr<std::vector<Decision>> Turn(const LoopContext& context) {
    return loop_.Turn(
        context, "", [](std::string_view) { return true; },
        [this] { return Work(); });
  }

  testing::FakeClock clock_;
  testing::FakeTransactor transactor_;
  FakePromptLibrary library_;
  FakeBenchmarkStore benchmarks_;
  FakeRunStore run_store_;
  FakeGateStore gates_{run_store_};
  FakeEvents events_;
  FakeModelStore models_;
  Runs runs_{library_, benchmarks_, models_, run_store_,
             events_,  transactor_, clock_};
  Gatekeeper gatekeeper_{library_, runs_, run_store_, gates_, clock_};
  Loop loop_{library_, gatekeeper_, run_store_, gates_,
             events_,  transactor_, clock_};
  std::vector<Item> items_;
  std::map<std::uint32_t, TypedTally> tallies_;
  std::string scorer_digest_ = "digest-1";
};

TEST_F(LoopTest, AppliesTheProposalThatGainsMostOfThoseThatPass) {
  const auto decisions = Turn(Context());
  ASSERT_TRUE(decisions.ok()) << decisions.status();
  ASSERT_EQ(decisions->size(), 2u);
  EXPECT_EQ((*decisions)[0].verdict, Verdict::kPassed);
  EXPECT_FALSE((*decisions)[0].applied);
  EXPECT_TRUE((*decisions)[1].applied);
  EXPECT_NEAR((*decisions)[1].gain.value, 0.15, 1e-9);
  EXPECT_EQ(library_.production, 3u);
  EXPECT_EQ(library_.published, std::vector<std::uint32_t>{3});
  EXPECT_EQ(events_.decided.size(), 2u);
}

TEST_F(LoopTest, HoldsWhatRegresses) {
  tallies_[2] = Line(2, 1);
  tallies_[3] = Line(9, 5);  // More characters, but more interruption too.
  const auto decisions = Turn(Context());
  ASSERT_TRUE(decisions.ok());
  EXPECT_EQ((*decisions)[0].verdict, Verdict::kRegressed);
  EXPECT_EQ((*decisions)[1].verdict, Verdict::kRegressed);
  EXPECT_EQ(library_.production, 1u);
  EXPECT_TRUE(library_.published.empty());
}

TEST_F(LoopTest, ATurnAskedForAgainEndsTheSameAndDecidesOnce) {
  ASSERT_TRUE(Turn(Context()).ok());
  const auto again = Turn(Context());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)[1].from_version, 1u);
  EXPECT_TRUE((*again)[1].applied);
  EXPECT_EQ(library_.production, 3u);
  EXPECT_EQ(events_.decided.size(), 2u);
  EXPECT_EQ(gates_.gates.size(), 2u);
}

TEST_F(LoopTest, WithoutAutopilotNothingMoves) {
  LoopContext context = Context();
  context.autopilot = {};
  const auto decisions = Turn(context);
  ASSERT_TRUE(decisions.ok());
  EXPECT_EQ((*decisions)[1].verdict, Verdict::kPassed);
  EXPECT_FALSE((*decisions)[1].applied);
  EXPECT_EQ(library_.production, 1u);
}

TEST_F(LoopTest, BaselineRunsOnceForAllProposals) {
  ASSERT_TRUE(Turn(Context()).ok());
  int baseline_runs = 0;
  for (const evaluator::Run& run : run_store_.runs) {
    if (run.revision.version == 1) ++baseline_runs;
  }
  EXPECT_EQ(baseline_runs, 1);
}

TEST_F(LoopTest, ABaselineByAnotherRubricIsRunAgain) {
  ASSERT_TRUE(Turn(Context()).ok());  // Leaves a run of revision 1.
  scorer_digest_ = "digest-2";        // A rubric is pushed.
  library_.production = 1;
  LoopContext context = Context();
  context.request_id = "turn-2";
  const auto decisions = Turn(context);
  ASSERT_TRUE(decisions.ok()) << decisions.status();
  EXPECT_EQ((*decisions)[1].verdict, Verdict::kPassed)
      << (*decisions)[1].reason;
  std::vector<std::string> digests;
  for (const evaluator::Run& run : run_store_.runs) {
    if (run.revision.version == 1) digests.push_back(run.scorer_digest);
  }
  EXPECT_EQ(digests, (std::vector<std::string>{"digest-1", "digest-2"}));
  EXPECT_EQ(gates_.gates.back().baseline_source, BaselineSource::kRenewed);
}

TEST_F(LoopTest, ItemsInQuarantineCountForNoVerdict) {
  ASSERT_TRUE(Turn(Context()).ok());
  testing::FakeUnitOfWork work;
  Oracle flaky;
  flaky.reason = "flaky";
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(
        benchmarks_.RecordOracle(work, "gate", 1, items_[i].id, flaky).ok());
  }
  const Gate& gate = gates_.gates.front();
  const auto comparison =
      runs_.CompareRuns(gate.baseline_run, gate.candidate_run, 100);
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->rows.size(), 40u);
  EXPECT_EQ(comparison->quarantined, 20);
  EXPECT_EQ(comparison->missing_rows, 0);
}

TEST_F(LoopTest, ARunThatSomebodyNamedIsRefusedWithTheCommandInstead) {
  ASSERT_TRUE(Turn(Context()).ok());
  scorer_digest_ = "digest-2";
  GateRequest request;
  request.candidate.revision = {.prompt = "complete-line", .version = 2};
  request.candidate.benchmark = "gate";
  request.candidate.mode = RunMode::kTyped;
  request.baseline_run = run_store_.runs.front().id;
  request.request_id = "mine";
  const auto gate = gatekeeper_.Start(request);
  ASSERT_TRUE(gate.ok()) << gate.status();
  const std::size_t runs = run_store_.runs.size();
  Work();
  EXPECT_EQ(run_store_.runs.size(), runs);
  const auto decided = gates_.Get(gate->id);
  EXPECT_EQ(decided->decision.verdict, Verdict::kInconclusive);
  EXPECT_NE(decided->decision.findings.at(0).detail.find("evalloop run rerun " +
                                                         request.baseline_run),
            std::string::npos)
      << decided->decision.findings.at(0).detail;
}

TEST_F(LoopTest, AProposalThatCouldNotBeMadeIsADecisionWithItsReason) {
  library_.proposals = {{ProposalKind::kLearnt, false, "too few outcomes", {}}};
  const auto decisions = Turn(Context());
  ASSERT_TRUE(decisions.ok());
  ASSERT_EQ(decisions->size(), 1u);
  EXPECT_EQ((*decisions)[0].reason, "too few outcomes");
  EXPECT_FALSE((*decisions)[0].applied);
}

TEST_F(LoopTest, AModelThatIsNoWorseIsPromoted) {
  tallies_[2] = Line(5, 4);
  LoopContext context = Context();
  const auto decision = loop_.DecideRevision(
      context, {.prompt = "complete-line", .version = 2}, "model",
      [](std::string_view) { return true; }, [this] { return Work(); });
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->verdict, Verdict::kPassed) << decision->reason;
  EXPECT_EQ(library_.production, 2u);
}

}  // namespace
}  // namespace evalloop::evaluator
