// The gateway: wires the rooms together and serves.

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "platform/base/clock.h"
#include "platform/base/reason.h"
#include "platform/base/sleep.h"
#include "platform/base/spool.h"
#include "platform/delivery/spool_shipper.h"
#include "platform/http/client.h"
#include "platform/http/server.h"
#include "platform/kafka/compacted_reader.h"
#include "platform/runtime/host.h"
#include "platform/runtime/topics.h"
#include "platform/telemetry/log.h"
#include "protos/topics.h"
#include "serving/config.h"
#include "serving/domain/completer.h"
#include "serving/domain/completion_ids.h"
#include "serving/domain/feedback_desk.h"
#include "serving/domain/key_desk.h"
#include "serving/domain/library.h"
#include "serving/domain/live_completions.h"
#include "serving/domain/model_catalog.h"
#include "serving/domain/run_answerer.h"
#include "serving/domain/settlement.h"
#include "serving/http/gateway.h"
#include "serving/metrics.h"
#include "serving/provider/openai_provider.h"
#include "serving/service/access_service.h"
#include "serving/service/serving_service.h"
#include "serving/store/postgres_audit_log.h"
#include "serving/store/postgres_completion_store.h"
#include "serving/store/postgres_key_store.h"
#include "serving/store/postgres_model_store.h"
#include "serving/stream/access_events.h"
#include "serving/stream/completion_handlers.h"
#include "serving/stream/library_feed.h"
#include "serving/stream/outbox_events.h"
#include "serving/stream/run_task_handler.h"
#include "serving/stream/spool_log.h"

