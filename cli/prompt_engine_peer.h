#ifndef EVALLOOP_CLI_PROMPT_ENGINE_PEER_H_
#define EVALLOOP_CLI_PROMPT_ENGINE_PEER_H_

#include "cli/call.h"
#include "evalloop/v1/prompt_engine.grpc.pb.h"

namespace evalloop::cli {

using Prompts = v1::PromptEngineService::Stub;

template <>
inline constexpr Peer kPeerOf<Prompts> = Peer::kPromptEngine;

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_PROMPT_ENGINE_PEER_H_
