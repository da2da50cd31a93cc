#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "evaluator/store/lists.h"
#include "evaluator/testing/store_fixture.h"
#include "platform/base/reason.h"
#include "platform/testing/documented_fields.h"

namespace evalloop::evaluator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ListsTest : public EvaluatorStoreTest {
 protected:
  // Runs r1 to r4 of two prompts and models on a benchmark of four items, an
  // hour apart; r1 and r2 finished, with rows that are worth 0.1, 0.2 ...
  void Fill() {
    AddBenchmark(4);
    for (int i = 1; i <= 4; ++i) {
      evaluator::Run run = PlanRun("r" + std::to_string(i), 4);
      run.revision.prompt = i % 2 == 1 ? "complete-line" : "complete-block";
      run.revision.model = i < 3 ? "qwen" : "llama";
      run.author = "ci";
      run.start_time += absl::Hours(i);
      StartRun(run);
    }
    for (const char* id : {"r1", "r2"}) {
      std::vector<Row> rows;
      for (int i = 0; i < 4; ++i) {
        rows.push_back(Answer(id, "item-" + std::to_string(100 - i), i * 10.0));
        rows.back().cost_micros = i;
        rows.back().total_ms = 100 * i;
      }
      Record("s1", rows);
    }
  }

  std::vector<std::string> Runs(const listing::Request& request) {
    const auto page = runs_.List("", "", request);
    EXPECT_THAT(page, IsOk()) << request.filter;
    std::vector<std::string> ids;
    if (!page.ok()) return ids;
    for (const evaluator::Run& run : page->items) ids.push_back(run.id);
    return ids;
  }
  std::vector<std::string> Rows(const listing::Request& request) {
    const auto page = runs_.ListRows("r1", request);
    EXPECT_THAT(page, IsOk()) << request.filter;
    std::vector<std::string> ids;
    if (!page.ok()) return ids;
    for (const Row& row : page->items) ids.push_back(row.item_id);
    return ids;
  }
  std::vector<std::string> ItemsOf(const listing::Request& request) {
    const auto page = benchmarks_.QueryItems("gate", 1, request);
    EXPECT_THAT(page, IsOk()) << request.filter;
    std::vector<std::string> ids;
    if (!page.ok()) return ids;
    for (const Item& item : page->items) ids.push_back(item.id);
    return ids;
  }
};

TEST_F(ListsTest, RunsAreFilteredByWhatTheyAre) {
  Fill();
  EXPECT_THAT(Runs({}), ElementsAre("r4", "r3", "r2", "r1"));
  EXPECT_THAT(Runs({.filter = "model = qwen"}), ElementsAre("r2", "r1"));
  EXPECT_THAT(Runs({.filter = "prompt = \"*-line\" AND state = RUNNING"}),
              ElementsAre("r3"));
  EXPECT_THAT(Runs({.filter = "start_time > 2023-11-14T23:30:00Z AND "
                              "start_time <= 2023-11-15T01:13:20Z"}),
              ElementsAre("r3", "r2"));
  EXPECT_THAT(Runs({.filter = "scored = 4 AND cost_micros >= 6"}),
              ElementsAre("r2", "r1"));
  EXPECT_THAT(Runs({.filter = "NOT finish_time:*"}), ElementsAre("r4", "r3"));
  EXPECT_THAT(Runs({.filter = "author = somebody"}), IsEmpty());
  EXPECT_THAT(Runs({.filter = "scorer_digest = \"\" OR run_id = r1"}),
              ElementsAre("r4", "r3", "r1"));
  const auto of_prompt =
      runs_.List("complete-line", "gate", {.filter = "model = llama"});
  ASSERT_THAT(of_prompt, IsOk());
  ASSERT_EQ(of_prompt->items.size(), 1u);
  EXPECT_EQ(of_prompt->items[0].id, "r3");
}

TEST_F(ListsTest, EveryFieldOfEveryListCanBeAskedForAndOrderedBy) {
  Fill();
  const auto check = [](const listing::List& list, auto ask) {
    for (const listing::Field& field : list.fields) {
      std::string name(field.name);
      if (name.ends_with('.')) name += "chrf";
      EXPECT_THAT(ask({.filter = name + ":*"}), IsOk()) << name;
      const bool orders = field.sortable && field.type != listing::Type::kTexts;
      EXPECT_EQ(ask({.order_by = name + " desc"}).ok(), orders) << name;
      const char* value = "a";
      switch (field.type) {
        case listing::Type::kWord:
          continue;
        case listing::Type::kBoolean:
          value = "true";
          break;
        case listing::Type::kTime:
          value = "2026-11-30";
          break;
        case listing::Type::kText:
        case listing::Type::kTexts:
          break;
        default:
          value = "1";
      }
      EXPECT_THAT(ask({.filter = name + ":" + value}), IsOk()) << name;
    }
  };
  check(kRunList, [&](const listing::Request& request) {
    return runs_.List("", "", request).status();
  });
  check(kRowList, [&](const listing::Request& request) {
    return runs_.ListRows("r1", request).status();
  });
  check(kItemList, [&](const listing::Request& request) {
    return benchmarks_.QueryItems("gate", 1, request).status();
  });
  check(kBenchmarkList, [&](const listing::Request& request) {
    return benchmarks_.List(request).status();
  });
  check(kGateList, [&](const listing::Request& request) {
    return gates_.List("", request).status();
  });
  check(kDecisionList, [&](const listing::Request& request) {
    return gates_.ListDecisions("", request).status();
  });
}

