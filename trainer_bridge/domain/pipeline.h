#ifndef EVALLOOP_TRAINER_BRIDGE_DOMAIN_PIPELINE_H_
#define EVALLOOP_TRAINER_BRIDGE_DOMAIN_PIPELINE_H_

#include <stop_token>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/clock.h"
#include "trainer_bridge/domain/ports.h"

namespace evalloop::trainer_bridge {

// Takes jobs from queued to their end. Each step is stored before the next
// begins and can be done again, so a job goes on after any crash.
class Pipeline {
 public:
  // All references outlive this object.
  Pipeline(TrainingStore& store, Launcher& launcher, Peers& peers,
           base::Clock& clock);

  // Works on the oldest job that has not ended, until it has, or `stop`. False
  // when there is none. Unavailable: a peer or the database is away; call
  // again. Other failures end the job as failed, with the reason. One caller.
  absl::StatusOr<bool> WorkOnNext(std::stop_token stop);

  // Points production back at the revision before, and says which of our model
  // versions that is. NotFound when that revision's model is none of ours.
  absl::StatusOr<ModelVersion> RollBack(std::string_view prompt,
                                        std::string_view reason,
                                        std::string_view author);

 private:
  absl::Status Step(TrainingJob& job, std::stop_token stop);
  absl::Status Train(TrainingJob& job, std::stop_token stop);
  absl::Status Gate(TrainingJob& job, std::stop_token stop);
  absl::Status Enter(TrainingJob& job, JobState state,
                     std::string_view progress);
  TrainingProgress Report(TrainingJob& job, std::stop_token stop);

  TrainingStore& store_;
  Launcher& launcher_;
  Peers& peers_;
  base::Clock& clock_;
};

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_DOMAIN_PIPELINE_H_
