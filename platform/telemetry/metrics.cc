#include "platform/telemetry/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <set>
#include <utility>

namespace evalloop::telemetry {

void Counter::Add(double amount) { counter_->Increment(amount); }
void Gauge::Set(double value) { gauge_->Set(value); }
void Gauge::Add(double amount) { gauge_->Increment(amount); }
void Histogram::Observe(double value) { histogram_->Observe(value); }

const std::vector<double>& DurationBuckets() {
  static const auto* const buckets = new std::vector<double>{
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
      0.5,   1,      2.5,   5,    10,    30,   60};
  return *buckets;
}

class Registry::Impl {
 public:
  // Bounds the label sets of one name.
  Labels Bounded(std::string_view name, const Labels& labels) {
    std::lock_guard lock(mu_);
    auto& known = label_sets_[std::string(name)];
    if (known.contains(labels)) return labels;
    if (known.size() < kMaxLabelSets) {
      known.insert(labels);
      return labels;
    }
    Labels other = labels;
    for (auto& [label, value] : other) value = "other";
    return other;
  }

  void AddHook(std::function<void()> hook) {
    std::lock_guard lock(mu_);
    hooks_.push_back(std::move(hook));
  }

  std::string Serialize() {
    std::vector<std::function<void()>> hooks;
    {
      std::lock_guard lock(mu_);
      hooks = hooks_;
    }
    for (const auto& hook : hooks) hook();
    return prometheus::TextSerializer().Serialize(registry_.Collect());
  }

  prometheus::Registry& registry() { return registry_; }

 private:
  // A family asked for twice is the same one.
  prometheus::Registry registry_{prometheus::Registry::InsertBehavior::Merge};
  std::mutex mu_;
  std::map<std::string, std::set<Labels>> label_sets_;
  std::vector<std::function<void()>> hooks_;
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

Counter Registry::GetCounter(std::string_view name, std::string_view help,
                             const Labels& labels) {
  return Counter(&prometheus::BuildCounter()
                      .Name(std::string(name))
                      .Help(std::string(help))
                      .Register(impl_->registry())
                      .Add(impl_->Bounded(name, labels)));
}

Gauge Registry::GetGauge(std::string_view name, std::string_view help,
                         const Labels& labels) {
  return Gauge(&prometheus::BuildGauge()
                    .Name(std::string(name))
                    .Help(std::string(help))
                    .Register(impl_->registry())
                    .Add(impl_->Bounded(name, labels)));
}

Histogram Registry::GetHistogram(std::string_view name, std::string_view help,
                                 const Labels& labels,
                                 const std::vector<double>& buckets) {
  return Histogram(&prometheus::BuildHistogram()
                        .Name(std::string(name))
                        .Help(std::string(help))
                        .Register(impl_->registry())
                        .Add(impl_->Bounded(name, labels), buckets));
}

void Registry::BeforeSerialize(std::function<void()> hook) {
  impl_->AddHook(std::move(hook));
}

std::string Registry::Serialize() { return impl_->Serialize(); }

}  // namespace evalloop::telemetry
