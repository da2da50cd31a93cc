#include "platform/kafka/record.h"

namespace evalloop::kafka {

std::optional<std::string_view> Record::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (header.name == name) return header.value;
  }
  return std::nullopt;
}

std::string Record::event_id() const {
  if (const auto id = header(kEventIdHeader)) return std::string(*id);
  return topic + "/" + std::to_string(partition) + "/" + std::to_string(offset);
}

}  // namespace evalloop::kafka
