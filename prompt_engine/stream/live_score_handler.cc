#include "prompt_engine/stream/live_score_handler.h"

#include <vector>

#include "evalloop/v1/events.pb.h"
#include "protos/timestamps.h"

namespace evalloop::prompt_engine {
namespace {

LiveScore ScoreOf(const v1::ScoreRecorded& recorded) {
  LiveScore score;
  score.completion_id = recorded.completion_id();
  score.scorer_digest = recorded.scorer_digest();
  for (const v1::MetricValue& metric : recorded.metrics()) {
    ScoredMetric& one = score.metrics.emplace_back();
    one.metric = metric.metric();
    if (metric.has_value()) one.value = metric.value();
    one.reason = metric.reason();
  }
  if (recorded.has_composite()) score.composite = recorded.composite();
  score.score_time = v1::FromTimestamp(recorded.score_time());
  return score;
}

}  // namespace

absl::Status LiveScoreHandler::Handle(
    base::UnitOfWork& work, std::span<const kafka::Record* const> fresh) {
  std::vector<LiveScore> scores;
  for (const kafka::Record* record : fresh) {
    v1::Event event;
    if (!event.ParseFromString(record->payload) ||
        !event.has_score_recorded()) {
      return absl::InvalidArgumentError("not a score");
    }
    if (!event.subject().starts_with("outcomes/") ||
        event.score_recorded().completion_id().empty()) {
      continue;
    }
    scores.push_back(ScoreOf(event.score_recorded()));
  }
  return records_.PutScores(work, scores);
}

}  // namespace evalloop::prompt_engine
