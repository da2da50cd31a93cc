#ifndef EVALLOOP_PLATFORM_KAFKA_COMPACTED_READER_H_
#define EVALLOOP_PLATFORM_KAFKA_COMPACTED_READER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/kafka/record.h"

namespace evalloop::kafka {

struct CompactedReaderOptions {
  std::string brokers = {};
  std::string client_id = "evalloop";
  std::vector<std::string> topics = {};  // Read whole, every partition.
};

// Reads compacted topics from the beginning, without a group (every replica of
// a service sees every record), and goes on to follow them on a thread of its
// own until destroyed.
class CompactedReader {
 public:
  virtual ~CompactedReader() = default;  // Stops the thread.

  // OK once every record that was there when the reader started has been handed
  // over; Unavailable when that has not happened within `timeout` (a topic is
  // missing, or no broker answers): reading goes on, wait again.
  virtual absl::Status WaitCaughtUp(std::chrono::milliseconds timeout) = 0;
};

// `on_record` runs on the reader's thread, in offset order per partition; it
// must not block for long. A topic that is missing is looked for until it
// appears.
absl::StatusOr<std::unique_ptr<CompactedReader>> StartCompactedReader(
    CompactedReaderOptions options,
    std::function<void(const Record&)> on_record);

}  // namespace evalloop::kafka

#endif  // EVALLOOP_PLATFORM_KAFKA_COMPACTED_READER_H_
