// Runs the store's contract against Postgres, and against the fake, which other
// tests trust.

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "platform/postgres/transactor.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"
#include "scorer/domain/rubrics.h"
#include "scorer/store/postgres_rubric_store.h"
#include "scorer/testing/fake_rubric_store.h"

namespace evalloop::scorer {
namespace {

using testing::IsOk;
using testing::StatusIs;

enum class Kind { kFake, kPostgres };

class RubricStoreTest : public ::testing::TestWithParam<Kind> {
 protected:
  static void SetUpTestSuite() {
    db_ = testing::TestDatabase::CreateOrDie({"scorer/store/migrations"});
  }
  static void TearDownTestSuite() { db_.reset(); }

  void SetUp() override {
    if (GetParam() == Kind::kFake) {
      transactor_ = std::make_unique<testing::FakeTransactor>();
      store_ = std::make_unique<FakeRubricStore>();
      return;
    }
    ASSERT_THAT(db_->Clear("scorer"), IsOk());
    pool_ = std::make_unique<postgres::Pool>(db_->Options("scorer"));
    transactor_ = std::make_unique<postgres::PostgresTransactor>(*pool_);
    store_ = std::make_unique<PostgresRubricStore>(*pool_);
  }

  absl::StatusOr<Rubric> Push(const Rubric& rubric) {
    absl::StatusOr<Rubric> stored = absl::UnknownError("not run");
    const auto done = transactor_->Run([&](base::UnitOfWork& work) {
      stored = store_->Push(work, rubric);
      return stored.status();
    });
    if (!done.ok()) return done;
    return stored;
  }

  absl::StatusOr<RubricRef> Use(const RubricRef& rubric) {
    absl::StatusOr<RubricRef> used = absl::UnknownError("not run");
    const auto done = transactor_->Run([&](base::UnitOfWork& work) {
      used = store_->Use(work, rubric);
      return used.status();
    });
    if (!done.ok()) return done;
    return used;
  }

  RubricsInForce InForce(const std::set<std::string>& runs) {
    RubricsAsked asked;
    for (const std::string& run : runs) asked[run];
    return InForce(asked);
  }

  RubricsInForce InForce(const RubricsAsked& runs) {
    RubricsInForce out;
    EXPECT_THAT(transactor_->Run([&](base::UnitOfWork& work) {
      auto found = store_->InForce(work, runs);
      if (found.ok()) out = *std::move(found);
      return found.status();
    }),
                IsOk());
    return out;
  }

  static Rubric Some(std::string name, double weight) {
    Rubric rubric;
    rubric.name = std::move(name);
    rubric.description = "it's \"mine\"";
    rubric.author = "ann";
    RubricTerm first;
    first.metric = "parses";
    first.weight = weight;
    first.floor = 0.1;
    first.group = "harmless";
    first.applies = Applies::kWithTests;
    RubricTerm second;
    second.metric = "chrf";
    second.weight = 1 - weight;
    second.group = "helpful";
    second.best = 70.5;
    second.worst = 1e-3;
    rubric.terms = {first, second};
    return rubric;
  }

