// Composition root of prompt_engine.
#include <chrono>
#include <memory>

#include "platform/kafka/compacted_reader.h"
#include "platform/rpc/channel.h"
#include "platform/runtime/host.h"
#include "platform/runtime/topics.h"
#include "platform/telemetry/log.h"
#include "prompt_engine/config.h"
#include "prompt_engine/domain/ingestor.h"
#include "prompt_engine/domain/library.h"
#include "prompt_engine/domain/proposer.h"
#include "prompt_engine/domain/revision_cache.h"
#include "prompt_engine/peers/evaluator_client.h"
#include "prompt_engine/service/prompt_engine_service.h"
#include "prompt_engine/store/postgres_commit_store.h"
#include "prompt_engine/store/postgres_library_store.h"
#include "prompt_engine/store/postgres_outcome_store.h"
#include "prompt_engine/stream/library_events.h"
#include "prompt_engine/stream/library_feed.h"
#include "prompt_engine/stream/outcome_handler.h"
#include "prompt_engine/translate/content_codec.h"
#include "protos/topics.h"

namespace evalloop::prompt_engine {
namespace {

// A topic that is long takes long to read.
constexpr std::chrono::milliseconds kTopicPatience{60'000};

// Makes `cache` forget what other replicas change.
absl::StatusOr<std::unique_ptr<kafka::CompactedReader>> FollowChanges(
    const runtime::Host& host, RevisionCache& cache) {
  return kafka::StartCompactedReader(
      {.brokers = host.config().kafka_brokers,
       .client_id = "prompt_engine.library",
       .topics = {host.Topic(v1topics::kPromptRevision),
                  host.Topic(v1topics::kPromptLabel)}},
      [&cache](const kafka::Record& record) {
        if (const auto done = ForgetChanged(record, cache); !done.ok()) {
          telemetry::LogWarning("library record left out",
                                {{"topic", record.topic},
                                 {"offset", record.offset},
                                 {"why", done.ToString()}});
        }
      });
}

absl::Status Serve(const PromptEngineConfig& config) {
  auto started = runtime::Host::Start(
      config.host,
      runtime::SpecsOf(v1topics::kTopics, config.host.topic_prefix));
  if (!started.ok()) return started.status();
  runtime::Host& host = **started;

  const ProtoContentCodec codec;
  PostgresLibraryStore library_store;
  OutboxLibraryEvents library_events(host.outbox(),
                                     host.Topic(v1topics::kPromptRevision),
                                     host.Topic(v1topics::kPromptLabel));
  EvaluatorClient gates(rpc::NewChannel({.target = config.evaluator_address,
                                         .auth_token = config.host.auth_token,
                                         .ca_file = config.host.grpc_ca_file,
                                         .wait_for_ready = true}));
  RevisionCache cache(host.clock());
  // Read to its end before anything is cached: from then on a change is heard
  // of as it happens.
  auto changes = FollowChanges(host, cache);
  if (!changes.ok()) return changes.status();
  if (auto read = (*changes)->WaitCaughtUp(kTopicPatience); !read.ok()) {
    return read;
  }
  Library library({.transactor = host.transactor(),
                   .store = library_store,
                   .events = library_events,
                   .codec = codec,
                   .gates = gates,
                   .cache = cache,
                   .clock = host.clock()});
  PostgresCommitStore commit_store(host.pool());
  Ingestor ingestor(host.transactor(), commit_store, host.clock(),
                    config.mirrors);
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
  using evalloop::prompt_engine::PromptEngineConfig;
  PromptEngineConfig config;
  return evalloop::runtime::Main(
      argc, argv, "prompt_engine",
      [&](evalloop::base::EnvReader& env) {
        config = PromptEngineConfig::FromEnv(env);
      },
      [&] { return evalloop::prompt_engine::Serve(config); });
}
