#ifndef EVALLOOP_CLI_SERVING_PEER_H_
#define EVALLOOP_CLI_SERVING_PEER_H_

#include "cli/call.h"
#include "evalloop/v1/serving.grpc.pb.h"

namespace evalloop::cli {

using Serving = v1::ServingService::Stub;

template <>
inline constexpr Peer kPeerOf<Serving> = Peer::kServing;

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_SERVING_PEER_H_
