#ifndef EVALLOOP_PLATFORM_BASE_OUTBOX_H_
#define EVALLOOP_PLATFORM_BASE_OUTBOX_H_

#include <span>
#include <string>

#include "absl/status/status.h"
#include "platform/base/unit_of_work.h"

namespace evalloop::base {

// One record that must reach the bus if, and only if, its transaction commits.
struct OutgoingEvent {
  std::string event_id;  // Unique per logical event; consumers dedupe on it.
  std::string topic;
  std::string key;      // Events of one key keep their order.
  std::string payload;  // A serialised evalloop.v1.Event.
};

// The transactional outbox. Thread-safe.
class Outbox {
 public:
  virtual ~Outbox() = default;

  // Adds `events` to the transaction behind `work`; an event_id that is already
  // waiting is left as it is.
  virtual absl::Status Add(UnitOfWork& work,
                           std::span<const OutgoingEvent> events) = 0;
};

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_OUTBOX_H_
