#ifndef EVALLOOP_PLATFORM_KAFKA_RDKAFKA_SUPPORT_H_
#define EVALLOOP_PLATFORM_KAFKA_RDKAFKA_SUPPORT_H_

#include <librdkafka/rdkafka.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/kafka/record.h"

// What the librdkafka adapters share. Included by .cc files of this folder
// only.
namespace evalloop::kafka {

template <auto Destroy>
struct Destroyer {
  template <typename T>
  void operator()(T* object) const {
    Destroy(object);
  }
};

using ConfPtr =
    std::unique_ptr<rd_kafka_conf_t, Destroyer<rd_kafka_conf_destroy>>;
using ClientPtr = std::unique_ptr<rd_kafka_t, Destroyer<rd_kafka_destroy>>;
using MessagePtr =
    std::unique_ptr<rd_kafka_message_t, Destroyer<rd_kafka_message_destroy>>;
using PartitionsPtr =
    std::unique_ptr<rd_kafka_topic_partition_list_t,
                    Destroyer<rd_kafka_topic_partition_list_destroy>>;

// InvalidArgument for what no resend can help (a record too large, a bad topic
// name), Unavailable for all else.
absl::Status ToStatus(rd_kafka_resp_err_t error, std::string_view what);

// A configuration of `settings` on top of what every client of ours wants.
// InvalidArgument when librdkafka refuses one.
absl::StatusOr<ConfPtr> MakeConf(
    std::initializer_list<std::pair<const char*, std::string>> settings);

absl::StatusOr<ClientPtr> MakeClient(rd_kafka_type_t type, ConfPtr conf);

// Copies a consumed message.
Record ToRecord(const rd_kafka_message_t& message);

}  // namespace evalloop::kafka

#endif  // EVALLOOP_PLATFORM_KAFKA_RDKAFKA_SUPPORT_H_
