#include "evaluator/domain/benchmarks.h"

#include <gtest/gtest.h>

#include "evaluator/testing/fakes.h"
#include "platform/base/reason.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::evaluator {
namespace {

using testing::IsOk;

class BenchmarksTest : public ::testing::Test {
 protected:
  static Item Task(std::string id) {
    Item item;
    item.id = std::move(id);
    item.language = "python";
    item.prefix = "def f():\n";
    item.agreed = "    return 1\n";
    item.tests = {"def check(f): assert f() == 1", "f"};
    return item;
  }

  std::string WrongField(std::vector<Item> items) {
    const auto made = benchmarks_.Import("he", std::move(items), "");
    EXPECT_FALSE(made.ok());
    return base::FieldOf(made.status()).value_or("");
  }

  std::vector<Item> Stored() {
    return *store_.ListItems("he", 1, {.size = 100, .after = ""});
  }

  testing::FakeTransactor transactor_;
  FakeBenchmarkStore store_;
  FakeEvents events_;
  FakePromptLibrary library_;
  Benchmarks benchmarks_{library_, store_, events_, transactor_};
};

TEST_F(BenchmarksTest, EachItemIsATaskOfItsOwnAndItsTestsAreChecked) {
  const auto made =
      benchmarks_.Import("he", {Task("HumanEval/0"), Task("HumanEval/1")}, "");
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->items, 2u);
  EXPECT_EQ(made->tested, 2u);
  const auto items = Stored();
  EXPECT_EQ(items[0].commit, "HumanEval/0");
  EXPECT_EQ(items[0].id.size(), 24u);
  EXPECT_EQ(events_.oracles,
            (std::vector<std::string>{items[0].id, items[1].id}));
}

TEST_F(BenchmarksTest, TestsThatWereFoundJudgeOnceTheyAreKnownToHold) {
  Item given = Task("given");
  EXPECT_TRUE(given.TestsJudge());
  Item found = Task("found");
  found.tags = {"documented", std::string(kExecutableTag)};
  EXPECT_FALSE(found.TestsJudge());
  const auto with = [](Item item, std::string reason,
                       std::optional<double> score) {
    item.oracle.emplace();
    item.oracle->reason = std::move(reason);
    item.oracle->mutation_score = score;
    return item;
  };
  EXPECT_TRUE(with(found, "", 0.25).TestsJudge());
  // They let everything pass, or nobody knows.
  EXPECT_FALSE(with(found, "", 0.0).TestsJudge());
  for (const char* reason : {"flaky", "solution_fails", "infrastructure",
                             "no_sandbox", "no_mutants"}) {
    EXPECT_FALSE(with(found, reason, {}).TestsJudge()) << reason;
    EXPECT_FALSE(with(found, reason, {}).Quarantined()) << reason;
    EXPECT_TRUE(with(given, reason, {}).TestsJudge()) << reason;
  }
  EXPECT_TRUE(with(given, "solution_fails", {}).Quarantined());
  found.tests = {};
  EXPECT_FALSE(with(found, "", 1.0).TestsJudge());
}

TEST_F(BenchmarksTest, AFewExecutableItemsDoNotLeadTheOthers) {
  std::vector<Item> items = {Task("a"), Task("b"), Task("c"), Task("d")};
  EXPECT_TRUE(Describe("x", items).TestsLead());
  items[0].tests = items[1].tests = {};
  EXPECT_TRUE(Describe("x", items).TestsLead());
  items[2].tests = {};
  EXPECT_FALSE(Describe("x", items).TestsLead());
  items[3].tests = {};
  EXPECT_FALSE(Describe("x", items).TestsLead());
}

