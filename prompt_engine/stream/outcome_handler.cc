#include "prompt_engine/stream/outcome_handler.h"

#include <vector>

#include "completion_policy/wire.h"
#include "evalloop/v1/events.pb.h"
#include "protos/timestamps.h"

namespace evalloop::prompt_engine {
namespace {

Outcome OutcomeOf(const v1::CompletionSettled& settled) {
  const v1::CompletionServed& served = settled.completion();
  const v1::FeedbackGiven& feedback = settled.feedback();
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
  outcome.kind = static_cast<FeedbackKind>(feedback.kind());
  if (feedback.has_text()) outcome.text = feedback.text();
  outcome.serve_time = v1::FromTimestamp(served.serve_time());
  outcome.settle_time = v1::FromTimestamp(feedback.give_time());
  return outcome;
}

}  // namespace

absl::Status OutcomeHandler::Handle(
    base::UnitOfWork& work, std::span<const kafka::Record* const> fresh) {
  std::vector<Outcome> outcomes;
  for (const kafka::Record* record : fresh) {
    v1::Event event;
    if (!event.ParseFromString(record->payload) ||
        !event.has_completion_settled()) {
      return absl::InvalidArgumentError("not a settled completion");
    }
    const v1::CompletionSettled& settled = event.completion_settled();
    if (settled.completion().completion_id().empty() ||
        !v1::FeedbackGiven::Kind_IsValid(settled.feedback().kind()) ||
        settled.feedback().kind() == v1::FeedbackGiven::KIND_UNSPECIFIED) {
      return absl::InvalidArgumentError(
          "a settled completion without its id or feedback");
    }
    // Nothing was said, so there is nothing to learn from.
    if (!settled.completion().error().empty()) continue;
    outcomes.push_back(OutcomeOf(settled));
  }
  return store_.Put(work, outcomes);
}

}  // namespace evalloop::prompt_engine
