#include "evaluator/domain/gatekeeper.h"

#include <gtest/gtest.h>

#include <functional>

#include "evaluator/testing/fakes.h"
#include "platform/base/reason.h"
#include "platform/base/text_diff.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"

namespace evalloop::evaluator {
namespace {

constexpr int kItems = 240;

// A benchmark of 240 items in 120 commits, a quarter of them "io". What a
// revision is worth on an item is the test's to say.
class GatekeeperTest : public ::testing::Test {
 protected:
  GatekeeperTest() {
    for (int i = 0; i < kItems; ++i) {
      Item item;
      item.id = "item" + std::to_string(1000 + i);
      item.path = "src/" + std::to_string(i) + ".py";
      item.line = static_cast<std::uint32_t>(i + 1);
      item.commit = "commit" + std::to_string(i / 2);
      item.item_class = i % 4 == 0 ? "io" : "logic";
      item.agreed = "x";
      items_.push_back(item);
    }
    EXPECT_TRUE(benchmarks_.Add(Describe("gate", items_), items_, {}).ok());
    value_ = [](const evaluator::Run&, int, std::uint32_t) { return 50.0; };
  }

  // What serving and scorer do meanwhile.
  void Answer() {
    for (evaluator::Run& run : run_store_.runs) {
      if (run.state != RunState::kRunning) continue;
      auto& rows = run_store_.rows[run.id];
      rows.clear();
      run.failed = 0;
      for (int i = 0; i < kItems; ++i) {
        const std::string& id = items_[i].id;
        if (!run.items.empty() && std::find(run.items.begin(), run.items.end(),
                                            id) == run.items.end()) {
          continue;
        }
        for (std::uint32_t sample = 0; sample < run.samples; ++sample) {
          Row row;
          row.run_id = run.id;
          row.item_id = id;
          row.sample = sample;
          row.commit = items_[i].commit;
          row.raw_text = "by " + run.revision.digest;
          row.scored = !fails_.contains(run.id + id);
          run.failed += !row.scored;
          if (!row.scored) row.infrastructure_error = failure_;
          row.metrics = {{"chrf", value_(run, i, sample), ""}};
          row.reported_model = provider_;
          rows.push_back(row);
        }
      }
      run.scorer_digest = digest_(run);
      run.scored = static_cast<std::int64_t>(rows.size()) - run.failed;
      run.state = RunState::kFinished;
    }
  }

  absl::StatusOr<Gate> Start(std::optional<GatePolicy> policy,
                             std::string request_id = "g") {
    GateRequest request;
    request.candidate.revision = {.prompt = "complete-line", .version = 3};
    request.candidate.benchmark = "gate";
    request.candidate.subset = subset_;
    request.baseline = {.prompt = "complete-line", .version = 1};
    request.baseline_run = baseline_run_;
    request.policy = std::move(policy);
    request.request_id = std::move(request_id);
    clock_.Advance(absl::Seconds(1));
    return gatekeeper_.Start(request);
  }

  // Runs and judges until there is a verdict; how often it judged.
  int Drive(const std::string& id) {
    for (int turn = 1; turn <= 10; ++turn) {
      Answer();
      EXPECT_TRUE(gatekeeper_.DecideDue().ok());
      if (gates_.Get(id)->decision.verdict != Verdict::kUndecided) return turn;
    }
    ADD_FAILURE() << "no verdict";
    return 0;
  }

