#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "evaluator/domain/benchmarks.h"
#include "evaluator/domain/strata.h"
#include "evaluator/testing/fakes.h"
#include "platform/base/reason.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::evaluator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;

// Items `from` to `until` of a history that has one a day.
std::vector<Item> Days(int from, int until) {
  std::vector<Item> items;
  for (int day = from; day < until; ++day) {
    Item item;
    item.id = "item" + std::to_string(1000 + day);
    item.commit = "c" + std::to_string(day);
    item.parent = "c" + std::to_string(day - 1);
    item.language = day % 2 == 0 ? "python" : "go";
    item.item_class = "line";
    item.prefix = "p";
    item.agreed = "x" + std::to_string(day);
    item.author_time =
        absl::FromUnixSeconds(1'700'000'000) + absl::Hours(24) * day;
    items.push_back(item);
  }
  return items;
}

class RotationTest : public ::testing::Test {
 protected:
  absl::StatusOr<Benchmark> Build(double holdout_share = 0) {
    library_.mined = Days(1, 11);
    return benchmarks_.Build({.name = "nightly",
                              .repository = "/repo",
                              .classes = {"line", "body"},
                              .tasks = {"completion"},
                              .holdout_share = holdout_share});
  }

  std::vector<Item> Stored(std::uint32_t version) {
    return *store_.ListItems("nightly", version, {.size = 100, .after = ""});
  }

  std::vector<std::string> Ids(std::uint32_t version) {
    std::vector<std::string> ids;
    for (const Item& item : Stored(version)) ids.push_back(item.id);
    return ids;
  }

  std::string WrongField(const BuildRequest& request) {
    return base::FieldOf(benchmarks_.Build(request).status()).value_or("");
  }

  testing::FakeTransactor transactor_;
  FakePromptLibrary library_;
  FakeBenchmarkStore store_;
  FakeEvents events_;
  Benchmarks benchmarks_{library_, store_, events_, transactor_};
};

TEST_F(RotationTest, AFifthIsArchivedTheOldestFirstAndTheRestKeepsItsIds) {
  ASSERT_THAT(Build(), IsOk());
  const auto before = Ids(1);
  library_.mined = Days(11, 13);
  const auto rotated =
      benchmarks_.Rotate({.name = "nightly", .until_commit = "c20"});
  ASSERT_THAT(rotated, IsOk());
  EXPECT_EQ(rotated->version, 2u);
  EXPECT_EQ(rotated->items, 10u);
  EXPECT_EQ(rotated->rotated_from, 1u);
  EXPECT_EQ(rotated->archived, 2u);
  EXPECT_EQ(rotated->after_commit, "c2");  // The parent of the oldest left.
  EXPECT_EQ(rotated->until_commit, "c20");
  EXPECT_THAT(store_.archive, ElementsAre("item1001", "item1002"));
  std::vector<std::string> expected(before.begin() + 2, before.end());
  expected.insert(expected.end(), {"item1011", "item1012"});
  EXPECT_EQ(Ids(2), expected);
  EXPECT_THAT(rotated->changelog,
              HasSubstr("rotated from version 1: 2 items archived"));
  // Fresh ones are mined as the others were, from where the others ended.
  EXPECT_EQ(library_.asked_to_mine.after_commit, "c10");
  EXPECT_EQ(library_.asked_to_mine.until_commit, "c20");
  EXPECT_EQ(library_.asked_to_mine.max_items, 2u);
  EXPECT_THAT(library_.asked_to_mine.classes, ElementsAre("line", "body"));
  EXPECT_THAT(library_.asked_to_mine.tasks, ElementsAre("completion"));
}

TEST_F(RotationTest, TestsThatWereFoundAreCheckedInEveryVersion) {
  const auto with_tests = [](std::vector<Item> items) {
    items.back().tests = {"def check(f): assert f() == 1", "f"};
    items.back().tags = {std::string(kExecutableTag)};
    return items;
  };
  library_.mined = with_tests(Days(1, 11));
  const auto built =
      benchmarks_.Build({.name = "nightly", .repository = "/repo"});
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->tested, 1u);
  EXPECT_THAT(events_.oracles, ElementsAre("item1010"));
  events_.oracles.clear();
  library_.mined = with_tests(Days(11, 13));
  ASSERT_THAT(benchmarks_.Rotate({.name = "nightly"}), IsOk());
  EXPECT_THAT(events_.oracles, ElementsAre("item1010", "item1012"));
}

