#ifndef EVALLOOP_CLI_ACCESS_PEER_H_
#define EVALLOOP_CLI_ACCESS_PEER_H_

#include "cli/call.h"
#include "evalloop/v1/access_service.grpc.pb.h"

namespace evalloop::cli {

using Access = v1::AccessService::Stub;

// On serving's port.
template <>
inline constexpr Peer kPeerOf<Access> = Peer::kServing;

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_ACCESS_PEER_H_
