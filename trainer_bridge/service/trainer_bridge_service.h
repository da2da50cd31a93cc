#ifndef EVALLOOP_TRAINER_BRIDGE_SERVICE_TRAINER_BRIDGE_SERVICE_H_
#define EVALLOOP_TRAINER_BRIDGE_SERVICE_TRAINER_BRIDGE_SERVICE_H_

#include "evalloop/v1/trainer_bridge.grpc.pb.h"
#include "platform/rpc/executor.h"
#include "trainer_bridge/domain/pipeline.h"
#include "trainer_bridge/domain/ports.h"

namespace evalloop::trainer_bridge {

// evalloop.v1.TrainerBridgeService: validates, translates, delegates. RPCs that
// are not overridden answer UNIMPLEMENTED. Thread-safe.
class TrainerBridgeServiceImpl final
    : public v1::TrainerBridgeService::CallbackService {
 public:
  // All references outlive the service.
  TrainerBridgeServiceImpl(TrainingStore& store, Pipeline& pipeline,
                           rpc::Executor& executor)
      : store_(store), pipeline_(pipeline), executor_(executor) {}

  grpc::ServerUnaryReactor* BuildTrainingSet(
      grpc::CallbackServerContext* context,
      const v1::BuildTrainingSetRequest* request,
      v1::BuildTrainingSetResponse* response) override;
  grpc::ServerUnaryReactor* GetTrainingSet(
      grpc::CallbackServerContext* context,
      const v1::GetTrainingSetRequest* request,
      v1::GetTrainingSetResponse* response) override;
  grpc::ServerUnaryReactor* ListTrainingSets(
      grpc::CallbackServerContext* context,
      const v1::ListTrainingSetsRequest* request,
      v1::ListTrainingSetsResponse* response) override;
  grpc::ServerUnaryReactor* StartTrainingJob(
      grpc::CallbackServerContext* context,
      const v1::StartTrainingJobRequest* request,
      v1::StartTrainingJobResponse* response) override;
  grpc::ServerUnaryReactor* GetTrainingJob(
      grpc::CallbackServerContext* context,
      const v1::GetTrainingJobRequest* request,
      v1::GetTrainingJobResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchTrainingJobResponse>* WatchTrainingJob(
      grpc::CallbackServerContext* context,
      const v1::WatchTrainingJobRequest* request) override;
  grpc::ServerUnaryReactor* ListTrainingJobs(
      grpc::CallbackServerContext* context,
      const v1::ListTrainingJobsRequest* request,
      v1::ListTrainingJobsResponse* response) override;
  grpc::ServerUnaryReactor* CancelTrainingJob(
      grpc::CallbackServerContext* context,
      const v1::CancelTrainingJobRequest* request,
      v1::CancelTrainingJobResponse* response) override;
  grpc::ServerUnaryReactor* ListModelVersions(
      grpc::CallbackServerContext* context,
      const v1::ListModelVersionsRequest* request,
      v1::ListModelVersionsResponse* response) override;
  grpc::ServerUnaryReactor* GetModelVersion(
      grpc::CallbackServerContext* context,
      const v1::GetModelVersionRequest* request,
      v1::GetModelVersionResponse* response) override;
  grpc::ServerUnaryReactor* PromoteModelVersion(
      grpc::CallbackServerContext* context,
      const v1::PromoteModelVersionRequest* request,
      v1::PromoteModelVersionResponse* response) override;
  grpc::ServerUnaryReactor* RollBackModelVersion(
      grpc::CallbackServerContext* context,
      const v1::RollBackModelVersionRequest* request,
      v1::RollBackModelVersionResponse* response) override;

 private:
  TrainingStore& store_;
  Pipeline& pipeline_;
  rpc::Executor& executor_;
};

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_SERVICE_TRAINER_BRIDGE_SERVICE_H_
