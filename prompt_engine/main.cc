// Composition root of prompt_engine.
#include "platform/runtime/host.h"
#include "platform/runtime/topics.h"
#include "prompt_engine/domain/ingestor.h"
#include "prompt_engine/domain/library.h"
#include "prompt_engine/domain/proposer.h"
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
                   const code_analysis::MirrorOptions& mirrors) {
  auto started = runtime::Host::Start(
      config, runtime::SpecsOf(v1topics::kTopics, config.topic_prefix));
  if (!started.ok()) return started.status();
  runtime::Host& host = **started;

  const ProtoContentCodec codec;
  PostgresLibraryStore library_store;
  OutboxLibraryEvents library_events(host.outbox(),
                                     host.Topic(v1topics::kPromptRevision),
                                     host.Topic(v1topics::kPromptLabel));
  Library library(host.transactor(), library_store, library_events, codec,
                  host.clock());
  PostgresCommitStore commit_store(host.pool());
  Ingestor ingestor(host.transactor(), commit_store, host.clock(), mirrors);
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
  evalloop::code_analysis::MirrorOptions mirrors;
  return evalloop::runtime::Main(
      argc, argv, "prompt_engine",
      [&](evalloop::base::EnvReader& env) {
        config = evalloop::runtime::ReadHostConfig(
            env, "prompt_engine", {.grpc = 50051, .admin = 9101, .json = 8101});
        mirrors.folder = env.String("EVALLOOP_PROMPT_ENGINE_GIT_FOLDER", "");
        mirrors.max_bytes =
            static_cast<std::uint64_t>(
                env.Int("EVALLOOP_PROMPT_ENGINE_GIT_MAX_MIB", 4096, 1, 1 << 20))
            << 20;
      },
      [&] { return evalloop::prompt_engine::Serve(config, mirrors); });
}
