#ifndef EVALLOOP_PLATFORM_DELIVERY_OBSERVER_H_
#define EVALLOOP_PLATFORM_DELIVERY_OBSERVER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

namespace evalloop::delivery {

// What a delivery loop counts; read by metrics at any time, from any thread.
struct Counters {
  std::atomic<std::int64_t> handled{0};     // Effects done, or records shipped.
  std::atomic<std::int64_t> duplicates{0};  // Seen before, no effect.
  std::atomic<std::int64_t> poison{0};
  std::atomic<std::int64_t> retries{0};
  std::atomic<std::int64_t> fenced{0};
  std::atomic<std::int64_t> backlog{0};  // At the last look; an upper bound is
                                         // the batch size for the outbox.
};

// A line for the log, without payloads. Called on the loop's thread.
using Warn = std::function<void(std::string_view message)>;

}  // namespace evalloop::delivery

#endif  // EVALLOOP_PLATFORM_DELIVERY_OBSERVER_H_
