#include "evaluator/domain/comparison.h"

#include <gtest/gtest.h>

#include "evaluator/domain/run_summary.h"

namespace evalloop::evaluator {
namespace {

Row Scored(int item, double value, TypedTally tally = {}) {
  Row row;
  row.item_id = "item" + std::to_string(item);
  row.commit = "commit" + std::to_string(item / 2);
  row.scored = true;
  row.metrics = {{"exact_match", value, ""}};
  if (tally.lines > 0) row.tally = tally;
  return row;
}

TEST(CompareTest, ARegressionIsNegativeAndCountsWorseRows) {
  std::vector<Row> before, after;
  for (int i = 0; i < 20; ++i) {
    before.push_back(Scored(i, 1));
    after.push_back(Scored(i, i < 10 ? 0 : 1));
  }
  const auto comparison = Compare(before, after, 3);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  const MetricDelta* delta = comparison->Find("exact_match");
  ASSERT_NE(delta, nullptr);
  EXPECT_DOUBLE_EQ(delta->delta.value, -0.5);
  EXPECT_EQ(delta->worse, 10);
  EXPECT_EQ(delta->better, 0);
  EXPECT_LT(*delta->delta.upper, 0);
  EXPECT_DOUBLE_EQ(*delta->p_value, 0.001953125);  // 2 * 0.5^10.
  EXPECT_EQ(comparison->clusters, 10);
  ASSERT_EQ(comparison->rows.size(), 3u);
  EXPECT_DOUBLE_EQ(*comparison->rows[0].deltas[0].value, -1);
}

TEST(CompareTest, AFewRowsThatAgreeAreNoProof) {
  std::vector<Row> rows;
  for (int i = 0; i < 50; ++i) rows.push_back(Scored(i, 1));
  const auto comparison = Compare(rows, rows, 0);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  const MetricDelta* delta = comparison->Find("exact_match");
  EXPECT_DOUBLE_EQ(delta->delta.value, 0);
  EXPECT_LT(*delta->delta.lower, -0.03);
  EXPECT_GT(*delta->delta.upper, 0.03);
}

TEST(CompareTest, AValueThatTheCandidateLacksIsLostInFull) {
  std::vector<Row> before = {Scored(0, 1), Scored(2, 1)};
  std::vector<Row> after = {Scored(0, 1), Scored(2, 1)};
  after[1].metrics[0] = {"exact_match", std::nullopt, "empty"};
  const auto comparison = Compare(before, after, 9);
  ASSERT_TRUE(comparison.ok());
  const MetricDelta* delta = comparison->Find("exact_match");
  EXPECT_EQ(delta->lost, 1);
  EXPECT_DOUBLE_EQ(delta->candidate, 0.5);
}

TEST(CompareTest, TextsAreAddedToTheRowsThatAreShown) {
  std::vector<Row> before, after;
  for (int i = 0; i < 4; ++i) {
    before.push_back(Scored(i, 1));
    after.push_back(Scored(i, i == 2 ? 0 : 1));
  }
  after[2].metrics.push_back({"parses", std::nullopt, ""});
  before[2].metrics.push_back({"parses", 1, ""});
  auto comparison = Compare(before, after, 1);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  ASSERT_EQ(comparison->rows.size(), 1u);
  RowDelta& shown = comparison->rows[0];
  ASSERT_EQ(shown.item_id, "item2");
  EXPECT_EQ(shown.baseline_text, "");
  for (Row& row : before) row.raw_text = "was " + row.item_id;
  for (Row& row : after) row.raw_text = "is " + row.item_id;
  after[2].metrics[1].reason = "no_grammar";
  AddTexts(before, after, comparison->rows);
  EXPECT_EQ(shown.baseline_text, "was item2");
  EXPECT_EQ(shown.candidate_text, "is item2");
  ASSERT_EQ(shown.candidate_values[1].metric, "parses");
  EXPECT_EQ(shown.candidate_values[1].reason, "no_grammar");
}

TEST(CompareTest, RowsWithoutAPartnerAreMissing) {
  const auto comparison = Compare(std::vector{Scored(0, 1), Scored(1, 1)},
                                  std::vector{Scored(1, 1), Scored(2, 1)}, 9);
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->missing_rows, 2);
}

TEST(CompareTest, ARowWithoutAnAnswerIsNullAndFailed) {
  std::vector<Row> before, after;
  for (int i = 0; i < 4; ++i) {
    before.push_back(Scored(i, 1));
    before.back().metrics.push_back({"security_delta", double(i), ""});
    after.push_back(before.back());
  }
  after[2].scored = false;
  const auto comparison = Compare(before, after, 1);
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->missing_in_candidate, 1);
  EXPECT_DOUBLE_EQ(comparison->Find("exact_match")->candidate, 0.75);
  // Where less is better it counts as the worst seen, never as 0.
  EXPECT_DOUBLE_EQ(comparison->Find("security_delta")->candidate, 1.75);
  ASSERT_EQ(comparison->rows.size(), 1u);
  EXPECT_TRUE(comparison->rows[0].missing);
  EXPECT_EQ(comparison->rows[0].item_id, "item2");
  EXPECT_FALSE(comparison->rows[0].deltas[0].value.has_value());
}

