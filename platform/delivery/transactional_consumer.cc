#include "platform/delivery/transactional_consumer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "platform/base/backoff.h"
#include "platform/base/sleep.h"
#include "platform/delivery/batch_size.h"
#include "platform/postgres/delivery_tables.h"

namespace evalloop::delivery {
namespace {

constexpr std::size_t kMaxEventIdBytes = 256;
constexpr std::chrono::seconds kClusterIdTimeout{5};

// Only the record itself can be at fault here, so no retry can help.
bool IsPoison(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsOutOfRange(status);
}

// An id that the inbox can hold and find again.
bool IsUsable(std::string_view id) {
  return !id.empty() && id.size() <= kMaxEventIdBytes &&
         std::all_of(id.begin(), id.end(),
                     [](char byte) { return byte > ' ' && byte <= '~'; });
}

kafka::TopicPartition PartitionOf(const kafka::Record& record) {
  return {record.topic, record.partition};
}

using Steady = std::chrono::steady_clock;

std::map<kafka::TopicPartition, std::int64_t> NextOffsets(
    std::span<const kafka::Record* const> batch) {
  std::map<kafka::TopicPartition, std::int64_t> next;
  for (const auto* record : batch) {
    next[PartitionOf(*record)] = record->offset + 1;
  }
  return next;
}

}  // namespace

TransactionalConsumer::TransactionalConsumer(
    TransactionalConsumerOptions options, base::Transactor& transactor,
    std::map<std::string, BatchHandler*> handlers, Warn warn)
    : options_(std::move(options)),
      transactor_(transactor),
      handlers_(std::move(handlers)),
      warn_(std::move(warn)) {}

absl::Status TransactionalConsumer::Run(std::stop_token stop,
                                        const ConsumerFactory& factory) {
  stop_ = stop;
  auto made = factory(*this);
  if (!made.ok()) return made.status();
  kafka::Consumer& consumer = **made;
  consumer_ = &consumer;
  base::Backoff backoff(options_.first_backoff, options_.max_backoff);
  BatchSize size(options_.first_batch, options_.max_batch);
  while (!stop_.stop_requested()) {
    const auto polled = consumer.PollBatch(size.now(), options_.poll_timeout);
    if (!polled.ok()) {
      ++counters_.retries;
      warn_(
          fmt::format("{}: {}", options_.consumer, polled.status().ToString()));
      base::SleepUnlessStopped(stop_, backoff.Next());
      continue;
    }
    backoff.Reset();
    counters_.backlog = static_cast<std::int64_t>(polled->size());
    std::vector<const kafka::Record*> batch;
    for (const auto& record : *polled) batch.push_back(&record);
    const auto begun = Steady::now();
    if (const auto done = HandleBatch(Owned(batch)); !done.empty()) {
      consumer.CommitHint(done);
    }
    size.Took(polled->size(), Steady::now() - begun);
  }
  consumer_ = nullptr;
  return absl::OkStatus();
}

std::vector<kafka::PartitionOffset> TransactionalConsumer::OnAssigned(
    std::span<const kafka::TopicPartition> partitions) {
  // In one order everywhere, so that two claimants can't deadlock.
  std::vector<kafka::TopicPartition> sorted(partitions.begin(),
                                            partitions.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<kafka::PartitionOffset> starts;
  std::map<kafka::TopicPartition, std::int64_t> epochs;
  const std::string cluster =
      consumer_ == nullptr ? "" : consumer_->ClusterId(kClusterIdTimeout);
  const bool claimed = UntilDone("claim", [&] {
    return transactor_.Run([&](base::UnitOfWork& work) {
      starts.clear();
      for (const auto& partition : sorted) {
        const auto claim =
            postgres::ClaimPartition(work, options_.consumer, partition.topic,
                                     partition.partition, cluster);
        if (!claim.ok()) return claim.status();
        epochs[partition] = claim->epoch;
        starts.push_back({partition, claim->next_offset});
      }
      return absl::OkStatus();
    });
  });
  if (!claimed) return {};
  epochs_ = std::move(epochs);
  return starts;
}

void TransactionalConsumer::OnRevoked(
    std::span<const kafka::TopicPartition> partitions) {
  for (const auto& partition : partitions) epochs_.erase(partition);
}

bool TransactionalConsumer::UntilDone(
    const std::string& what, const std::function<absl::Status()>& attempt) {
  base::Backoff backoff(options_.first_backoff, options_.max_backoff);
  while (!stop_.stop_requested()) {
    const absl::Status status = attempt();
    if (status.ok()) return true;
    ++counters_.retries;
    warn_(
        fmt::format("{}: {}: {}", options_.consumer, what, status.ToString()));
    base::SleepUnlessStopped(stop_, backoff.Next());
  }
  return false;
}

std::vector<const kafka::Record*> TransactionalConsumer::Owned(
    Batch batch) const {
  std::vector<const kafka::Record*> owned;
  for (const auto* record : batch) {
    if (epochs_.contains(PartitionOf(*record))) owned.push_back(record);
  }
  return owned;
}

std::vector<kafka::PartitionOffset> TransactionalConsumer::HandleBatch(
    std::vector<const kafka::Record*> batch) {
  bool poisoned = false;
  const bool done = UntilDone("handle", [&] {
    while (!batch.empty()) {
      const absl::Status status = HandleOnce(batch);
      if (fenced_.has_value()) {
        Forget(*fenced_);
        batch = Owned(batch);
        continue;
      }
      poisoned = at_fault_ && IsPoison(status);
      return poisoned ? absl::OkStatus() : status;
    }
    return absl::OkStatus();
  });
  if (!done) return {};
  if (poisoned) HandleOneByOne(batch);
  std::vector<kafka::PartitionOffset> next;
  if (stop_.stop_requested() && poisoned) return next;
  for (const auto& [partition, offset] : NextOffsets(batch)) {
    if (epochs_.contains(partition)) next.push_back({partition, offset});
  }
  return next;
}

void TransactionalConsumer::HandleOneByOne(Batch batch) {
  for (const kafka::Record* const& record : batch) {
    const bool done = UntilDone("handle one", [&] {
      if (!epochs_.contains(PartitionOf(*record))) return absl::OkStatus();
      const Batch one(&record, 1);
      absl::Status status = HandleOnce(one);
      if (at_fault_ && IsPoison(status)) status = SetAside(*record, status);
      if (!fenced_.has_value()) return status;
      Forget(*fenced_);
      return absl::OkStatus();
    });
    if (!done) return;  // Stopped: the rest is read again.
  }
}

absl::Status TransactionalConsumer::HandleOnce(Batch batch) {
  fenced_.reset();
  at_fault_ = false;
  std::int64_t fresh = 0;
  const absl::Status status = transactor_.Run([&](base::UnitOfWork& work) {
    at_fault_ = false;
    fresh = 0;
    return Apply(work, batch, fresh);
  });
  if (status.ok()) {
    counters_.handled += fresh;
    counters_.duplicates += static_cast<std::int64_t>(batch.size()) - fresh;
  }
  return status;
}

absl::Status TransactionalConsumer::Apply(base::UnitOfWork& work, Batch batch,
                                          std::int64_t& fresh_count) {
  std::vector<std::string> ids;
  for (const auto* record : batch) {
    ids.push_back(record->event_id());
    if (!IsUsable(ids.back())) {
      at_fault_ = true;
      return absl::InvalidArgumentError("header ce_id is not a usable id");
    }
  }
  // First, as it locks the partitions' rows: a new claimant waits for this
  // transaction, a fenced one does no work.
  if (auto status = AdvanceAll(work, batch); !status.ok()) return status;
  const auto fresh = postgres::MarkReceived(work, options_.consumer, ids);
  if (!fresh.ok()) return fresh.status();

  std::map<std::string_view, std::vector<const kafka::Record*>> by_topic;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!(*fresh)[i]) continue;
    by_topic[batch[i]->topic].push_back(batch[i]);
    ++fresh_count;
  }
  for (const auto& [topic, records] : by_topic) {
    const auto handler = handlers_.find(std::string(topic));
    if (handler == handlers_.end()) continue;  // Not subscribed to.
    auto status = handler->second->Handle(work, records);
    if (!status.ok()) {
      at_fault_ = true;
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status TransactionalConsumer::AdvanceAll(base::UnitOfWork& work,
                                               Batch batch) {
  std::vector<postgres::Advance> offsets;
  for (const auto& [partition, next] : NextOffsets(batch)) {
    offsets.push_back({.topic = partition.topic,
                       .partition = partition.partition,
                       .epoch = epochs_.at(partition),
                       .next_offset = next});
  }
  const auto lost = postgres::AdvanceOffsets(work, options_.consumer, offsets);
  if (!lost.ok()) return lost.status();
  if (!lost->has_value()) return absl::OkStatus();
  const postgres::Advance& one = offsets[**lost];
  fenced_ = {one.topic, one.partition};
  return absl::FailedPreconditionError(
      fmt::format("{}/{} was claimed by another {} after epoch {}", one.topic,
                  one.partition, options_.consumer, one.epoch));
}

absl::Status TransactionalConsumer::SetAside(const kafka::Record& record,
                                             const absl::Status& why) {
  const kafka::Record* const one = &record;
  fenced_.reset();
  const absl::Status status = transactor_.Run([&](base::UnitOfWork& work) {
    if (auto advanced = AdvanceAll(work, {&one, 1}); !advanced.ok()) {
      return advanced;
    }
    return postgres::PutPoison(
        work, options_.consumer,
        {.event_id = record.event_id().substr(0, kMaxEventIdBytes),
         .topic = record.topic,
         .partition = record.partition,
         .offset = record.offset,
         .key = record.key,
         .payload = record.payload,
         .reason = why.ToString()});
  });
  if (!status.ok()) return status;
  ++counters_.poison;
  warn_(fmt::format("{}: {}/{}@{} went to poison: {}", options_.consumer,
                    record.topic, record.partition, record.offset,
                    why.ToString()));
  return status;
}

void TransactionalConsumer::Forget(const kafka::TopicPartition& partition) {
  ++counters_.fenced;
  epochs_.erase(partition);
  warn_(fmt::format("{}: {}/{} belongs to another process now",
                    options_.consumer, partition.topic, partition.partition));
}

}  // namespace evalloop::delivery
