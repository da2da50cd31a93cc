#ifndef EVALLOOP_SERVING_STREAM_LIBRARY_FEED_H_
#define EVALLOOP_SERVING_STREAM_LIBRARY_FEED_H_

#include "absl/status/status.h"
#include "platform/kafka/record.h"
#include "serving/domain/library.h"

namespace evalloop::serving {

// Puts a record of the topics prompt.revision, prompt.label or serving.model
// into `library`. A tombstone of a label or model takes it away; revisions are
// immutable and stay. InvalidArgument: not such a record; the library is as it
// was.
absl::Status ApplyToLibrary(const kafka::Record& record, Library& library);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STREAM_LIBRARY_FEED_H_
