#include "platform/runtime/host.h"

#include <iostream>
#include <utility>

#include "fmt/format.h"
#include "platform/base/sleep.h"
#include "platform/delivery/inbox_pruner.h"
#include "platform/kafka/consumer.h"
#include "platform/postgres/guard.h"
#include "platform/rpc/server.h"
#include "platform/runtime/key_feed.h"
#include "platform/telemetry/log.h"
#include "platform/transcoding/transcoder.h"
#include "protos/topics.h"

namespace evalloop::runtime {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kEnginePatience{60};
constexpr seconds kEngineProbe{3};
constexpr seconds kJsonGrace{2};
constexpr std::size_t kLeastPepper = 32;  // Bytes.

delivery::Warn WarnOf(std::string loop) {
  return [loop = std::move(loop)](std::string_view message) {
    telemetry::LogWarning("delivery", {{"loop", loop}, {"what", message}});
  };
}

// The address without what stands before '@': that may be a password.
std::string WithoutUser(const std::string& url) {
  const std::size_t at = url.rfind('@');
  return at == std::string::npos ? url : url.substr(at + 1);
}

absl::Status CheckAccess(const HostConfig& config) {
  if (!config.key_pepper.empty() && config.key_pepper.size() < kLeastPepper) {
    return absl::FailedPreconditionError(
        "EVALLOOP_KEY_PEPPER_FILE must name a file of at least 32 bytes");
  }
  const bool asks = !config.key_pepper.empty() || !config.ci_trust_file.empty();
  if (asks && config.auth_token.empty()) {
    return absl::FailedPreconditionError(
        "EVALLOOP_KEY_PEPPER and EVALLOOP_CI_TRUST_FILE need "
        "EVALLOOP_AUTH_TOKEN, by which the services know each other: without "
        "it everybody would be let in");
  }
  return absl::OkStatus();
}

absl::Status PingDatabase(postgres::Pool& pool) {
  return postgres::Guard([&] {
    auto lease = pool.Acquire();
    pqxx::nontransaction tx(*lease);
    tx.exec("SELECT 1");
  });
}

// Tries until it works or patience ends; says once that it waits.
absl::Status AwaitEngine(std::string_view engine, const std::string& address,
                         const std::function<absl::Status()>& ping) {
  const auto until = std::chrono::steady_clock::now() + kEnginePatience;
  bool told = false;
  while (true) {
    const absl::Status up = ping();
    if (up.ok()) return up;
    if (std::chrono::steady_clock::now() > until) {
      return absl::UnavailableError(fmt::format("{} at {} does not answer: {}",
                                                engine, address,
                                                std::string(up.message())));
    }
    if (!std::exchange(told, true)) {
      telemetry::LogWarning("waiting for an engine",
                            {{"engine", engine}, {"address", address}});
    }
    base::SleepUnlessStopped({}, milliseconds(250));
  }
}

}  // namespace

HostConfig ReadHostConfig(base::EnvReader& env, std::string_view service,
                          const DefaultPorts& ports) {
  const auto port = [&env](std::string_view name, std::uint16_t fallback) {
    return static_cast<std::uint16_t>(env.Int(name, fallback, 0, 65535));
  };
  HostConfig config;
  config.service = service;
  config.database_url = env.Secret("EVALLOOP_DATABASE_URL");
  config.kafka_brokers = env.Required("EVALLOOP_KAFKA_BROKERS");
  config.topic_prefix = env.String("EVALLOOP_TOPIC_PREFIX", "evalloop");
  config.listen_address = env.String("EVALLOOP_LISTEN_ADDRESS", "127.0.0.1");
  config.auth_token = env.Secret("EVALLOOP_AUTH_TOKEN");
  config.key_pepper = env.Secret("EVALLOOP_KEY_PEPPER");
  config.grpc_certificate_file =
      env.String("EVALLOOP_GRPC_TLS_CERTIFICATE_FILE", "");
  config.grpc_key_file = env.String("EVALLOOP_GRPC_TLS_KEY_FILE", "");
  config.grpc_ca_file = env.String("EVALLOOP_GRPC_TLS_CA_FILE", "");
  config.http_tls.certificate_file =
      env.String("EVALLOOP_HTTP_TLS_CERTIFICATE_FILE", "");
  config.http_tls.key_file = env.String("EVALLOOP_HTTP_TLS_KEY_FILE", "");
  config.http_ca_file = env.String("EVALLOOP_HTTP_TLS_CA_FILE", "");
  config.admin_tls = env.Bool("EVALLOOP_ADMIN_TLS", true);
  config.ci_trust_file = env.String("EVALLOOP_CI_TRUST_FILE", "");
  config.log_level = env.OneOf("EVALLOOP_LOG_LEVEL", "info",
                               {"debug", "info", "warning", "error"});
  config.grpc_port = port("EVALLOOP_GRPC_PORT", ports.grpc);
  config.admin_port = port("EVALLOOP_ADMIN_PORT", ports.admin);
  config.json_port = port("EVALLOOP_JSON_PORT", ports.json);
  return config;
}

