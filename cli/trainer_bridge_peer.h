#ifndef EVALLOOP_CLI_TRAINER_BRIDGE_PEER_H_
#define EVALLOOP_CLI_TRAINER_BRIDGE_PEER_H_

#include "cli/call.h"
#include "evalloop/v1/trainer_bridge.grpc.pb.h"

namespace evalloop::cli {

using Trainers = v1::TrainerBridgeService::Stub;

template <>
inline constexpr Peer kPeerOf<Trainers> = Peer::kTrainerBridge;

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_TRAINER_BRIDGE_PEER_H_
