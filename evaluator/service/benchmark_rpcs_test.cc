#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/testing/service_fixture.h"

namespace evalloop::evaluator {
namespace {

using ::testing::ElementsAre;

class BenchmarkRpcsTest : public EvaluatorServiceTest {
 protected:
  // `count` items, a day each, from `day` on.
  void Mined(int day, int count) {
    library_.mined.clear();
    for (int i = day; i < day + count; ++i) {
      Item item;
      item.id = "mined" + std::to_string(100 + i);
      item.commit = "c" + std::to_string(i);
      item.parent = "c" + std::to_string(i - 1);
      item.language = "python";
      item.item_class = "line";
      item.prefix = "p";
      item.agreed = "x" + std::to_string(i);
      item.author_time =
          absl::FromUnixSeconds(1'700'000'000) + absl::Hours(24) * i;
      library_.mined.push_back(item);
    }
  }

  static v1::BuildBenchmarkRequest Nightly() {
    v1::BuildBenchmarkRequest request;
    request.set_name("nightly");
    request.set_repository("/repo");
    request.add_classes("line");
    request.add_classes("body");
    request.add_tasks("review");
    request.set_holdout_share(0.2);
    return request;
  }
};

TEST_F(BenchmarkRpcsTest, BuildsOfTheKindsThatWereAskedForWithAHoldout) {
  Mined(1, 10);
  const auto built = Call(&Stub::BuildBenchmark, Nightly());
  ASSERT_THAT(built, IsOk());
  EXPECT_EQ(built->benchmark().items(), 10u);
  ASSERT_EQ(built->benchmark().subsets_size(), 2);
  EXPECT_EQ(built->benchmark().subsets(0).subset(), v1::SUBSET_FULL);
  EXPECT_EQ(built->benchmark().subsets(0).items(), 8u);
  EXPECT_EQ(built->benchmark().subsets(1).subset(), v1::SUBSET_HOLDOUT);
  EXPECT_EQ(built->benchmark().subsets(1).items(), 2u);
  EXPECT_THAT(library_.asked_to_mine.classes, ElementsAre("line", "body"));
  EXPECT_THAT(library_.asked_to_mine.tasks, ElementsAre("review"));

  auto wrong = Nightly();
  wrong.add_tasks("chat");
  EXPECT_EQ(base::FieldOf(Call(&Stub::BuildBenchmark, wrong).status()),
            "tasks[1]");
  wrong = Nightly();
  wrong.set_holdout_share(0.9);
  EXPECT_EQ(base::FieldOf(Call(&Stub::BuildBenchmark, wrong).status()),
            "holdout_share");
}

TEST_F(BenchmarkRpcsTest, AHoldoutRunAsksForWhatOthersDoNot) {
  Mined(1, 10);
  ASSERT_THAT(Call(&Stub::BuildBenchmark, Nightly()), IsOk());
  auto request = Asked(1, "held");
  request.set_benchmark("nightly");
  request.set_subset(v1::SUBSET_HOLDOUT);
  const auto held = Call(&Stub::StartRun, request);
  ASSERT_THAT(held, IsOk());
  EXPECT_EQ(held->run().rows(), 2u);
  EXPECT_EQ(held->run().subset(), v1::SUBSET_HOLDOUT);
  EXPECT_FALSE(held->run().subset_digest().empty());
  request = Asked(1, "full");
  request.set_benchmark("nightly");
  EXPECT_EQ(Call(&Stub::StartRun, request)->run().rows(), 8u);
}

TEST_F(BenchmarkRpcsTest, RotatesAndSaysWhatCameOfIt) {
  v1::RotateBenchmarkRequest request;
  request.set_name("nightly");
  EXPECT_THAT(Call(&Stub::RotateBenchmark, request),
              StatusIs(absl::StatusCode::kNotFound));
  Mined(1, 10);
  ASSERT_THAT(Call(&Stub::BuildBenchmark, Nightly()), IsOk());
  Mined(11, 2);
  request.set_until_commit("c12");
  request.set_changelog("week 2");
  const auto rotated = Call(&Stub::RotateBenchmark, request);
  ASSERT_THAT(rotated, IsOk());
  EXPECT_EQ(rotated->benchmark().version(), 2u);
  EXPECT_EQ(rotated->benchmark().rotated_from(), 1u);
  EXPECT_EQ(rotated->benchmark().archived(), 2u);
  EXPECT_EQ(rotated->benchmark().changelog(), "week 2");
  // Nothing is fresh any more.
  EXPECT_EQ(Call(&Stub::RotateBenchmark, request)->benchmark().version(), 2u);
  request.set_share(2);
  EXPECT_EQ(base::FieldOf(Call(&Stub::RotateBenchmark, request).status()),
            "share");
}

TEST_F(BenchmarkRpcsTest, AnItemTellsItsTaskCriteriaAndVariants) {
  v1::ImportBenchmarkRequest import;
  import.set_name("reviews");
  v1::Item& item = *import.add_items();
  item.set_item_id("a");
  item.set_task("review");
  item.mutable_location()->set_language("go");
  item.set_prefix("func f() {}");
  item.set_symbol("f");
  item.set_end_line(9);
  item.set_canary("canary");
  item.set_explanation("by hand");
  item.add_criteria("Does it say why?");
  v1::ItemVariant& variant = *item.add_variants();
  variant.set_text("fix");
  variant.set_author("dev-1");
  variant.set_commit("c1");
  variant.mutable_author_time()->set_seconds(1'700'000'000);
  variant.set_level("good");
  variant.set_survival_days(3);
  variant.set_alive(true);
  variant.set_authorship(0.5);
  variant.set_centrality(0.25);
  ASSERT_THAT(Call(&Stub::ImportBenchmark, import), IsOk());
  v1::ListItemsRequest list;
  list.set_benchmark("reviews");
  const auto items = Call(&Stub::ListItems, list);
  ASSERT_THAT(items, IsOk());
  ASSERT_EQ(items->items_size(), 1);
  v1::GetItemRequest get;
  get.set_item_id(items->items(0).item_id());
  const auto told = Call(&Stub::GetItem, get);
  ASSERT_THAT(told, IsOk());
  const v1::Item& stored = told->item();
  EXPECT_EQ(stored.task(), "review");
  EXPECT_EQ(stored.symbol(), "f");
  EXPECT_EQ(stored.end_line(), 9u);
  EXPECT_EQ(stored.canary(), "canary");
  EXPECT_EQ(stored.explanation(), "by hand");
  EXPECT_THAT(stored.criteria(), ElementsAre("Does it say why?"));
  EXPECT_FALSE(stored.has_author_time());  // Nobody said when.
  ASSERT_EQ(stored.variants_size(), 1);
  EXPECT_EQ(stored.variants(0).SerializeAsString(),
            variant.SerializeAsString());

  item.set_task("chat");
  EXPECT_EQ(base::FieldOf(Call(&Stub::ImportBenchmark, import).status()),
            "items[0].task");
  item.set_task("review");
  item.add_criteria("");
  EXPECT_EQ(base::FieldOf(Call(&Stub::ImportBenchmark, import).status()),
            "items[0].criteria[1]");
}

TEST_F(BenchmarkRpcsTest, ARunTellsWhichOfItsRowsCount) {
  const std::string run = Finished(1, 1);
  v1::GetRunRequest request;
  request.set_run_id(run);
  const auto told = Call(&Stub::GetRun, request);
  ASSERT_THAT(told, IsOk());
  EXPECT_EQ(told->run().validity().undated_rows(),
            static_cast<std::uint32_t>(kItems));
  EXPECT_FALSE(told->run().validity().has_cutoff_time());
  EXPECT_THAT(told->run().validity().note(), HasSubstr("--cutoff DATE"));
}

}  // namespace
}  // namespace evalloop::evaluator
