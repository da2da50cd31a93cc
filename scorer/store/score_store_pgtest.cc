// Runs the store's contract against Postgres (and the fake, which other tests
// trust).

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/postgres/transactor.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"
#include "scorer/domain/metrics.h"
#include "scorer/domain/rubric.h"
#include "scorer/store/postgres_score_store.h"
#include "scorer/testing/fake_score_store.h"

namespace evalloop::scorer {
namespace {

using testing::IsOk;
using testing::StatusIs;

enum class Kind { kFake, kPostgres };

class ScoreStoreTest : public ::testing::TestWithParam<Kind> {
 protected:
  static void SetUpTestSuite() {
    db_ = testing::TestDatabase::CreateOrDie({"scorer/store/migrations"});
  }
  static void TearDownTestSuite() { db_.reset(); }

  void SetUp() override {
    if (GetParam() == Kind::kFake) {
      transactor_ = std::make_unique<testing::FakeTransactor>();
      store_ = std::make_unique<FakeScoreStore>();
      return;
    }
    ASSERT_THAT(db_->Clear("scorer"), IsOk());
    pool_ = std::make_unique<postgres::Pool>(db_->Options("scorer"));
    transactor_ = std::make_unique<postgres::PostgresTransactor>(*pool_);
    store_ = std::make_unique<PostgresScoreStore>(*pool_);
  }

  absl::Status Record(const std::vector<StoredScore>& scores) {
    return transactor_->Run(
        [&](base::UnitOfWork& work) { return store_->Record(work, scores); });
  }

  static StoredScore Some(std::string subject, int second,
                          std::string digest = Scorer::BuiltIn().digest()) {
    StoredScore stored{
        .subject = std::move(subject),
        .score = ScoreRow({.text = "a \"b\", c", .references = {"a b"}},
                          *SelectMetrics({})),
        .score_time = absl::FromUnixMicros(1'700'000'000'000'001 +
                                           second * std::int64_t{1'000'000})};
    stored.score.scorer_digest = std::move(digest);
    return stored;
  }

