#ifndef EVALLOOP_EVALUATOR_TESTING_MANY_ROWS_FIXTURE_H_
#define EVALLOOP_EVALUATOR_TESTING_MANY_ROWS_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/testing/store_fixture.h"
#include "platform/base/statistics.h"

// Runs of some hundred rows, in the database and in memory.
namespace evalloop::evaluator {

inline constexpr int kItems = 60;

class ManyRowsTest : public EvaluatorStoreTest {
 protected:
  // 60 items of 20 commits, two of them in quarantine.
  void SetUp() override {
    for (int i = 0; i < kItems; ++i) {
      Item item;
      item.id = "item-" + std::to_string(i);
      item.repository = "/repo";
      item.language = i % 3 == 0 ? "go" : "python";
      item.item_class = i % 2 == 0 ? "call" : "assignment";
      item.commit = "commit-" + std::to_string(i / 3);
      item.author = "dev-" + std::to_string(i % 4);
      item.author_time = absl::FromUnixSeconds(1'600'000'000 + i);
      item.tags = {"all"};
      if (i % 5 == 0) item.tags.push_back("db");
      if (i % 7 == 0) item.tags.push_back("db");  // Twice, now and then.
      item.tests.program = i < 2 ? "check" : "";
      items_.push_back(item);
    }
    const auto added = benchmarks_.Add(Describe("gate", items_), items_, {});
    ASSERT_THAT(added, IsOk());
    for (int i = 0; i < 2; ++i) {
      Oracle flaky;
      flaky.reason = "flaky";
      ASSERT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
        return benchmarks_.RecordOracle(work, "gate", 1, items_[i].id, flaky);
      }),
                  IsOk());
    }
  }

  // A finished run with two samples an item, whose values are by chance.
  void AddRun(const std::string& id, const std::string& model,
              absl::CivilDay day, const std::string& digest = "d1",
              Subset subset = Subset::kFull,
              const std::string& rescored_run = "") {
    evaluator::Run run = PlanRun(id, 2 * kItems);
    run.revision.model = model;
    run.samples = 2;
    run.subset = subset;
    run.rescored_run = rescored_run;
    run.start_time = absl::FromCivil(day, absl::UTCTimeZone());
    StartRun(run);
    std::vector<Row> rows;
    for (int i = 0; i < kItems; ++i) {
      for (std::uint32_t sample = 0; sample < 2; ++sample) {
        rows.push_back(ByChance(id, items_[i], sample));
      }
    }
    Record(digest, rows);
    for (Row& row : rows) rows_.push_back({run, std::move(row)});
  }

  Row ByChance(const std::string& run, const Item& item, std::uint32_t sample) {
    Row row;
    row.run_id = run;
    row.item_id = item.id;
    row.sample = sample;
    row.commit = item.commit;
    row.cost_micros = 3;
    if (random_.Below(20) == 0) {
      row.infrastructure_error = "the provider is away";
      return row;
    }
    row.scored = true;
    row.metrics = {{"exact_match", random_.Below(3) == 0 ? 1.0 : 0.0, ""},
                   {"chrf", 100 * random_.Unit(), ""}};
    if (random_.Below(4) == 0) {
      row.metrics[1] = {"chrf", std::nullopt, "no_reference"};
    }
    row.composite = random_.Unit();
    row.tally = TypedTally{1,
                           5,
                           static_cast<std::int64_t>(random_.Below(3)),
                           0,
                           static_cast<std::int64_t>(random_.Below(30)),
                           static_cast<std::int64_t>(random_.Below(30)),
                           static_cast<std::int64_t>(random_.Below(9))};
    return row;
  }

  struct Known {
    evaluator::Run run;
    Row row;
  };
  const Item& ItemOf(const Row& row) const {
    return *std::find_if(items_.begin(), items_.end(), [&](const Item& item) {
      return item.id == row.item_id;
    });
  }

  // The rows that a group should hold.
  std::vector<Known> Expected(
      const std::function<bool(const Known&, const Item&)>& belongs) const {
    std::vector<Known> chosen;
    for (const Known& known : rows_) {
      const Item& item = ItemOf(known.row);
      const bool quarantined = item.id == "item-0" || item.id == "item-1";
      if (!quarantined && belongs(known, item)) chosen.push_back(known);
    }
    return chosen;
  }

  base::Random random_{41};
  std::vector<Item> items_;
  std::vector<Known> rows_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TESTING_MANY_ROWS_FIXTURE_H_
