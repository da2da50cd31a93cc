#ifndef EVALLOOP_PLATFORM_KAFKA_MOCK_CLUSTER_H_
#define EVALLOOP_PLATFORM_KAFKA_MOCK_CLUSTER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::kafka {

// librdkafka's in-memory broker in this process, on 127.0.0.1 and a port of its
// choice: for tests of errors, and for a look at the suite without a broker.
// Keeps about 5 MiB per partition, forgets all when it goes. One thread at a
// time.
class MockCluster {
 public:
  static absl::StatusOr<std::unique_ptr<MockCluster>> Start();
  virtual ~MockCluster() = default;

  virtual std::string brokers() const = 0;
  virtual absl::Status CreateTopic(const std::string& name, int partitions) = 0;
  // The next `count` produce requests fail with NOT_ENOUGH_REPLICAS.
  virtual void FailProduceRequests(int count) = 0;
  // Refuses connections and drops the open ones; then takes them again.
  virtual void SetDown() = 0;
  virtual void SetUp() = 0;
};

}  // namespace evalloop::kafka

#endif  // EVALLOOP_PLATFORM_KAFKA_MOCK_CLUSTER_H_
