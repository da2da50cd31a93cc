#ifndef EVALLOOP_PROTOS_TIMESTAMPS_H_
#define EVALLOOP_PROTOS_TIMESTAMPS_H_

#include <cstdint>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace evalloop::v1 {

// Times on the wire. Exact to the nanosecond, before 1970 too: seconds are
// rounded down, so nanos are never negative.
inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp message;
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  message.set_seconds(seconds);
  message.set_nanos(static_cast<std::int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return message;
}

inline absl::Time FromTimestamp(const google::protobuf::Timestamp& message) {
  return absl::FromUnixSeconds(message.seconds()) +
         absl::Nanoseconds(message.nanos());
}

}  // namespace evalloop::v1

#endif  // EVALLOOP_PROTOS_TIMESTAMPS_H_