  static GatePolicy Chrf(double average) {
    GatePolicy policy;
    policy.tolerances = {{.metric = "chrf", .average_tolerance = average}};
    return policy;
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
  std::vector<Item> items_;
  std::set<std::string> fails_;  // Run and item.
  std::function<std::string(const evaluator::Run&)> digest_ =
      [](const evaluator::Run&) { return "digest"; };
  std::string provider_ = "model-1";
  std::string failure_ = "UNAVAILABLE: no answer";
  std::string baseline_run_;
  Subset subset_ = Subset::kFull;
  std::function<double(const evaluator::Run&, int, std::uint32_t)> value_;
};

TEST_F(GatekeeperTest, TheReportNamesTheCategoryTheRowsAndTheChange) {
  // Revision 3 does worse on every "io" item.
  value_ = [](const evaluator::Run& run, int i, std::uint32_t) {
    return run.revision.version == 3 && i % 4 == 0 ? 10.0 : 50.0;
  };
  GatePolicy policy = Chrf(3);
  policy.tolerances[0].row_tolerance = 20;
  policy.tolerances[0].category_tolerance = 5;
  for (auto& run : run_store_.runs) run.revision.deterministic = true;
  const auto gate = Start(policy);
  ASSERT_TRUE(gate.ok()) << gate.status();
  Drive(gate->id);
  const GateOutcome& outcome = gates_.outcomes.at(gate->id);
  EXPECT_EQ(outcome.decision.verdict, Verdict::kRegressed);
  const RegressionReport& report = outcome.report;
  ASSERT_EQ(report.failing_groups.size(), 1u);
  EXPECT_EQ(report.failing_groups[0].name, "io");
  EXPECT_EQ(report.failing_row_count, 60);
  ASSERT_EQ(report.failing_rows.size(), 60u);
  for (const RowDelta& row : report.failing_rows) {
    EXPECT_EQ(row.facts.item_class, "io");
    EXPECT_EQ(row.failed_metrics, std::vector<std::string>{"chrf"});
    EXPECT_DOUBLE_EQ(*row.deltas[0].value, -40);
    EXPECT_EQ(row.confirmation, Confirmation::kConfirmed);
  }
  EXPECT_EQ(report.failing_rows[0].facts.path, "src/0.py");
  EXPECT_NE(base::UnifiedDiff(report.failing_rows[0].baseline_text,
                              report.failing_rows[0].candidate_text)
                .find("-by 1\n+by 3\n"),
            std::string::npos);
  ASSERT_EQ(report.changes.size(), 1u);
  EXPECT_EQ(report.changes[0].kind, "template");
  EXPECT_EQ(report.changes[0].author, "author of 3");
  EXPECT_TRUE(report.last_passed_gate.empty());
}

TEST_F(GatekeeperTest, ChangesAreThoseSinceTheLastGateThatPassed) {
  const auto green = Start(Chrf(3), "green");
  ASSERT_TRUE(green.ok());
  Drive(green->id);
  ASSERT_EQ(gates_.Get(green->id)->decision.verdict, Verdict::kPassed);
  value_ = [](const evaluator::Run& run, int, std::uint32_t) {
    return run.revision.version == 2 ? 10.0 : 50.0;
  };
  GateRequest request;
  request.candidate.revision = {.prompt = "complete-line", .version = 2};
  request.candidate.benchmark = "gate";
  request.policy = Chrf(3);
  request.request_id = "red";
  clock_.Advance(absl::Seconds(1));
  const auto red = gatekeeper_.Start(request);
  ASSERT_TRUE(red.ok()) << red.status();
  Drive(red->id);
  const RegressionReport& report = gates_.outcomes.at(red->id).report;
  EXPECT_EQ(report.last_passed_gate, green->id);
  EXPECT_EQ(report.last_passed_version, 3u);
  ASSERT_EQ(report.changes.size(), 1u);
  EXPECT_EQ(report.changes[0].from, "3");
  EXPECT_EQ(report.changes[0].to, "2");
}

TEST_F(GatekeeperTest, RowsThatFailedByChanceDoNotBlock) {
  // The candidate's first answers are bad on two items, later ones are not.
  value_ = [](const evaluator::Run& run, int i, std::uint32_t) {
    return run.revision.version == 3 && i < 2 && run.subset == Subset::kFull
               ? 0.0
               : 50.0;
  };
  GatePolicy policy = Chrf(3);
  policy.tolerances[0].row_tolerance = 20;
  const auto gate = Start(policy);
  EXPECT_EQ(Drive(gate->id), 2);
  EXPECT_EQ(gates_.Get(gate->id)->decision.verdict, Verdict::kPassed);
  EXPECT_FALSE(gates_.Get(gate->id)->candidate_confirm.empty());
  EXPECT_EQ(run_store_.runs.back().rows, 2 * kConfirmSamples);
}

TEST_F(GatekeeperTest, SamplesMoreThreeTimesAtMost) {
  // Every other commit gains a lot, the rest loses a little more: nobody can
  // tell, however often.
  value_ = [](const evaluator::Run& run, int i, std::uint32_t) {
    if (run.revision.version != 3) return 50.0;
    return i / 2 % 2 == 0 ? 86.0 : 6.0;
  };
  GatePolicy policy = Chrf(3);
  policy.on_inconclusive = OnInconclusive::kSampleMore;
  const auto gate = Start(policy);
  EXPECT_EQ(Drive(gate->id), 3);
  const auto decided = gates_.Get(gate->id);
  EXPECT_EQ(decided->looks, 3);
  EXPECT_EQ(decided->samples, 4u);
  EXPECT_EQ(decided->decision.verdict, Verdict::kInconclusive);
  EXPECT_EQ(run_store_.Get(decided->candidate_run)->samples, 4u);
}

TEST_F(GatekeeperTest, ASignedOffRowCountsNoMore) {
  value_ = [](const evaluator::Run& run, int i, std::uint32_t) {
    return run.revision.version == 3 && i == 5 ? 0.0 : 50.0;
  };
  GatePolicy policy = Chrf(3);
  policy.tolerances[0].row_tolerance = 20;
  const auto gate = Start(policy);
  EXPECT_EQ(gatekeeper_.SignOff(gate->id, items_[5].id, "fine", "ann")
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
  Drive(gate->id);
  ASSERT_EQ(gates_.Get(gate->id)->decision.verdict, Verdict::kRegressed);
  EXPECT_EQ(
      gatekeeper_.SignOff(gate->id, "nothing", "fine", "ann").status().code(),
      absl::StatusCode::kInvalidArgument);
  const auto taken = gatekeeper_.SignOff(gate->id, items_[5].id,
                                         "the old one was luck", "ann");
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->decision.verdict, Verdict::kPassed);
  EXPECT_EQ(taken->sign_offs[0].author, "ann");
  const RegressionReport& report = gates_.outcomes.at(gate->id).report;
  ASSERT_EQ(report.failing_rows.size(), 1u);
  EXPECT_EQ(report.failing_rows[0].accepted_reason, "the old one was luck");
}

TEST_F(GatekeeperTest, AProviderThatChangedBehindItsNameIsRefused) {
  const auto first = Start(Chrf(3), "first");
  Drive(first->id);
  baseline_run_ = gates_.Get(first->id)->baseline_run;
  provider_ = "model-2";
  const auto second = Start(Chrf(3), "second");
  Drive(second->id);
  const auto decided = gates_.Get(second->id);
  EXPECT_EQ(decided->decision.verdict, Verdict::kInconclusive);
  EXPECT_FALSE(decided->decision.warns);
  EXPECT_NE(decided->decision.findings[0].detail.find("evalloop run rerun " +
                                                      baseline_run_),
            std::string::npos)
      << decided->decision.findings[0].detail;
}

TEST_F(GatekeeperTest, SaysThatASilentProviderCannotBeTold) {
  provider_.clear();
  models_.cutoffs[""] = absl::UnixEpoch();
  const auto gate = Start(Chrf(3));
  Drive(gate->id);
  EXPECT_EQ(gates_.Get(gate->id)->decision.verdict, Verdict::kPassed);
  EXPECT_EQ(gates_.outcomes.at(gate->id).report.notes.size(), 1u);
}

TEST_F(GatekeeperTest, CountsOnlyWhatIsYoungerThanTheModelsTrainingData) {
  const absl::Time start = absl::FromUnixSeconds(1'700'000'000);
  for (int i = 0; i < kItems; ++i) {
    items_[i].author_time = start + absl::Hours(24) * i;
    items_[i].agreed = "y";
  }
  ASSERT_TRUE(benchmarks_.Add(Describe("gate", items_), items_, {}).ok());
  // The older half hides that the younger one got worse.
  value_ = [](const evaluator::Run& run, int i, std::uint32_t) {
    const bool known = i < kItems / 2;
    return run.revision.version == 3 ? (known ? 90.0 : 40.0) : 50.0;
  };
  models_.cutoffs[""] = start + absl::Hours(24) * (kItems / 2) - absl::Hours(1);
  const auto gate = Start(Chrf(3));
  ASSERT_TRUE(gate.ok()) << gate.status();
  Drive(gate->id);
  EXPECT_EQ(gates_.Get(gate->id)->decision.verdict, Verdict::kRegressed);
  const GateOutcome& outcome = gates_.outcomes.at(gate->id);
  EXPECT_EQ(outcome.comparison.validity.older, kItems / 2);
  EXPECT_EQ(outcome.comparison.validity.valid, kItems / 2);
  ASSERT_FALSE(outcome.report.notes.empty());
  EXPECT_NE(outcome.report.notes[0].find("120 of 240 rows count"),
            std::string::npos);

  // Nothing is left: nothing is decided.
  models_.cutoffs[""] = start + absl::Hours(24) * 1'000;
  const auto none = Start(Chrf(3), "again");
  Drive(none->id);
  EXPECT_EQ(gates_.Get(none->id)->decision.verdict, Verdict::kInconclusive);
  EXPECT_NE(gates_.Get(none->id)->decision.findings[0].detail.find(
                "none of the 240 rows counts"),
            std::string::npos);
}

TEST_F(GatekeeperTest, RowsThatInfrastructureLostAreAskedForOnceMore) {
  const auto gate = Start(Chrf(3));
  fails_ = {gate->candidate_run + items_[0].id};
  Answer();
  fails_.clear();
  EXPECT_EQ(Drive(gate->id), 1 + 1);
  EXPECT_EQ(gates_.Get(gate->id)->decision.verdict, Verdict::kPassed);
}

TEST_F(GatekeeperTest, ARowThatNeverCameFails) {
  const auto gate = Start(Chrf(3));
  fails_ = {gate->candidate_run + items_[0].id};
  Drive(gate->id);
  EXPECT_EQ(gates_.Get(gate->id)->decision.verdict, Verdict::kRegressed);
}

TEST_F(GatekeeperTest, ASmokeGateRunsTheSameRowsOnBothSides) {
  subset_ = Subset::kSmoke;
  const auto gate = Start(Chrf(3));
  ASSERT_TRUE(gate.ok()) << gate.status();
  Drive(gate->id);
  EXPECT_EQ(gates_.Get(gate->id)->decision.verdict, Verdict::kPassed);
  const auto candidate = run_store_.Get(gate->candidate_run);
  EXPECT_EQ(candidate->rows, 50);
  EXPECT_EQ(candidate->subset_digest,
            run_store_.Get(gate->baseline_run)->subset_digest);
  EXPECT_EQ(events_.asked[gate->candidate_run], 50u);
  // A full run is no baseline of a smoke gate.
  subset_ = Subset::kFull;
  baseline_run_ = gate->baseline_run;
  const auto full = Start(Chrf(3), "full");
  Drive(full->id);
  EXPECT_NE(gates_.Get(full->id)->decision.findings[0].detail.find("subset"),
            std::string::npos);
}

TEST_F(GatekeeperTest, TheSamePromptGatedTwiceStaysGreen) {
  value_ = [](const evaluator::Run& run, int i, std::uint32_t sample) {
    return 50.0 + static_cast<double>((run.id.back() + i * 13 + sample) % 7);
  };
  for (const char* id : {"once", "twice"}) {
    const auto gate = Start(Chrf(3), id);
    Drive(gate->id);
    EXPECT_EQ(gates_.Get(gate->id)->decision.verdict, Verdict::kPassed);
  }
}

TEST_F(GatekeeperTest, AnotherRubricJudgesBothSidesAndAsksNoModelAgain) {
  library_.rubrics[3] = "strict@2";
  const auto gate = Start(Chrf(3));
  ASSERT_TRUE(gate.ok()) << gate.status();
  digest_ = [](const evaluator::Run& run) { return "digest " + run.rubric; };
  const std::size_t before = events_.asked.size();
  Drive(gate->id);
  EXPECT_EQ(gates_.Get(gate->id)->decision.verdict, Verdict::kPassed);
  EXPECT_EQ(events_.asked.size(), before);
  const auto baseline = run_store_.Get(gates_.Get(gate->id)->baseline_run);
  ASSERT_TRUE(baseline.ok());
  EXPECT_EQ(baseline->rubric, "strict@2");
  EXPECT_EQ(baseline->revision.version, 1u);
  EXPECT_EQ(baseline->purpose, purpose::kRescore);
}

TEST_F(GatekeeperTest, AGateWithoutAnAnswerSaysWhatKeptRowsFromOne) {
  const auto gate = Start(Chrf(3));
  ASSERT_TRUE(gate.ok()) << gate.status();
  for (const Item& item : items_) fails_.insert(gate->candidate_run + item.id);
  failure_ = "INVALID_ARGUMENT: template.text: does not name {{prefix}}";
  Drive(gate->id);
  const GateDecision decision = gates_.Get(gate->id)->decision;
  EXPECT_EQ(decision.verdict, Verdict::kInconclusive);
  ASSERT_EQ(decision.findings.size(), 1u);
  EXPECT_NE(decision.findings[0].detail.find(failure_), std::string::npos)
      << decision.findings[0].detail;
}

}  // namespace
}  // namespace evalloop::evaluator
