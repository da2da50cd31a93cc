#ifndef EVALLOOP_CLI_EVALUATOR_PEER_H_
#define EVALLOOP_CLI_EVALUATOR_PEER_H_

#include "cli/call.h"
#include "evalloop/v1/evaluator.grpc.pb.h"

namespace evalloop::cli {

using Evaluations = v1::EvaluatorService::Stub;

template <>
inline constexpr Peer kPeerOf<Evaluations> = Peer::kEvaluator;

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_EVALUATOR_PEER_H_
