#ifndef EVALLOOP_SCORER_SERVICE_SCORER_SERVICE_H_
#define EVALLOOP_SCORER_SERVICE_SCORER_SERVICE_H_

#include "evalloop/v1/scorer.grpc.pb.h"
#include "platform/rpc/executor.h"
#include "scorer/domain/code_tools.h"
#include "scorer/domain/functional.h"
#include "scorer/domain/judge.h"
#include "scorer/domain/rating.h"
#include "scorer/domain/rubrics.h"
#include "scorer/domain/score_store.h"
#include "scorer/service/execute_call.h"

namespace evalloop::scorer {

// evalloop.v1.ScorerService over the domain and its stores.
class ScorerServiceImpl final : public v1::ScorerService::CallbackService {
 public:
  // All outlive the service. Without `tools` what needs one is missing.
  ScorerServiceImpl(ScoreStore& store, RubricStore& rubric_store,
                    Rubrics& rubrics, scorer::Judge& judge, Rater& rater,
                    rpc::Executor& executor, CodeTools* tools = nullptr)
      : store_(store),
        rubric_store_(rubric_store),
        rubrics_(rubrics),
        judge_(judge),
        rater_(rater),
        executor_(executor),
        tools_(tools) {}

  // Answers Execute by `tests`, which outlive the service; without them it is
  // UNIMPLEMENTED. Called before the service is.
  void RunTestsBy(FunctionalTests& tests) { tests_ = &tests; }

  grpc::ServerUnaryReactor* Execute(grpc::CallbackServerContext* context,
                                    const v1::ExecuteRequest* request,
                                    v1::ExecuteResponse* response) override;
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
  grpc::ServerUnaryReactor* Judge(grpc::CallbackServerContext* context,
                                  const v1::JudgeRequest* request,
                                  v1::JudgeResponse* response) override;
  grpc::ServerUnaryReactor* GetCalibration(
      grpc::CallbackServerContext* context,
      const v1::GetCalibrationRequest* request,
      v1::GetCalibrationResponse* response) override;
  grpc::ServerUnaryReactor* PushRubric(
      grpc::CallbackServerContext* context,
      const v1::PushRubricRequest* request,
      v1::PushRubricResponse* response) override;
  grpc::ServerUnaryReactor* UseRubric(grpc::CallbackServerContext* context,
                                      const v1::UseRubricRequest* request,
                                      v1::UseRubricResponse* response) override;
  grpc::ServerUnaryReactor* ListRubrics(
      grpc::CallbackServerContext* context,
      const v1::ListRubricsRequest* request,
      v1::ListRubricsResponse* response) override;

 private:
  ScoreStore& store_;
  RubricStore& rubric_store_;
  Rubrics& rubrics_;
  scorer::Judge& judge_;
  Rater& rater_;
  rpc::Executor& executor_;
  CodeTools* const tools_;
  FunctionalTests* tests_ = nullptr;
  CheckSlots slots_{kChecksAtOnce};
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_SERVICE_SCORER_SERVICE_H_