absl::StatusOr<std::unique_ptr<Host>> Host::Start(
    HostConfig config, std::vector<kafka::TopicSpec> topics) {
  if (auto sound = CheckAccess(config); !sound.ok()) return sound;
  auto producer = kafka::NewProducer(
      {.brokers = config.kafka_brokers, .client_id = config.service});
  if (!producer.ok()) return producer.status();
  std::unique_ptr<CiKeys> ci_keys;
  if (!config.ci_trust_file.empty()) {
    static base::SystemClock clock;  // A host's own comes too late.
    auto read = CiKeys::Of(config.ci_trust_file, clock,
                           {.ca_file = config.http_ca_file});
    if (!read.ok()) return read.status();
    ci_keys = *std::move(read);
    ci_keys->ReadAll();
  }
  std::unique_ptr<Host> host(
      new Host(std::move(config), *std::move(producer), std::move(ci_keys)));
  const HostConfig& shared = host->config_;
  if (auto up = AwaitEngine("PostgreSQL", WithoutUser(shared.database_url),
                            [&] { return PingDatabase(host->pool_); });
      !up.ok()) {
    return up;
  }
  if (auto up = AwaitEngine("Kafka", shared.kafka_brokers,
                            [&] {
                              return kafka::EnsureTopics(shared.kafka_brokers,
                                                         topics, kEngineProbe);
                            });
      !up.ok()) {
    return up;
  }
  if (auto read = host->ReadKeys(); !read.ok()) return read;
  return host;
}

// Before anybody is let in: what is not read yet may be revoked.
absl::Status Host::ReadKeys() {
  if (config_.key_pepper.empty()) return absl::OkStatus();
  auto reader = kafka::StartCompactedReader(
      {.brokers = config_.kafka_brokers,
       .client_id = config_.service + ".keys",
       .topics = {Topic(v1topics::kAccessKey)}},
      [this](const kafka::Record& record) {
        const absl::Status applied = ApplyToRing(record, keys_);
        if (!applied.ok()) {
          telemetry::LogWarning(
              "a key's record left out",
              {{"offset", record.offset}, {"why", applied.ToString()}});
        }
      });
  if (!reader.ok()) return reader.status();
  key_reader_ = *std::move(reader);
  return key_reader_->WaitCaughtUp(kEnginePatience);
}

Host::Host(HostConfig config, std::unique_ptr<kafka::Producer> producer,
           std::unique_ptr<CiKeys> ci_keys)
    : config_(std::move(config)),
      pool_(DatabaseOptions()),
      transactor_(pool_),
      outbox_(config_.service),
      producer_(std::move(producer)),
      ci_keys_(std::move(ci_keys)),
      gatekeeper_(access::NewDoor(
          {.token = config_.auth_token,
           .pepper = config_.key_pepper,
           .ring = &keys_,
           .verifier = ci_keys_ ? &ci_keys_->verifier() : nullptr},
          clock_)),
      auditor_(config_.service, Topic(v1topics::kAccessAudit), transactor_,
               outbox_, clock_),
      executor_({.threads = config_.threads,
                 .gatekeeper = gatekeeper_,
                 .auditor = &auditor_},
                registry_),
      relay_({.database = DatabaseOptions()}, *producer_, WarnOf("outbox")) {
  Count("outbox", relay_.counters());
}

Host::~Host() = default;

postgres::PoolOptions Host::DatabaseOptions() const {
  postgres::PoolOptions options;
  options.url = config_.database_url;
  options.application_name = config_.service;
  options.schema = config_.service;
  return options;
}

std::string Host::Topic(std::string_view suffix) const {
  return fmt::format("{}.{}", config_.topic_prefix, suffix);
}

void Host::Count(const std::string& loop, const delivery::Counters& counters) {
  const auto gauge = [&](std::string_view what, std::string_view help) {
    return registry_.GetGauge(fmt::format("evalloop_delivery_{}", what), help,
                              {{"loop", loop}});
  };
  registry_.BeforeSerialize(
      [&counters, handled = gauge("handled", "Records whose effect is done"),
       duplicates = gauge("duplicates", "Records seen before"),
       poison = gauge("poison", "Records set aside"),
       retries = gauge("retries", "Attempts that had to be made again"),
       backlog =
           gauge("backlog", "Records waiting at the last look")]() mutable {
        handled.Set(static_cast<double>(counters.handled));
        duplicates.Set(static_cast<double>(counters.duplicates));
        poison.Set(static_cast<double>(counters.poison));
        retries.Set(static_cast<double>(counters.retries));
        backlog.Set(static_cast<double>(counters.backlog));
      });
}