TEST_F(ListsTest, RowsAreFilteredByTheirMetricsAndTheirItem) {
  Fill();
  EXPECT_THAT(Rows({.filter = "metrics.chrf >= 20"}),
              ElementsAre("item-97", "item-98"));
  // What has no value is neither over nor under anything.
  EXPECT_THAT(Rows({.filter = "metrics.parses >= 0"}), IsEmpty());
  EXPECT_THAT(Rows({.filter = "NOT metrics.parses >= 0"}).size(), 4u);
  // rejected_chars of the tally 1, 2, 3, 4, 5, 6, 7.
  EXPECT_EQ(Rows({.filter = "metrics.rejected_chars = 2800"}).size(), 4u);
  EXPECT_THAT(Rows({.filter = "item.tags:completion AND item.contested = true",
                    .order_by = "metrics.chrf"}),
              ElementsAre("item-100"));
  EXPECT_THAT(Rows({.filter = "total_ms > 0.15s", .order_by = "total_ms desc"}),
              ElementsAre("item-97", "item-98"));
  EXPECT_EQ(Rows({.filter = "findings:B307 AND run.model = qwen"}).size(), 4u);
  EXPECT_EQ(Rows({.filter = "raw_text:\"it's \\\"quoted\\\"\""}).size(), 4u);
}

TEST_F(ListsTest, ItemsKeepTheBenchmarksOrderUnlessAskedOtherwise) {
  Fill();
  EXPECT_THAT(ItemsOf({}),
              ElementsAre("item-100", "item-99", "item-98", "item-97"));
  EXPECT_THAT(ItemsOf({.filter = "commit = commit-1", .order_by = "item_id"}),
              ElementsAre("item-97", "item-98"));
  EXPECT_THAT(ItemsOf({.filter = "contested = true"}), ElementsAre("item-100"));
  EXPECT_THAT(ItemsOf({.filter = "tags:comp*", .page_size = 1}),
              ElementsAre("item-100"));
}

TEST_F(ListsTest, TheDocumentHasEveryFieldAndNoOther) {
  const auto check = [](const char* heading, const listing::List& list) {
    EXPECT_EQ(testing::DocumentedFields("docs/querying.md", heading),
              testing::FieldsOf(list.fields))
        << heading;
  };
  check("### ListRuns", kRunList);
  check("### ListRows and AggregateRows", kRowList);
  check("### ListItems", kItemList);
  check("### ListBenchmarks", kBenchmarkList);
  check("### ListGates", kGateList);
  check("### ListDecisions", kDecisionList);
}

// What a reader sees page by page while others write.
TEST_F(ListsTest, PagesNeitherDoubleNorLoseARunWhenOthersAreStarted) {
  Fill();
  for (const char* order :
       {"", "model, start_time desc", "finish_time", "cost_micros desc"}) {
    std::vector<std::string> seen;
    listing::Request request{.order_by = order, .page_size = 1};
    int started = 0;
    do {
      const auto page = runs_.List("", "", request);
      ASSERT_THAT(page, IsOk());
      for (const evaluator::Run& run : page->items) {
        if (run.id.size() == 2) seen.push_back(run.id);
      }
      request.page_token = page->next_page_token;
      if (started < 4) {
        evaluator::Run newer =
            PlanRun(std::string("new ") + order + std::to_string(started), 1);
        newer.start_time += absl::Hours(100 + ++started);
        newer.revision.model = "a";
        StartRun(newer);
      }
    } while (!request.page_token.empty());
    EXPECT_EQ(seen.size(), 4u) << order;
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 4u);
  }
}

TEST_F(ListsTest, ATokenOfAnotherFilterIsRefused) {
  Fill();
  const auto page = runs_.List("", "", {.page_size = 1});
  ASSERT_THAT(page, IsOk());
  ASSERT_NE(page->next_page_token, "");
  EXPECT_THAT(runs_.List("", "",
                         {.filter = "model = qwen",
                          .page_token = page->next_page_token}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("another list, filter or order")));
  EXPECT_THAT(runs_.List("p", "", {.page_token = page->next_page_token}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(gates_.List("", {.page_token = "25"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ListsTest, PageTokensThatAreNotOursAreRefused) {
  Fill();
  for (const char* const token : {"x", "' OR 1=1", "-1", "1 x", "x -1", " ",
                                  "99999999999", "1e3", "item-100 0"}) {
    for (const absl::Status& status :
         {runs_.ListRows("r1", {.page_token = token}).status(),
          runs_.List("", "", {.page_token = token}).status(),
          benchmarks_.List({.page_token = token}).status(),
          gates_.List("", {.page_token = token}).status()}) {
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
      EXPECT_EQ(base::FieldOf(status), "page.page_token") << token;
    }
  }
  const auto first = runs_.ListRows("r1", {.page_size = 1});
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(runs_.ListRows(
                  "r1", {.page_size = 1, .page_token = first->next_page_token}),
              IsOk());
}

}  // namespace
}  // namespace evalloop::evaluator
