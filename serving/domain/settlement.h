#ifndef EVALLOOP_SERVING_DOMAIN_SETTLEMENT_H_
#define EVALLOOP_SERVING_DOMAIN_SETTLEMENT_H_

#include <span>

#include "absl/status/status.h"
#include "platform/base/unit_of_work.h"
#include "serving/domain/completion_store.h"

namespace evalloop::serving {

// Tells the others that completions have met their feedback.
class SettledEvents {
 public:
  virtual ~SettledEvents() = default;
  virtual absl::Status Settled(base::UnitOfWork& work,
                               std::span<const serving::Settled> settled) = 0;
};

// Makes rows of what the log shipped and announces each completion once it and
// its settling feedback have met, whichever came first. Stateless; thread-safe.
class Settlement {
 public:
  Settlement(CompletionStore& store, SettledEvents& events)
      : store_(store), events_(events) {}

  absl::Status RecordCompletions(base::UnitOfWork& work,
                                 std::span<const Completion> completions);
  absl::Status RecordFeedback(base::UnitOfWork& work,
                              std::span<const Feedback> feedback);

 private:
  absl::Status SettleAll(base::UnitOfWork& work,
                         std::span<const std::string> ids);

  CompletionStore& store_;
  SettledEvents& events_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_SETTLEMENT_H_
