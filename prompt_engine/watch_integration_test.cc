// Completions joined to what real git repositories' commits say, in a real
// Postgres.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evalloop/v1/events.pb.h"
#include "platform/postgres/transactor.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"
#include "prompt_engine/domain/ingestor.h"
#include "prompt_engine/domain/outcome_watcher.h"
#include "prompt_engine/store/postgres_commit_store.h"
#include "prompt_engine/store/postgres_outcome_records.h"
#include "prompt_engine/store/postgres_outcome_store.h"
#include "prompt_engine/store/postgres_watch_store.h"
#include "prompt_engine/stream/live_score_handler.h"
#include "prompt_engine/stream/outcome_handler.h"
#include "prompt_engine/testing/git_folder.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::TestDatabase;

constexpr char kHead[] = "def load(path):\n    file = open(path)\n";
constexpr char kTail[] = "    return file\n";
constexpr char kLine[] = "logger.info(\"loaded\", path)";

// Keeps what was told; fails while `broken`.
class ToldOutcomes final : public OutcomeEvents {
 public:
  absl::Status Known(base::UnitOfWork&,
                     std::span<const KnownOutcome> known) override {
    if (broken) return absl::UnavailableError("killed");
    told.insert(told.end(), known.begin(), known.end());
    return absl::OkStatus();
  }
  bool broken = false;
  std::vector<KnownOutcome> told;
};

class WatchIntegrationTest : public ::testing::Test {
 protected:
  void Ingest() {
    ASSERT_THAT(ingestor_.Ingest({folder_.path(), "", 0},
                                 [](const IngestProgress&) { return true; }),
                IsOk());
  }
  std::string Head() const {
    const auto git = code_analysis::Repository::Open(folder_.path());
    return *git->ResolveCommit("HEAD");
  }

  // `text` was offered on line 3 of a.py.
  v1::CompletionServed Served(const std::string& id, const std::string& text,
                              const std::string& commit) const {
    v1::CompletionServed served;
    served.set_completion_id(id);
    served.set_prompt("line");
    served.set_revision_version(1);
    served.set_model("ngram");
    v1::Location& location = *served.mutable_location();
    location.set_repository(folder_.path());
    location.set_path("a.py");
    location.set_language("python");
    location.set_commit(commit);
    location.set_line(3);
    location.set_column(4);
    served.set_raw_text(text);
    served.set_shown(true);
    served.set_shown_text(text);
    served.mutable_serve_time()->set_seconds(1'700'000'000);
    return served;
  }
  void Hear(const v1::Event& event) {
    kafka::Record record;
    record.payload = event.SerializeAsString();
    const std::vector<const kafka::Record*> records = {&record};
    ASSERT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      return event.has_score_recorded() ? scores_.Handle(work, records)
                                        : handler_.Handle(work, records);
    }),
                IsOk());
  }
  void HearServed(const v1::CompletionServed& served) {
    v1::Event event;
    *event.mutable_completion_served() = served;
    Hear(event);
  }
  void HearSettled(const v1::CompletionServed& served,
                   v1::FeedbackGiven::Kind kind) {
    v1::Event event;
    v1::CompletionSettled& settled = *event.mutable_completion_settled();
    *settled.mutable_completion() = served;
    settled.mutable_feedback()->set_kind(kind);
    settled.mutable_feedback()->mutable_give_time()->set_seconds(1);
    Hear(event);
  }

  OutcomeWatcher Watcher(double share = 1) {
    return OutcomeWatcher(
        {transactor_, watches_, outcomes_, commits_, events_, clock_}, OpenGit,
        share);
  }
  // Until there is nothing more to do.
  void Work() {
    OutcomeWatcher watcher = Watcher();
    for (int steps = 0; steps < 100; ++steps) {
      const auto step = watcher.Step();
      ASSERT_THAT(step, IsOk());
      ASSERT_TRUE(step->unreadable.empty());
      if (!step->more) return;
    }
    FAIL() << "never done";
  }
  OutcomeRecord Record(const std::string& id) {
    OutcomeRecord record;
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
      auto found = records_.Find(work, id);
      if (!found.ok()) return found.status();
      EXPECT_TRUE(found->has_value()) << id;
      record = found->value_or(OutcomeRecord());
      return absl::OkStatus();
    }),
                IsOk());
    return record;
  }
  std::vector<OutcomeSummary> Summaries() {
    std::vector<OutcomeSummary> summaries;
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
      auto found = records_.Summarise(work, {});
      if (found.ok()) summaries = *std::move(found);
      return found.status();
    }),
                IsOk());
    return summaries;
  }

  GitFolder folder_;
  std::unique_ptr<TestDatabase> database_ =
      TestDatabase::CreateOrDie({"prompt_engine/store/migrations"});
  postgres::Pool pool_{database_->Options("prompt_engine")};
  postgres::PostgresTransactor transactor_{pool_};
  evalloop::testing::FakeClock clock_;
  PostgresCommitStore commits_{pool_};
  PostgresOutcomeStore outcomes_;
  PostgresWatchStore watches_;
  PostgresOutcomeRecords records_;
  Ingestor ingestor_{transactor_, commits_, clock_, {}};
  OutcomeHandler handler_{outcomes_, watches_, clock_, absl::Minutes(10)};
  LiveScoreHandler scores_{records_};
  ToldOutcomes events_;
};

