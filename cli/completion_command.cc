#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/names.h"
#include "cli/scorer_peer.h"
#include "cli/serving_peer.h"
#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

std::string KindName(v1::FeedbackGiven::Kind kind) {
  std::string name = v1::FeedbackGiven::Kind_Name(kind).substr(5);
  for (char& c : name) c = static_cast<char>(std::tolower(c));
  return name;
}

std::string Text(const v1::GetCompletionResponse& completion,
                 const v1::GetScoreResponse* score) {
  const v1::CompletionServed& served = completion.completion();
  std::vector<std::vector<std::string>> rows = {
      {"completion", served.completion_id()},
      {"revision",
       served.prompt().empty()
           ? "none (the model itself)"
           : RevisionName(served.prompt(), served.revision_version())},
      {"model", fmt::format("{} {}", served.model(), served.model_snapshot())},
      {"at", fmt::format("{} {}:{}:{}", served.location().repository(),
                         served.location().path(), served.location().line(),
                         served.location().column())},
      {"served", TimeUtil::ToString(served.serve_time())},
      {"said", served.raw_text()},
      {"shown", served.shown()
                    ? served.shown_text()
                    : fmt::format("no ({})", served.hidden_reason())},
      {"took", fmt::format("{:.1f} ms", served.usage().total_ms())}};
  for (const v1::FeedbackGiven& feedback : completion.feedback()) {
    rows.push_back(
        {KindName(feedback.kind()),
         fmt::format("{} {}", TimeUtil::ToString(feedback.give_time()),
                     feedback.text())});
  }
  if (score == nullptr) {
    rows.push_back({"score", "none yet"});
    return Table(rows);
  }
  const v1::CandidateScore& scored = score->score().score();
  for (const v1::MetricValue& metric : scored.metrics()) {
    rows.push_back(
        {metric.metric(), metric.has_value()
                              ? fmt::format("{:.4f}", metric.value())
                              : fmt::format("- ({})", metric.reason())});
  }
  if (scored.has_composite()) {
    rows.push_back({"composite", fmt::format("{:.4f}", scored.composite())});
  }
  rows.push_back({"scorer", scored.scorer_digest()});
  return Table(rows);
}

}  // namespace

Outcome CompletionShow(Session& session, const std::string& completion_id) {
  v1::GetCompletionRequest request;
  request.set_completion_id(completion_id);
  const auto completion = Call(session.peers, &Serving::GetCompletion, request);
  if (!completion.ok()) return completion.status();
  v1::GetScoreRequest which;
  which.set_subject("completions/" + completion_id);
  const auto score = Call(session.peers, &Scores::GetScore, which);
  // A completion that nobody told us about is never scored.
  if (!score.ok() && score.status().code() != absl::StatusCode::kNotFound) {
    return score.status();
  }
  if (!session.terminal.json()) {
    session.terminal.Data(Text(*completion, score.ok() ? &*score : nullptr));
    return ExitCode::kPassed;
  }
  auto json = http::ParseJsonObject(ToJson(*completion, /*pretty=*/false));
  if (!json.ok()) return json.status();
  if (score.ok()) {
    const auto scored =
        http::ParseJsonObject(ToJson(score->score(), /*pretty=*/false));
    if (!scored.ok()) return scored.status();
    (*json)["score"] = *scored;
  } else {
    (*json)["score"] = nullptr;
  }
  session.terminal.Data(boost::json::serialize(*json));
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
