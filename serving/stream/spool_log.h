#ifndef EVALLOOP_SERVING_STREAM_SPOOL_LOG_H_
#define EVALLOOP_SERVING_STREAM_SPOOL_LOG_H_

#include <string>
#include <utility>

#include "platform/base/spool.h"
#include "serving/domain/completion_log.h"

namespace evalloop::serving {

// CompletionLog as events in the local spool, from where a SpoolShipper sends
// them to the two topics given (full names). Thread-safe.
class SpoolLog final : public CompletionLog {
 public:
  // `spool` outlives this object.
  SpoolLog(base::Spool& spool, std::string served_topic,
           std::string feedback_topic)
      : spool_(spool),
        served_topic_(std::move(served_topic)),
        feedback_topic_(std::move(feedback_topic)) {}

  absl::Status Intended(const Completion& intent) override;
  absl::Status Served(const Completion& completion) override;
  absl::Status Given(const Feedback& feedback) override;

 private:
  absl::Status Append(const Completion& completion, std::string event_id);

  base::Spool& spool_;
  const std::string served_topic_;
  const std::string feedback_topic_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STREAM_SPOOL_LOG_H_
