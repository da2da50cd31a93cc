#include "serving/translate/translate.h"

#include <utility>

#include "completion_policy/wire.h"
#include "protos/timestamps.h"

namespace evalloop::serving {
namespace {

std::string Text(std::string_view text) { return std::string(text); }

Usage FromProto(const v1::Usage& message) {
  Usage usage;
  usage.prompt_tokens = message.prompt_tokens();
  usage.completion_tokens = message.completion_tokens();
  usage.cost_micros = message.cost_micros();
  if (message.has_first_token_ms()) {
    usage.first_token_ms = message.first_token_ms();
  }
  usage.total_ms = message.total_ms();
  return usage;
}

}  // namespace

v1::Event NewEvent(std::string_view event_id, std::string_view subject,
                   absl::Time time) {
  v1::Event event;
  event.set_event_id(Text(event_id));
  event.set_subject(Text(subject));
  *event.mutable_occur_time() = v1::ToTimestamp(time);
  return event;
}

Location FromProto(const v1::Location& message) {
  return Location{.repository = message.repository(),
                  .path = message.path(),
                  .language = message.language(),
                  .commit = message.commit(),
                  .line = message.line(),
                  .column = message.column()};
}

void ToProto(const Location& location, v1::Location& message) {
  message.set_repository(location.repository);
  message.set_path(location.path);
  message.set_language(location.language);
  message.set_commit(location.commit);
  message.set_line(location.line);
  message.set_column(location.column);
}

void ToProto(const CompletionToken& token, v1::CompletionToken& message) {
  message.set_text(token.text);
  message.set_log_probability(token.log_probability);
  if (token.order) message.set_order(*token.order);
  if (token.support) message.set_support(*token.support);
}

void ToProto(const Usage& usage, v1::Usage& message) {
  message.set_prompt_tokens(usage.prompt_tokens);
  message.set_completion_tokens(usage.completion_tokens);
  message.set_cost_micros(usage.cost_micros);
  if (usage.first_token_ms) message.set_first_token_ms(*usage.first_token_ms);
  message.set_total_ms(usage.total_ms);
}

Completion FromProto(const v1::CompletionServed& message) {
  Completion completion;
  completion.id = message.completion_id();
  completion.prompt = message.prompt();
  completion.revision_version = message.revision_version();
  completion.revision_digest = message.revision_digest();
  completion.model = message.model();
  completion.model_snapshot = message.model_snapshot();
  completion.arm = message.arm();
  completion.propensity = message.propensity();
  completion.location = FromProto(message.location());
  completion.user = message.user();
  completion.session = message.session();
  completion.raw_text = message.raw_text();
  completion.tokens = completion_policy::FromProto(message.tokens());
  completion.shown = message.shown();
  completion.shown_text = message.shown_text();
  if (message.has_shown_probability()) {
    completion.shown_probability = message.shown_probability();
  }
  completion.hidden_reason = message.hidden_reason();
  completion.usage = FromProto(message.usage());
  completion.index_commit = message.index_commit();
  completion.finish_reason = message.finish_reason();
  completion.serve_time = v1::FromTimestamp(message.serve_time());
  completion.typed_chars_before = message.typed_chars_before();
  completion.typed_tokens_before = message.typed_tokens_before();
  completion.error = message.error();
  return completion;
}

void ToProto(const Completion& completion, v1::CompletionServed& message) {
  message.set_completion_id(completion.id);
  message.set_prompt(completion.prompt);
  message.set_revision_version(completion.revision_version);
  message.set_revision_digest(completion.revision_digest);
  message.set_model(completion.model);
  message.set_model_snapshot(completion.model_snapshot);
  message.set_arm(completion.arm);
  message.set_propensity(completion.propensity);
  ToProto(completion.location, *message.mutable_location());
  message.set_user(completion.user);
  message.set_session(completion.session);
  message.set_raw_text(completion.raw_text);
  for (const CompletionToken& token : completion.tokens) {
    ToProto(token, *message.add_tokens());
  }
  message.set_shown(completion.shown);
  message.set_shown_text(completion.shown_text);
  if (completion.shown_probability) {
    message.set_shown_probability(*completion.shown_probability);
  }
  message.set_hidden_reason(completion.hidden_reason);
  ToProto(completion.usage, *message.mutable_usage());
  message.set_index_commit(completion.index_commit);
  message.set_finish_reason(completion.finish_reason);
  *message.mutable_serve_time() = v1::ToTimestamp(completion.serve_time);
  message.set_typed_chars_before(completion.typed_chars_before);
  message.set_typed_tokens_before(completion.typed_tokens_before);
  message.set_error(completion.error);
}

absl::StatusOr<Feedback> FromProto(const v1::FeedbackGiven& message) {
  Feedback feedback;
  feedback.completion_id = message.completion_id();
  switch (message.kind()) {
    case v1::FeedbackGiven::KIND_SHOWN:
      feedback.kind = FeedbackKind::kShown;
      break;
    case v1::FeedbackGiven::KIND_ACCEPTED:
      feedback.kind = FeedbackKind::kAccepted;
      break;
    case v1::FeedbackGiven::KIND_REJECTED:
      feedback.kind = FeedbackKind::kRejected;
      break;
    case v1::FeedbackGiven::KIND_DISMISSED:
      feedback.kind = FeedbackKind::kDismissed;
      break;
    case v1::FeedbackGiven::KIND_EDITED:
      feedback.kind = FeedbackKind::kEdited;
      break;
    case v1::FeedbackGiven::KIND_TYPED:
      feedback.kind = FeedbackKind::kTyped;
      break;
    default:
      return absl::InvalidArgumentError("feedback.kind: is not known");
  }
  if (message.has_text()) feedback.text = message.text();
  if (message.has_elapsed_ms()) feedback.elapsed_ms = message.elapsed_ms();
  feedback.give_time = v1::FromTimestamp(message.give_time());
  return feedback;
}

void ToProto(const Feedback& feedback, v1::FeedbackGiven& message) {
  message.set_completion_id(feedback.completion_id);
  switch (feedback.kind) {
    case FeedbackKind::kShown:
      message.set_kind(v1::FeedbackGiven::KIND_SHOWN);
      break;
    case FeedbackKind::kAccepted:
      message.set_kind(v1::FeedbackGiven::KIND_ACCEPTED);
      break;
    case FeedbackKind::kRejected:
      message.set_kind(v1::FeedbackGiven::KIND_REJECTED);
      break;
    case FeedbackKind::kDismissed:
      message.set_kind(v1::FeedbackGiven::KIND_DISMISSED);
      break;
    case FeedbackKind::kEdited:
      message.set_kind(v1::FeedbackGiven::KIND_EDITED);
      break;
    case FeedbackKind::kTyped:
      message.set_kind(v1::FeedbackGiven::KIND_TYPED);
      break;
  }
  if (feedback.text) message.set_text(*feedback.text);
  if (feedback.elapsed_ms) message.set_elapsed_ms(*feedback.elapsed_ms);
  *message.mutable_give_time() = v1::ToTimestamp(feedback.give_time);
}

Model FromProto(const v1::Model& message) {
  Model model;
  model.name = message.name();
  switch (message.provider()) {
    case v1::Model::PROVIDER_OPENAI_COMPATIBLE:
      model.provider = ProviderKind::kOpenAiCompatible;
      break;
    case v1::Model::PROVIDER_EMBEDDED:
      model.provider = ProviderKind::kEmbedded;
      break;
    case v1::Model::PROVIDER_ANTHROPIC:
      model.provider = ProviderKind::kAnthropic;
      break;
    default:
      model.provider = ProviderKind::kUnspecified;
  }
  model.base_url = message.base_url();
  model.model_id = message.model_id();
  model.snapshot = message.snapshot();
  model.family = message.family();
  if (message.has_cutoff_time()) {
    model.cutoff_time = v1::FromTimestamp(message.cutoff_time());
  }
  model.input_price_micros = message.input_price_micros();
  model.output_price_micros = message.output_price_micros();
  model.fim_form = message.fim_form();
  model.token_probabilities = message.token_probabilities();
  model.key_file = message.key_file();
  model.retired = message.retired();
  model.create_time = v1::FromTimestamp(message.create_time());
  return model;
}

void ToProto(const Model& model, v1::Model& message) {
  message.set_name(model.name);
  switch (model.provider) {
    case ProviderKind::kUnspecified:
      message.set_provider(v1::Model::PROVIDER_UNSPECIFIED);
      break;
    case ProviderKind::kOpenAiCompatible:
      message.set_provider(v1::Model::PROVIDER_OPENAI_COMPATIBLE);
      break;
    case ProviderKind::kEmbedded:
      message.set_provider(v1::Model::PROVIDER_EMBEDDED);
      break;
    case ProviderKind::kAnthropic:
      message.set_provider(v1::Model::PROVIDER_ANTHROPIC);
      break;
  }
  message.set_base_url(model.base_url);
  message.set_model_id(model.model_id);
  message.set_snapshot(model.snapshot);
  message.set_family(model.family);
  if (model.cutoff_time) {
    *message.mutable_cutoff_time() = v1::ToTimestamp(*model.cutoff_time);
  }
  message.set_input_price_micros(model.input_price_micros);
  message.set_output_price_micros(model.output_price_micros);
  message.set_fim_form(model.fim_form);
  message.set_token_probabilities(model.token_probabilities);
  message.set_key_file(model.key_file);
  message.set_retired(model.retired);
  *message.mutable_create_time() = v1::ToTimestamp(model.create_time);
}

Revision FromProto(const v1::Revision& message) {
  const v1::RevisionContent& content = message.content();
  Revision revision;
  revision.prompt = message.prompt();
  revision.version = message.version();
  revision.digest = message.digest();
  revision.wording = completion_policy::WordingOf(content);
  revision.model = content.model().name();
  revision.model_snapshot = content.model().snapshot();
  const v1::Sampling& sampling = content.sampling();
  if (sampling.has_temperature()) {
    revision.sampling.temperature = sampling.temperature();
  }
  if (sampling.has_top_p()) revision.sampling.top_p = sampling.top_p();
  revision.sampling.max_tokens = sampling.max_tokens();
  if (sampling.has_seed()) revision.sampling.seed = sampling.seed();
  revision.sampling.stop.assign(sampling.stop().begin(), sampling.stop().end());
  revision.context = completion_policy::FromProto(content.context());
  revision.output = completion_policy::FromProto(content.output());
  return revision;
}

RevisionSelector FromProto(const v1::RevisionSelector& message) {
  RevisionSelector selector;
  selector.prompt = message.prompt();
  selector.version = message.version();
  selector.label = message.label();
  selector.digest = message.digest();
  return selector;
}

}  // namespace evalloop::serving