TEST_F(BenchmarksTest, TheSameItemsAgainCheckOnlyWhatIsNotKnown) {
  const std::vector<Item> items = {Task("a"), Task("b"), Task("c")};
  ASSERT_THAT(benchmarks_.Import("he", items, ""), IsOk());
  const auto stored = Stored();
  testing::FakeUnitOfWork work;
  Oracle known;
  known.mutation_score = 0.5;
  ASSERT_THAT(store_.RecordOracle(work, "he", 1, stored[0].id, known), IsOk());
  Oracle unknown;
  unknown.reason = "infrastructure";
  ASSERT_THAT(store_.RecordOracle(work, "he", 1, stored[1].id, unknown),
              IsOk());
  events_.oracles.clear();
  const auto again = benchmarks_.Import("he", items, "");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->version, 1u);
  EXPECT_EQ(events_.oracles,
            (std::vector<std::string>{stored[1].id, stored[2].id}));
}

TEST_F(BenchmarksTest, TestsWithoutASolutionAreNotChecked) {
  Item item = Task("a");
  item.agreed.clear();
  ASSERT_THAT(benchmarks_.Import("he", {item}, ""), IsOk());
  EXPECT_TRUE(events_.oracles.empty());
  EXPECT_EQ(Stored()[0].oracle->reason, "no_solution");
  EXPECT_TRUE(Stored()[0].References().empty());
}

TEST_F(BenchmarksTest, OtherTestsAreAnotherVersion) {
  Item other = Task("a");
  other.tests.program += "\n";
  const std::vector<Item> before = {Task("a")};
  const std::vector<Item> after = {other};
  EXPECT_NE(Describe("he", before).digest, Describe("he", after).digest);
}

TEST_F(BenchmarksTest, AnotherDateIsAnotherVersion) {
  Item dated = Task("a");
  dated.author_time = absl::FromUnixSeconds(1'600'000'000);
  ASSERT_THAT(benchmarks_.Import("he", {Task("a")}, ""), IsOk());
  const auto with = benchmarks_.Import("he", {dated}, "");
  ASSERT_THAT(with, IsOk());
  EXPECT_EQ(with->version, 2u);
  EXPECT_EQ(benchmarks_.Import("he", {dated}, "")->version, 2u);
}

TEST_F(BenchmarksTest, ATaskMayHaveCriteriaAloneAndASearchNoLanguage) {
  Item review = Task("a");
  review.task = task::kReview;
  review.agreed.clear();
  review.tests = {};
  review.criteria = {"Does it say why?"};
  Item search = Task("b");
  search.task = task::kSearch;
  search.language.clear();
  search.tests = {};
  ASSERT_THAT(benchmarks_.Import("he", {review, search}, ""), IsOk());
  EXPECT_TRUE(Stored()[0].References().empty());
  EXPECT_EQ(store_.Get("he", 1)->tasks,
            (std::vector<std::string>{"review", "search"}));
  review.criteria = {""};
  EXPECT_EQ(WrongField({review}), "items[0].criteria[0]");
  review.criteria.assign(17, "Why?");
  EXPECT_EQ(WrongField({review}), "items[0].criteria");
  review.task = "chat";
  EXPECT_EQ(WrongField({review}), "items[0].task");
}

TEST_F(BenchmarksTest, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(WrongField({}), "items");
  EXPECT_EQ(WrongField({Task("a"), Task("a")}), "items[1].item_id");
  Item item = Task("");
  EXPECT_EQ(WrongField({item}), "items[0].item_id");
  item = Task("a");
  item.tests.entry_point.clear();
  EXPECT_EQ(WrongField({item}), "items[0].tests.entry_point");
  item = Task("a");
  item.agreed.clear();
  item.tests = {};
  EXPECT_EQ(WrongField({item}), "items[0].agreed");
  item = Task("a");
  item.prefix = std::string("x\0y", 3);
  EXPECT_EQ(WrongField({item}), "items[0].prefix");
  item = Task("a");
  item.language.clear();
  EXPECT_EQ(WrongField({item}), "items[0].location.language");
}

}  // namespace
}  // namespace evalloop::evaluator
