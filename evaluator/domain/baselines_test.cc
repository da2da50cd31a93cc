#include "evaluator/domain/baselines.h"

#include <gtest/gtest.h>

#include "evaluator/testing/fakes.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"

namespace evalloop::evaluator {
namespace {

constexpr absl::Duration kWeek = absl::Hours(24 * 7);

class BaselinesTest : public ::testing::Test {
 protected:
  BaselinesTest() {
    AddItems(2);
    gates_.watched = {{.prompt = "complete-line",
                       .benchmark = "gate",
                       .benchmark_version = 1,
                       .index_commit = "c7"}};
  }

  void AddItems(int count) {
    std::vector<Item> items(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < items.size(); ++i) {
      items[i].id = "item" + std::to_string(i);
      items[i].agreed = "x";
    }
    EXPECT_TRUE(benchmarks_.Add(Describe("gate", items), items, {}).ok());
  }

  int Refresh() {
    const auto started = baselines_.Refresh();
    EXPECT_TRUE(started.ok()) << started.status();
    return started.value_or(-1);
  }

  testing::FakeClock clock_;
  testing::FakeTransactor transactor_;
  FakePromptLibrary library_;
  FakeBenchmarkStore benchmarks_;
  FakeRunStore store_;
  FakeGateStore gates_{store_};
  FakeEvents events_;
  FakeModelStore models_;
  Runs runs_{library_, benchmarks_, models_, store_,
             events_,  transactor_, clock_};
  Baselines baselines_{library_, runs_, benchmarks_, gates_, clock_, kWeek};
};

TEST_F(BaselinesTest, AppendedRowsHaveABaselineBeforeAnybodyAsks) {
  EXPECT_EQ(Refresh(), 1);
  AddItems(3);
  EXPECT_EQ(Refresh(), 1);
  const evaluator::Run& run = store_.runs.back();
  EXPECT_EQ(run.benchmark_version, 2u);
  EXPECT_EQ(run.rows, 3);
  EXPECT_EQ(run.purpose, purpose::kBaseline);
  EXPECT_EQ(run.revision.version, library_.production);
}

TEST_F(BaselinesTest, NothingIsRunTwiceInItsPeriod) {
  EXPECT_EQ(Refresh(), 1);
  EXPECT_EQ(Refresh(), 0);
  clock_.Advance(kWeek - absl::Hours(1));
  EXPECT_EQ(Refresh(), 0);
}

TEST_F(BaselinesTest, ThereIsARunEveryWeek) {
  EXPECT_EQ(Refresh(), 1);
  clock_.Advance(kWeek + absl::Hours(1));
  EXPECT_EQ(Refresh(), 1);
  EXPECT_EQ(store_.runs.size(), 2u);
}

TEST_F(BaselinesTest, AMovedProductionIsMeasured) {
  EXPECT_EQ(Refresh(), 1);
  library_.production = 2;
  EXPECT_EQ(Refresh(), 1);
  EXPECT_EQ(store_.runs.back().revision.version, 2u);
}

TEST_F(BaselinesTest, TheIndexStandsWhereTheGateOfThisVersionHadIt) {
  EXPECT_EQ(Refresh(), 1);
  EXPECT_EQ(store_.runs.back().index_commit, "c7");
  AddItems(3);
  EXPECT_EQ(Refresh(), 1);
  EXPECT_NE(store_.runs.back().index_commit, "c7");
}

TEST_F(BaselinesTest, APromptWithoutProductionIsLeftAlone) {
  library_.production = 0;
  EXPECT_EQ(Refresh(), 0);
}

}  // namespace
}  // namespace evalloop::evaluator
