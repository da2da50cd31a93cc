#include "serving/metrics.h"

#include <string>
#include <vector>

namespace evalloop::serving {
namespace {

constexpr char kCompletions[] = "evalloop_serving_completions_total";
constexpr char kCompletionsHelp[] = "Completions by what became of them.";

// 50 us to 50 ms: what the gateway itself may take.
const std::vector<double>& OwnBuckets() {
  static const auto* const buckets = new std::vector<double>{
      0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05};
  return *buckets;
}

}  // namespace

LiveMetrics::LiveMetrics(telemetry::Registry& registry)
    : registry_(registry),
      shown_(registry.GetCounter(kCompletions, kCompletionsHelp,
                                 {{"outcome", "shown"}})),
      hidden_(registry.GetCounter(kCompletions, kCompletionsHelp,
                                  {{"outcome", "hidden"}})),
      late_(registry.GetCounter(kCompletions, kCompletionsHelp,
                                {{"outcome", "late"}})),
      total_(registry.GetHistogram(
          "evalloop_serving_completion_seconds",
          "From a completion's call of its provider to the whole answer.")),
      own_(registry.GetHistogram(
          "evalloop_serving_own_seconds",
          "What a completion took besides its provider's time.", {},
          OwnBuckets())) {}

void LiveMetrics::Completed(const Completion& completion,
                            const absl::Status& status,
                            std::chrono::nanoseconds own) {
  if (!status.ok()) {
    registry_
        .GetCounter(kCompletions, kCompletionsHelp,
                    {{"outcome", absl::StatusCodeToString(status.code())}})
        .Add();
    return;
  }
  if (completion.shown) {
    shown_.Add();
  } else if (completion.hidden_reason == kHiddenLate) {
    late_.Add();
  } else {
    hidden_.Add();
  }
  total_.Observe(completion.usage.total_ms / 1e3);
  own_.Observe(std::chrono::duration<double>(own).count());
}

}  // namespace evalloop::serving