TEST_F(WatchIntegrationTest, ACompletionWaitsUntilItsPlaceIsCommitted) {
  folder_.Commit("ann", std::string(kHead) + kTail);
  const std::string base = Head();
  const auto served = Served("cmpl-1", kLine, base);
  HearSettled(served, v1::FeedbackGiven::KIND_ACCEPTED);
  Work();
  EXPECT_EQ(Record("cmpl-1").pending_reason, "not_ingested");
  Ingest();
  Work();
  EXPECT_EQ(Record("cmpl-1").pending_reason, "not_committed_yet");
  EXPECT_EQ(Record("cmpl-1").placement_reason, "pending");
  EXPECT_TRUE(events_.told.empty());

  folder_.Commit("bob", std::string(kHead) + "    " + kLine + "\n" + kTail);
  Ingest();
  Work();
  const OutcomeRecord record = Record("cmpl-1");
  ASSERT_TRUE(record.committed.has_value());
  EXPECT_EQ(record.committed->kind, CommittedKind::kKept);
  EXPECT_EQ(record.committed->commit, Head());
  EXPECT_EQ(record.committed->text, kLine);
  EXPECT_EQ(record.placement_reason, "no_variants");
  EXPECT_FALSE(record.committed->alive_7_days.has_value());
  ASSERT_EQ(events_.told.size(), 1U);
  EXPECT_EQ(events_.told[0].prefix, std::string(kHead) + "    ");
  EXPECT_EQ(events_.told[0].suffix, kTail);
  EXPECT_THAT(events_.told[0].references, ::testing::ElementsAre(kLine));
  EXPECT_EQ(events_.told[0].outcome.prompt, "line");
}

TEST_F(WatchIntegrationTest, HistoryGoesOnAndTellsWhetherItStillStands) {
  const std::string with = std::string(kHead) + "    " + kLine + "\n" + kTail;
  folder_.Commit("ann", std::string(kHead) + kTail);
  const auto served = Served("cmpl-1", kLine, Head());
  folder_.Commit("bob", with);
  Ingest();
  HearSettled(served, v1::FeedbackGiven::KIND_ACCEPTED);
  Work();
  for (int day = 0; day < 8; ++day) {  // One commit a day.
    folder_.Commit("bob", with + std::to_string(day) + "\n");
    Ingest();
    Work();
  }
  EXPECT_EQ(Record("cmpl-1").committed->alive_7_days, true);
  EXPECT_FALSE(Record("cmpl-1").committed->alive_30_days.has_value());
  folder_.Commit("bob", std::string(kHead) + kTail);
  for (int day = 0; day < 25; ++day) {
    folder_.Commit("bob", std::string(kHead) + kTail + std::to_string(day));
  }
  Ingest();
  Work();
  EXPECT_EQ(Record("cmpl-1").committed->alive_30_days, false);
  EXPECT_EQ(events_.told.size(), 1U);
}

