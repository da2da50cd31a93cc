#ifndef EVALLOOP_SCORER_DOMAIN_WRITE_SCORE_H_
#define EVALLOOP_SCORER_DOMAIN_WRITE_SCORE_H_

#include "scorer/domain/scoring.h"

namespace evalloop::scorer {

// Writes `score` into a message with the fields scorer_digest, metrics,
// composite, groups, failed and findings. A template, so that the answer to a
// question and the event say the same without the domain knowing either
// message.
template <typename Message>
void WriteScore(const ScoreSet& score, Message& message) {
  message.set_scorer_digest(score.scorer_digest);
  for (const MetricScore& one : score.metrics) {
    auto& metric = *message.add_metrics();
    metric.set_metric(one.metric);
    if (one.value.has_value()) metric.set_value(*one.value);
    metric.set_reason(one.reason);
  }
  if (score.composite.has_value()) message.set_composite(*score.composite);
  for (const GroupScore& one : score.groups) {
    auto& group = *message.add_groups();
    group.set_group(one.group);
    if (one.value.has_value()) group.set_value(*one.value);
  }
  for (const std::string& metric : score.failed) message.add_failed(metric);
  for (const Finding& one : score.findings) {
    auto& finding = *message.add_findings();
    finding.set_metric(one.metric);
    finding.set_rule(one.rule);
    finding.set_line(one.line);
  }
}

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_WRITE_SCORE_H_
