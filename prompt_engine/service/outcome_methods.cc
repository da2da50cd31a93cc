// The methods of PromptEngineService about outcomes and what is learnt of them.
#include <fmt/format.h>

#include "platform/base/reason.h"
#include "prompt_engine/service/prompt_engine_service.h"
#include "prompt_engine/service/translate.h"
#include "protos/timestamps.h"

namespace evalloop::prompt_engine {
namespace {

void ToProto(const Outcome& outcome, v1::Outcome& message) {
  message.set_completion_id(outcome.completion_id);
  message.set_prompt(outcome.prompt);
  message.set_revision_version(outcome.revision_version);
  message.set_model(outcome.model);
  message.set_shown(outcome.shown);
  message.set_kind(static_cast<v1::FeedbackGiven::Kind>(outcome.kind));
  if (outcome.text) message.set_text(*outcome.text);
  v1::Location& location = *message.mutable_location();
  location.set_repository(outcome.repository);
  location.set_path(outcome.path);
  location.set_language(outcome.language);
  location.set_commit(outcome.commit);
  location.set_line(outcome.line);
  location.set_column(outcome.column);
  message.set_session(outcome.session);
  *message.mutable_serve_time() = v1::ToTimestamp(outcome.serve_time);
  if (outcome.settle_time) {
    *message.mutable_settle_time() = v1::ToTimestamp(*outcome.settle_time);
  }
  message.set_raw_text(outcome.raw_text);
  message.set_shown_text(outcome.shown_text);
}

void ToProto(const CommittedOutcome& committed, v1::CommittedOutcome& message) {
  message.set_kind(static_cast<v1::CommittedOutcome::Kind>(committed.kind));
  message.set_commit(committed.commit);
  if (!committed.commit.empty()) {
    *message.mutable_commit_time() = v1::ToTimestamp(committed.commit_time);
  }
  message.set_path(committed.path);
  message.set_line(committed.line);
  message.set_end_line(committed.end_line);
  message.set_text(committed.text);
  message.set_similarity(committed.similarity);
  if (committed.alive_7_days) {
    message.set_alive_7_days(*committed.alive_7_days);
  }
  if (committed.alive_30_days) {
    message.set_alive_30_days(*committed.alive_30_days);
  }
}

void ToProto(const Placement& placement, v1::Placement& message) {
  message.set_rank(static_cast<v1::Placement::Rank>(placement.rank));
  message.set_variants(placement.variants);
  message.set_at_least_as_good(placement.at_least_as_good);
  message.set_centrality(placement.centrality);
  message.set_median_centrality(placement.median_centrality);
}

void ToProto(const LiveScore& score, v1::LiveScore& message) {
  message.set_scorer_digest(score.scorer_digest);
  for (const ScoredMetric& one : score.metrics) {
    v1::MetricValue& metric = *message.add_metrics();
    metric.set_metric(one.metric);
    if (one.value) metric.set_value(*one.value);
    metric.set_reason(one.reason);
  }
  if (score.composite) message.set_composite(*score.composite);
  *message.mutable_score_time() = v1::ToTimestamp(score.score_time);
}

void ToProto(const OutcomeRecord& record, v1::Outcome& message) {
  ToProto(record.outcome, message);
  if (record.committed) {
    ToProto(*record.committed, *message.mutable_committed());
  }
  message.set_pending_reason(record.pending_reason);
  if (record.placement) {
    ToProto(*record.placement, *message.mutable_placement());
  }
  message.set_placement_reason(record.placement_reason);
  if (record.score) ToProto(*record.score, *message.mutable_score());
}

void ToProto(const Figure& figure, v1::Estimate& message) {
  message.set_value(*figure.value);
  if (figure.low) message.set_lower(*figure.low);
  if (figure.high) message.set_upper(*figure.high);
}

void ToProto(const OutcomeSummary& summary, v1::OutcomeSummary& message) {
  const OutcomeCounts& counts = summary.counts;
  message.set_prompt(summary.prompt);
  message.set_revision_version(summary.revision_version);
  message.set_model(summary.model);
  message.set_completions(counts.completions);
  message.set_settled(counts.settled);
  message.set_shown(counts.shown);
  message.set_accepted(counts.accepted);
  message.set_rejected(counts.rejected);
  message.set_hidden(counts.hidden);
  message.set_kept(counts.kept);
  message.set_edited(counts.edited);
  message.set_dropped(counts.dropped);
  message.set_pending(counts.pending);
  message.set_alive_7_days(counts.alive_7_days);
  message.set_judged_7_days(counts.judged_7_days);
  message.set_alive_30_days(counts.alive_30_days);
  message.set_judged_30_days(counts.judged_30_days);
  const Figure placed =
      FigureOf(summary.commits, &OutcomeTally::at_least_median);
  message.set_placed(placed.rows);
  if (placed.value) ToProto(placed, *message.mutable_at_least_median());
  const Figure scored = FigureOf(summary.commits, &OutcomeTally::composite);
  message.set_scored(scored.rows);
  if (scored.value) ToProto(scored, *message.mutable_composite());
  message.set_scorer_digest(summary.scorer_digest);
}

OutcomeFilter FromProto(const v1::OutcomeFilter& message) {
  OutcomeFilter filter;
  filter.prompt = message.prompt();
  filter.session = message.session();
  filter.repository = message.repository();
  filter.model = message.model();
  if (message.has_after_time())
    filter.after = v1::FromTimestamp(message.after_time());
  if (message.has_until_time())
    filter.until = v1::FromTimestamp(message.until_time());
  return filter;
}

absl::StatusOr<std::vector<ProposalKind>> KindsOf(
    const v1::ProposeRevisionsRequest& request) {
  std::vector<ProposalKind> kinds;
  for (int i = 0; i < request.kinds_size(); ++i) {
    switch (request.kinds(i)) {
      case v1::PROPOSAL_KIND_THRESHOLD:
        kinds.push_back(ProposalKind::kThreshold);
        break;
      case v1::PROPOSAL_KIND_LEARNT:
        kinds.push_back(ProposalKind::kLearnt);
        break;
      default:
        return base::FieldError(fmt::format("kinds[{}]", i), "is not known",
                                "use THRESHOLD or LEARNT");
    }
  }
  return kinds;
}

absl::Status ToProto(const Proposal& proposal, v1::Proposal& message) {
  message.set_kind(proposal.kind == ProposalKind::kLearnt
                       ? v1::PROPOSAL_KIND_LEARNT
                       : v1::PROPOSAL_KIND_THRESHOLD);
  message.set_proposed(proposal.revision.has_value());
  message.set_reason(proposal.reason);
  message.set_outcomes(proposal.outcomes);
  message.set_cursors(proposal.cursors);
  if (proposal.tuned) {
    message.set_expected_acceptance(proposal.tuned->trial.acceptance);
    message.set_expected_completed_chars(
        proposal.tuned->trial.completed_characters);
    if (proposal.tuned->brier) message.set_brier(*proposal.tuned->brier);
    if (proposal.tuned->calibration_error) {
      message.set_calibration_error(*proposal.tuned->calibration_error);
    }
  }
  if (!proposal.revision) return absl::OkStatus();
  return ToProto(*proposal.revision, *message.mutable_revision());
}

}  // namespace

grpc::ServerUnaryReactor* PromptEngineService::GetOutcome(
    grpc::CallbackServerContext* context, const v1::GetOutcomeRequest* request,
    v1::GetOutcomeResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::GetOutcomeRequest& in,
             v1::GetOutcomeResponse& out) -> absl::Status {
        return transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
          const auto found = outcomes_.Find(work, in.completion_id());
          if (!found.ok()) return found.status();
          if (!*found) {
            return base::WithReason(
                absl::NotFoundError(fmt::format("completion {} has no outcome",
                                                in.completion_id())),
                "OUTCOME_NOT_FOUND");
          }
          ToProto(**found, *out.mutable_outcome());
          return absl::OkStatus();
        });
      });
}