void Host::Follow(std::string consumer,
                  std::map<std::string, delivery::BatchHandler*> handlers,
                  FollowOptions follow) {
  kafka::ConsumerOptions options;
  options.max_poll_interval = follow.max_poll_interval;
  options.brokers = config_.kafka_brokers;
  options.group_id = config_.topic_prefix + "." + consumer;
  options.client_id = consumer;
  for (const auto& [topic, handler] : handlers) options.topics.push_back(topic);
  consumers_.push_back(std::make_unique<delivery::TransactionalConsumer>(
      delivery::TransactionalConsumerOptions{.consumer = consumer,
                                             .max_batch = follow.max_batch,
                                             .first_batch = follow.first_batch},
      transactor_, std::move(handlers), WarnOf(consumer)));
  delivery::TransactionalConsumer* const follower = consumers_.back().get();
  Count(consumer, follower->counters());
  Background(consumer, [follower, options, consumer](std::stop_token stop) {
    const absl::Status ended =
        follower->Run(stop, [&options](kafka::RebalanceListener& listener) {
          return kafka::NewConsumer(options, listener);
        });
    if (!ended.ok()) {
      telemetry::LogError("consumer ended",
                          {{"consumer", consumer}, {"why", ended.ToString()}});
      base::TerminationSignals::Trigger();  // To be started again.
    }
  });
}

void Host::Background(std::string name,
                      std::function<void(std::stop_token)> job) {
  jobs_.push_back({std::move(name), std::move(job)});
}

std::vector<http::ReadinessCheck> Host::EngineChecks() {
  return {{"postgres", [this] { return PingDatabase(pool_); }},
          {"kafka", [this] {
             return kafka::Ping(config_.kafka_brokers, milliseconds(800));
           }}};
}

absl::Status Host::Serve(const std::vector<grpc::Service*>& services,
                         std::vector<http::ReadinessCheck> ready) {
  std::vector<http::ReadinessCheck> checks = EngineChecks();
  for (http::ReadinessCheck& check : ready) checks.push_back(std::move(check));
  auto admin = http::AdminServer::Start(
      {.address = config_.listen_address,
       .port = config_.admin_port,
       .gatekeeper = gatekeeper_,
       .tls = config_.admin_tls ? config_.http_tls : http::TlsFiles()},
      registry_, std::move(checks));
  if (!admin.ok()) return admin.status();
  auto server =
      rpc::Server::Start({.address = config_.listen_address,
                          .port = config_.grpc_port,
                          .certificate_file = config_.grpc_certificate_file,
                          .key_file = config_.grpc_key_file},
                         executor_, services);
  if (!server.ok()) return server.status();
  auto transcoder = transcoding::Transcoder::Make(
      (*server)->services(), (*server)->InProcessChannel());
  if (!transcoder.ok()) return transcoder.status();
  // Roles are gRPC's to check; here a stranger is turned away sooner.
  auto json = http::Server::Start(
      {.address = config_.listen_address,
       .port = config_.json_port,
       .gatekeeper = gatekeeper_,
       .tls = config_.http_tls},
      [&transcoder](http::Request request,
                    std::shared_ptr<http::ResponseWriter> out) {
        (*transcoder)->Handle(std::move(request), std::move(out));
      });
  if (!json.ok()) return json.status();

  std::jthread relay([this](std::stop_token stop) { relay_.Run(stop); });
  delivery::InboxPruner pruner({}, transactor_, clock_, WarnOf("inbox"));
  std::jthread pruning([&](std::stop_token stop) { pruner.Run(stop); });
  std::vector<std::jthread> threads;
  if (ci_keys_) {
    threads.emplace_back([this](std::stop_token stop) { ci_keys_->Run(stop); });
  }
  for (const Job& job : jobs_) {
    threads.emplace_back([&job](std::stop_token stop) { job.run(stop); });
  }
  telemetry::LogInfo("serving", {{"grpc_port", (*server)->port()},
                                 {"admin_port", (*admin)->port()},
                                 {"json_port", (*json)->port()}});
  base::TerminationSignals().Wait();
  telemetry::LogInfo("stopping");
  (*json)->Stop(kJsonGrace);
  (*server)->Shutdown();
  for (std::jthread& thread : threads) thread.request_stop();
  threads.clear();
  return absl::OkStatus();
}

int Main(int argc, char** argv, std::string_view service,
         const std::function<void(base::EnvReader&)>& read,
         const std::function<absl::Status()>& serve) {
  const base::TerminationSignals signals;  // Before any thread starts.
  base::EnvReader env;
  const std::string level = env.String("EVALLOOP_LOG_LEVEL", "info");
  telemetry::InitLog(service, telemetry::ParseLevel(level));
  read(env);
  const std::string_view option = argc > 1 ? argv[1] : "";
  if (option == "--print-config") {
    std::cout << env.Describe() << std::flush;
  } else if (!option.empty() && option != "--check-config") {
    std::cout << "usage: " << service << " [--check-config | --print-config]\n"
              << "Configured by the environment: deploy/config.schema.json\n";
    return option == "--help" ? 0 : 2;
  }
  if (const absl::Status valid = env.Done(); !valid.ok()) {
    std::cerr << valid.message() << '\n';
    return 2;
  }
  if (!option.empty()) return 0;
  if (const absl::Status ended = serve(); !ended.ok()) {
    telemetry::LogError("cannot serve", {{"why", ended.ToString()}});
    return 3;
  }
  return 0;
}

}  // namespace evalloop::runtime
