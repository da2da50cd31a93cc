#include "scorer/stream/ask_criteria.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string_view>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "platform/base/reason.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Measure;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Answers that are judged at once: a judge waits, it does not compute.
constexpr std::size_t kAtOnce = 8;

JudgeQuestion QuestionOf(const CriteriaJudge& judge,
                         const v1::RunAnswered& answered,
                         const Candidate& candidate) {
  const v1::RunTask& task = answered.task();
  JudgeQuestion question;
  question.judged.rubric =
      "Each question is answered by yes (5) or no (1); what lies between is "
      "for "
      "answers that do it in part.";
  for (int i = 0; i < task.criteria_size(); ++i) {
    question.judged.criteria.push_back(
        {fmt::format("criterion_{}", i + 1), task.criteria(i)});
  }
  question.judged.language = task.location().language();
  question.judged.text = std::string(candidate.text);
  question.judged.prefix = task.prefix();
  question.judged.suffix = task.suffix();
  question.judge_model = judge.model;
  question.candidate_model = task.revision().content().model().name();
  question.votes = judge.votes;
  question.within = judge.within;
  return question;
}

Measure Ask(const CriteriaJudge& judge, const v1::RunAnswered& answered,
            const Candidate& candidate) {
  const auto verdict = judge.judge->Ask(QuestionOf(judge, answered, candidate));
  if (!verdict.ok()) {
    const std::string reason = base::ReasonOf(verdict.status()).value_or("");
    if (reason == "JUDGE_SAME_FAMILY" || reason == "JUDGE_FAMILY_UNKNOWN") {
      return Measure::Missing("judge_same_family");
    }
    return Measure::Missing("judge_unavailable");
  }
  if (!verdict->estimate.has_value()) return Measure::Missing("judge_invalid");
  return Measure::Of(verdict->estimate->value);
}

}  // namespace

void AskCriteria(const CriteriaJudge& judge,
                 std::span<const std::unique_ptr<ScoredEvent>> batch) {
  std::vector<ScoredEvent*> asked;
  for (const auto& scored : batch) {
    if (!scored->candidate.has_value() || !scored->event->has_run_answered() ||
        scored->event->run_answered().task().criteria().empty()) {
      continue;
    }
    scored->candidate->criteria_met =
        Measure::Missing(judge.judge == nullptr ? "no_judge" : "judge_late");
    asked.push_back(scored.get());
  }
  if (judge.judge == nullptr || asked.empty()) return;
  const auto end = steady_clock::now() + judge.batch_within;
  std::atomic<std::size_t> next{0};
  const auto ask_some = [&] {
    while (true) {
      const std::size_t i = next.fetch_add(1);
      if (i >= asked.size() || steady_clock::now() >= end) return;
      Candidate& candidate = *asked[i]->candidate;
      candidate.criteria_met =
          Ask(judge, asked[i]->event->run_answered(), candidate);
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(kAtOnce, asked.size()); ++i) {
    others.emplace_back(ask_some);
  }
  ask_some();
}

}  // namespace evalloop::scorer