grpc::ServerUnaryReactor* PromptEngineService::SummariseOutcomes(
    grpc::CallbackServerContext* context,
    const v1::SummariseOutcomesRequest* request,
    v1::SummariseOutcomesResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::SummariseOutcomesRequest& in,
             v1::SummariseOutcomesResponse& out) -> absl::Status {
        return transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
          out.Clear();
          const auto list = outcomes_.Summarise(work, FromProto(in.filter()));
          if (!list.ok()) return list.status();
          for (const OutcomeSummary& summary : *list) {
            ToProto(summary, *out.add_summaries());
          }
          return absl::OkStatus();
        });
      });
}

grpc::ServerUnaryReactor* PromptEngineService::ProposeRevisions(
    grpc::CallbackServerContext* context,
    const v1::ProposeRevisionsRequest* request,
    v1::ProposeRevisionsResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::ProposeRevisionsRequest& in,
                           v1::ProposeRevisionsResponse& out) -> absl::Status {
                      const auto kinds = KindsOf(in);
                      if (!kinds.ok()) return kinds.status();
                      ProposeRequest propose;
                      propose.prompt = in.prompt();
                      propose.base_version = in.base_version();
                      propose.kinds = *kinds;
                      propose.learn_from = FromProto(in.learn_from());
                      if (in.min_acceptance() != 0) {
                        propose.min_acceptance = in.min_acceptance();
                      }
                      propose.author = "tuning";
                      const auto proposals = proposer_.Propose(propose);
                      if (!proposals.ok()) return proposals.status();
                      for (const Proposal& proposal : *proposals) {
                        if (auto s = ToProto(proposal, *out.add_proposals());
                            !s.ok()) {
                          return s;
                        }
                      }
                      return absl::OkStatus();
                    });
}

}  // namespace evalloop::prompt_engine
