#ifndef EVALLOOP_EVALUATOR_SERVICE_EVALUATOR_SERVICE_H_
#define EVALLOOP_EVALUATOR_SERVICE_EVALUATOR_SERVICE_H_

#include "evalloop/v1/evaluator.grpc.pb.h"
#include "evaluator/domain/benchmarks.h"
#include "evaluator/domain/gatekeeper.h"
#include "evaluator/domain/loop.h"
#include "evaluator/domain/ports.h"
#include "evaluator/domain/questions.h"
#include "evaluator/domain/runs.h"
#include "evaluator/domain/selection.h"
#include "platform/rpc/executor.h"

namespace evalloop::evaluator {

// evalloop.v1.EvaluatorService: validates, translates, delegates. RPCs that are
// not overridden answer UNIMPLEMENTED. Thread-safe.
class EvaluatorServiceImpl final
    : public v1::EvaluatorService::CallbackService {
 public:
  // What the handlers need; all of it outlives the service.
  struct Parts {
    rpc::Executor& executor;
    PromptLibrary& library;
    BenchmarkStore& benchmarks;
    RunStore& run_store;
    OutcomeStore& outcomes;
    GateStore& gates;
    Benchmarks& makers;
    Runs& runs;
    Gatekeeper& gatekeeper;
    Loop& loop;
    Questions& questions;
  };
  explicit EvaluatorServiceImpl(const Parts& parts) : parts_(parts) {}

  // Benchmarks: benchmark_rpcs.cc.
  grpc::ServerUnaryReactor* BuildBenchmark(
      grpc::CallbackServerContext* context,
      const v1::BuildBenchmarkRequest* request,
      v1::BuildBenchmarkResponse* response) override;
  grpc::ServerUnaryReactor* ImportBenchmark(
      grpc::CallbackServerContext* context,
      const v1::ImportBenchmarkRequest* request,
      v1::ImportBenchmarkResponse* response) override;
  grpc::ServerUnaryReactor* GetBenchmark(
      grpc::CallbackServerContext* context,
      const v1::GetBenchmarkRequest* request,
      v1::GetBenchmarkResponse* response) override;
  grpc::ServerUnaryReactor* RotateBenchmark(
      grpc::CallbackServerContext* context,
      const v1::RotateBenchmarkRequest* request,
      v1::RotateBenchmarkResponse* response) override;
  grpc::ServerUnaryReactor* ListBenchmarks(
      grpc::CallbackServerContext* context,
      const v1::ListBenchmarksRequest* request,
      v1::ListBenchmarksResponse* response) override;
  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context,
                                    const v1::GetItemRequest* request,
                                    v1::GetItemResponse* response) override;
  grpc::ServerUnaryReactor* ListItems(grpc::CallbackServerContext* context,
                                      const v1::ListItemsRequest* request,
                                      v1::ListItemsResponse* response) override;

  // Runs: run_rpcs.cc.
  grpc::ServerUnaryReactor* StartRun(grpc::CallbackServerContext* context,
                                     const v1::StartRunRequest* request,
                                     v1::StartRunResponse* response) override;
  grpc::ServerUnaryReactor* GetRun(grpc::CallbackServerContext* context,
                                   const v1::GetRunRequest* request,
                                   v1::GetRunResponse* response) override;
  grpc::ServerUnaryReactor* ListRuns(grpc::CallbackServerContext* context,
                                     const v1::ListRunsRequest* request,
                                     v1::ListRunsResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchRunResponse>* WatchRun(
      grpc::CallbackServerContext* context,
      const v1::WatchRunRequest* request) override;
  grpc::ServerUnaryReactor* CancelRun(grpc::CallbackServerContext* context,
                                      const v1::CancelRunRequest* request,
                                      v1::CancelRunResponse* response) override;
  grpc::ServerUnaryReactor* RetryRun(grpc::CallbackServerContext* context,
                                     const v1::RetryRunRequest* request,
                                     v1::RetryRunResponse* response) override;
  grpc::ServerUnaryReactor* RescoreRun(
      grpc::CallbackServerContext* context,
      const v1::RescoreRunRequest* request,
      v1::RescoreRunResponse* response) override;
  grpc::ServerUnaryReactor* ListRows(grpc::CallbackServerContext* context,
                                     const v1::ListRowsRequest* request,
                                     v1::ListRowsResponse* response) override;
  grpc::ServerUnaryReactor* CompareRuns(
      grpc::CallbackServerContext* context,
      const v1::CompareRunsRequest* request,
      v1::CompareRunsResponse* response) override;

  // Questions over many runs: question_rpcs.cc.
  grpc::ServerUnaryReactor* AggregateRows(
      grpc::CallbackServerContext* context,
      const v1::AggregateRowsRequest* request,
      v1::AggregateRowsResponse* response) override;
  grpc::ServerUnaryReactor* FindRegressions(
      grpc::CallbackServerContext* context,
      const v1::FindRegressionsRequest* request,
      v1::FindRegressionsResponse* response) override;
  grpc::ServerUnaryReactor* ListFlips(grpc::CallbackServerContext* context,
                                      const v1::ListFlipsRequest* request,
                                      v1::ListFlipsResponse* response) override;

  // Gates and the loop: gate_rpcs.cc.
  grpc::ServerUnaryReactor* StartGate(grpc::CallbackServerContext* context,
                                      const v1::StartGateRequest* request,
                                      v1::StartGateResponse* response) override;
  grpc::ServerUnaryReactor* GetGate(grpc::CallbackServerContext* context,
                                    const v1::GetGateRequest* request,
                                    v1::GetGateResponse* response) override;
  grpc::ServerUnaryReactor* ListGates(grpc::CallbackServerContext* context,
                                      const v1::ListGatesRequest* request,
                                      v1::ListGatesResponse* response) override;
  grpc::ServerUnaryReactor* OverrideGate(
      grpc::CallbackServerContext* context,
      const v1::OverrideGateRequest* request,
      v1::OverrideGateResponse* response) override;
  grpc::ServerWriteReactor<v1::TurnLoopResponse>* TurnLoop(
      grpc::CallbackServerContext* context,
      const v1::TurnLoopRequest* request) override;
  grpc::ServerWriteReactor<v1::DecideRevisionResponse>* DecideRevision(
      grpc::CallbackServerContext* context,
      const v1::DecideRevisionRequest* request) override;
  grpc::ServerUnaryReactor* ListDecisions(
      grpc::CallbackServerContext* context,
      const v1::ListDecisionsRequest* request,
      v1::ListDecisionsResponse* response) override;

  // Selection: frontier_rpc.cc.
  grpc::ServerUnaryReactor* GetFrontier(
      grpc::CallbackServerContext* context,
      const v1::GetFrontierRequest* request,
      v1::GetFrontierResponse* response) override;

 private:
  const Parts parts_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_SERVICE_EVALUATOR_SERVICE_H_
