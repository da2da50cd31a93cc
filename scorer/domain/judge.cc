#include "scorer/domain/judge.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include "fmt/format.h"
#include "platform/base/crypto.h"
#include "platform/base/reason.h"

namespace evalloop::scorer {
namespace {

constexpr std::uint32_t kDefaultVotes = 5;
constexpr std::uint32_t kMaxVotes = 15;
constexpr std::size_t kMaxModelName = 64;

// Student's t at .975 by degrees of freedom, from 1.
constexpr std::array<double, kMaxVotes - 1> kStudent = {
    12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836,
    2.446911851,  2.364624252, 2.306004135, 2.262157163, 2.228138852,
    2.200985160,  2.178812830, 2.160368656, 2.144786688};

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds Left(Clock::time_point end) {
  return std::max(
      std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()),
      std::chrono::milliseconds(0));
}

absl::Status CheckModelName(std::string_view name, std::string_view field) {
  const auto usable = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ||
           c == '_' || c == '-';
  };
  if (name.empty() || name.size() > kMaxModelName ||
      !std::all_of(name.begin(), name.end(), usable)) {
    return base::FieldError(field, name.empty() ? "missing" : "is no model",
                            "name a registered model");
  }
  return absl::OkStatus();
}

std::string Folded(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    folded.push_back(
        static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  return folded;
}

absl::Status Refuse(std::string_view reason, std::string_view words,
                    std::string_view family) {
  return base::WithReason(absl::FailedPreconditionError(std::string(words)),
                          reason, {{"family", std::string(family)}});
}

double ValueOf(const JudgeAnswer& answer) {
  double sum = 0;
  for (const int grade : answer.grades) sum += (grade - 1) / 4.0;
  return sum / static_cast<double>(answer.grades.size());
}

JudgeVote VoteOf(const KeptVote& kept, bool cached) {
  JudgeVote vote;
  vote.answer = kept.answer;
  vote.reason = kept.reason;
  vote.cached = cached;
  if (kept.answer.has_value()) vote.value = ValueOf(*kept.answer);
  return vote;
}

void Summarise(JudgeVerdict& verdict) {
  std::vector<double> values;
  for (const JudgeVote& vote : verdict.votes) {
    if (vote.value.has_value()) values.push_back(*vote.value);
  }
  if (values.empty()) return;
  if (2 * values.size() >= verdict.votes.size()) {
    verdict.estimate = MeanWithInterval(values);
  }
  if (values.size() < 2) return;
  const double mean = MeanWithInterval(values).value;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  verdict.variance = squares / static_cast<double>(values.size() - 1);
}

}  // namespace

base::Estimate MeanWithInterval(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value;
  mean /= count;
  if (values.size() < 2) return {mean, mean, mean};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const std::size_t freedom = std::min(values.size() - 1, kStudent.size());
  const double half =
      kStudent[freedom - 1] * std::sqrt(squares / (count - 1) / count);
  return {mean, std::max(mean - half, 0.0), std::min(mean + half, 1.0)};
}

absl::StatusOr<JudgeModel> Judge::CheckFamilies(const JudgeQuestion& question) {
  const auto end = Clock::now() + question.within;
  auto judge = models_.Find(question.judge_model, Left(end));
  if (!judge.ok()) return base::WithField(judge.status(), "judge_model");
  auto author = models_.Find(question.candidate_model, Left(end));
  if (!author.ok()) return base::WithField(author.status(), "candidate_model");
  for (const JudgeModel* const model : {&*judge, &*author}) {
    if (model->family.empty()) {
      return Refuse("JUDGE_FAMILY_UNKNOWN",
                    fmt::format("nobody told the family of {}: register it "
                                "with one",
                                model->name),
                    "");
    }
  }
  if (Folded(judge->family) == Folded(author->family)) {
    return Refuse(
        "JUDGE_SAME_FAMILY",
        fmt::format("{} and {} are both of family {}: a model favours "
                    "its like, name a judge of another family",
                    judge->name, author->name, judge->family),
        judge->family);
  }
  return judge;
}

absl::StatusOr<JudgeVerdict> Judge::Ask(const JudgeQuestion& question) {
  const auto end = Clock::now() + question.within;
  for (const auto& [name, field] :
       {std::pair(&question.judge_model, "judge_model"),
        std::pair(&question.candidate_model, "candidate_model")}) {
    const auto status = CheckModelName(*name, field);
    if (!status.ok()) return status;
  }
  if (question.votes > kMaxVotes) {
    return base::FieldError("votes", fmt::format("{}", question.votes),
                            fmt::format("at most {}", kMaxVotes));
  }
  if (auto status = CheckJudgeCase(question.judged); !status.ok()) {
    return status;
  }
  auto model = CheckFamilies(question);
  if (!model.ok()) return model.status();

  JudgeVerdict verdict;
  verdict.model = *std::move(model);
  verdict.votes.resize(question.votes == 0 ? kDefaultVotes : question.votes);
  const std::string digest = DigestOf(question.judged);
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < verdict.votes.size(); ++i) {
    keys.push_back(base::Sha256Hex(fmt::format("{}\n{}\n{}\n{}", digest,
                                               verdict.model.name,
                                               verdict.model.snapshot, i)));
  }
  const auto kept = cache_.Find(keys);
  if (!kept.ok()) return kept.status();
  std::vector<std::uint32_t> seeds;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (const auto at = kept->find(keys[i]); at != kept->end()) {
      verdict.votes[i] = VoteOf(at->second, /*cached=*/true);
    } else {
      seeds.push_back(static_cast<std::uint32_t>(i));
    }
  }
  if (!seeds.empty()) {
    const JudgeSecrets secrets = JudgeSecrets::Random();
    const auto answers = models_.Ask(
        verdict.model.name, ComposeJudgePrompt(question.judged, secrets),
        question.judged.criteria, secrets.check, seeds, Left(end));
    std::map<std::string, KeptVote> fresh;
    absl::Status failure;
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      JudgeVote& vote = verdict.votes[seeds[i]];
      if (!answers[i].ok() &&
          answers[i].status().code() != absl::StatusCode::kInvalidArgument) {
        failure = answers[i].status();
        vote.failed = true;
        vote.reason = std::string(failure.message());
        continue;
      }
      KeptVote one;
      if (answers[i].ok()) {
        one.answer = *answers[i];
      } else {
        one.reason = std::string(answers[i].status().message());
      }
      vote = VoteOf(one, /*cached=*/false);
      fresh.emplace(keys[seeds[i]], std::move(one));
    }
    if (fresh.empty() && seeds.size() == keys.size()) return failure;
    if (auto status = cache_.Keep(fresh); !status.ok()) return status;
  }
  Summarise(verdict);
  return verdict;
}

}  // namespace evalloop::scorer
