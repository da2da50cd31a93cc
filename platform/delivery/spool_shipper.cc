#include "platform/delivery/spool_shipper.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "platform/base/backoff.h"
#include "platform/base/sleep.h"
#include "platform/delivery/event_record.h"

namespace evalloop::delivery {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// An entry is a format byte and four strings, each after its length as a
// little-endian u32.
constexpr char kFormat = 1;
constexpr std::size_t kLength = 4;

void AppendPart(std::string& out, std::string_view part) {
  const auto length = static_cast<std::uint32_t>(part.size());
  std::array<char, kLength> bytes;
  std::memcpy(bytes.data(), &length, kLength);
  out.append(bytes.data(), kLength).append(part);
}

bool TakePart(std::string_view& rest, std::string& part) {
  if (rest.size() < kLength) return false;
  std::uint32_t length = 0;
  std::memcpy(&length, rest.data(), kLength);
  rest.remove_prefix(kLength);
  if (rest.size() < length) return false;
  part = rest.substr(0, length);
  rest.remove_prefix(length);
  return true;
}

}  // namespace

std::string EncodeEvent(const base::OutgoingEvent& event) {
  std::string entry(1, kFormat);
  for (const std::string* part :
       {&event.event_id, &event.topic, &event.key, &event.payload}) {
    AppendPart(entry, *part);
  }
  return entry;
}

std::optional<base::OutgoingEvent> DecodeEvent(std::string_view entry) {
  if (entry.empty() || entry.front() != kFormat) return std::nullopt;
  entry.remove_prefix(1);
  base::OutgoingEvent event;
  for (std::string* part :
       {&event.event_id, &event.topic, &event.key, &event.payload}) {
    if (!TakePart(entry, *part)) return std::nullopt;
  }
  if (!entry.empty()) return std::nullopt;
  return event;
}

absl::Status AppendEvent(base::Spool& spool, const base::OutgoingEvent& event) {
  return spool.Append(EncodeEvent(event));
}

SpoolShipper::SpoolShipper(SpoolShipperOptions options, base::Spool& spool,
                           kafka::Producer& producer, Warn warn)
    : options_(options),
      spool_(spool),
      producer_(producer),
      warn_(std::move(warn)) {}

void SpoolShipper::Run(std::stop_token stop, milliseconds drain) {
  base::Backoff backoff(options_.first_backoff, options_.max_backoff);
  while (!stop.stop_requested()) {
    if (!spool_.WaitForEntries(stop, options_.poll_interval)) continue;
    if (ShipBatch(options_.send_timeout, stop)) {
      backoff.Reset();
    } else {
      base::SleepUnlessStopped(stop, backoff.Next());
    }
  }
  const auto deadline = Steady::now() + drain;
  while (spool_.WaitForEntries({}, milliseconds(0))) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(deadline - Steady::now());
    if (left <= milliseconds(0) || !ShipBatch(left, {})) return;
  }
}

bool SpoolShipper::ShipBatch(milliseconds timeout, std::stop_token stop) {
  const auto entries =
      spool_.Read(options_.max_batch, options_.max_batch_bytes);
  if (!entries.ok()) {
    warn_(fmt::format("spool: {}", entries.status().ToString()));
    return false;
  }
  counters_.backlog = static_cast<std::int64_t>(entries->size());
  if (entries->empty()) return true;

  std::vector<kafka::OutgoingRecord> records;
  std::vector<std::uint64_t> ends;  // Of the entries, parallel to `records`.
  for (const auto& entry : *entries) {
    auto event = DecodeEvent(entry.bytes);
    if (!event.has_value()) {
      ++counters_.poison;
      warn_("spool: skipped an entry that is no event");
      continue;
    }
    records.push_back(ToRecord(*std::move(event)));
    ends.push_back(entry.end);
  }
  const auto statuses = producer_.Send(records, timeout, stop);
  std::uint64_t done = entries->back().end;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    if (statuses[i].ok()) {
      ++counters_.handled;
    } else if (absl::IsInvalidArgument(statuses[i])) {
      // Kafka will never take it, and it must not hold up all others.
      ++counters_.poison;
      warn_(fmt::format("spool: dropped an event of {} bytes for {}: {}",
                        records[i].payload.size(), records[i].topic,
                        statuses[i].ToString()));
    } else {
      ++counters_.retries;
      warn_(fmt::format("spool: {} not shipped yet: {}", records[i].topic,
                        statuses[i].ToString()));
      // From here all is sent again, in order; consumers dedupe.
      done = i == 0 ? 0 : ends[i - 1];
      break;
    }
  }
  const auto acknowledged = spool_.Acknowledge(done);
  if (!acknowledged.ok()) {
    warn_(fmt::format("spool: {}", acknowledged.ToString()));
  }
  if (done == entries->back().end) return acknowledged.ok();
  spool_.Rewind();
  return false;
}

}  // namespace evalloop::delivery
