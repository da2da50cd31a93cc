#include "evaluator/translate/translate.h"

namespace evalloop::evaluator {
namespace {

v1::MetricSummary ToProto(const MetricTally& tally) {
  return ToProto(MetricSummary{.metric = tally.metric,
                               .mean = EstimateOf(tally),
                               .p10 = tally.p10,
                               .p90 = tally.p90,
                               .rows = tally.rows,
                               .missing = tally.missing});
}

void AddKey(std::string_view dimension, const std::string& value,
            v1::RowGroup& group) {
  v1::GroupKey& key = *group.add_keys();
  key.set_dimension(std::string(dimension));
  key.set_value(value);
}

}  // namespace

v1::RowGroup ToProto(const GroupTally& group,
                     std::span<const std::string> dimensions) {
  v1::RowGroup out;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    AddKey(dimensions[i], group.keys[i], out);
  }
  AddKey("scorer_digest", group.scorer_digest, out);
  out.set_rows(static_cast<std::uint64_t>(group.rows));
  out.set_items(static_cast<std::uint64_t>(group.items));
  out.set_runs(static_cast<std::uint64_t>(group.runs));
  out.set_failed(static_cast<std::uint64_t>(group.failed));
  out.set_cost_micros(group.cost_micros);
  for (const MetricTally& metric : group.metrics) {
    *out.add_metrics() = ToProto(metric);
  }
  return out;
}

v1::Flip ToProto(const Flip& flip, const std::string& metric) {
  v1::Flip out;
  out.set_item_id(flip.item_id);
  out.mutable_location()->set_repository(flip.facts.repository);
  out.mutable_location()->set_path(flip.facts.path);
  out.mutable_location()->set_language(flip.facts.language);
  out.mutable_location()->set_commit(flip.facts.commit);
  out.mutable_location()->set_line(flip.facts.line);
  out.set_metric(metric);
  out.set_values(static_cast<std::uint32_t>(flip.values));
  out.set_lowest(flip.lowest);
  out.set_highest(flip.highest);
  out.set_mean(flip.mean);
  out.set_unsteadiness(flip.unsteadiness);
  return out;
}

}  // namespace evalloop::evaluator
