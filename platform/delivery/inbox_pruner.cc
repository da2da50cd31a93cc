#include "platform/delivery/inbox_pruner.h"

#include <fmt/format.h>

#include <utility>

#include "platform/base/sleep.h"
#include "platform/postgres/delivery_tables.h"

namespace evalloop::delivery {

InboxPruner::InboxPruner(InboxPrunerOptions options,
                         base::Transactor& transactor, base::Clock& clock,
                         Warn warn)
    : options_(options),
      transactor_(transactor),
      clock_(clock),
      warn_(std::move(warn)) {}

void InboxPruner::Run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (const auto pruned = Prune(); !pruned.ok()) {
      warn_(fmt::format("inbox: {}", pruned.status().ToString()));
    }
    base::SleepUnlessStopped(stop, options_.interval);
  }
}

absl::StatusOr<std::int64_t> InboxPruner::Prune() {
  const absl::Time cutoff = clock_.Now() - options_.keep;
  std::int64_t total = 0;
  while (true) {
    std::int64_t pruned = 0;
    const auto status = transactor_.Run([&](base::UnitOfWork& work) {
      auto deleted = postgres::PruneInbox(work, cutoff, options_.batch);
      pruned = deleted.value_or(0);
      return deleted.status();
    });
    if (!status.ok()) return status;
    total += pruned;
    if (pruned < options_.batch) return total;
  }
}

}  // namespace evalloop::delivery