TEST_F(RotationTest, TheOldestIsByDateNotByPlace) {
  library_.mined = Days(1, 5);
  std::swap(library_.mined[0].author_time, library_.mined[3].author_time);
  ASSERT_THAT(benchmarks_.Build({.name = "nightly", .repository = "/repo"}),
              IsOk());
  library_.mined = Days(5, 6);
  ASSERT_THAT(benchmarks_.Rotate({.name = "nightly"}), IsOk());
  EXPECT_THAT(store_.archive, ElementsAre("item1004"));
}

TEST_F(RotationTest, WithoutFreshItemsTheVersionStays) {
  ASSERT_THAT(Build(), IsOk());
  // What it has is not fresh.
  const auto rotated = benchmarks_.Rotate({.name = "nightly"});
  ASSERT_THAT(rotated, IsOk());
  EXPECT_EQ(rotated->version, 1u);
  EXPECT_THAT(store_.archive, IsEmpty());
}

TEST_F(RotationTest, NoMoreIsArchivedThanThereIsFresh) {
  ASSERT_THAT(Build(), IsOk());
  library_.mined = Days(11, 12);
  const auto rotated = benchmarks_.Rotate({.name = "nightly", .share = 1});
  ASSERT_THAT(rotated, IsOk());
  EXPECT_EQ(rotated->items, 10u);
  EXPECT_EQ(rotated->archived, 1u);
  EXPECT_EQ(library_.asked_to_mine.max_items, 10u);
}

TEST_F(RotationTest, WhatWasImportedCannotRotate) {
  Item item = Days(1, 2)[0];
  ASSERT_THAT(benchmarks_.Import("nightly", {item}, ""), IsOk());
  const auto refused = benchmarks_.Rotate({.name = "nightly"});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(base::ReasonOf(refused.status()), "NOT_MINED");
}

TEST_F(RotationTest, AShareIsHeldOutOfEachStratumAndStaysSo) {
  const auto built = Build(0.4);
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->holdout, 4u);
  std::set<std::string> held, languages;
  for (const Item& item : Stored(1)) {
    if (!item.holdout) continue;
    held.insert(item.id);
    languages.insert(item.language);
  }
  EXPECT_EQ(languages.size(), 2u);
  // Again the same, whatever the order.
  std::vector<Item> turned = Days(1, 11);
  std::reverse(turned.begin(), turned.end());
  EXPECT_EQ(ChooseHoldout(turned, 0.4), held);

  library_.mined = Days(11, 16);
  const auto rotated = benchmarks_.Rotate({.name = "nightly", .share = 0.5});
  ASSERT_THAT(rotated, IsOk());
  int fresh_held = 0;
  for (const Item& item : Stored(2)) {
    if (item.id >= "item1011") {
      fresh_held += item.holdout;
    } else {
      EXPECT_EQ(item.holdout, held.contains(item.id)) << item.id;
    }
  }
  EXPECT_EQ(fresh_held, 2);
}

TEST_F(RotationTest, HoldingOutOthersIsAnotherVersion) {
  ASSERT_THAT(Build(0.4), IsOk());
  const auto again = Build(0.2);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->version, 2u);
  EXPECT_EQ(Build(0.2)->version, 2u);
}

TEST_F(RotationTest, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(WrongField({.name = "a b", .repository = "/r"}), "name");
  EXPECT_EQ(WrongField({.name = "a"}), "repository");
  EXPECT_EQ(WrongField({.name = "a", .repository = "/r", .max_items = 100'001}),
            "max_items");
  EXPECT_EQ(WrongField(
                {.name = "a", .repository = "/r", .classes = {"line", "page"}}),
            "classes[1]");
  EXPECT_EQ(WrongField({.name = "a", .repository = "/r", .tasks = {"chat"}}),
            "tasks[0]");
  EXPECT_EQ(WrongField({.name = "a", .repository = "/r", .holdout_share = 0.6}),
            "holdout_share");
  EXPECT_EQ(base::FieldOf(
                benchmarks_.Rotate({.name = "nightly", .share = 1.5}).status()),
            "share");
  EXPECT_THAT(benchmarks_.Build({.name = "a", .repository = "/r"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(StrataTest, QuotasAddUpAndKeepProportions) {
  const std::map<std::string, std::size_t> sizes = {
      {"a", 100}, {"b", 50}, {"c", 1}};
  const auto quotas = Quotas(sizes, 30);
  EXPECT_EQ(quotas.at("a"), 20u);
  EXPECT_EQ(quotas.at("b"), 10u);
  EXPECT_EQ(quotas.at("c"), 0u);
  EXPECT_EQ(Quotas(sizes, 151), sizes);
  EXPECT_THAT(Quotas({}, 0), IsEmpty());
}

}  // namespace
}  // namespace evalloop::evaluator
