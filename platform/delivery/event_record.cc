#include "platform/delivery/event_record.h"

#include <string>
#include <utility>

namespace evalloop::delivery {

kafka::OutgoingRecord ToRecord(base::OutgoingEvent event) {
  kafka::OutgoingRecord record;
  record.headers = {
      {std::string(kafka::kContentTypeHeader),
       std::string(kafka::kProtobufContentType)},
      {std::string(kafka::kEventIdHeader), std::move(event.event_id)},
      {std::string(kafka::kEventTypeHeader), event.topic}};
  record.topic = std::move(event.topic);
  record.key = std::move(event.key);
  record.payload = std::move(event.payload);
  return record;
}

}  // namespace evalloop::delivery
