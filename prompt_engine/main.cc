// Composition root of prompt_engine.
#include <chrono>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "platform/base/sleep.h"
#include "platform/kafka/compacted_reader.h"
#include "platform/rpc/channel.h"
#include "platform/runtime/host.h"
#include "platform/runtime/topics.h"
#include "platform/telemetry/log.h"
#include "prompt_engine/config.h"
#include "prompt_engine/domain/ingestor.h"
#include "prompt_engine/domain/library.h"
#include "prompt_engine/domain/outcome_watcher.h"
#include "prompt_engine/domain/proposer.h"
#include "prompt_engine/domain/revision_cache.h"
#include "prompt_engine/peers/evaluator_client.h"
#include "prompt_engine/service/prompt_engine_service.h"
#include "prompt_engine/store/postgres_commit_store.h"
#include "prompt_engine/store/postgres_library_store.h"
#include "prompt_engine/store/postgres_outcome_records.h"
#include "prompt_engine/store/postgres_outcome_store.h"
#include "prompt_engine/store/postgres_watch_store.h"
#include "prompt_engine/stream/library_events.h"
#include "prompt_engine/stream/library_feed.h"
#include "prompt_engine/stream/live_score_handler.h"
#include "prompt_engine/stream/outcome_events.h"
#include "prompt_engine/stream/outcome_handler.h"
#include "prompt_engine/translate/content_codec.h"
#include "protos/topics.h"

namespace evalloop::prompt_engine {
namespace {

// How often it is looked whether commits or completions came.
constexpr std::chrono::milliseconds kWatchInterval{500};

void WatchOutcomes(OutcomeWatcher& watcher, const std::stop_token& stop) {
  // Told once until it changes: a repository may be away for long.
  std::map<std::string, std::string> told;
  while (!stop.stop_requested()) {
    const auto step = watcher.Step();
    std::map<std::string, std::string> wrong;
    if (!step.ok()) {
      wrong.emplace("", std::string(step.status().message()));
    } else {
      for (const auto& [repository, status] : step->unreadable) {
        wrong.emplace(repository, std::string(status.message()));
      }
    }
    for (const auto& [repository, error] : wrong) {
      const auto before = told.find(repository);
      if (before != told.end() && before->second == error) continue;
      telemetry::LogWarning(
          "what became of completions could not be looked for",
          {{"repository", repository}, {"error", error}});
    }
    told = std::move(wrong);
    if (step.ok() && step->more) continue;
    base::SleepUnlessStopped(stop, kWatchInterval);
  }
}

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
  PostgresWatchStore watch_store;
  OutcomeHandler outcome_handler(outcome_store, watch_store, host.clock(),
                                 absl::FromChrono(config.outcome_grace));
  host.Follow("prompt_engine.outcomes",
              {{host.Topic(v1topics::kCompletionServed), &outcome_handler},
               {host.Topic(v1topics::kCompletionSettled), &outcome_handler}});
  OutboxOutcomeEvents outcome_events(host.outbox(),
                                     host.Topic(v1topics::kOutcomeKnown));
  OutcomeWatcher watcher(
      {host.transactor(), watch_store, outcome_store, commit_store,
       outcome_events, host.clock()},
      [&ingestor](const std::string& repository) {
        return OpenGit(ingestor.LocalPath(repository));
      },
      config.live_score_share);
  host.Background("outcomes", [&watcher](std::stop_token stop) {
    WatchOutcomes(watcher, stop);
  });
  PostgresOutcomeRecords outcome_records;
  LiveScoreHandler score_handler(outcome_records);
  host.Follow("prompt_engine.scores",
              {{host.Topic(v1topics::kScoreRecorded), &score_handler}});
  Proposer proposer(host.transactor(), outcome_store, library);
  PromptEngineService service({library, ingestor, proposer, host.transactor(),
                               commit_store, outcome_records},
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
