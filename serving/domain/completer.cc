#include "serving/domain/completer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "code_analysis/language.h"
#include "code_analysis/lexer.h"
#include "completion_policy/output_policy.h"
#include "completion_policy/render.h"

namespace evalloop::serving {
namespace {

completion_policy::CursorContext CursorOf(const Query& query) {
  completion_policy::CursorContext cursor;
  cursor.language = code_analysis::ParseLanguage(query.location.language);
  if (cursor.language == code_analysis::Language::kUnknown) {
    cursor.language = code_analysis::LanguageOfPath(query.location.path);
  }
  const auto line_end = query.prefix.rfind('\n');
  const std::string_view line =
      std::string_view(query.prefix)
          .substr(line_end == std::string::npos ? 0 : line_end + 1);
  cursor.typed_tokens = static_cast<std::uint32_t>(
      code_analysis::Lex(line, cursor.language).size());
  cursor.typed_characters =
      static_cast<std::uint32_t>(completion_policy::NonBlankCharacters(line));
  return cursor;
}

bool TakesSuffix(const Model& model) {
  return model.fim_form == "suffix" ||
         model.provider == ProviderKind::kEmbedded;
}

Plan NewPlan(ModelPtr model, Query& query) {
  Plan plan;
  plan.cursor = CursorOf(query);
  plan.request.token_probabilities = query.token_probabilities ||
                                     model->token_probabilities ||
                                     model->provider == ProviderKind::kEmbedded;
  plan.request.location = std::move(query.location);
  plan.request.index_commit = std::move(query.index_commit);
  plan.request.extra_members = std::move(query.extra_members);
  plan.model = std::move(model);
  return plan;
}

void TakeInput(completion_policy::ModelInput input, ProviderRequest& request) {
  request.prompt = std::move(input.prompt);
  if (!input.suffix.empty()) request.suffix = std::move(input.suffix);
  request.messages = std::move(input.messages);
  request.sampling.stop = std::move(input.stop);
}

}  // namespace

absl::StatusOr<Plan> Completer::PlanRevision(
    RevisionPtr revision, Query query,
    std::chrono::milliseconds patience) const {
  auto model = library_.FindModel(revision->model, patience);
  if (!model.ok()) return model.status();
  auto input = completion_policy::Render(revision->wording, revision->context,
                                         revision->sampling.stop,
                                         {.prefix = query.prefix,
                                          .suffix = query.suffix,
                                          .path = query.location.path,
                                          .language = query.location.language,
                                          .context = {}});
  if (!input.ok()) return input.status();
  const std::uint32_t max_tokens = query.sampling.max_tokens;
  Plan plan = NewPlan(*std::move(model), query);
  plan.request.sampling = revision->sampling;
  if (max_tokens != 0) plan.request.sampling.max_tokens = max_tokens;
  TakeInput(*std::move(input), plan.request);
  if (!TakesSuffix(*plan.model)) plan.request.suffix.reset();
  plan.revision = std::move(revision);
  return plan;
}

absl::StatusOr<Plan> Completer::PlanModel(const std::string& name,
                                          Query query) const {
  auto model = library_.FindModel(name, std::chrono::milliseconds(0));
  if (!model.ok()) return model.status();
  Plan plan = NewPlan(*std::move(model), query);
  plan.request.sampling = query.sampling;
  if (!query.messages.empty()) {
    plan.request.messages = std::move(query.messages);
  } else if (!query.suffix.empty() &&
             completion_policy::FindFimFamily(plan.model->fim_form)) {
    auto input = completion_policy::Render(
        {.form = {.form = completion_policy::TemplateForm::kFillInTheMiddle,
                  .text = {},
                  .fim_family = plan.model->fim_form},
         .system_prompt = {},
         .includes = {}},
        {.prefix_bytes = static_cast<std::uint32_t>(query.prefix.size() + 1),
         .suffix_bytes = static_cast<std::uint32_t>(query.suffix.size() + 1)},
        query.sampling.stop,
        {.prefix = query.prefix,
         .suffix = query.suffix,
         .path = {},
         .language = {},
         .context = {}});
    if (!input.ok()) return input.status();
    TakeInput(*std::move(input), plan.request);
  } else {
    plan.request.prompt = std::move(query.prefix);
    if (!query.suffix.empty()) plan.request.suffix = std::move(query.suffix);
  }
  return plan;
}

void Completer::Describe(const Plan& plan, Completion& completion) {
  if (plan.revision) {
    completion.prompt = plan.revision->prompt;
    completion.revision_version = plan.revision->version;
    completion.revision_digest = plan.revision->digest;
  }
  completion.model = plan.model->name;
  completion.model_snapshot =
      plan.revision && !plan.revision->model_snapshot.empty()
          ? plan.revision->model_snapshot
          : plan.model->snapshot;
  completion.location = plan.request.location;
  completion.index_commit = plan.request.index_commit;
  completion.typed_chars_before = plan.cursor.typed_characters;
  completion.typed_tokens_before = plan.cursor.typed_tokens;
}

absl::Status Completer::Call(const Plan& plan, const CallLimits& limits,
                             const PieceSink& on_piece,
                             Completion& completion) const {
  auto answer = provider_.Complete(*plan.model, plan.request, limits,
                                   plan.revision ? PieceSink() : on_piece);
  if (!answer.ok()) return answer.status();
  completion.raw_text = std::move(answer->text);
  completion.tokens = std::move(answer->tokens);
  completion.finish_reason = std::move(answer->finish_reason);
  if (!answer->index_commit.empty()) {
    completion.index_commit = std::move(answer->index_commit);
  }
  completion.reported_model = std::move(answer->reported_model);
  completion.system_fingerprint = std::move(answer->system_fingerprint);
  completion.usage.prompt_tokens = answer->prompt_tokens;
  completion.usage.completion_tokens = answer->completion_tokens;
  completion.usage.first_token_ms = answer->first_token_ms;
  completion.usage.total_ms = answer->total_ms;
  completion.usage.cost_micros = CostMicros(*plan.model, completion.usage);
  if (!plan.revision) {
    completion.shown = !completion.raw_text.empty();
    completion.shown_text = completion.raw_text;
    if (!completion.shown) completion.hidden_reason = "empty";
    return absl::OkStatus();
  }
  completion_policy::Decision decision =
      completion_policy::Decide(plan.revision->output, completion.raw_text,
                                completion.tokens, plan.cursor);
  completion.shown = decision.shown;
  completion.shown_text = std::move(decision.text);
  completion.shown_probability = decision.probability;
  completion.hidden_reason = std::string(decision.hidden_reason);
  return absl::OkStatus();
}

}  // namespace evalloop::serving