  static std::unique_ptr<testing::TestDatabase> db_;
  std::unique_ptr<postgres::Pool> pool_;
  std::unique_ptr<base::Transactor> transactor_;
  std::unique_ptr<ScoreStore> store_;
};

std::unique_ptr<testing::TestDatabase> ScoreStoreTest::db_;

TEST_P(ScoreStoreTest, KeepsEverythingItIsGiven) {
  StoredScore first = Some("completions/a", 0);
  StoredScore second = Some("runs/r/items/{i}, \"x\\/samples/0", 1);
  second.tally = Tally{1, 2, 3, 4, 5, 6, 7};
  StoredScore third = Some("completions/none", 2);
  third.score = Unscored("infrastructure");
  third.outcome = Outcome{true, "p \"cpp\""};
  third.score.failed = {"parses", "security \"x\""};
  third.score.groups = {{"honest", std::nullopt}, {"harmless", 0.25}};
  third.score.findings = {{"security_delta", "B307", 3},
                          {"invented_symbols", "a.\"b\"", 0}};
  ASSERT_THAT(Record({first, second, third}), IsOk());
  for (const StoredScore& wanted : {first, second, third}) {
    ASSERT_OK_AND_ASSIGN(const StoredScore found,
                         store_->Newest(wanted.subject));
    EXPECT_EQ(found.subject, wanted.subject);
    EXPECT_EQ(found.score, wanted.score);
    EXPECT_EQ(found.tally, wanted.tally);
    EXPECT_EQ(found.outcome, wanted.outcome);
    EXPECT_EQ(found.score_time, wanted.score_time);
  }
}

TEST_P(ScoreStoreTest, FindsScoresWithWhatBecameOfThem) {
  std::vector<StoredScore> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(Some("completions/" + std::to_string(i), i));
    all[i].score.composite = i / 10.0;
    if (i > 0) all[i].outcome = Outcome{i % 2 == 0, "p"};
  }
  all[4].score.scorer_digest = std::string(64, '0');
  all[3].score.composite = std::nullopt;
  ASSERT_THAT(Record(all), IsOk());
  const std::string digest = Scorer::BuiltIn().digest();
  ASSERT_OK_AND_ASSIGN(const auto composites,
                       store_->Outcomes("composite", digest, 10));
  ASSERT_EQ(composites.size(), 2u);
  EXPECT_EQ(composites[0].score, 0.2);
  EXPECT_TRUE(composites[0].accepted);
  EXPECT_EQ(composites[0].task, "p");
  EXPECT_FALSE(composites[1].accepted);
  ASSERT_OK_AND_ASSIGN(const auto chrf, store_->Outcomes("chrf", digest, 2));
  EXPECT_EQ(chrf.size(), 2u);
  ASSERT_OK_AND_ASSIGN(const auto none,
                       store_->Outcomes("complexity_delta", digest, 9));
  EXPECT_TRUE(none.empty());
}

TEST_P(ScoreStoreTest, TheFirstScoreOfASubjectStands) {
  StoredScore first = Some("completions/a", 0);
  StoredScore again = Some("completions/a", 9);
  again.score.composite = 0.001;
  ASSERT_THAT(Record({first}), IsOk());
  ASSERT_THAT(Record({again, Some("completions/b", 1)}), IsOk());
  ASSERT_OK_AND_ASSIGN(const StoredScore found,
                       store_->Newest("completions/a"));
  EXPECT_EQ(found.score_time, first.score_time);
  EXPECT_EQ(found.score.composite, first.score.composite);
}

TEST_P(ScoreStoreTest, WhatInfrastructureFailedIsScoredWhenItIsAskedAgain) {
  StoredScore failed = Some("runs/r/items/i/samples/0", 0);
  failed.score = Unscored("infrastructure");
  const StoredScore again = Some("runs/r/items/i/samples/0", 9);
  StoredScore late = failed;
  ASSERT_THAT(Record({failed}), IsOk());
  ASSERT_THAT(Record({failed, again, late}), IsOk());
  ASSERT_THAT(Record({late}), IsOk());
  ASSERT_OK_AND_ASSIGN(const StoredScore found, store_->Newest(again.subject));
  EXPECT_EQ(found.score, again.score);
  EXPECT_EQ(found.score_time, again.score_time);
}

TEST_P(ScoreStoreTest, ANewDigestIsANewScore) {
  const std::string other(64, 'f');
  ASSERT_THAT(Record({Some("completions/a", 0), Some("completions/a", 5, other),
                      Some("completions/b", 3)}),
              IsOk());
  ASSERT_OK_AND_ASSIGN(const StoredScore found,
                       store_->Newest("completions/a"));
  EXPECT_EQ(found.score.scorer_digest, other);
  ASSERT_OK_AND_ASSIGN(const auto all, store_->List("", {}, 10));
  EXPECT_EQ(all.size(), 3u);
}

TEST_P(ScoreStoreTest, NotFoundIsSaid) {
  EXPECT_THAT(store_->Newest("completions/none"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_P(ScoreStoreTest, ListsByPrefixLiterallyAndPageByPage) {
  ASSERT_THAT(Record({Some("runs/a_b/1", 0), Some("runs/axb/2", 1),
                      Some("runs/a_b/3", 2), Some("runs/a_b/4", 2)}),
              IsOk());
  ASSERT_OK_AND_ASSIGN(const auto first, store_->List("runs/a_b/", {}, 2));
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].subject, "runs/a_b/4");
  EXPECT_EQ(first[1].subject, "runs/a_b/3");
  ASSERT_OK_AND_ASSIGN(
      const auto rest,
      store_->List("runs/a_b/",
                   {.score_time = first[1].score_time,
                    .subject = first[1].subject,
                    .scorer_digest = first[1].score.scorer_digest},
                   10));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].subject, "runs/a_b/1");
}

TEST_P(ScoreStoreTest, AFailedTransactionLeavesNothing) {
  const std::vector<StoredScore> scores = {Some("completions/a", 0)};
  EXPECT_THAT(transactor_->Run([&](base::UnitOfWork& work) {
    EXPECT_THAT(store_->Record(work, scores), IsOk());
    return absl::AbortedError("changed my mind");
  }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(store_->Newest("completions/a"),
              StatusIs(absl::StatusCode::kNotFound));
}

INSTANTIATE_TEST_SUITE_P(All, ScoreStoreTest,
                         ::testing::Values(Kind::kFake, Kind::kPostgres),
                         [](const auto& instance) {
                           return instance.param == Kind::kFake ? "Fake"
                                                                : "Postgres";
                         });

}  // namespace
}  // namespace evalloop::scorer
