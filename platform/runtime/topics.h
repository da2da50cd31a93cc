#ifndef EVALLOOP_PLATFORM_RUNTIME_TOPICS_H_
#define EVALLOOP_PLATFORM_RUNTIME_TOPICS_H_

#include <string>
#include <string_view>
#include <vector>

#include "platform/kafka/topic_admin.h"

namespace evalloop::runtime {

// What has to be made of a table of topics: entries with `suffix` and
// `compacted`, e.g. protos/topics.h.
template <class Table>
std::vector<kafka::TopicSpec> SpecsOf(const Table& table,
                                      std::string_view prefix) {
  std::vector<kafka::TopicSpec> specs;
  for (const auto& topic : table) {
    specs.push_back(
        {.name = std::string(prefix) + "." + std::string(topic.suffix),
         .compacted = topic.compacted});
  }
  return specs;
}

}  // namespace evalloop::runtime

#endif  // EVALLOOP_PLATFORM_RUNTIME_TOPICS_H_
