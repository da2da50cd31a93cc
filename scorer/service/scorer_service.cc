#include "scorer/service/scorer_service.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/rpc/handler.h"
#include "protos/timestamps.h"
#include "scorer/domain/metrics.h"
#include "scorer/domain/scoring.h"
#include "scorer/domain/write_score.h"
#include "scorer/service/calibration_call.h"
#include "scorer/service/judge_call.h"
#include "scorer/service/page_token.h"
#include "scorer/service/rubric_calls.h"

namespace evalloop::scorer {
namespace {

constexpr int kMaxBatch = 1000;
constexpr std::size_t kAtOnce = 64;
constexpr int kMaxReferences = 100;
constexpr std::uint32_t kDefaultPage = 50;
constexpr std::uint32_t kMaxPage = 1000;

using Metrics = std::vector<const Metric*>;

// `field` is where `candidate` stands in the request. The result has views of
// it.
absl::StatusOr<Candidate> ReadCandidate(const v1::Candidate& candidate,
                                        std::string_view field) {
  if (candidate.references_size() > kMaxReferences) {
    return base::FieldError(
        fmt::format("{}.references", field),
        fmt::format("{} of them", candidate.references_size()),
        fmt::format("send at most {}", kMaxReferences));
  }
  Candidate out{.text = candidate.text(),
                .language = code_analysis::ParseLanguage(candidate.language()),
                .prefix = candidate.prefix(),
                .suffix = candidate.suffix()};
  for (const std::string& reference : candidate.references()) {
    out.references.push_back(reference);
  }
  if (candidate.has_before()) out.before = candidate.before();
  return out;
}

absl::StatusOr<Metrics> ReadMetrics(
    const google::protobuf::RepeatedPtrField<std::string>& names) {
  const std::vector<std::string> wanted(names.begin(), names.end());
  return SelectMetrics(wanted);
}

absl::Status ScoreOne(const Scorer& scorer, CodeTools* tools,
                      const v1::ScoreRequest& request,
                      v1::ScoreResponse& response) {
  if (!request.has_candidate()) {
    return base::FieldError("candidate", "missing");
  }
  const auto candidate = ReadCandidate(request.candidate(), "candidate");
  if (!candidate.ok()) return candidate.status();
  const auto metrics = ReadMetrics(request.metrics());
  if (!metrics.ok()) return metrics.status();
  WriteScore(ScoreRows({&*candidate, 1}, *metrics, tools, scorer).front(),
             *response.mutable_score());
  return absl::OkStatus();
}

absl::Status ScoreMany(const Scorer& scorer, CodeTools* tools,
                       const v1::BatchScoreRequest& request,
                       v1::BatchScoreResponse& response,
                       const rpc::Call& call) {
  if (request.candidates_size() > kMaxBatch) {
    return base::FieldError(
        "candidates", fmt::format("{} of them", request.candidates_size()),
        fmt::format("send at most {}", kMaxBatch));
  }
  const auto metrics = ReadMetrics(request.metrics());
  if (!metrics.ok()) return metrics.status();
  std::vector<Candidate> candidates;
  for (int i = 0; i < request.candidates_size(); ++i) {
    auto candidate =
        ReadCandidate(request.candidates(i), fmt::format("candidates[{}]", i));
    if (!candidate.ok()) return candidate.status();
    candidates.push_back(*std::move(candidate));
  }
  // A few at a time, so that a client that left costs no more than those.
  for (std::size_t at = 0; at < candidates.size(); at += kAtOnce) {
    if (call.cancelled()) return absl::CancelledError("the client left");
    const std::size_t count = std::min(kAtOnce, candidates.size() - at);
    for (const ScoreSet& score :
         ScoreRows(std::span(candidates).subspan(at, count), *metrics, tools,
                   scorer)) {
      WriteScore(score, *response.add_scores());
    }
  }
  return absl::OkStatus();
}

// Until the client's deadline; an hour where it gave none.
std::chrono::milliseconds TimeLeft(const rpc::Call& call) {
  constexpr std::chrono::hours kLong(1);
  const auto now = std::chrono::system_clock::now();
  if (call.deadline() > now + kLong) return kLong;
  return std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline() -
                                                               now);
}

absl::Status RateOne(Rater& rater, ScorerPtr scorer,
                     std::chrono::milliseconds left,
                     const v1::RateRequest& request,
                     v1::RateResponse& response) {
  // Kept back for the answer's way.
  constexpr int kReserveShare = 5;
  const auto deadline =
      std::chrono::steady_clock::now() + left - left / kReserveShare;
  if (!request.has_candidate()) {
    return base::FieldError("candidate", "missing");
  }
  const v1::Candidate& candidate = request.candidate();
  RatedText text;
  text.text = candidate.text();
  text.language = code_analysis::ParseLanguage(candidate.language());
  text.prefix = candidate.prefix();
  text.suffix = candidate.suffix();
  if (candidate.has_before()) text.before = candidate.before();
  WriteScore(rater.Rate(std::move(text), std::move(scorer), deadline),
             *response.mutable_score());
  return absl::OkStatus();
}

void DescribeScorer(const Scorer& scorer, v1::GetScorerResponse& response) {
  response.set_scorer_digest(scorer.digest());
  WriteInForce(scorer, *response.mutable_rubric());
  for (const Metric& metric : AllMetrics()) {
    v1::MetricDefinition& out = *response.add_metrics();
    out.set_name(std::string(metric.name));
    out.set_version(metric.version);
    out.set_lowest(metric.lowest);
    if (metric.highest.has_value()) out.set_highest(*metric.highest);
    out.set_higher_is_better(metric.higher_is_better);
    out.set_needs_reference(metric.references == References::kNeeded);
    out.set_description(std::string(metric.description));
  }
}

void WriteStored(const StoredScore& stored, v1::StoredScore& out) {
  out.set_subject(stored.subject);
  WriteScore(stored.score, *out.mutable_score());
  *out.mutable_score_time() = v1::ToTimestamp(stored.score_time);
}

absl::Status FindScore(ScoreStore& store, const v1::GetScoreRequest& request,
                       v1::GetScoreResponse& response) {
  if (request.subject().empty()) return base::FieldError("subject", "missing");
  const auto stored = store.Newest(request.subject());
  if (!stored.ok()) return stored.status();
  WriteStored(*stored, *response.mutable_score());
  return absl::OkStatus();
}

absl::Status ListPage(ScoreStore& store, const v1::ListScoresRequest& request,
                      v1::ListScoresResponse& response) {
  const std::uint32_t asked = request.page().page_size();
  if (asked > kMaxPage) {
    return base::FieldError("page.page_size", fmt::format("{}", asked),
                            fmt::format("at most {}", kMaxPage));
  }
  const std::size_t size = asked == 0 ? kDefaultPage : asked;
  const auto cursor =
      ReadPageToken(request.page().page_token(), request.subject_prefix());
  if (!cursor.ok()) return cursor.status();
  auto scores = store.List(request.subject_prefix(), *cursor, size + 1);
  if (!scores.ok()) return scores.status();
  if (scores->size() > size) {
    scores->resize(size);
    const StoredScore& last = scores->back();
    response.set_next_page_token(
        WritePageToken({.score_time = last.score_time,
                        .subject = last.subject,
                        .scorer_digest = last.score.scorer_digest},
                       request.subject_prefix()));
  }
  for (const StoredScore& stored : *scores) {
    WriteStored(stored, *response.add_scores());
  }
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* ScorerServiceImpl::Score(
    grpc::CallbackServerContext* context, const v1::ScoreRequest* request,
    v1::ScoreResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out) {
                      return ScoreOne(*rubrics_.InForce(), tools_, in, out);
                    });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::BatchScore(
    grpc::CallbackServerContext* context, const v1::BatchScoreRequest* request,
    v1::BatchScoreResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out, const rpc::Call& call) {
                      return ScoreMany(*rubrics_.InForce(), tools_, in, out,
                                       call);
                    });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::Rate(
    grpc::CallbackServerContext* context, const v1::RateRequest* request,
    v1::RateResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out, const rpc::Call& call) {
                      return RateOne(rater_, rubrics_.InForce(), TimeLeft(call),
                                     in, out);
                    });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::GetScorer(
    grpc::CallbackServerContext* context, const v1::GetScorerRequest* request,
    v1::GetScorerResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto&, v1::GetScorerResponse& out) {
                      DescribeScorer(*rubrics_.InForce(), out);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::GetScore(
    grpc::CallbackServerContext* context, const v1::GetScoreRequest* request,
    v1::GetScoreResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const auto& in, auto& out) { return FindScore(store_, in, out); });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::ListScores(
    grpc::CallbackServerContext* context, const v1::ListScoresRequest* request,
    v1::ListScoresResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const auto& in, auto& out) { return ListPage(store_, in, out); });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::Judge(
    grpc::CallbackServerContext* context, const v1::JudgeRequest* request,
    v1::JudgeResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out, const rpc::Call& call) {
                      return AskJudge(judge_, TimeLeft(call), in, out);
                    });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::GetCalibration(
    grpc::CallbackServerContext* context,
    const v1::GetCalibrationRequest* request,
    v1::GetCalibrationResponse* response) {
  return rpc::Unary(
      context, executor_, request, response, [this](const auto& in, auto& out) {
        return scorer::GetCalibration(store_, *rubrics_.InForce(), in, out);
      });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::PushRubric(
    grpc::CallbackServerContext* context, const v1::PushRubricRequest* request,
    v1::PushRubricResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out) {
                      return scorer::PushRubric(rubrics_, in, out);
                    });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::UseRubric(
    grpc::CallbackServerContext* context, const v1::UseRubricRequest* request,
    v1::UseRubricResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out) {
                      return scorer::UseRubric(rubrics_, in, out);
                    });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::ListRubrics(
    grpc::CallbackServerContext* context, const v1::ListRubricsRequest* request,
    v1::ListRubricsResponse* response) {
  return rpc::Unary(
      context, executor_, request, response, [this](const auto& in, auto& out) {
        return scorer::ListRubrics(rubrics_, rubric_store_, in, out);
      });
}

grpc::ServerUnaryReactor* ScorerServiceImpl::Execute(
    grpc::CallbackServerContext* context, const v1::ExecuteRequest* request,
    v1::ExecuteResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const auto& in, auto& out, const rpc::Call& call) -> absl::Status {
        if (tests_ == nullptr) {
          return absl::UnimplementedError("this scorer runs no tests");
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            call.deadline() - std::chrono::system_clock::now());
        return ExecuteTests(in, out, left, *tests_, slots_);
      });
}

}  // namespace evalloop::scorer
