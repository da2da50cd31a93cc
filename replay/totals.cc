#include "replay/totals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace evalloop::replay {
namespace {

constexpr int kResamples = 2000;
constexpr double kLinesOfReport = 400;  // rejected_chars is per so many lines.

std::optional<Bounds> Interval(const std::vector<base::RatioTally>& commits,
                               std::uint64_t seed) {
  const auto estimate = base::BootstrapRatio(
      commits, {.resamples = kResamples,
                .seed = seed,
                .method = base::IntervalMethod::kPercentile});
  if (!estimate.ok()) return std::nullopt;
  return Bounds{estimate->low, estimate->high};
}

// Nearest rank.
std::optional<double> Percentile95(std::vector<float> values) {
  if (values.empty()) return std::nullopt;
  const auto rank = static_cast<std::size_t>(
      std::ceil(0.95 * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

std::optional<double> Share(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::string Number(const std::optional<double>& value) {
  return value.has_value() ? fmt::format("{}", *value) : "null";
}

std::string Pair(const std::optional<Bounds>& bounds) {
  return bounds.has_value() ? fmt::format("[{},{}]", bounds->low, bounds->high)
                            : "null";
}

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
  lines += other.lines;
  requests += other.requests;
  shown += other.shown;
  accepted += other.accepted;
  typed_characters += other.typed_characters;
  accepted_characters += other.accepted_characters;
  rejected_characters += other.rejected_characters;
  latencies_ms.insert(latencies_ms.end(), other.latencies_ms.begin(),
                      other.latencies_ms.end());
  return *this;
}

Totals Summarize(std::span<const Tally> commits, std::uint64_t seed) {
  Tally all;
  std::vector<base::RatioTally> acceptance;
  std::vector<base::RatioTally> completed;
  for (const Tally& commit : commits) {
    all += commit;
    acceptance.push_back({static_cast<double>(commit.accepted),
                          static_cast<double>(commit.shown)});
    completed.push_back({static_cast<double>(commit.accepted_characters),
                         static_cast<double>(commit.typed_characters +
                                             commit.accepted_characters)});
  }
  Totals totals;
  totals.lines = all.lines;
  totals.shown = all.shown;
  totals.accepted = all.accepted;
  totals.acceptance = Share(all.accepted, all.shown);
  totals.acceptance_ci = Interval(acceptance, seed);
  totals.completed_chars = Share(
      all.accepted_characters, all.typed_characters + all.accepted_characters);
  totals.completed_chars_ci = Interval(completed, seed);
  if (all.lines > 0) {
    totals.rejected_chars = static_cast<double>(all.rejected_characters) *
                            kLinesOfReport / static_cast<double>(all.lines);
  }
  totals.p95_ms = Percentile95(std::move(all.latencies_ms));
  return totals;
}

std::string ToJson(const Totals& totals) {
  return fmt::format(
      R"({{"lines":{},"shown":{},"accepted":{},"acceptance":{},)"
      R"("acceptance_ci":{},"completed_chars":{},"completed_chars_ci":{},)"
      R"("rejected_chars":{},"p95_ms":{}}})",
      totals.lines, totals.shown, totals.accepted, Number(totals.acceptance),
      Pair(totals.acceptance_ci), Number(totals.completed_chars),
      Pair(totals.completed_chars_ci), Number(totals.rejected_chars),
      Number(totals.p95_ms));
}

}  // namespace evalloop::replay
