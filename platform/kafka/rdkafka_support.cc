#include "platform/kafka/rdkafka_support.h"

#include <fmt/format.h>

#include <array>

#include "platform/base/text.h"

namespace evalloop::kafka {
namespace {

constexpr std::size_t kErrorBytes = 512;

}  // namespace

absl::Status ToStatus(rd_kafka_resp_err_t error, std::string_view what) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  const std::string message =
      fmt::format("{}: {}", what, rd_kafka_err2str(error));
  switch (error) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
      return absl::InvalidArgumentError(message);
    default:
      return absl::UnavailableError(message);
  }
}

absl::StatusOr<ConfPtr> MakeConf(
    std::initializer_list<std::pair<const char*, std::string>> settings) {
  ConfPtr conf(rd_kafka_conf_new());
  std::array<char, kErrorBytes> error;
  const auto set = [&](const char* name, const std::string& value) {
    if (rd_kafka_conf_set(conf.get(), name, value.c_str(), error.data(),
                          error.size()) == RD_KAFKA_CONF_OK) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(error.data());
  };
  // Errors reach the caller as statuses; librdkafka's own lines on stderr would
  // break the log's format. Reconnects soon: a broker's restart takes seconds.
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, std::string>>{
           {"log_level", "2"},
           {"socket.nagle.disable", "true"},
           {"socket.keepalive.enable", "true"},
           {"reconnect.backoff.ms", "50"},
           {"reconnect.backoff.max.ms", "1000"},
           {"topic.metadata.refresh.interval.ms", "5000"}}) {
    if (auto status = set(name, value); !status.ok()) return status;
  }
  for (const auto& [name, value] : settings) {
    if (auto status = set(name, value); !status.ok()) return status;
  }
  return conf;
}

absl::StatusOr<ClientPtr> MakeClient(rd_kafka_type_t type, ConfPtr conf) {
  std::array<char, kErrorBytes> error;
  rd_kafka_t* const client =
      rd_kafka_new(type, conf.get(), error.data(), error.size());
  if (client == nullptr) return absl::InvalidArgumentError(error.data());
  conf.release();  // The client owns it now.
  return ClientPtr(client);
}

Record ToRecord(const rd_kafka_message_t& message) {
  Record record;
  record.topic = rd_kafka_topic_name(message.rkt);
  record.partition = message.partition;
  record.offset = message.offset;
  if (message.key != nullptr) {
    record.key.assign(static_cast<const char*>(message.key), message.key_len);
  }
  record.tombstone = message.payload == nullptr;
  if (message.payload != nullptr) {
    record.payload.assign(static_cast<const char*>(message.payload),
                          message.len);
  }
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) !=
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    return record;
  }
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) ==
       RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    record.headers.push_back(
        {name, std::string(static_cast<const char*>(value), size)});
  }
  return record;
}

}  // namespace evalloop::kafka
