#ifndef EVALLOOP_TESTS_GATEWAY_GATEWAY_STACK_H_
#define EVALLOOP_TESTS_GATEWAY_GATEWAY_STACK_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "evalloop/v1/events.pb.h"
#include "evalloop/v1/serving.grpc.pb.h"
#include "platform/kafka/compacted_reader.h"
#include "platform/kafka/producer.h"
#include "platform/testing/test_database.h"
#include "platform/testing/test_topics.h"
#include "tests/gateway/model_server_double.h"

namespace evalloop::serving {

// A gateway as it is in production, for tests: the program itself in a process
// of its own, on a database, topics, ports and a spool of its own, beside a
// model server double. Models good, stall, limited, broken and cut are
// registered; prompt `complete` has version 1 in production.
class GatewayStack {
 public:
  // Dies with the reason when something can't be had. The gateway speaks TLS
  // where there is a certificate (PEM files).
  explicit GatewayStack(std::string certificate_file = "",
                        std::string key_file = "");
  ~GatewayStack();
  GatewayStack(const GatewayStack&) = delete;
  GatewayStack& operator=(const GatewayStack&) = delete;

  // SIGKILL, and a new process on the same spool, topics and database.
  void Kill();
  void StartGateway();

  std::string base_url() const;  // http[s]://127.0.0.1:PORT/v1
  v1::ServingService::Stub& stub() { return *stub_; }
  ModelServerDouble& model_server() { return model_server_; }

  // What prompt_engine and evaluator would send.
  void PushRevision(std::uint32_t version, std::string_view model);
  void MoveLabel(std::uint32_t version, std::uint64_t sequence);
  void Send(std::string_view topic, const v1::Event& event);

  // Every event of `topic` (without the prefix) so far, once there are
  // `count`, or after `timeout`. Topics settled and answered only.
  std::vector<v1::Event> Events(std::string_view topic, std::size_t count,
                                std::chrono::milliseconds timeout);

 private:
  void RegisterModels();

  const std::string certificate_file_;
  const std::string key_file_;
  std::unique_ptr<testing::TestDatabase> database_;
  std::unique_ptr<testing::TestTopics> topics_;
  ModelServerDouble model_server_;
  std::filesystem::path folder_;
  std::uint16_t http_port_ = 0;
  std::uint16_t grpc_port_ = 0;
  std::uint16_t admin_port_ = 0;
  pid_t pid_ = -1;
  std::unique_ptr<v1::ServingService::Stub> stub_;
  std::unique_ptr<kafka::Producer> producer_;
  std::mutex mu_;
  std::vector<kafka::Record> records_;
  std::unique_ptr<kafka::CompactedReader> reader_;  // Last: uses the records.
};

// Asks again every 10 ms until `done`; false after `timeout`.
bool Eventually(const std::function<bool()>& done,
                std::chrono::milliseconds timeout = std::chrono::seconds(30));

}  // namespace evalloop::serving

#endif  // EVALLOOP_TESTS_GATEWAY_GATEWAY_STACK_H_
