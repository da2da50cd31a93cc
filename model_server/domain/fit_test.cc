#include "model_server/domain/fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "model_server/domain/trainer.h"
#include "model_server/testing/temporary_repository.h"

namespace evalloop::model_server {
namespace {

// Events of a source whose long contexts are right only half of the time.
std::vector<FitEvent> NoisyEvents(int count) {
  std::mt19937 random(8);
  std::vector<FitEvent> events(static_cast<std::size_t>(count));
  for (FitEvent& event : events) {
    event.floor = 1e-3;
    event.slots = 3;
    event.at[0] = {{.total = 1000, .distinct = 100}, {.index = 50}};
    event.at[1] = {{.total = 20, .distinct = 5}, {.index = 8}};
    event.at[2] = {{.total = 2, .distinct = 1},
                   {.index = random() % 2 == 0 ? 2.0F : 0.0F}};
  }
  return events;
}

TEST(FitTest, LowersTheLossOfLaterEvents) {
  const auto events = NoisyEvents(3000);
  const FitResult fit = FitParameters(events);
  EXPECT_LT(fit.held_out_loss, fit.default_loss - 0.01);
  EXPECT_GT(fit.parameters.discount[2], 0.7F);
  EXPECT_EQ(fit.events + fit.held_out, events.size());
  EXPECT_EQ(FitParameters(events).parameters, fit.parameters);
}

TEST(FitTest, FewEventsLeaveTheDefaults) {
  EXPECT_EQ(FitParameters(NoisyEvents(50)).parameters, Parameters::Default());
  EXPECT_EQ(FitParameters({}).parameters, Parameters::Default());
}

TEST(TrainTest, ReadsNothingLaterThanItsCommit) {
  testing::TemporaryRepository repository;
  repository.Commit("a.py", "x = one\ny = two + x\n");
  const std::string at = repository.Commit("a.py", "x = one\ny = x + x\n");
  repository.Commit("b.py", "planted = 1\n");
  auto opened = code_analysis::Repository::Open(repository.path());
  ASSERT_TRUE(opened.ok());
  const auto trained =
      Train(*opened, {.repository_name = "r", .commit = at, .fit_commits = 5},
            [](std::string_view, double) {});
  ASSERT_TRUE(trained.ok()) << trained.status();
  EXPECT_EQ(trained->files, 1U);
  EXPECT_EQ(trained->base->commit, at);
  EXPECT_FALSE(trained->base->vocabulary.Find("planted").has_value());
  EXPECT_FALSE(trained->base->vocabulary.Find("two").has_value());
}

TEST(TrainTest, ATreeWithoutSourceIsRefused) {
  testing::TemporaryRepository repository;
  const std::string at = repository.Commit("README", "nothing to learn\n");
  auto opened = code_analysis::Repository::Open(repository.path());
  ASSERT_TRUE(opened.ok());
  const auto trained = Train(*opened, {.repository_name = "r", .commit = at},
                             [](std::string_view, double) {});
  EXPECT_TRUE(absl::IsFailedPrecondition(trained.status()));
}

}  // namespace
}  // namespace evalloop::model_server
