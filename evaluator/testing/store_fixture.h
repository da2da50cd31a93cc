#ifndef EVALLOOP_EVALUATOR_TESTING_STORE_FIXTURE_H_
#define EVALLOOP_EVALUATOR_TESTING_STORE_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "evaluator/store/postgres_benchmark_store.h"
#include "evaluator/store/postgres_gate_store.h"
#include "evaluator/store/postgres_row_queries.h"
#include "evaluator/store/postgres_run_store.h"
#include "platform/postgres/transactor.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"

// The stores on a database of their own.
namespace evalloop::evaluator {

using testing::IsOk;
using testing::StatusIs;

inline constexpr char kHardText[] =
    "it's \"quoted\"\\ {a,b}\n\ttab \xc3\xa9 NULL";

inline std::vector<Item> Items(int count) {
  std::vector<Item> items;
  for (int i = 0; i < count; ++i) {
    Item item;
    item.id = "item-" + std::to_string(100 - i);  // Not in the order of ids.
    item.repository = "/repo";
    item.path = "a.py";
    item.language = "python";
    item.commit = "commit-" + std::to_string(i / 2);
    item.prefix = kHardText;
    item.agreed = "x = 1";
    item.contested = i == 0;
    item.variants = {{"x = 1", "dev-1", 0.5}, {kHardText, "dev-2", 0.25}};
    item.agreement = 0.75;
    item.tags = {"completion", kHardText};
    item.author_time = absl::FromUnixSeconds(1'600'000'000 + i);
    items.push_back(item);
  }
  return items;
}

class EvaluatorStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ =
        testing::TestDatabase::CreateOrDie({"evaluator/store/migrations"});
  }
  static void TearDownTestSuite() { database_.reset(); }

  EvaluatorStoreTest() { EXPECT_THAT(database_->Clear("evaluator"), IsOk()); }

  Benchmark AddBenchmark(int items) {
    const auto list = Items(items);
    auto added = benchmarks_.Add(Describe("gate", list), list, {});
    EXPECT_THAT(added, IsOk());
    return *added;
  }

  evaluator::Run PlanRun(const std::string& id, std::int64_t rows) {
    evaluator::Run run;
    run.id = id;
    run.request_id = "request " + id;
    run.revision = {.prompt = "p",
                    .version = 1,
                    .digest = "d",
                    .content = std::string("\0\xff bytes", 8)};
    run.benchmark = "gate";
    run.benchmark_version = 1;
    run.rows = rows;
    run.index_commit = "c0";
    run.start_time = absl::FromUnixSeconds(1'700'000'000);
    return run;
  }

  RunStore::Started StartRun(const evaluator::Run& run) {
    RunStore::Started started;
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
      auto stored = runs_.Start(work, run);
      if (!stored.ok()) return stored.status();
      started = *stored;
      return absl::OkStatus();
    }),
                IsOk());
    return started;
  }

  void Record(const std::string& digest, std::vector<Row> rows) {
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      return runs_.Record(work, digest, rows);
    }),
                IsOk());
  }

  static Row Answer(const std::string& run, const std::string& item,
                    double value) {
    Row row;
    row.run_id = run;
    row.item_id = item;
    row.scored = true;
    row.raw_text = kHardText;
    row.metrics = {{"chrf", value, ""}, {"parses", std::nullopt, "no_grammar"}};
    row.tally = TypedTally{1, 2, 3, 4, 5, 6, 7};
    row.findings = {{"security_delta", "B307", 3}, {"parses", kHardText, 0}};
    return row;
  }

  static inline std::unique_ptr<testing::TestDatabase> database_;
  postgres::Pool pool_{database_->Options("evaluator")};
  postgres::PostgresTransactor transactor_{pool_};
  PostgresBenchmarkStore benchmarks_{pool_, transactor_};
  PostgresRunStore runs_{pool_, transactor_};
  PostgresGateStore gates_{pool_, transactor_};
  PostgresRowQueries queries_{pool_};
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TESTING_STORE_FIXTURE_H_