namespace evalloop::serving {
namespace {

constexpr std::chrono::milliseconds kLibraryPatience{60'000};
constexpr std::chrono::milliseconds kGrace{2'000};
constexpr std::chrono::milliseconds kDrain{3'000};
constexpr std::size_t kLeastKey = 16;  // Bytes.

// Few enough tasks that a batch, with an outage sat out, fits the consumer's
// poll interval; a crash asks a batch's models again, so it grows only where
// they answer fast.
constexpr std::size_t kTasksAtOnce = 32;
constexpr std::size_t kMostTasksAtOnce = 128;
constexpr std::chrono::milliseconds kTaskPollInterval{1'800'000};

absl::StatusOr<std::unique_ptr<kafka::CompactedReader>> ReadLibrary(
    const runtime::Host& host, Library& library) {
  return kafka::StartCompactedReader(
      {.brokers = host.config().kafka_brokers,
       .client_id = "serving.library",
       .topics = {host.Topic(v1topics::kPromptRevision),
                  host.Topic(v1topics::kPromptLabel),
                  host.Topic(v1topics::kServingModel)}},
      [&library](const kafka::Record& record) {
        const absl::Status applied = ApplyToLibrary(record, library);
        if (!applied.ok()) {
          telemetry::LogWarning("library record left out",
                                {{"topic", record.topic},
                                 {"offset", record.offset},
                                 {"why", applied.ToString()}});
        }
      });
}

void Warn(std::string_view message) {
  telemetry::LogWarning("spool", {{"what", message}});
}

absl::Status Serve(const Config& config) {
  if (config.completion_key.size() < kLeastKey) {
    return absl::FailedPreconditionError(
        "EVALLOOP_COMPLETION_KEY_FILE must name a file with a key of at least "
        "16 bytes");
  }
  auto started = runtime::Host::Start(
      config.host,
      runtime::SpecsOf(v1topics::kTopics, config.host.topic_prefix));
  if (!started.ok()) return started.status();
  runtime::Host& host = **started;

  Library library;
  auto reader = ReadLibrary(host, library);
  if (!reader.ok()) return reader.status();
  if (auto status = (*reader)->WaitCaughtUp(kLibraryPatience); !status.ok()) {
    return status;
  }

  auto spool = base::Spool::Open({.directory = config.spool_dir});
  if (!spool.ok()) return spool.status();
  SpoolLog log(**spool, host.Topic(v1topics::kCompletionServed),
               host.Topic(v1topics::kCompletionFeedback));

  http::Client client({.ca_file = config.host.http_ca_file});
  OpenAiProvider provider(client, {});
  const Completer completer(library, provider);
  CompletionIds ids(config.completion_key, host.clock());
  LiveMetrics metrics(host.registry());
  LiveCompletions live(library, completer, ids, log, host.clock(), metrics,
                       {.latency_budget = config.latency_budget});
  FeedbackDesk feedback(ids, log, host.clock());

  PostgresCompletionStore completions(host.pool());
  PostgresModelStore models(host.pool());
  OutboxModelEvents model_events(host.outbox(), host.clock(),
                                 host.Topic(v1topics::kServingModel));
  ModelCatalog catalog(host.transactor(), models, model_events, provider,
                       library, host.clock());

  OutboxSettledEvents settled_events(host.outbox(), host.clock(),
                                     host.Topic(v1topics::kCompletionSettled));
  Settlement settlement(completions, settled_events);
  ServedHandler served(settlement);
  FeedbackHandler given(settlement);
  host.Follow("serving.completions",
              {{host.Topic(v1topics::kCompletionServed), &served},
               {host.Topic(v1topics::kCompletionFeedback), &given}});

  PostgresKeyStore key_store(host.pool());
  OutboxKeyEvents key_events(host.outbox(), host.clock(),
                             host.Topic(v1topics::kAccessKey));
  KeyDesk keys(config.host.key_pepper, host.transactor(), key_store, key_events,
               host.clock());
  PostgresAuditLog audit_log(host.pool());
  AuditHandler audit(audit_log);
  host.Follow("serving.audit", {{host.Topic(v1topics::kAccessAudit), &audit}});

  std::stop_source stopping;
  const RunAnswerer answerer(
      completer, {}, [&stopping](std::chrono::milliseconds wait) {
        base::SleepUnlessStopped(stopping.get_token(), wait);
      });
  RunTaskHandler tasks(answerer, host.outbox(), host.clock(),
                       {.topic = host.Topic(v1topics::kRunAnswered)},
                       [&stopping] { return stopping.stop_requested(); });
  host.Follow("serving.runs", {{host.Topic(v1topics::kRunTask), &tasks}},
              {.max_batch = kMostTasksAtOnce,
               .first_batch = kTasksAtOnce,
               .max_poll_interval = kTaskPollInterval});

  Gateway gateway(live, feedback, library, {});
  auto server = http::Server::Start({.address = config.host.listen_address,
                                     .port = config.http_port,
                                     .gatekeeper = host.gatekeeper(),
                                     .tls = config.host.http_tls},
                                    gateway.Routes());
  if (!server.ok()) return server.status();
  telemetry::LogInfo("gateway", {{"http_port", (*server)->port()}});

  delivery::SpoolShipper shipper({}, **spool, host.producer(), Warn);
  host.Background("gateway", [&](std::stop_token stop) {
    std::jthread shipping(
        [&](std::stop_token told) { shipper.Run(told, kDrain); });
    const std::stop_callback told(stop, [&] { stopping.request_stop(); });
    while (!stop.stop_requested()) {
      base::SleepUnlessStopped(stop, std::chrono::hours(1));
    }
    // What is answered last is shipped too.
    (*server)->Stop(kGrace);
  });

  ServingServiceImpl service(host.executor(), live, feedback, completions,
                             catalog);
  AccessServiceImpl access_service(host.executor(), keys, audit_log);
  return host.Serve({&service, &access_service});
}

}  // namespace
}  // namespace evalloop::serving

int main(int argc, char** argv) {
  using evalloop::serving::Config;
  Config config;
  return evalloop::runtime::Main(
      argc, argv, "serving",
      [&config](evalloop::base::EnvReader& env) {
        config = evalloop::serving::ReadConfig(env);
      },
      [&config] { return evalloop::serving::Serve(config); });
}
