#ifndef EVALLOOP_PROMPT_ENGINE_SERVICE_PROMPT_ENGINE_SERVICE_H_
#define EVALLOOP_PROMPT_ENGINE_SERVICE_PROMPT_ENGINE_SERVICE_H_

#include <mutex>

#include "evalloop/v1/prompt_engine.grpc.pb.h"
#include "platform/rpc/handler.h"
#include "prompt_engine/domain/ingestor.h"
#include "prompt_engine/domain/library.h"
#include "prompt_engine/domain/outcome_record.h"
#include "prompt_engine/domain/proposer.h"

namespace evalloop::prompt_engine {

// What the service delegates to. All outlive it.
struct PromptEngineParts {
  Library& library;
  Ingestor& ingestor;
  Proposer& proposer;
  base::Transactor& transactor;
  CommitStore& commits;
  OutcomeRecords& outcomes;
};

// The gRPC surface: validate, translate, delegate. SearchContext is answered
// UNIMPLEMENTED by the base class. Thread-safe.
class PromptEngineService final
    : public v1::PromptEngineService::CallbackService {
 public:
  PromptEngineService(const PromptEngineParts& parts, rpc::Executor& executor)
      : library_(parts.library),
        ingestor_(parts.ingestor),
        proposer_(parts.proposer),
        transactor_(parts.transactor),
        commits_(parts.commits),
        outcomes_(parts.outcomes),
        executor_(executor) {}

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
  EVALLOOP_UNARY(ListRepositories)
  EVALLOOP_UNARY(ListCommits)
  EVALLOOP_UNARY(GetOutcome)
  EVALLOOP_UNARY(SummariseOutcomes)
  EVALLOOP_UNARY(ProposeRevisions)
#undef EVALLOOP_UNARY
  grpc::ServerWriteReactor<v1::IngestRepositoryResponse>* IngestRepository(
      grpc::CallbackServerContext* context,
      const v1::IngestRepositoryRequest* request) override;
  grpc::ServerWriteReactor<v1::MineItemsResponse>* MineItems(
      grpc::CallbackServerContext* context,
      const v1::MineItemsRequest* request) override;

 private:
  // NotFound for a repository that was not ingested.
  absl::StatusOr<RepositoryRecord> FindRepository(
      const std::string& repository);

  Library& library_;
  Ingestor& ingestor_;
  Proposer& proposer_;
  base::Transactor& transactor_;
  CommitStore& commits_;
  OutcomeRecords& outcomes_;
  rpc::Executor& executor_;
  std::mutex mining_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_SERVICE_PROMPT_ENGINE_SERVICE_H_