TEST_F(WatchIntegrationTest, WithoutFeedbackItIsLookedAtAfterTheGrace) {
  folder_.Commit("ann", std::string(kHead) + kTail);
  const auto served = Served("cmpl-1", "other = 1", Head());
  folder_.Commit("bob", std::string(kHead) + "    " + kLine + "\n" + kTail);
  Ingest();
  HearServed(served);
  Work();
  EXPECT_EQ(Record("cmpl-1").pending_reason, "not_committed_yet");
  EXPECT_FALSE(Record("cmpl-1").outcome.settle_time.has_value());
  clock_.Advance(absl::Minutes(10));
  Work();
  const OutcomeRecord record = Record("cmpl-1");
  ASSERT_TRUE(record.committed.has_value());
  EXPECT_EQ(record.committed->kind, CommittedKind::kDropped);
  EXPECT_EQ(record.committed->text, kLine);
}

TEST_F(WatchIntegrationTest, AStepThatWasKilledHadNoEffect) {
  folder_.Commit("ann", std::string(kHead) + kTail);
  HearSettled(Served("cmpl-1", kLine, Head()),
              v1::FeedbackGiven::KIND_REJECTED);
  folder_.Commit("bob", std::string(kHead) + "    " + kLine + "\n" + kTail);
  Ingest();
  events_.broken = true;
  OutcomeWatcher watcher = Watcher();
  const auto step = watcher.Step();
  ASSERT_THAT(step, IsOk());
  EXPECT_EQ(step->unreadable.size(), 1U);
  EXPECT_FALSE(Record("cmpl-1").committed.has_value());
  events_.broken = false;
  Work();
  EXPECT_TRUE(Record("cmpl-1").committed.has_value());
  EXPECT_EQ(events_.told.size(), 1U);
}

TEST_F(WatchIntegrationTest, ABaseOnABranchIsFollowedBackAndAnUnknownOneWaits) {
  folder_.Commit("ann", std::string(kHead) + kTail);
  folder_.Git("checkout -q -b work");
  folder_.Commit("ann", std::string(kHead) + kTail + "x = 1\n");
  const std::string branch = Head();
  folder_.Git("checkout -q main");
  HearSettled(Served("cmpl-1", kLine, branch),
              v1::FeedbackGiven::KIND_ACCEPTED);
  HearSettled(Served("cmpl-2", kLine, std::string(40, 'a')),
              v1::FeedbackGiven::KIND_ACCEPTED);
  Ingest();
  Work();
  EXPECT_EQ(Record("cmpl-1").pending_reason, "not_committed_yet");
  EXPECT_EQ(Record("cmpl-2").pending_reason, "unknown_commit");
  folder_.Commit(
      "ann", std::string(kHead) + "    " + kLine + "\n" + kTail + "x = 1\n");
  Ingest();
  Work();
  EXPECT_EQ(Record("cmpl-1").committed->kind, CommittedKind::kKept);
  EXPECT_EQ(Record("cmpl-2").pending_reason, "unknown_commit");
}

TEST_F(WatchIntegrationTest, HistoryThatWasWrittenAnewIsReadAgain) {
  folder_.Commit("ann", std::string(kHead) + kTail);
  HearSettled(Served("cmpl-1", kLine, Head()),
              v1::FeedbackGiven::KIND_ACCEPTED);
  folder_.Commit("ann", std::string(kHead) + kTail + "x = 1\n");
  Ingest();
  Work();
  folder_.Git("reset -q --hard HEAD~1");
  folder_.Commit("ann", std::string(kHead) + kTail + "y = 1\n");
  folder_.Commit(
      "ann", std::string(kHead) + "    " + kLine + "\n" + kTail + "y = 1\n");
  Ingest();
  Work();
  EXPECT_EQ(Record("cmpl-1").committed->commit, Head());
}

