#ifndef EVALLOOP_SERVING_DOMAIN_FEEDBACK_DESK_H_
#define EVALLOOP_SERVING_DOMAIN_FEEDBACK_DESK_H_

#include <cstddef>

#include "absl/status/status.h"
#include "platform/base/clock.h"
#include "serving/domain/completion.h"
#include "serving/domain/completion_ids.h"
#include "serving/domain/completion_log.h"

namespace evalloop::serving {

// Takes what editors tell of completions. Thread-safe.
class FeedbackDesk {
 public:
  static constexpr std::size_t kMaxText = std::size_t{64} << 10;  // Bytes.

  // All references outlive this object.
  FeedbackDesk(const CompletionIds& ids, CompletionLog& log, base::Clock& clock)
      : ids_(ids), log_(log), clock_(clock) {}

  // OK when `feedback` would be taken. NotFound: the id is forged or expired.
  // InvalidArgument: text over kMaxText, or elapsed_ms no possible time.
  absl::Status Check(const Feedback& feedback) const;

  // Checks, stamps the time, and makes it durable. The same feedback twice has
  // the effect of one. ResourceExhausted: no room.
  absl::Status Take(Feedback feedback);

 private:
  const CompletionIds& ids_;
  CompletionLog& log_;
  base::Clock& clock_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_FEEDBACK_DESK_H_
