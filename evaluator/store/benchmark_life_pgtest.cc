#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/store/postgres_model_store.h"
#include "evaluator/testing/store_fixture.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BenchmarkLifeTest : public EvaluatorStoreTest {
 protected:
  static std::vector<Item> Kinds() {
    std::vector<Item> items = Items(4);
    Item& review = items[1];
    review.task = task::kReview;
    review.symbol = "app.handle";
    review.end_line = 12;
    review.canary = "canary-7f";
    review.explanation = kHardText;
    review.criteria = {"Does it name the fault?", kHardText};
    review.holdout = true;
    review.variants[1] = {.text = kHardText,
                          .author = "dev-2",
                          .weight = 0.25,
                          .commit = "abc",
                          .author_time = absl::FromUnixSeconds(1'600'000'123),
                          .authorship = 0.5,
                          .survival_days = 12.5,
                          .alive = true,
                          .level = "good",
                          .centrality = 0.75};
    return items;
  }

  Benchmark Rotated(std::vector<Item> items,
                    const std::vector<std::string>& archived,
                    std::uint32_t from) {
    Benchmark next = Describe("gate", items);
    next.rotated_from = from;
    const auto added = benchmarks_.Add(next, items, archived);
    EXPECT_THAT(added, IsOk());
    return added.ok() ? *added : Benchmark();
  }

  std::vector<std::string> Listed(std::uint32_t version,
                                  const std::string& filter) {
    std::vector<std::string> ids;
    listing::Request request{.filter = filter, .page_size = 2};
    do {
      const auto page = benchmarks_.QueryItems("gate", version, request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      for (const Item& item : page->items) ids.push_back(item.id);
      request.page_token = page->next_page_token;
    } while (!request.page_token.empty());
    return ids;
  }
};

TEST_F(BenchmarkLifeTest, AnItemKeepsAllThatExplainsIt) {
  const auto items = Kinds();
  Benchmark described = Describe("gate", items);
  described.classes = {"line", "body"};
  described.tasks = {"completion", "review"};
  described.holdout_share = 0.25;
  ASSERT_THAT(benchmarks_.Add(described, items, {}), IsOk());
  const auto stored = benchmarks_.Get("gate", 0);
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->holdout, 1u);
  EXPECT_THAT(stored->classes, ElementsAre("line", "body"));
  EXPECT_THAT(stored->tasks, ElementsAre("completion", "review"));
  EXPECT_DOUBLE_EQ(stored->holdout_share, 0.25);
  const auto item = benchmarks_.GetItem("item-99");
  ASSERT_THAT(item, IsOk());
  EXPECT_EQ(item->task, "review");
  EXPECT_EQ(item->symbol, "app.handle");
  EXPECT_EQ(item->end_line, 12u);
  EXPECT_EQ(item->canary, "canary-7f");
  EXPECT_EQ(item->explanation, kHardText);
  EXPECT_EQ(item->criteria, items[1].criteria);
  EXPECT_TRUE(item->holdout);
  EXPECT_FALSE(item->archived);
  ASSERT_EQ(item->variants.size(), 2u);
  const Variant& variant = item->variants[1];
  EXPECT_EQ(variant.commit, "abc");
  EXPECT_EQ(variant.author_time, absl::FromUnixSeconds(1'600'000'123));
  EXPECT_DOUBLE_EQ(variant.authorship, 0.5);
  EXPECT_DOUBLE_EQ(variant.survival_days, 12.5);
  EXPECT_TRUE(variant.alive);
  EXPECT_EQ(variant.level, "good");
  EXPECT_DOUBLE_EQ(variant.centrality, 0.75);
  EXPECT_FALSE(item->variants[0].alive);
}

TEST_F(BenchmarkLifeTest, TheManifestSaysWhatItIsMadeOf) {
  const auto items = Kinds();
  ASSERT_THAT(benchmarks_.Add(Describe("gate", items), items, {}), IsOk());
  const auto manifest = benchmarks_.GetManifest("gate", 1);
  ASSERT_THAT(manifest, IsOk());
  EXPECT_EQ(manifest->full.items, 3u);
  const std::vector<std::string> full = {"item-100", "item-97", "item-98"};
  EXPECT_EQ(manifest->full.digest, DigestOf(full));
  ASSERT_TRUE(manifest->holdout.has_value());
  const std::vector<std::string> held = {"item-99"};
  EXPECT_EQ(manifest->holdout->digest, DigestOf(held));
  EXPECT_FALSE(manifest->smoke.has_value());
  EXPECT_THAT(manifest->mix, Contains(MixShare{"task", "completion", 3}));
  EXPECT_THAT(manifest->mix, Contains(MixShare{"task", "review", 1}));
  EXPECT_THAT(manifest->mix, Contains(MixShare{"language", "python", 4}));
  EXPECT_THAT(manifest->mix, Contains(MixShare{"seen", "unseen", 4}));
  EXPECT_THAT(manifest->mix, Contains(MixShare{"tag", kHardText, 4}));
  EXPECT_EQ(manifest->oldest, absl::FromUnixSeconds(1'600'000'000));
  EXPECT_EQ(manifest->newest, absl::FromUnixSeconds(1'600'000'003));
}

TEST_F(BenchmarkLifeTest, AFullRunHasNoHoldoutRowsAndAHoldoutRunNoOthers) {
  const auto items = Kinds();
  ASSERT_THAT(benchmarks_.Add(Describe("gate", items), items, {}), IsOk());
  StartRun(PlanRun("full", 3));
  evaluator::Run run = PlanRun("held", 1);
  run.subset = Subset::kHoldout;
  run.items = {"item-99"};
  run.subset_digest = DigestOf(run.items);
  StartRun(run);
  const auto ids = runs_.ItemsOf("full");
  EXPECT_THAT(*ids, ElementsAre("item-100", "item-97", "item-98"));
  EXPECT_THAT(*runs_.ItemsOf("held"), ElementsAre("item-99"));
  EXPECT_EQ(runs_.Get("held")->subset, Subset::kHoldout);
}

TEST_F(BenchmarkLifeTest, WhatIsArchivedIsShownAndInNoLaterRun) {
  AddBenchmark(4);  // item-100 to item-97.
  std::vector<Item> kept = Items(4);
  kept.erase(kept.begin(), kept.begin() + 2);
  const Benchmark second = Rotated(kept, {"item-100", "item-99"}, 1);
  EXPECT_EQ(second.version, 2u);
  EXPECT_EQ(second.archived, 2u);
  kept.erase(kept.begin());
  const Benchmark third = Rotated(kept, {"item-98"}, 2);
  EXPECT_EQ(third.archived, 3u);
  EXPECT_EQ(benchmarks_.Get("gate", 2)->archived, 2u);
  EXPECT_EQ(benchmarks_.Get("gate", 1)->archived, 0u);
  EXPECT_EQ(benchmarks_.Get("gate", 3)->rotated_from, 2u);

  EXPECT_THAT(Listed(3, ""), ElementsAre("item-97"));
  EXPECT_THAT(Listed(3, "archived = true"),
              ElementsAre("item-98", "item-100", "item-99"));
  EXPECT_THAT(Listed(2, "archived = true"), ElementsAre("item-100", "item-99"));
  EXPECT_THAT(Listed(1, "archived = true"), IsEmpty());
  EXPECT_EQ(Listed(1, "archived = false").size(), 4u);
  EXPECT_TRUE(benchmarks_.GetItem("item-100")->archived);
  EXPECT_FALSE(benchmarks_.GetItem("item-97")->archived);

  evaluator::Run run = PlanRun("r", 1);
  run.benchmark_version = 3;
  StartRun(run);
  EXPECT_THAT(*runs_.ItemsOf("r"), ElementsAre("item-97"));
}

TEST_F(BenchmarkLifeTest, OfTwoRotationsOfOneVersionOneIsRefused) {
  AddBenchmark(3);
  std::vector<Item> kept = Items(3);
  kept.erase(kept.begin());
  Rotated(kept, {"item-100"}, 1);
  kept.erase(kept.begin());
  Benchmark late = Describe("gate", kept);
  late.rotated_from = 1;
  const std::vector<std::string> archived = {"item-99"};
  const auto refused = benchmarks_.Add(late, kept, archived);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(base::ReasonOf(refused.status()), "BENCHMARK_CHANGED");
  EXPECT_EQ(benchmarks_.Get("gate", 0)->version, 2u);
}

TEST_F(BenchmarkLifeTest, CutoffsAreKeptBySnapshotAndTellWhichItemsAreOlder) {
  std::vector<Item> items = Items(4);
  items[3].author_time = absl::UnixEpoch();
  ASSERT_THAT(benchmarks_.Add(Describe("gate", items), items, {}), IsOk());
  PostgresModelStore models(pool_);
  const absl::Time cutoff = absl::FromUnixSeconds(1'600'000'001);
  const auto record = [&](const char* snapshot, std::optional<absl::Time> at) {
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      return models.Record(work, snapshot, {"qwen", at});
    }),
                IsOk());
  };
  record("s1", std::nullopt);
  EXPECT_FALSE(models.CutoffOf("qwen", "s1")->time.has_value());
  record("s1", cutoff);
  EXPECT_EQ(models.CutoffOf("qwen", "s1")->time, cutoff);
  EXPECT_FALSE(models.CutoffOf("qwen", "s2")->time.has_value());
  EXPECT_EQ(models.CutoffOf("other", "s1")->model, "other");

  const auto ages = benchmarks_.Ages("gate", 1, cutoff);
  ASSERT_THAT(ages, IsOk());
  EXPECT_THAT(ages->older, ElementsAre("item-100", "item-99"));
  EXPECT_THAT(ages->undated, ElementsAre("item-97"));
  EXPECT_THAT(benchmarks_.Ages("gate", 1, absl::UnixEpoch())->older, IsEmpty());

  // Rows of a run by that snapshot know it too.
  evaluator::Run run = PlanRun("r", 4);
  run.revision.model = "qwen";
  run.revision.model_snapshot = "s1";
  StartRun(run);
  const auto valid = runs_.ListRows("r", {.filter = "valid = true"});
  ASSERT_THAT(valid, IsOk());
  ASSERT_EQ(valid->items.size(), 2u);
  EXPECT_EQ(valid->items[0].item_id, "item-97");
  EXPECT_EQ(valid->items[1].item_id, "item-98");
}

}  // namespace
}  // namespace evalloop::evaluator
