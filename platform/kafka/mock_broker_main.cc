// mock_broker [TOPIC[:PARTITIONS]]...
// librdkafka's in-memory broker as a process: makes the topics (3 partitions
// unless said), prints its bootstrap servers as one line, runs until SIGTERM or
// SIGINT. Keeps nothing: for a look at the suite, never for keeping data.
#include <cstdio>
#include <string>

#include "absl/strings/numbers.h"
#include "platform/base/signals.h"
#include "platform/kafka/mock_cluster.h"

int main(int argc, char** argv) {
  evalloop::base::TerminationSignals signals;  // Before any thread starts.
  const auto cluster = evalloop::kafka::MockCluster::Start();
  if (!cluster.ok()) {
    std::fprintf(stderr, "mock_broker: %s\n",
                 cluster.status().ToString().c_str());
    return 3;
  }
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto colon = argument.rfind(':');
    int partitions = 3;
    if (colon != std::string::npos &&
        (!absl::SimpleAtoi(argument.substr(colon + 1), &partitions) ||
         partitions < 1)) {
      std::fprintf(stderr, "mock_broker: bad partition count in %s\n", argv[i]);
      return 2;
    }
    const auto made =
        (*cluster)->CreateTopic(argument.substr(0, colon), partitions);
    if (!made.ok()) {
      std::fprintf(stderr, "mock_broker: %s\n", made.ToString().c_str());
      return 2;
    }
  }
  std::printf("%s\n", (*cluster)->brokers().c_str());
  std::fflush(stdout);
  signals.Wait();
  return 0;
}
