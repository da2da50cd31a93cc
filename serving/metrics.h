#ifndef EVALLOOP_SERVING_METRICS_H_
#define EVALLOOP_SERVING_METRICS_H_

#include <chrono>

#include "platform/telemetry/metrics.h"
#include "serving/domain/live_completions.h"

namespace evalloop::serving {

// LiveObserver as metrics: evalloop_serving_completions_total{outcome} (shown,
// hidden, late, or an error's code), evalloop_serving_completion_seconds (to
// the whole answer) and evalloop_serving_own_seconds (the provider's time left
// out).
class LiveMetrics final : public LiveObserver {
 public:
  explicit LiveMetrics(telemetry::Registry& registry);

  void Completed(const Completion& completion, const absl::Status& status,
                 std::chrono::nanoseconds own) override;

 private:
  telemetry::Registry& registry_;
  telemetry::Counter shown_;
  telemetry::Counter hidden_;
  telemetry::Counter late_;
  telemetry::Histogram total_;
  telemetry::Histogram own_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_METRICS_H_
