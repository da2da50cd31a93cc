#include "scorer/service/judge_call.h"

#include <algorithm>
#include <string>
#include <utility>

#include "platform/base/reason.h"

namespace evalloop::scorer {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kMost{120'000};
// Kept back, so that a verdict with failed votes still reaches the client.
constexpr milliseconds kReserve{50};

JudgeQuestion ReadQuestion(const v1::JudgeRequest& request) {
  JudgeQuestion question;
  const v1::Candidate& candidate = request.candidate();
  question.judged.rubric = request.rubric();
  question.judged.language = candidate.language();
  question.judged.text = candidate.text();
  question.judged.prefix = candidate.prefix();
  question.judged.suffix = candidate.suffix();
  question.judged.before = candidate.before();
  for (const v1::JudgeCriterion& criterion : request.criteria()) {
    question.judged.criteria.push_back(
        {criterion.name(), criterion.question()});
  }
  if (question.judged.criteria.empty()) {
    question.judged.criteria = DefaultCriteria();
  }
  question.judge_model = request.judge_model();
  question.candidate_model = request.candidate_model();
  question.votes = request.votes();
  return question;
}

void WriteVote(const JudgeVote& vote, const JudgeCase& judged,
               v1::JudgeVote& out) {
  if (vote.value.has_value()) out.set_value(*vote.value);
  out.set_reason(vote.reason);
  out.set_cached(vote.cached);
  if (!vote.answer.has_value()) return;
  out.set_rationale(vote.answer->rationale);
  for (std::size_t i = 0; i < vote.answer->grades.size(); ++i) {
    v1::MetricValue& criterion = *out.add_criteria();
    criterion.set_metric(judged.criteria.at(i).name);
    criterion.set_value((vote.answer->grades[i] - 1) / 4.0);
  }
}

}  // namespace

absl::Status AskJudge(Judge& judge, milliseconds within,
                      const v1::JudgeRequest& request,
                      v1::JudgeResponse& response) {
  if (!request.has_candidate()) {
    return base::FieldError("candidate", "missing");
  }
  JudgeQuestion question = ReadQuestion(request);
  question.within = std::min(within, kMost) - kReserve;
  const auto verdict = judge.Ask(question);
  if (!verdict.ok()) return verdict.status();
  response.set_model_snapshot(verdict->model.snapshot);
  std::uint32_t invalid = 0;
  std::uint32_t failed = 0;
  for (const JudgeVote& vote : verdict->votes) {
    WriteVote(vote, question.judged, *response.add_details());
    if (vote.value.has_value()) {
      response.add_votes(*vote.value);
    } else {
      ++(vote.failed ? failed : invalid);
    }
  }
  response.set_invalid_votes(invalid);
  response.set_failed_votes(failed);
  if (verdict->variance.has_value()) response.set_variance(*verdict->variance);
  if (verdict->estimate.has_value()) {
    v1::Estimate& out = *response.mutable_verdict();
    out.set_value(verdict->estimate->value);
    if (response.votes_size() > 1) {
      out.set_lower(verdict->estimate->low);
      out.set_upper(verdict->estimate->high);
    }
  }
  return absl::OkStatus();
}

}  // namespace evalloop::scorer
