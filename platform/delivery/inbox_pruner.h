#ifndef EVALLOOP_PLATFORM_DELIVERY_INBOX_PRUNER_H_
#define EVALLOOP_PLATFORM_DELIVERY_INBOX_PRUNER_H_

#include <chrono>
#include <cstdint>
#include <stop_token>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/base/unit_of_work.h"
#include "platform/delivery/observer.h"

namespace evalloop::delivery {

struct InboxPrunerOptions {
  // Twice the topics' default retention: by then no record can come again.
  absl::Duration keep = absl::Hours(14 * 24);
  std::chrono::milliseconds interval{std::chrono::minutes(10)};
  std::int64_t batch = 10'000;  // Rows a transaction.
};

// Forgets inbox rows that are too old to matter, so that the table is bounded
// by the traffic of `keep`.
class InboxPruner {
 public:
  InboxPruner(InboxPrunerOptions options, base::Transactor& transactor,
              base::Clock& clock, Warn warn);

  // Prunes now and every interval until `stop`.
  void Run(std::stop_token stop);

  // Prunes what is old now; says how many rows went.
  absl::StatusOr<std::int64_t> Prune();

 private:
  const InboxPrunerOptions options_;
  base::Transactor& transactor_;
  base::Clock& clock_;
  const Warn warn_;
};

}  // namespace evalloop::delivery

#endif  // EVALLOOP_PLATFORM_DELIVERY_INBOX_PRUNER_H_
