#ifndef EVALLOOP_SERVING_DOMAIN_COMPLETION_LOG_H_
#define EVALLOOP_SERVING_DOMAIN_COMPLETION_LOG_H_

#include "absl/status/status.h"
#include "serving/domain/completion.h"

namespace evalloop::serving {

// Where completions and feedback are durable before anybody is answered; from
// there they reach Kafka and Postgres. What was appended survives a kill of the
// process. ResourceExhausted when there is no room. Thread-safe, takes
// microseconds.
class CompletionLog {
 public:
  virtual ~CompletionLog() = default;

  // A provider is about to be called; `intent.error` is kNoResult.
  virtual absl::Status Intended(const Completion& intent) = 0;
  // What came of it; replaces the intent.
  virtual absl::Status Served(const Completion& completion) = 0;
  virtual absl::Status Given(const Feedback& feedback) = 0;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_COMPLETION_LOG_H_
