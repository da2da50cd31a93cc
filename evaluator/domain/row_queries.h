#ifndef EVALLOOP_EVALUATOR_DOMAIN_ROW_QUERIES_H_
#define EVALLOOP_EVALUATOR_DOMAIN_ROW_QUERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/domain/comparison.h"
#include "platform/listing/request.h"

namespace evalloop::evaluator {

// What rows can be grouped by; times are of the run's start, in UTC.
enum class Dimension {
  kModel,
  kPrompt,
  kRevision,   // prompt@version
  kBenchmark,  // name@version
  kRun,
  kRepository,
  kClass,
  kLanguage,
  kTag,  // A row counts for each tag of its item.
  kAuthor,
  kDay,      // 2026-11-30
  kWeek,     // 2026-W49, by ISO 8601
  kMonth,    // 2026-11
  kQuarter,  // 2026-Q4
};

enum class GroupOrder { kKeys, kRows, kCost, kMetric };

// A question over the rows of many runs that the database answers in groups.
struct AggregateQuestion {
  std::string filter;
  std::vector<Dimension> dimensions;
  std::vector<std::string> metrics;  // Empty: all.
  GroupOrder order = GroupOrder::kKeys;
  std::string order_metric;
  bool descending = false;
  std::size_t max_groups = 100;
};

// One metric of a group, summed up.
struct MetricTally {
  std::string metric;
  double numerator = 0;  // A mean is numerator by denominator.
  double denominator = 0;
  std::int64_t clusters = 0;  // Commits with a value.
  // Over commits, the squares of numerator - mean * denominator.
  double squares = 0;
  double p10 = 0;
  double p90 = 0;
  std::int64_t rows = 0;     // With a value.
  std::int64_t missing = 0;  // Scored rows without one.
};

// The mean with its interval of 95 %: the standard error of a ratio, linearised
// over commits (Cochran 1977, 6.3; Miller 2024 for evaluations), and Student's
// t. No bounds under two commits, or where all of them are alike: no spread is
// no proof.
Estimate EstimateOf(const MetricTally& tally);

struct GroupTally {
  std::vector<std::string> keys;  // In the order of the question's dimensions.
  // Scores of two digests are never compared: each has groups of its own.
  std::string scorer_digest;
  std::int64_t rows = 0;  // Scored.
  std::int64_t items = 0;
  std::int64_t runs = 0;
  std::int64_t failed = 0;  // Kept from an answer by infrastructure.
  std::int64_t cost_micros = 0;
  std::vector<MetricTally> metrics;  // By name.
};

struct AggregateAnswer {
  std::vector<GroupTally> groups;
  bool truncated = false;  // There are more than max_groups.
};

// Runs of which one item has several values.
struct FlipQuestion {
  std::string prompt;
  std::uint32_t version = 0;
  std::string benchmark;
  std::uint32_t benchmark_version = 0;
  std::string metric;
};

// An item whose value was not always the same.
struct Flip {
  std::string item_id;
  ItemFacts facts;
  std::int64_t values = 0;
  double lowest = 0;
  double highest = 0;
  double mean = 0;
  // Of values of 0 and 1: how often one differs from the one before it in time,
  // in [0, 1]; else their standard deviation.
  double unsteadiness = 0;
};

// Two finished runs that may be compared.
struct AlikeRuns {
  std::string since;
  std::string until;
};

// Questions that only the database can answer without reading every row into
// memory. Thread-safe; errors as of the other stores.
class RowQueries {
 public:
  virtual ~RowQueries() = default;

  // Items in quarantine are left out; so are runs that are not finished and
  // runs of picked rows, unless the filter names run.state or run.subset.
  virtual absl::StatusOr<AggregateAnswer> Aggregate(
      const AggregateQuestion& question) = 0;
  // The newest finished run of a revision with a scored row, of the whole
  // benchmark or its smoke subset. An empty benchmark, or version 0: any.
  virtual absl::StatusOr<std::optional<std::string>> NewestRun(
      std::string_view prompt, std::uint32_t version,
      std::string_view benchmark, std::uint32_t benchmark_version) = 0;
  // The newest pair of such runs that are alike in all but the revision.
  virtual absl::StatusOr<std::optional<AlikeRuns>> NewestAlike(
      std::string_view prompt, std::uint32_t since, std::uint32_t until,
      std::string_view benchmark) = 0;
  // Over the finished runs that are alike the newest: the same mode, scorer
  // digest and index commit. The least steady first; without quarantine.
  virtual absl::StatusOr<listing::Page<Flip>> Flips(
      const FlipQuestion& question, const listing::Request& request) = 0;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_ROW_QUERIES_H_
