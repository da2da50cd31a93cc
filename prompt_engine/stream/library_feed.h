#ifndef EVALLOOP_PROMPT_ENGINE_STREAM_LIBRARY_FEED_H_
#define EVALLOOP_PROMPT_ENGINE_STREAM_LIBRARY_FEED_H_

#include "absl/status/status.h"
#include "platform/kafka/record.h"
#include "prompt_engine/domain/revision_cache.h"

namespace evalloop::prompt_engine {

// Makes `cache` forget what a record of the topics prompt.revision or
// prompt.label says that some replica changed. Only the database says what is
// true, so nothing is taken from the record but the name. InvalidArgument: not
// such a record.
absl::Status ForgetChanged(const kafka::Record& record, RevisionCache& cache);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STREAM_LIBRARY_FEED_H_
