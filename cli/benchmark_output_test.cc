#include "cli/benchmark_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalloop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::Item Mined() {
  v1::Item item;
  item.set_item_id("0123456789abcdef01234567");
  item.set_task("completion");
  item.set_class_("line");
  item.mutable_location()->set_path("app/users.py");
  item.mutable_location()->set_language("python");
  item.mutable_location()->set_line(7);
  item.set_symbol("User.save");
  item.set_prefix("def save(self):\n");
  item.set_agreed("    self.db.commit()\n");
  item.set_explanation("two of three authors wrote it so");
  item.set_agreement(0.83);
  item.mutable_author_time()->set_seconds(1'600'000'000);
  item.set_author("dev-3");
  item.set_holdout(true);
  for (const char* text : {"    self.db.commit()\n", "    commit()\n"}) {
    v1::ItemVariant& variant = *item.add_variants();
    variant.set_text(text);
    variant.set_author("dev-" + std::to_string(item.variants_size()));
    variant.set_weight(0.6);
    variant.set_commit("abcdef0123456789");
    variant.mutable_author_time()->set_seconds(1'600'000'000);
    variant.set_level("good");
    variant.set_survival_days(90.4);
    variant.set_alive(item.variants_size() == 1);
    variant.set_authorship(0.75);
    variant.set_centrality(0.9);
  }
  return item;
}

TEST(ItemTextTest, SaysWhoWroteWhatAndWhyThisOneWasChosen) {
  const std::string text = ItemText(Mined());
  EXPECT_THAT(text, HasSubstr("app/users.py:7 in User.save"));
  EXPECT_THAT(text, HasSubstr("2020-09-13 by dev-3"));
  EXPECT_THAT(text, HasSubstr("unseen, holdout"));
  EXPECT_THAT(text, HasSubstr("0.83 over 2 variants"));
  EXPECT_THAT(text,
              HasSubstr("why this output: two of three authors wrote it so"));
  EXPECT_THAT(text, HasSubstr("  + "
                              "    self.db.commit()"));
  // The chosen one is marked; each has date, weight, level and survival.
  EXPECT_THAT(text, ::testing::ContainsRegex(
                        "\\*  dev-1 +2020-09-13 +0.600 +good +90 days, still "
                        "does +0.75 +0.90 +abcdef012345"));
  EXPECT_THAT(text, ::testing::ContainsRegex("   dev-2 .*90 days  "));
}

TEST(ItemTextTest, OfAContestedOneNoVariantIsChosen) {
  v1::Item item = Mined();
  item.set_contested(true);
  item.clear_agreement();
  const std::string text = ItemText(item);
  EXPECT_THAT(text, HasSubstr("contested, all of them are right"));
  EXPECT_THAT(text, Not(HasSubstr("*  dev-1")));
}

TEST(ItemTextTest, SaysWhatItsTestsCameTo) {
  v1::Item item = Mined();
  EXPECT_THAT(ItemText(item), Not(HasSubstr("hidden tests")));
  item.mutable_tests()->set_program("assert save");
  item.mutable_tests()->set_entry_point("save");
  EXPECT_THAT(ItemText(item),
              HasSubstr("hidden tests of save: not checked yet\n"));
  item.mutable_oracle()->set_reason("solution_fails");
  EXPECT_THAT(ItemText(item),
              HasSubstr("hidden tests of save: solution_fails\n"));
  item.mutable_oracle()->clear_reason();
  item.mutable_oracle()->set_mutation_score(0.75);
  EXPECT_THAT(ItemText(item),
              HasSubstr("hidden tests of save: mutation score 0.75\n"));
}

TEST(ItemTextTest, LongCodeIsCutAtTheCursor) {
  v1::Item item = Mined();
  std::string prefix;
  for (int i = 0; i < 50; ++i) prefix += "line " + std::to_string(i) + "\n";
  item.set_prefix(prefix);
  const std::string text = ItemText(item);
  EXPECT_THAT(text, HasSubstr("... 38 lines more"));
  EXPECT_THAT(text, HasSubstr("line 49"));
  EXPECT_THAT(text, Not(HasSubstr("line 37\n")));
}

TEST(BenchmarkTextTest, TellsTheManifest) {
  v1::Benchmark benchmark;
  benchmark.set_name("nightly");
  benchmark.set_version(3);
  benchmark.set_rotated_from(2);
  benchmark.set_archived(40);
  benchmark.set_until_commit("c9");
  benchmark.mutable_oldest_item_time()->set_seconds(1'600'000'000);
  benchmark.mutable_newest_item_time()->set_seconds(1'700'000'000);
  v1::SubsetSize& holdout = *benchmark.add_subsets();
  holdout.set_subset(v1::SUBSET_HOLDOUT);
  holdout.set_items(20);
  holdout.set_digest("0123456789abcdef0123");
  for (const char* name : {"completion", "review"}) {
    v1::ShareOf& share = *benchmark.add_mix();
    share.set_dimension("task");
    share.set_name(name);
    share.set_items(7);
  }
  const std::string text = BenchmarkText(benchmark);
  EXPECT_THAT(text, HasSubstr("nightly@3"));
  EXPECT_THAT(text, HasSubstr("nightly@2"));
  EXPECT_THAT(text, HasSubstr("2020-09-13 to 2023-11-14"));
  EXPECT_THAT(text, HasSubstr("20 items, 0123456789abcdef"));
  EXPECT_THAT(text, HasSubstr("completion 7, review 7"));
}

TEST(ValidityTextTest, SaysHowManyRowsCountOrWhatIsNotKnown) {
  v1::Validity validity;
  EXPECT_THAT(ValidityText(validity), IsEmpty());
  validity.mutable_cutoff_time()->set_seconds(1'700'000'000);
  validity.set_valid_rows(7);
  validity.set_older_rows(3);
  validity.set_undated_rows(1);
  EXPECT_EQ(ValidityText(validity),
            "7 rows are of items younger than 2023-11-14, where training data "
            "ends; 3 older ones count nowhere; 1 without a date count");
  v1::Validity unknown;
  unknown.set_note("nobody said");
  EXPECT_EQ(ValidityText(unknown), "nobody said");
}

}  // namespace
}  // namespace evalloop::cli
