#ifndef EVALLOOP_CLI_SCORER_PEER_H_
#define EVALLOOP_CLI_SCORER_PEER_H_

#include "cli/call.h"
#include "evalloop/v1/scorer.grpc.pb.h"

namespace evalloop::cli {

using Scores = v1::ScorerService::Stub;

template <>
inline constexpr Peer kPeerOf<Scores> = Peer::kScorer;

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_SCORER_PEER_H_
