#include "serving/domain/feedback_desk.h"

#include <cmath>
#include <utility>

#include "platform/base/reason.h"

namespace evalloop::serving {

absl::Status FeedbackDesk::Check(const Feedback& feedback) const {
  if (feedback.completion_id.empty()) {
    return base::FieldError("completion_id", "is required");
  }
  if (auto made = ids_.Check(feedback.completion_id); !made.ok()) {
    return made.status();
  }
  if (feedback.text && feedback.text->size() > kMaxText) {
    return base::FieldError("text", "is over 64 KiB",
                            "send what stands to the end of the line");
  }
  if (feedback.elapsed_ms &&
      !(std::isfinite(*feedback.elapsed_ms) && *feedback.elapsed_ms >= 0)) {
    return base::FieldError("elapsed_ms", "is no possible time");
  }
  return absl::OkStatus();
}

absl::Status FeedbackDesk::Take(Feedback feedback) {
  if (auto status = Check(feedback); !status.ok()) return status;
  feedback.give_time = clock_.Now();
  return log_.Given(feedback);
}

}  // namespace evalloop::serving
