#include "prompt_engine/stream/outcome_handler.h"

#include <optional>
#include <utility>
#include <vector>

#include "completion_policy/wire.h"
#include "evalloop/v1/events.pb.h"
#include "protos/timestamps.h"

namespace evalloop::prompt_engine {
namespace {

Outcome OutcomeOf(const v1::CompletionServed& served) {
  Outcome outcome;
  outcome.completion_id = served.completion_id();
  outcome.prompt = served.prompt();
  outcome.revision_version = served.revision_version();
  outcome.model = served.model();
  outcome.session = served.session();
  outcome.repository = served.location().repository();
  outcome.path = served.location().path();
  outcome.language = served.location().language();
  outcome.commit = served.location().commit();
  outcome.line = served.location().line();
  outcome.column = served.location().column();
  outcome.typed_tokens = served.typed_tokens_before();
  outcome.typed_characters = served.typed_chars_before();
  outcome.raw_text = served.raw_text();
  outcome.tokens = completion_policy::FromProto(served.tokens());
  std::size_t bytes = 0;
  for (const auto& token : outcome.tokens) bytes += token.text.size();
  // Tokens are kept as places in the text; those of another text are no use.
  if (bytes != outcome.raw_text.size()) outcome.tokens.clear();
  outcome.shown = served.shown();
  outcome.shown_text = served.shown_text();
  outcome.serve_time = v1::FromTimestamp(served.serve_time());
  return outcome;
}

Outcome OutcomeOf(const v1::CompletionSettled& settled) {
  const v1::FeedbackGiven& feedback = settled.feedback();
  Outcome outcome = OutcomeOf(settled.completion());
  outcome.kind = static_cast<FeedbackKind>(feedback.kind());
  if (feedback.has_text()) outcome.text = feedback.text();
  outcome.settle_time = v1::FromTimestamp(feedback.give_time());
  return outcome;
}

bool IsTold(const v1::FeedbackGiven& feedback) {
  return v1::FeedbackGiven::Kind_IsValid(feedback.kind()) &&
         feedback.kind() != v1::FeedbackGiven::KIND_UNSPECIFIED;
}

// Nothing was said where there is an error, so there is nothing to learn from.
absl::StatusOr<std::optional<Outcome>> Read(const kafka::Record& record) {
  v1::Event event;
  if (!event.ParseFromString(record.payload)) {
    return absl::InvalidArgumentError("payload is not an evalloop.v1.Event");
  }
  const bool settled = event.has_completion_settled();
  if (!settled && !event.has_completion_served()) {
    return absl::InvalidArgumentError(
        "neither a served nor a settled completion");
  }
  const v1::CompletionServed& served =
      settled ? event.completion_settled().completion()
              : event.completion_served();
  if (served.completion_id().empty()) {
    return absl::InvalidArgumentError("a completion without its id");
  }
  if (settled && !IsTold(event.completion_settled().feedback())) {
    return absl::InvalidArgumentError(
        "a settled completion without its feedback");
  }
  if (!served.error().empty()) return std::nullopt;
  return settled ? OutcomeOf(event.completion_settled()) : OutcomeOf(served);
}

}  // namespace

absl::Status OutcomeHandler::Handle(
    base::UnitOfWork& work, std::span<const kafka::Record* const> fresh) {
  std::vector<Outcome> outcomes;
  std::vector<Watch> served;
  std::vector<Watch> settled;
  for (const kafka::Record* record : fresh) {
    auto outcome = Read(*record);
    if (!outcome.ok()) return outcome.status();
    if (!*outcome) continue;
    if (auto watch = WatchOf(**outcome)) {
      ((*outcome)->settle_time ? settled : served).push_back(*std::move(watch));
    }
    outcomes.push_back(**std::move(outcome));
  }
  if (auto put = outcomes_.Put(work, outcomes); !put.ok()) return put;
  const absl::Time now = clock_.Now();
  if (auto put = watches_.Put(work, settled, now); !put.ok()) return put;
  return watches_.Put(work, served, now + grace_);
}

}  // namespace evalloop::prompt_engine
