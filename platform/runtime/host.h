#ifndef EVALLOOP_PLATFORM_RUNTIME_HOST_H_
#define EVALLOOP_PLATFORM_RUNTIME_HOST_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/impl/service_type.h"
#include "platform/access/door.h"
#include "platform/base/clock.h"
#include "platform/base/env.h"
#include "platform/base/signals.h"
#include "platform/delivery/outbox_relay.h"
#include "platform/delivery/transactional_consumer.h"
#include "platform/http/admin.h"
#include "platform/kafka/compacted_reader.h"
#include "platform/kafka/producer.h"
#include "platform/kafka/topic_admin.h"
#include "platform/postgres/outbox.h"
#include "platform/postgres/pool.h"
#include "platform/postgres/transactor.h"
#include "platform/rpc/executor.h"
#include "platform/runtime/ci_keys.h"
#include "platform/runtime/outbox_auditor.h"
#include "platform/telemetry/metrics.h"

namespace evalloop::runtime {

// The part of the configuration that all services share.
struct HostConfig {
  std::string service;  // Also its Postgres schema and first log field.
  std::string database_url;
  std::string kafka_brokers;
  std::string topic_prefix;
  std::string listen_address;
  std::string auth_token;     // The services' own; empty: everybody is let in.
  std::string key_pepper;     // Of the API keys; empty: there are none.
  std::string ci_trust_file;  // Whose CI is trusted; empty: nobody's.
  // PEM files for TLS on the gRPC port, and of who signs the peers'; empty:
  // none.
  std::string grpc_certificate_file;
  std::string grpc_key_file;
  std::string grpc_ca_file;
  // The same for the HTTP ports of the service. The admin port speaks TLS where
  // they do and `admin_tls` does not say otherwise.
  http::TlsFiles http_tls;
  bool admin_tls = true;
  std::string http_ca_file;
  std::string log_level;
  std::uint16_t grpc_port = 0;
  std::uint16_t admin_port = 0;
  std::uint16_t json_port = 0;
  int threads = 4;  // For unary calls.
};

// Reads it from EVALLOOP_*; the ports' defaults are the service's own. Problems
// are in env.Done().
struct DefaultPorts {
  std::uint16_t grpc = 0;
  std::uint16_t admin = 0;
  std::uint16_t json = 0;
};
HostConfig ReadHostConfig(base::EnvReader& env, std::string_view service,
                          const DefaultPorts& ports);

// For consumers whose handlers take long.
struct FollowOptions {
  std::size_t max_batch = 500;
  std::size_t first_batch = 0;  // See TransactionalConsumerOptions; 0: all.
  std::chrono::milliseconds max_poll_interval{300'000};  // For one batch.
};

// What every service has once: database, bus, executor, servers, and the order
// in which they come up and go down. Make it in main, hand its parts to the
// rooms, then Serve. Not thread-safe; its parts are.
class Host {
 public:
  // Connects to the engines, waiting up to a minute for each, and makes the
  // `topics` that are missing. Unavailable names the engine and its address.
  static absl::StatusOr<std::unique_ptr<Host>> Start(
      HostConfig config, std::vector<kafka::TopicSpec> topics);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const HostConfig& config() const { return config_; }
  postgres::Pool& pool() { return pool_; }
  base::Transactor& transactor() { return transactor_; }
  base::Outbox& outbox() { return outbox_; }
  base::Clock& clock() { return clock_; }
  kafka::Producer& producer() { return *producer_; }
  telemetry::Registry& registry() { return registry_; }
  rpc::Executor& executor() { return executor_; }
  // Who is let in, for a server of the service's own.
  std::shared_ptr<const access::Gatekeeper> gatekeeper() const {
    return gatekeeper_;
  }

  // "<prefix>.<suffix>".
  std::string Topic(std::string_view suffix) const;

  // From Serve on: follows topics (full names) as `consumer`. Handlers outlive
  // Serve.
  void Follow(std::string consumer,
              std::map<std::string, delivery::BatchHandler*> handlers,
              FollowOptions follow = {});

  // From Serve on: runs `job` on a thread of its own until told to stop.
  void Background(std::string name, std::function<void(std::stop_token)> job);

  // Serves gRPC (health, reflection), the same methods as JSON over HTTP, and
  // the admin routes until SIGTERM, then
  // comes down: servers first, then what runs in the background, then the
  // outbox. `ready` is asked besides Postgres and Kafka.
  absl::Status Serve(const std::vector<grpc::Service*>& services,
                     std::vector<http::ReadinessCheck> ready = {});

 private:
  Host(HostConfig config, std::unique_ptr<kafka::Producer> producer,
       std::unique_ptr<CiKeys> ci_keys);

  postgres::PoolOptions DatabaseOptions() const;
  absl::Status ReadKeys();
  void Count(const std::string& loop, const delivery::Counters& counters);
  std::vector<http::ReadinessCheck> EngineChecks();

  const HostConfig config_;
  telemetry::Registry registry_;
  base::SystemClock clock_;
  postgres::Pool pool_;
  postgres::PostgresTransactor transactor_;
  postgres::PostgresOutbox outbox_;
  std::unique_ptr<kafka::Producer> producer_;
  access::KeyRing keys_;
  const std::unique_ptr<CiKeys> ci_keys_;  // Null: no CI is trusted.
  const std::shared_ptr<const access::Gatekeeper> gatekeeper_;
  OutboxAuditor auditor_;
  rpc::Executor executor_;
  delivery::OutboxRelay relay_;
  std::vector<std::unique_ptr<delivery::TransactionalConsumer>> consumers_;
  struct Job {
    std::string name;
    std::function<void(std::stop_token)> run;
  };
  std::vector<Job> jobs_;
  std::unique_ptr<kafka::CompactedReader> key_reader_;  // Into keys_.
};

// Runs a service's main: blocks signals, reads and checks the configuration,
// answers --help, --print-config and --check-config, logs the reason when
// `serve` fails. The exit code is 0, 2 (configuration) or 3 (infrastructure).
// `read` fills in the service's own configuration from the environment.
int Main(int argc, char** argv, std::string_view service,
         const std::function<void(base::EnvReader&)>& read,
         const std::function<absl::Status()>& serve);

}  // namespace evalloop::runtime

#endif  // EVALLOOP_PLATFORM_RUNTIME_HOST_H_
