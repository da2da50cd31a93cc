#ifndef EVALLOOP_PROMPT_ENGINE_SERVICE_PROMPT_ENGINE_SERVICE_H_
#define EVALLOOP_PROMPT_ENGINE_SERVICE_PROMPT_ENGINE_SERVICE_H_

#include "evalloop/v1/prompt_engine.grpc.pb.h"
#include "platform/rpc/handler.h"
#include "prompt_engine/domain/library.h"

namespace evalloop::prompt_engine {

// The gRPC surface: validate, translate, delegate. SearchContext is answered
// UNIMPLEMENTED by the base class. Thread-safe.
class PromptEngineService final
    : public v1::PromptEngineService::CallbackService {
 public:
  PromptEngineService(Library& library, const ContentCodec& codec,
                      rpc::Executor& executor)
      : library_(library), codec_(codec), executor_(executor) {}

#define EVALLOOP_UNARY(Method)                                   \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext*, \
                                   const v1::Method##Request*,   \
                                   v1::Method##Response*) override;
  EVALLOOP_UNARY(PushRevision)
  EVALLOOP_UNARY(GetRevision)
  EVALLOOP_UNARY(ListPrompts)
  EVALLOOP_UNARY(ListRevisions)
  EVALLOOP_UNARY(DiffRevisions)
  EVALLOOP_UNARY(LintRevision)
  EVALLOOP_UNARY(PublishRevision)
  EVALLOOP_UNARY(MoveLabel)
  EVALLOOP_UNARY(RollBackLabel)
  EVALLOOP_UNARY(ProtectLabel)
  EVALLOOP_UNARY(ListHistory)
  EVALLOOP_UNARY(RenderPrompt)
#undef EVALLOOP_UNARY

 private:
  Library& library_;
  const ContentCodec& codec_;
  rpc::Executor& executor_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_SERVICE_PROMPT_ENGINE_SERVICE_H_
