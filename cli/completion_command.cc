#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/names.h"
#include "cli/prompt_engine_peer.h"
#include "cli/scorer_peer.h"
#include "cli/serving_peer.h"
#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

using Rows = std::vector<std::vector<std::string>>;

std::string YesNo(bool yes) { return yes ? "yes" : "no"; }

// An enum's value without its prefix, in lower case.
std::string Lower(std::string name, std::size_t prefix) {
  name = name.substr(prefix);
  for (char& c : name) c = static_cast<char>(std::tolower(c));
  return name;
}

void AddCommitted(const v1::Outcome& outcome, Rows& rows) {
  if (!outcome.has_committed()) {
    rows.push_back(
        {"outcome", fmt::format("pending ({})", outcome.pending_reason())});
    return;
  }
  const v1::CommittedOutcome& committed = outcome.committed();
  rows.push_back(
      {"outcome",
       fmt::format("{} (similarity {:.4f})",
                   Lower(v1::CommittedOutcome::Kind_Name(committed.kind()), 5),
                   committed.similarity())});
  if (committed.commit().empty()) {
    rows.push_back({"committed", "nothing in that place in time"});
    return;
  }
  rows.push_back(
      {"committed", fmt::format("{} in {} at {}:{}", committed.text(),
                                committed.commit().substr(0, 12),
                                committed.path(), committed.line())});
  if (committed.has_alive_7_days()) {
    rows.push_back({"alive 7 days", YesNo(committed.alive_7_days())});
  }
  if (committed.has_alive_30_days()) {
    rows.push_back({"alive 30 days", YesNo(committed.alive_30_days())});
  }
}

void AddPlacement(const v1::Outcome& outcome, Rows& rows) {
  if (!outcome.has_placement()) {
    rows.push_back(
        {"placement", fmt::format("none ({})", outcome.placement_reason())});
    return;
  }
  const v1::Placement& placement = outcome.placement();
  rows.push_back(
      {"placement",
       fmt::format(
           "{} the median of {} variants, at least as good as "
           "{:.0f} % (centrality {:.4f}, median {:.4f})",
           placement.rank() == v1::Placement::RANK_LIKE
               ? "like"
               : Lower(v1::Placement::Rank_Name(placement.rank()), 5) + " than",
           placement.variants(), 100 * placement.at_least_as_good(),
           placement.centrality(), placement.median_centrality())});
}

void AddLiveScore(const v1::Outcome& outcome, Rows& rows) {
  if (!outcome.has_score()) {
    rows.push_back({"live score", "none (pending, or not sampled)"});
    return;
  }
  const v1::LiveScore& score = outcome.score();
  rows.push_back(
      {"live score", fmt::format("{} by {}",
                                 score.has_composite()
                                     ? fmt::format("{:.4f}", score.composite())
                                     : std::string("no composite"),
                                 score.scorer_digest().substr(0, 12))});
}

std::string Text(const v1::GetCompletionResponse& completion,
                 const v1::GetScoreResponse* score,
                 const v1::GetOutcomeResponse* outcome) {
  const v1::CompletionServed& served = completion.completion();
  Rows rows = {
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
        {Lower(v1::FeedbackGiven::Kind_Name(feedback.kind()), 5),
         fmt::format("{} {}", TimeUtil::ToString(feedback.give_time()),
                     feedback.text())});
  }
  if (outcome != nullptr) {
    AddCommitted(outcome->outcome(), rows);
    AddPlacement(outcome->outcome(), rows);
    AddLiveScore(outcome->outcome(), rows);
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
  v1::GetOutcomeRequest fate;
  fate.set_completion_id(completion_id);
  const auto outcome = Call(session.peers, &Prompts::GetOutcome, fate);
  // A moment after it was served prompt_engine has not heard of it.
  if (!outcome.ok() && outcome.status().code() != absl::StatusCode::kNotFound) {
    return outcome.status();
  }
  if (!session.terminal.json()) {
    session.terminal.Data(Text(*completion, score.ok() ? &*score : nullptr,
                               outcome.ok() ? &*outcome : nullptr));
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
  if (outcome.ok()) {
    const auto known =
        http::ParseJsonObject(ToJson(outcome->outcome(), /*pretty=*/false));
    if (!known.ok()) return known.status();
    (*json)["outcome"] = *known;
  } else {
    (*json)["outcome"] = nullptr;
  }
  session.terminal.Data(boost::json::serialize(*json));
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