TEST(CompareTest, GroupsAreJudgedTogetherAndSmallOnesPooled) {
  std::vector<Row> before, after;
  FactsById facts;
  for (int i = 0; i < 200; ++i) {
    before.push_back(Scored(i, 1));
    const bool hurt = i < 60;
    after.push_back(Scored(i, hurt && i % 2 == 0 ? 0 : 1));
    ItemFacts& item = facts["item" + std::to_string(i)];
    item.language = "python";  // All of them: no group.
    item.item_class = hurt ? "error handling" : "logic";
    if (i % 10 == 0) item.tags = {"rare " + std::to_string(i % 20)};
  }
  const auto comparison = Compare(before, after, 0, 0.95, facts);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  ASSERT_EQ(comparison->groups.size(), 3u);
  const GroupDelta& logic = comparison->groups[0];
  const GroupDelta& hurt = comparison->groups[1];
  const GroupDelta& other = comparison->groups[2];
  EXPECT_EQ(logic.name, "logic");
  EXPECT_EQ(logic.pairs, 140);
  EXPECT_GT(*logic.Find("exact_match")->holm_p, 0.4);
  EXPECT_EQ(hurt.name, "error handling");
  EXPECT_EQ(hurt.dimension, "class");
  const MetricDelta& loss = *hurt.Find("exact_match");
  EXPECT_DOUBLE_EQ(loss.delta.value, -0.5);
  EXPECT_LT(*loss.delta.upper, -0.3);
  EXPECT_LT(*loss.loss_p, 1e-5);
  EXPECT_DOUBLE_EQ(*loss.holm_p, 2 * *loss.loss_p);
  EXPECT_LE(*loss.bh_p, *loss.holm_p);
  EXPECT_EQ(other.name, "other");
  EXPECT_EQ(other.pooled, (std::vector<std::string>{"rare 0", "rare 10"}));
  // Still too few to judge by.
  EXPECT_FALSE(other.Find("exact_match")->holm_p.has_value());
}

TEST(CompareTest, SamplesOfOneItemAreOneRow) {
  std::vector<Row> before, after;
  for (int i = 0; i < 4; ++i) {
    for (std::uint32_t sample = 0; sample < 2; ++sample) {
      before.push_back(Scored(i, 1));
      before.back().sample = sample;
      after.push_back(Scored(i, sample));
      after.back().sample = sample;
    }
  }
  const auto comparison = Compare(before, after, 0);
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->item_ids.size(), 4u);
  const MetricDelta* delta = comparison->Find("exact_match");
  EXPECT_EQ(delta->pairs, 8);
  ASSERT_EQ(delta->losses.size(), 4u);
  EXPECT_DOUBLE_EQ(delta->losses[0].loss, 0.5);
}

TEST(CompareTest, NothingInCommonIsAnError) {
  EXPECT_FALSE(
      Compare(std::vector{Scored(0, 1)}, std::vector{Scored(1, 1)}, 9).ok());
}

TEST(CompareTest, TypingFiguresAreRatiosOfSums) {
  const TypedTally always{.lines = 1,
                          .requests = 4,
                          .shown = 4,
                          .accepted = 1,
                          .typed_chars = 15,
                          .accepted_chars = 5,
                          .rejected_chars = 30};
  const TypedTally gated{.lines = 1,
                         .requests = 4,
                         .shown = 2,
                         .accepted = 1,
                         .typed_chars = 15,
                         .accepted_chars = 5,
                         .rejected_chars = 6};
  const auto comparison =
      Compare(std::vector{Scored(0, 0, always), Scored(2, 0, always)},
              std::vector{Scored(0, 0, gated), Scored(2, 0, gated)}, 9);
  ASSERT_TRUE(comparison.ok());
  EXPECT_DOUBLE_EQ(comparison->Find(kAcceptance)->baseline, 0.25);
  EXPECT_DOUBLE_EQ(comparison->Find(kAcceptance)->candidate, 0.5);
  EXPECT_DOUBLE_EQ(comparison->Find(kCompletedChars)->delta.value, 0);
  EXPECT_DOUBLE_EQ(comparison->Find(kRejectedChars)->delta.value, -9600);
  EXPECT_EQ(comparison->Find(kRejectedChars)->better, 2);
}

TEST(CompareTest, ALineWithNothingShownKeepsOutOfAcceptance) {
  const TypedTally silent{.lines = 1, .requests = 2, .typed_chars = 9};
  const TypedTally spoke{.lines = 1,
                         .requests = 2,
                         .shown = 1,
                         .accepted = 1,
                         .typed_chars = 4,
                         .accepted_chars = 5};
  const auto comparison =
      Compare(std::vector{Scored(0, 0, spoke), Scored(2, 0, spoke)},
              std::vector{Scored(0, 0, silent), Scored(2, 0, spoke)}, 9);
  ASSERT_TRUE(comparison.ok());
  EXPECT_DOUBLE_EQ(comparison->Find(kAcceptance)->candidate, 1);
  EXPECT_EQ(comparison->Find(kAcceptance)->worse, 0);
  EXPECT_LT(comparison->Find(kCompletedChars)->delta.value, 0);
}

TEST(SummarizeTest, LeavesOutRowsThatAreNotScored) {
  Row failed = Scored(5, 0);
  failed.scored = false;
  const auto summaries =
      Summarize(std::vector{Scored(0, 1), Scored(2, 0), failed});
  ASSERT_EQ(summaries.size(), 1u);
  EXPECT_EQ(summaries[0].rows, 2);
  EXPECT_DOUBLE_EQ(summaries[0].mean.value, 0.5);
}

TEST(DirectionTest, LessOfWhatIsCountedIsBetter) {
  for (const char* metric :
       {"complexity_delta", "complexity_vs_references", "security_delta",
        "secrets_delta", "licence_headers_delta", "type_errors_delta",
        "invented_symbols", "rejected_chars"}) {
    EXPECT_FALSE(HigherIsBetter(metric)) << metric;
  }
  EXPECT_TRUE(HigherIsBetter("pass_at_1"));
  EXPECT_TRUE(HigherIsBetter("acceptance"));
  EXPECT_TRUE(IsSimilarity("codebleu"));
  EXPECT_FALSE(IsSimilarity("parses"));
}

}  // namespace
}  // namespace evalloop::evaluator
