#ifndef EVALLOOP_PLATFORM_TELEMETRY_METRICS_H_
#define EVALLOOP_PLATFORM_TELEMETRY_METRICS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace evalloop::telemetry {

// Label name to value. Values must come from a small fixed set.
using Labels = std::map<std::string, std::string>;

// Handles are cheap to copy, thread-safe, and valid as long as their Registry.
// Keep them; looking one up takes a lock.
class Counter {
 public:
  explicit Counter(prometheus::Counter* counter) : counter_(counter) {}
  void Add(double amount = 1);  // amount >= 0

 private:
  prometheus::Counter* counter_;
};

class Gauge {
 public:
  explicit Gauge(prometheus::Gauge* gauge) : gauge_(gauge) {}
  void Set(double value);
  void Add(double amount);

 private:
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  explicit Histogram(prometheus::Histogram* histogram)
      : histogram_(histogram) {}
  void Observe(double value);

 private:
  prometheus::Histogram* histogram_;
};

// Upper bounds in seconds, 1 ms to 60 s.
const std::vector<double>& DurationBuckets();

// All metrics of one process. Made in main and passed by reference. Names are
// evalloop_<component>_<what>_<unit> (unit: seconds, bytes, total, or none for
// a count of things). Asking twice for the same name and labels gives the same
// metric. One name keeps to one kind and, for a histogram, to its first
// buckets. A name holds at most kMaxLabelSets label sets; beyond that every
// label value reads "other". Thread-safe.
class Registry {
 public:
  static constexpr int kMaxLabelSets = 200;

  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter GetCounter(std::string_view name, std::string_view help,
                     const Labels& labels = {});
  Gauge GetGauge(std::string_view name, std::string_view help,
                 const Labels& labels = {});
  Histogram GetHistogram(
      std::string_view name, std::string_view help, const Labels& labels = {},
      const std::vector<double>& buckets = DurationBuckets());

  // `hook` runs before each Serialize, on the caller's thread: set gauges that
  // are read from elsewhere (queue depths) there. It must not block, and what
  // it uses must live as long as the registry is serialised.
  void BeforeSerialize(std::function<void()> hook);

  // Everything in the Prometheus text format.
  std::string Serialize();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace evalloop::telemetry

#endif  // EVALLOOP_PLATFORM_TELEMETRY_METRICS_H_
