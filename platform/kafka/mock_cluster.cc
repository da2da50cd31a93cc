#include "platform/kafka/mock_cluster.h"

#include <utility>
#include <vector>

#include "platform/kafka/rdkafka_support.h"

// clang-format off: must come after rdkafka.h
#include <librdkafka/rdkafka_mock.h>
// clang-format on

namespace evalloop::kafka {
namespace {

constexpr std::int16_t kProduceRequest = 0;  // Its API key in the protocol.
constexpr int kBroker = 1;

using MockPtr = std::unique_ptr<rd_kafka_mock_cluster_t,
                                Destroyer<rd_kafka_mock_cluster_destroy>>;

class RdKafkaMockCluster final : public MockCluster {
 public:
  RdKafkaMockCluster(ClientPtr host, MockPtr mock)
      : host_(std::move(host)), mock_(std::move(mock)) {}

  std::string brokers() const override {
    return rd_kafka_mock_cluster_bootstraps(mock_.get());
  }
  absl::Status CreateTopic(const std::string& name, int partitions) override {
    return ToStatus(
        rd_kafka_mock_topic_create(mock_.get(), name.c_str(), partitions, 1),
        name);
  }
  void FailProduceRequests(int count) override {
    const std::vector<rd_kafka_resp_err_t> errors(
        static_cast<std::size_t>(count), RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
    rd_kafka_mock_push_request_errors_array(mock_.get(), kProduceRequest,
                                            errors.size(), errors.data());
  }
  void SetDown() override {
    rd_kafka_mock_broker_set_down(mock_.get(), kBroker);
  }
  void SetUp() override { rd_kafka_mock_broker_set_up(mock_.get(), kBroker); }

 private:
  const ClientPtr host_;  // The mock runs on its threads, so it goes last.
  const MockPtr mock_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<MockCluster>> MockCluster::Start() {
  auto conf = MakeConf({});
  if (!conf.ok()) return conf.status();
  auto host = MakeClient(RD_KAFKA_PRODUCER, *std::move(conf));
  if (!host.ok()) return host.status();
  MockPtr mock(rd_kafka_mock_cluster_new(host->get(), /*broker_cnt=*/1));
  if (mock == nullptr) return absl::InternalError("no mock cluster");
  return std::make_unique<RdKafkaMockCluster>(*std::move(host),
                                              std::move(mock));
}

}  // namespace evalloop::kafka
