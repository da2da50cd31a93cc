// Composition root of prompt_engine.
#include <string>

#include "platform/rpc/channel.h"
#include "platform/runtime/host.h"
#include "platform/runtime/topics.h"
#include "prompt_engine/domain/ingestor.h"
#include "prompt_engine/domain/library.h"
#include "prompt_engine/domain/proposer.h"
#include "prompt_engine/peers/evaluator_client.h"
#include "prompt_engine/service/content_codec.h"
#include "prompt_engine/service/prompt_engine_service.h"
#include "prompt_engine/store/postgres_commit_store.h"
#include "prompt_engine/store/postgres_library_store.h"
#include "prompt_engine/store/postgres_outcome_store.h"
#include "prompt_engine/stream/library_events.h"
#include "prompt_engine/stream/outcome_handler.h"
#include "protos/topics.h"

namespace evalloop::prompt_engine {
namespace {

absl::Status Serve(const runtime::HostConfig& config,
                   const std::string& evaluator_address) {
  auto started = runtime::Host::Start(
      config, runtime::SpecsOf(v1topics::kTopics, config.topic_prefix));
  if (!started.ok()) return started.status();
  runtime::Host& host = **started;

  const ProtoContentCodec codec;
  PostgresLibraryStore library_store;
  OutboxLibraryEvents library_events(host.outbox(),
                                     host.Topic(v1topics::kPromptRevision),
                                     host.Topic(v1topics::kPromptLabel));
  EvaluatorClient gates(rpc::NewChannel({.target = evaluator_address,
                                         .auth_token = config.auth_token,
                                         .ca_file = config.grpc_ca_file,
                                         .wait_for_ready = true}));
  Library library(host.transactor(), library_store, library_events, codec,
                  host.clock(), gates);
  PostgresCommitStore commit_store(host.pool());
  Ingestor ingestor(host.transactor(), commit_store, host.clock());
  PostgresOutcomeStore outcome_store;
  OutcomeHandler outcome_handler(outcome_store);
  host.Follow("prompt_engine.outcomes",
              {{host.Topic(v1topics::kCompletionSettled), &outcome_handler}});
  Proposer proposer(host.transactor(), outcome_store, library);
  PromptEngineService service({library, ingestor, proposer, host.transactor(),
                               commit_store, outcome_store},
                              host.executor());
  return host.Serve({&service});
}

}  // namespace
}  // namespace evalloop::prompt_engine

int main(int argc, char** argv) {
  evalloop::runtime::HostConfig config;
  std::string evaluator_address;
  return evalloop::runtime::Main(
      argc, argv, "prompt_engine",
      [&](evalloop::base::EnvReader& env) {
        config = evalloop::runtime::ReadHostConfig(
            env, "prompt_engine", {.grpc = 50051, .admin = 9101, .json = 8101});
        evaluator_address =
            env.String("EVALLOOP_EVALUATOR_ADDRESS", "127.0.0.1:50052");
      },
      [&] {
        return evalloop::prompt_engine::Serve(config, evaluator_address);
      });
}
