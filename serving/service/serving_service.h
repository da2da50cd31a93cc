#ifndef EVALLOOP_SERVING_SERVICE_SERVING_SERVICE_H_
#define EVALLOOP_SERVING_SERVICE_SERVING_SERVICE_H_

#include "evalloop/v1/serving.grpc.pb.h"
#include "platform/rpc/executor.h"
#include "serving/domain/completion_store.h"
#include "serving/domain/feedback_desk.h"
#include "serving/domain/live_completions.h"
#include "serving/domain/model_catalog.h"

namespace evalloop::serving {

// The gRPC surface of the gateway. What a later release will do (routes,
// limits, experiments, probes) answers UNIMPLEMENTED.
class ServingServiceImpl final : public v1::ServingService::CallbackService {
 public:
  // All references outlive this object.
  ServingServiceImpl(rpc::Executor& executor, LiveCompletions& live,
                     FeedbackDesk& feedback, CompletionStore& completions,
                     ModelCatalog& models);

  grpc::ServerUnaryReactor* Complete(grpc::CallbackServerContext* context,
                                     const v1::CompleteRequest* request,
                                     v1::CompleteResponse* response) override;
  grpc::ServerWriteReactor<v1::StreamCompleteResponse>* StreamComplete(
      grpc::CallbackServerContext* context,
      const v1::StreamCompleteRequest* request) override;
  grpc::ServerUnaryReactor* RecordFeedback(
      grpc::CallbackServerContext* context,
      const v1::RecordFeedbackRequest* request,
      v1::RecordFeedbackResponse* response) override;
  grpc::ServerUnaryReactor* GetCompletion(
      grpc::CallbackServerContext* context,
      const v1::GetCompletionRequest* request,
      v1::GetCompletionResponse* response) override;
  grpc::ServerUnaryReactor* ListCompletions(
      grpc::CallbackServerContext* context,
      const v1::ListCompletionsRequest* request,
      v1::ListCompletionsResponse* response) override;
  grpc::ServerUnaryReactor* RegisterModel(
      grpc::CallbackServerContext* context,
      const v1::RegisterModelRequest* request,
      v1::RegisterModelResponse* response) override;
  grpc::ServerUnaryReactor* GetModel(grpc::CallbackServerContext* context,
                                     const v1::GetModelRequest* request,
                                     v1::GetModelResponse* response) override;
  grpc::ServerUnaryReactor* ListModels(
      grpc::CallbackServerContext* context,
      const v1::ListModelsRequest* request,
      v1::ListModelsResponse* response) override;
  grpc::ServerUnaryReactor* RetireModel(
      grpc::CallbackServerContext* context,
      const v1::RetireModelRequest* request,
      v1::RetireModelResponse* response) override;

 private:
  rpc::Executor& executor_;
  LiveCompletions& live_;
  FeedbackDesk& feedback_;
  CompletionStore& completions_;
  ModelCatalog& models_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_SERVICE_SERVING_SERVICE_H_
