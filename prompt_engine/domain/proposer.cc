#include "prompt_engine/domain/proposer.h"

#include <fmt/format.h>

#include "platform/base/reason.h"
#include "platform/base/text.h"

namespace evalloop::prompt_engine {
namespace {

std::string WordsOf(ProposalKind kind, const TuningData& data,
                    const RuleTrial& trial) {
  return fmt::format(
      "{} {:.2f} with at least {} characters: acceptance {:.1f} % (lower bound "
      "{:.1f} %), completed characters {:.1f} % on {} lines of {} outcomes",
      kind == ProposalKind::kLearnt ? "Learnt gate at" : "Raw threshold",
      trial.rule.threshold, trial.rule.min_characters, 100 * trial.acceptance,
      100 * trial.acceptance_low, 100 * trial.completed_characters,
      data.lines.size(), data.outcomes);
}

}  // namespace

absl::StatusOr<std::vector<Proposal>> Proposer::Propose(
    const ProposeRequest& request) {
  if (request.kinds.empty()) {
    return base::FieldError("kinds", "is empty", "say what to propose");
  }
  if (!(request.min_acceptance > 0 && request.min_acceptance < 1)) {
    return base::FieldError("min_acceptance",
                            fmt::format("is {}", request.min_acceptance),
                            "choose a share above 0 and below 1");
  }
  RevisionSelector selector;
  selector.prompt = request.prompt;
  selector.version = request.base_version;
  const auto base = library_.Resolve(selector);
  if (!base.ok()) return base.status();
  const auto content = library_.ContentOf(*base);
  if (!content.ok()) return content.status();
  std::vector<Outcome> outcomes;
  const absl::Status loaded =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        auto found = outcomes_.Load(work, request.learn_from, kMostOutcomes);
        if (found.ok()) outcomes = *std::move(found);
        return found.status();
      });
  if (!loaded.ok()) return loaded;
  const TuningData data = PrepareTuningData(outcomes, content->output);
  std::vector<Proposal> proposals;
  for (const ProposalKind kind : request.kinds) {
    auto proposal = ProposeOne(kind, request, *base, *content, data);
    if (!proposal.ok()) return proposal.status();
    proposals.push_back(*std::move(proposal));
  }
  return proposals;
}

absl::StatusOr<Proposal> Proposer::ProposeOne(ProposalKind kind,
                                              const ProposeRequest& request,
                                              const Revision& base,
                                              const RevisionContent& content,
                                              const TuningData& data) {
  Proposal proposal;
  proposal.kind = kind;
  proposal.outcomes = data.outcomes;
  proposal.cursors = data.cursors;
  auto tuned =
      kind == ProposalKind::kLearnt
          ? TuneLearnt(data, content.output, request.min_acceptance)
          : TuneThreshold(data, content.output, request.min_acceptance);
  if (!tuned.ok()) {
    // Too little to learn from is an answer; anything else is an error.
    if (tuned.status().code() != absl::StatusCode::kFailedPrecondition) {
      return tuned.status();
    }
    proposal.reason = base::S(tuned.status().message());
    return proposal;
  }
  proposal.reason = WordsOf(kind, data, tuned->trial);
  PushRequest push;
  push.prompt = base.prompt;
  push.content = content;
  push.content.output = tuned->policy;
  push.message = proposal.reason;
  push.author = request.author;
  push.parent_version = base.version;
  auto pushed = library_.Push(push);
  if (!pushed.ok()) return pushed.status();
  proposal.revision = std::move(pushed->revision);
  proposal.tuned = *std::move(tuned);
  return proposal;
}

}  // namespace evalloop::prompt_engine
