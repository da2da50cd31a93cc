#ifndef EVALLOOP_PLATFORM_KAFKA_RECORD_H_
#define EVALLOOP_PLATFORM_KAFKA_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalloop::kafka {

// Header names that our records carry: CloudEvents' Kafka binary binding and
// W3C trace context.
inline constexpr std::string_view kEventIdHeader = "ce_id";
inline constexpr std::string_view kEventTypeHeader = "ce_type";
inline constexpr std::string_view kContentTypeHeader = "content-type";
inline constexpr std::string_view kTraceParentHeader = "traceparent";
inline constexpr std::string_view kProtobufContentType =
    "application/x-protobuf";

struct Header {
  std::string name = {};
  std::string value = {};
};

// A record as read from a partition.
struct Record {
  std::string topic = {};
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key = {};
  std::string payload = {};
  bool tombstone = false;  // A null payload: the key is deleted.
  std::vector<Header> headers = {};

  // The first header of that name.
  std::optional<std::string_view> header(std::string_view name) const;

  // Header ce_id, or "topic/partition/offset" for a record without one.
  std::string event_id() const;
};

// A record on its way to a topic; the key picks the partition.
struct OutgoingRecord {
  std::string topic = {};
  std::string key = {};
  std::string payload = {};
  bool tombstone = false;
  std::vector<Header> headers = {};
};

}  // namespace evalloop::kafka

#endif  // EVALLOOP_PLATFORM_KAFKA_RECORD_H_