TEST_F(WatchIntegrationTest,
       VariantsOfOthersPlaceItAndTheAgreedOneIsAReference) {
  // Three developers write the line in turn, each after the other's was undone.
  const std::string base = std::string(kHead) + kTail;
  const auto with = [](const std::string& line) {
    return std::string(kHead) + "    " + line + "\n" + kTail;
  };
  folder_.Commit("ann", base);
  folder_.Commit("ann", with("logger.info(\"loaded a file\", path, file)"));
  folder_.Commit("ann", base);
  // With something beside it: the same change alone is a cherry-pick.
  folder_.Commit("bob", with("logger.info(\"loaded a file\", path, file)") +
                            "\n\ndef close():\n    pass\n");
  folder_.Commit("bob", base);
  HearSettled(
      Served("cmpl-1", "logger.info(\"loaded a file\", path, file)", Head()),
      v1::FeedbackGiven::KIND_ACCEPTED);
  HearSettled(Served("cmpl-2", "return 7", Head()),
              v1::FeedbackGiven::KIND_REJECTED);
  folder_.Commit("eve", with("logger.info(\"loaded a file\", path, 1)"));
  Ingest();
  Work();
  const OutcomeRecord first = Record("cmpl-1");
  EXPECT_EQ(first.committed->kind, CommittedKind::kEdited);
  ASSERT_TRUE(first.placement.has_value());
  EXPECT_EQ(first.placement->variants, 3U);
  EXPECT_NE(first.placement->rank, Rank::kWorse);
  EXPECT_EQ(Record("cmpl-2").placement->rank, Rank::kWorse);
  EXPECT_EQ(Record("cmpl-2").placement->at_least_as_good, 0);
  ASSERT_EQ(events_.told.size(), 2U);
  EXPECT_THAT(
      events_.told[0].references,
      ::testing::ElementsAre("logger.info(\"loaded a file\", path, file)",
                             "logger.info(\"loaded a file\", path, 1)"));

  v1::Event event;
  event.set_subject("outcomes/cmpl-1");
  v1::ScoreRecorded& score = *event.mutable_score_recorded();
  score.set_completion_id("cmpl-1");
  score.set_scorer_digest(std::string(64, 'd'));
  score.set_composite(0.75);
  score.add_metrics()->set_metric("chrf");
  score.mutable_metrics(0)->set_reason("no_reference");
  score.mutable_score_time()->set_seconds(5);
  Hear(event);
  event.set_subject("cmpl-2");  // Of a settled completion: not for us.
  event.mutable_score_recorded()->set_completion_id("cmpl-2");
  Hear(event);
  ASSERT_TRUE(Record("cmpl-1").score.has_value());
  EXPECT_EQ(Record("cmpl-1").score->composite, 0.75);
  EXPECT_EQ(Record("cmpl-1").score->metrics[0].reason, "no_reference");
  EXPECT_FALSE(Record("cmpl-2").score.has_value());

  const auto summaries = Summaries();
  ASSERT_EQ(summaries.size(), 1U);
  const OutcomeCounts& counts = summaries[0].counts;
  EXPECT_EQ(counts.completions, 2U);
  EXPECT_EQ(counts.settled, 2U);
  EXPECT_EQ(counts.accepted, 1U);
  EXPECT_EQ(counts.rejected, 1U);
  EXPECT_EQ(counts.edited, 1U);
  EXPECT_EQ(counts.dropped, 1U);
  EXPECT_EQ(counts.pending, 0U);
  EXPECT_EQ(summaries[0].scorer_digest, std::string(64, 'd'));
  ASSERT_EQ(summaries[0].commits.size(), 1U);
  EXPECT_EQ(summaries[0].commits[0].at_least_median.denominator, 2);
  EXPECT_EQ(summaries[0].commits[0].at_least_median.numerator, 1);
  EXPECT_EQ(summaries[0].commits[0].composite.numerator, 0.75);
}

TEST_F(WatchIntegrationTest, OnlyTheSampledShareIsToldToBeScored) {
  folder_.Commit("ann", std::string(kHead) + kTail);
  HearSettled(Served("cmpl-1", kLine, Head()),
              v1::FeedbackGiven::KIND_ACCEPTED);
  folder_.Commit("bob", std::string(kHead) + "    " + kLine + "\n" + kTail);
  Ingest();
  OutcomeWatcher watcher = Watcher(/*share=*/0);
  ASSERT_THAT(watcher.Step(), IsOk());
  EXPECT_TRUE(Record("cmpl-1").committed.has_value());
  EXPECT_TRUE(events_.told.empty());
}

TEST_F(WatchIntegrationTest, WhatHasNoPlaceOrSaysNothingSaysSo) {
  auto served = Served("cmpl-1", kLine, "");
  HearServed(served);
  EXPECT_EQ(Record("cmpl-1").pending_reason, "no_location");
  served = Served("cmpl-2", " ", std::string(40, 'a'));
  HearServed(served);
  EXPECT_EQ(Record("cmpl-2").pending_reason, "nothing_said");
}

}  // namespace
}  // namespace evalloop::prompt_engine
