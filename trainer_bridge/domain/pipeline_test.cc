#include "trainer_bridge/domain/pipeline.h"

#include <gtest/gtest.h>

#include "platform/testing/fake_clock.h"
#include "trainer_bridge/testing/fakes.h"

namespace evalloop::trainer_bridge {
namespace {

class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() {
    store_.sets["s1"] = {.id = "s1", .repository = "/r", .commit = "c1"};
  }

  TrainingJob& Queue(std::optional<TrainingGate> gate) {
    TrainingJob job;
    job.id = job.request_id = "job-1";
    job.training_set_id = "s1";
    job.gate = std::move(gate);
    EXPECT_TRUE(store_.AddJob(job).ok());
    return store_.jobs.front();
  }

  testing::FakeClock clock_;
  FakeTrainingStore store_;
  FakeLauncher launcher_;
  FakePeers peers_;
  Pipeline pipeline_{store_, launcher_, peers_, clock_};
  const TrainingGate gate_{.prompt = "p", .benchmark = "b", .promote = true};
};

TEST_F(PipelineTest, WithoutAGateAModelIsRegisteredAndThatIsAll) {
  const TrainingJob& job = Queue(std::nullopt);
  const auto worked = pipeline_.WorkOnNext({});
  ASSERT_TRUE(worked.ok() && *worked);
  EXPECT_EQ(job.state, JobState::kDone);
  EXPECT_EQ(peers_.registered, std::vector<std::string>{"embedded-d1"});
  EXPECT_TRUE(peers_.request_ids.empty());
}

TEST_F(PipelineTest, AModelThatPassesIsPromotedAndKnowsItsParent) {
  const TrainingJob& job = Queue(gate_);
  ASSERT_TRUE(pipeline_.WorkOnNext({}).ok());
  EXPECT_EQ(job.state, JobState::kPromoted);
  EXPECT_TRUE(store_.versions.at("d1").in_production);
  EXPECT_EQ(store_.versions.at("d1").parent_digest, "d0");
  EXPECT_EQ(job.decision, "decided");
}

TEST_F(PipelineTest, AModelThatDoesNotPassIsHeld) {
  peers_.passes = false;
  const TrainingJob& job = Queue(gate_);
  ASSERT_TRUE(pipeline_.WorkOnNext({}).ok());
  EXPECT_EQ(job.state, JobState::kHeld);
  EXPECT_FALSE(store_.versions.at("d1").in_production);
}

TEST_F(PipelineTest, AnInterruptedJobGoesOnFromItsLastStep) {
  Queue(gate_).state = JobState::kGating;
  store_.jobs.front().model_digest = "d1";
  store_.versions["d1"] = {.trained = {.digest = "d1"}};
  ASSERT_TRUE(pipeline_.WorkOnNext({}).ok());
  EXPECT_EQ(launcher_.trainings, 0);
  EXPECT_EQ(peers_.request_ids, std::vector<std::string>{"job-1"});
  EXPECT_EQ(store_.jobs.front().state, JobState::kPromoted);
}

TEST_F(PipelineTest, TroubleThatPassesLeavesTheJobOpen) {
  launcher_.failures = {absl::UnavailableError("away")};
  const TrainingJob& job = Queue(std::nullopt);
  EXPECT_FALSE(pipeline_.WorkOnNext({}).ok());
  EXPECT_EQ(job.state, JobState::kTraining);
  ASSERT_TRUE(pipeline_.WorkOnNext({}).ok());
  EXPECT_EQ(job.state, JobState::kDone);
}

TEST_F(PipelineTest, AFailedTrainingEndsTheJobWithItsReason) {
  launcher_.failures = {absl::InternalError("no tokens")};
  const TrainingJob& job = Queue(std::nullopt);
  ASSERT_TRUE(pipeline_.WorkOnNext({}).ok());
  EXPECT_EQ(job.state, JobState::kFailed);
  EXPECT_EQ(job.error, "no tokens");
}

TEST_F(PipelineTest, ACancelledJobStaysCancelled) {
  const TrainingJob job = Queue(std::nullopt);
  ASSERT_TRUE(store_.CancelJob(job.id).ok());
  const auto worked = pipeline_.WorkOnNext({});
  ASSERT_TRUE(worked.ok());
  EXPECT_FALSE(*worked);
}

}  // namespace
}  // namespace evalloop::trainer_bridge
