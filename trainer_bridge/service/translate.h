#ifndef EVALLOOP_TRAINER_BRIDGE_SERVICE_TRANSLATE_H_
#define EVALLOOP_TRAINER_BRIDGE_SERVICE_TRANSLATE_H_

#include "evalloop/v1/trainer_bridge.pb.h"
#include "trainer_bridge/domain/training.h"

// Domain values to and from evalloop.v1.
namespace evalloop::trainer_bridge {

v1::TrainingSet ToProto(const TrainingSet& set);
v1::TrainingJob ToProto(const TrainingJob& job);
v1::ModelVersion ToProto(const ModelVersion& version);
TrainingGate FromProto(const v1::TrainingGate& gate);

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_SERVICE_TRANSLATE_H_