  static std::unique_ptr<testing::TestDatabase> db_;
  std::unique_ptr<postgres::Pool> pool_;
  std::unique_ptr<base::Transactor> transactor_;
  std::unique_ptr<RubricStore> store_;
};

std::unique_ptr<testing::TestDatabase> RubricStoreTest::db_;

TEST_P(RubricStoreTest, KeepsARubricAsItIs) {
  const Rubric pushed = Some("mine", 1.0 / 3);
  ASSERT_OK_AND_ASSIGN(const Rubric stored, Push(pushed));
  EXPECT_EQ(stored.version, 1u);
  EXPECT_GT(stored.create_time, absl::FromUnixSeconds(1'600'000'000));
  ASSERT_OK_AND_ASSIGN(const Rubric found, store_->Get({"mine", 1}));
  EXPECT_EQ(found.terms, pushed.terms);
  EXPECT_EQ(found.description, pushed.description);
  EXPECT_EQ(found.author, "ann");
  EXPECT_EQ(found.create_time, stored.create_time);
  EXPECT_EQ(Scorer(found).digest(), Scorer(stored).digest());
  EXPECT_THAT(store_->Get({"mine", 2}), StatusIs(absl::StatusCode::kNotFound));
}

TEST_P(RubricStoreTest, ThePointerStartsAtTheBuiltInRubricAndMoves) {
  const RubricRef built_in{DefaultRubric().name, DefaultRubric().version};
  ASSERT_OK_AND_ASSIGN(const RubricRef first, store_->InForce());
  EXPECT_EQ(first, built_in);
  ASSERT_THAT(Push(Some("mine", 0.5)), IsOk());
  ASSERT_THAT(Push(Some("mine", 0.25)), IsOk());
  EXPECT_EQ(*store_->InForce(), (RubricRef{"mine", 2}));
  EXPECT_EQ(*Use({"mine", 1}), (RubricRef{"mine", 1}));
  EXPECT_EQ(*store_->InForce(), (RubricRef{"mine", 1}));
  EXPECT_EQ(*Use({"mine", 0}), (RubricRef{"mine", 2}));
  EXPECT_THAT(Use({"mine", 3}), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(*Use(built_in), built_in);
  EXPECT_EQ(InForce(RubricsAsked()).now, built_in);
}

TEST_P(RubricStoreTest, TheSameTermsAreTheSameVersion) {
  ASSERT_THAT(Push(Some("mine", 0.5)), IsOk());
  ASSERT_THAT(Push(Some("mine", 0.25)), IsOk());
  Rubric again = Some("mine", 0.5);
  again.description = "other words";
  ASSERT_OK_AND_ASSIGN(const Rubric stored, Push(again));
  EXPECT_EQ(stored.version, 1u);
  EXPECT_EQ(stored.description, "it's \"mine\"");
  EXPECT_EQ(*store_->InForce(), (RubricRef{"mine", 1}));
  ASSERT_OK_AND_ASSIGN(const Rubric namesake, Push(Some("yours", 0.5)));
  EXPECT_EQ(namesake.version, 1u);
}

TEST_P(RubricStoreTest, ARunKeepsWhatWasInForceWhenItBegan) {
  ASSERT_THAT(Push(Some("mine", 0.5)), IsOk());
  EXPECT_EQ(InForce(std::set<std::string>{"r1", "r,2"}).runs.at("r,2"),
            (RubricRef{"mine", 1}));
  ASSERT_THAT(Push(Some("mine", 0.25)), IsOk());
  const RubricsInForce later = InForce(std::set<std::string>{"r1", "r3"});
  EXPECT_EQ(later.now, (RubricRef{"mine", 2}));
  EXPECT_EQ(later.runs.at("r1"), (RubricRef{"mine", 1}));
  EXPECT_EQ(later.runs.at("r3"), (RubricRef{"mine", 2}));
}

TEST_P(RubricStoreTest, ARunHasTheRubricThatItsRevisionNames) {
  ASSERT_THAT(Push(Some("strict", 0.5)), IsOk());
  ASSERT_THAT(Push(Some("strict", 0.25)), IsOk());
  ASSERT_THAT(Push(Some("mine", 0.5)), IsOk());
  const RubricsInForce found =
      InForce(RubricsAsked{{"any", {}},
                           {"built in", {"default", 0}},
                           {"first", {"strict", 1}},
                           {"newest", {"strict", 0}},
                           {"unknown", {"lax", 0}},
                           {"later", {"strict", 3}}});
  EXPECT_EQ(found.runs.at("any"), (RubricRef{"mine", 1}));
  EXPECT_EQ(found.runs.at("built in").name, DefaultRubric().name);
  EXPECT_EQ(found.runs.at("first"), (RubricRef{"strict", 1}));
  EXPECT_EQ(found.runs.at("newest"), (RubricRef{"strict", 2}));
  EXPECT_EQ(found.runs.count("unknown") + found.runs.count("later"), 0u);
  // Once it is pushed, the rows that are asked for again are scored by it.
  ASSERT_THAT(Push(Some("lax", 0.5)), IsOk());
  EXPECT_EQ(InForce(RubricsAsked{{"unknown", {"lax", 0}}}).runs.at("unknown"),
            (RubricRef{"lax", 1}));
}

TEST_P(RubricStoreTest, ListsPagesNewestFirst) {
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_THAT(Push(Some(name, 0.5)), IsOk());
  }
  ASSERT_OK_AND_ASSIGN(const auto first, store_->List({}, 2));
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].name, "c");
  EXPECT_EQ(first[0].terms.size(), 2u);
  ASSERT_OK_AND_ASSIGN(const auto rest, store_->List({"b", 1}, 2));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].name, "a");
}

TEST_P(RubricStoreTest, PushesAtOnceTakeVersionsOfTheirOwn) {
  std::vector<std::future<std::uint32_t>> pushes;
  for (int i = 0; i < 6; ++i) {
    pushes.push_back(std::async(std::launch::async, [this, i] {
      return Push(Some("mine", 0.1 + 0.1 * i)).value_or(Rubric()).version;
    }));
  }
  std::set<std::uint32_t> versions;
  for (auto& push : pushes) versions.insert(push.get());
  EXPECT_EQ(versions, (std::set<std::uint32_t>{1, 2, 3, 4, 5, 6}));
}

INSTANTIATE_TEST_SUITE_P(Stores, RubricStoreTest,
                         ::testing::Values(Kind::kFake, Kind::kPostgres),
                         [](const auto& kind) {
                           return kind.param == Kind::kFake ? "Fake"
                                                            : "Postgres";
                         });

}  // namespace
}  // namespace evalloop::scorer
