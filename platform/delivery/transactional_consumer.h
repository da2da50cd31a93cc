#ifndef EVALLOOP_PLATFORM_DELIVERY_TRANSACTIONAL_CONSUMER_H_
#define EVALLOOP_PLATFORM_DELIVERY_TRANSACTIONAL_CONSUMER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/unit_of_work.h"
#include "platform/delivery/observer.h"
#include "platform/kafka/consumer.h"

namespace evalloop::delivery {

// The effect of records, inside the transaction that also remembers them.
class BatchHandler {
 public:
  virtual ~BatchHandler() = default;

  // Does the effects of `fresh` (records of one topic, never seen before, in
  // order per partition) through `work` and nothing else: it may be called
  // again for the same records after a rollback. InvalidArgument or OutOfRange
  // means that a record is at fault; the batch is then handled one by one and
  // the guilty record set aside as poison. Any other error is retried in place
  // until it goes away.
  virtual absl::Status Handle(base::UnitOfWork& work,
                              std::span<const kafka::Record* const> fresh) = 0;
};

struct TransactionalConsumerOptions {
  std::string consumer = {};  // Names its offsets and inbox; also the group id.
  std::size_t max_batch = 500;
  // Batches begin with so many records, grow to max_batch while each takes a
  // fraction of a second, and shrink again where they take seconds: so little
  // is done again after a crash, and so late is an effect seen. 0: max_batch.
  std::size_t first_batch = 0;
  std::chrono::milliseconds poll_timeout{100};
  std::chrono::milliseconds first_backoff{50};
  std::chrono::milliseconds max_backoff{5'000};
};

// Makes the consumer whose rebalances go to the given listener.
using ConsumerFactory =
    std::function<absl::StatusOr<std::unique_ptr<kafka::Consumer>>(
        kafka::RebalanceListener&)>;

// At least once on the wire, effect exactly once: one SQL transaction holds the
// inbox rows, the handler's effects and the guarded offset. A partition's
// offset lives in SQL; a claim on assignment fences whoever had it before.
class TransactionalConsumer final : public kafka::RebalanceListener {
 public:
  // `handlers` by topic; all references outlive this object.
  TransactionalConsumer(TransactionalConsumerOptions options,
                        base::Transactor& transactor,
                        std::map<std::string, BatchHandler*> handlers,
                        Warn warn);

  // Polls and handles until `stop`; then returns OK without waiting for more
  // than the transaction at hand. An error only when `factory` fails.
  absl::Status Run(std::stop_token stop, const ConsumerFactory& factory);

  const Counters& counters() const { return counters_; }

  // kafka::RebalanceListener.
  std::vector<kafka::PartitionOffset> OnAssigned(
      std::span<const kafka::TopicPartition> partitions) override;
  void OnRevoked(std::span<const kafka::TopicPartition> partitions) override;

 private:
  using Batch = std::span<const kafka::Record* const>;

  std::vector<const kafka::Record*> Owned(Batch batch) const;
  // Returns when all of `batch` has its effect, is poison or is no longer
  // ours, with the offsets for the lag hint; or when stopped, without.
  std::vector<kafka::PartitionOffset> HandleBatch(
      std::vector<const kafka::Record*> batch);
  void HandleOneByOne(Batch batch);
  // One transaction. Sets at_fault_ and fenced_ when it fails.
  absl::Status HandleOnce(Batch batch);
  absl::Status Apply(base::UnitOfWork& work, Batch batch,
                     std::int64_t& fresh_count);
  absl::Status AdvanceAll(base::UnitOfWork& work, Batch batch);
  absl::Status SetAside(const kafka::Record& record, const absl::Status& why);
  void Forget(const kafka::TopicPartition& partition);
  // False when stopped before `attempt` answered OK.
  bool UntilDone(const std::string& what,
                 const std::function<absl::Status()>& attempt);

  const TransactionalConsumerOptions options_;
  base::Transactor& transactor_;
  const std::map<std::string, BatchHandler*> handlers_;
  const Warn warn_;
  Counters counters_;
  std::stop_token stop_;
  kafka::Consumer* consumer_ = nullptr;                   // While Run has one.
  std::map<kafka::TopicPartition, std::int64_t> epochs_;  // Those we own.
  bool at_fault_ = false;  // The last failure was the handler's word.
  std::optional<kafka::TopicPartition> fenced_;  // ... or this one's loss.
};

}  // namespace evalloop::delivery

#endif  // EVALLOOP_PLATFORM_DELIVERY_TRANSACTIONAL_CONSUMER_H_
