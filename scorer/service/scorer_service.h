#ifndef EVALLOOP_SCORER_SERVICE_SCORER_SERVICE_H_
#define EVALLOOP_SCORER_SERVICE_SCORER_SERVICE_H_

#include "evalloop/v1/scorer.grpc.pb.h"
#include "platform/rpc/executor.h"
#include "scorer/domain/code_tools.h"
#include "scorer/domain/score_store.h"

namespace evalloop::scorer {

// evalloop.v1.ScorerService over the domain and a store. What this scorer
// cannot do yet (Execute, Judge, PushRubric) answers UNIMPLEMENTED.
class ScorerServiceImpl final : public v1::ScorerService::CallbackService {
 public:
  // All outlive the service. Without `tools` what needs one is missing.
  ScorerServiceImpl(ScoreStore& store, rpc::Executor& executor,
                    CodeTools* tools = nullptr)
      : store_(store), executor_(executor), tools_(tools) {}

  grpc::ServerUnaryReactor* Score(grpc::CallbackServerContext* context,
                                  const v1::ScoreRequest* request,
                                  v1::ScoreResponse* response) override;
  grpc::ServerUnaryReactor* BatchScore(
      grpc::CallbackServerContext* context,
      const v1::BatchScoreRequest* request,
      v1::BatchScoreResponse* response) override;
  grpc::ServerUnaryReactor* Rate(grpc::CallbackServerContext* context,
                                 const v1::RateRequest* request,
                                 v1::RateResponse* response) override;
  grpc::ServerUnaryReactor* GetScorer(grpc::CallbackServerContext* context,
                                      const v1::GetScorerRequest* request,
                                      v1::GetScorerResponse* response) override;
  grpc::ServerUnaryReactor* GetScore(grpc::CallbackServerContext* context,
                                     const v1::GetScoreRequest* request,
                                     v1::GetScoreResponse* response) override;
  grpc::ServerUnaryReactor* ListScores(
      grpc::CallbackServerContext* context,
      const v1::ListScoresRequest* request,
      v1::ListScoresResponse* response) override;
  grpc::ServerUnaryReactor* ListRubrics(
      grpc::CallbackServerContext* context,
      const v1::ListRubricsRequest* request,
      v1::ListRubricsResponse* response) override;

 private:
  ScoreStore& store_;
  rpc::Executor& executor_;
  CodeTools* const tools_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_SERVICE_SCORER_SERVICE_H_
