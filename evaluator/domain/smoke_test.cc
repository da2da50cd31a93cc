#include "evaluator/domain/smoke.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace evalloop::evaluator {
namespace {

FactsById Items(int count) {
  FactsById facts;
  for (int i = 0; i < count; ++i) {
    facts["item" + std::to_string(i)] = {
        .language = "python", .item_class = i % 4 == 0 ? "io" : "logic"};
  }
  return facts;
}

TEST(SmokeTest, TakesTheRowsThatTellRevisionsApartOfEachClass) {
  const FactsById facts = Items(400);
  std::vector<ItemValue> values;
  for (int i = 0; i < 400; ++i) {
    const std::string id = "item" + std::to_string(i);
    values.push_back({id, "a", 1});
    values.push_back({id, "b", i >= 300 ? 0.0 : 1.0});
  }
  const SmokeSubset subset = ChooseSmoke(facts, values);
  EXPECT_EQ(subset.items.size(), 80u);
  EXPECT_EQ(subset.revisions, 2u);
  int io = 0;
  for (const std::string& id : subset.items) {
    EXPECT_GE(std::stoi(id.substr(4)), 300);
    io += facts.at(id).item_class == "io";
  }
  EXPECT_EQ(io, 20);
  EXPECT_EQ(ChooseSmoke(facts, values).items, subset.items);
}

TEST(SmokeTest, ASmallBenchmarkIsItsOwnSmokeTest) {
  EXPECT_EQ(ChooseSmoke(Items(40), {}).items.size(), 40u);
  EXPECT_EQ(ChooseSmoke(Items(100), {}).items.size(), 50u);
  EXPECT_EQ(ChooseSmoke(Items(10'000), {}).items.size(), 150u);
}

TEST(SmokeTest, IsChosenAnewOnceTwiceTheRevisionsAreKnown) {
  const std::vector<ItemValue> two = {{"i", "a", 1}, {"i", "b", 0}};
  EXPECT_FALSE(IsOutdated({.revisions = 0}, std::vector{two[0]}));
  EXPECT_TRUE(IsOutdated({.revisions = 0}, two));
  EXPECT_TRUE(IsOutdated({.revisions = 1}, two));
  EXPECT_FALSE(IsOutdated({.revisions = 2}, two));
}

}  // namespace
}  // namespace evalloop::evaluator
