#ifndef EVALLOOP_PLATFORM_RUNTIME_KEY_FEED_H_
#define EVALLOOP_PLATFORM_RUNTIME_KEY_FEED_H_

#include "absl/status/status.h"
#include "platform/access/keys.h"
#include "platform/kafka/record.h"

namespace evalloop::runtime {

// Puts a record of topic access.key into `ring`; a tombstone changes nothing.
// InvalidArgument: not such a record.
absl::Status ApplyToRing(const kafka::Record& record, access::KeyRing& ring);

}  // namespace evalloop::runtime

#endif  // EVALLOOP_PLATFORM_RUNTIME_KEY_FEED_H_
