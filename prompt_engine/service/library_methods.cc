// The prompt library's methods of PromptEngineService.
#include "completion_policy/render.h"
#include "platform/base/reason.h"
#include "platform/rpc/read_mask.h"
#include "prompt_engine/domain/diff.h"
#include "prompt_engine/domain/lint.h"
#include "prompt_engine/service/prompt_engine_service.h"
#include "prompt_engine/service/translate.h"
#include "prompt_engine/translate/content_codec.h"

namespace evalloop::prompt_engine {

#define EVALLOOP_UNARY(Method)                           \
  grpc::ServerUnaryReactor* PromptEngineService::Method( \
      grpc::CallbackServerContext* context,              \
      const v1::Method##Request* request, v1::Method##Response* response)

EVALLOOP_UNARY(PushRevision) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::PushRevisionRequest& in,
                           v1::PushRevisionResponse& out) -> absl::Status {
                      if (!in.has_content()) {
                        return base::FieldError("content", "is missing",
                                                "send the revision's content");
                      }
                      PushRequest push;
                      push.prompt = in.prompt();
                      push.content = FromProto(in.content());
                      push.message = in.message();
                      push.author = in.author();
                      push.parent_version = in.parent_version();
                      push.request_id = in.request_id();
                      const auto pushed = library_.Push(push);
                      if (!pushed.ok()) return pushed.status();
                      out.set_created(pushed->created);
                      return ToProto(pushed->revision, *out.mutable_revision());
                    });
}

EVALLOOP_UNARY(GetRevision) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::GetRevisionRequest& in,
                           v1::GetRevisionResponse& out) -> absl::Status {
                      const auto revision =
                          library_.Resolve(FromProto(in.revision()));
                      if (!revision.ok()) return revision.status();
                      return ToProto(*revision, *out.mutable_revision());
                    });
}

EVALLOOP_UNARY(ListPrompts) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::ListPromptsRequest& in,
                           v1::ListPromptsResponse& out) -> absl::Status {
                      const auto listing = ListingOf(in);
                      if (!listing.ok()) return listing.status();
                      const auto page = library_.ListPrompts(*listing);
                      if (!page.ok()) return page.status();
                      for (const PromptSummary& prompt : page->items) {
                        ToProto(prompt, *out.add_prompts());
                      }
                      out.set_next_page_token(page->next_page_token);
                      return rpc::ApplyReadMask(in.read_mask(),
                                                *out.mutable_prompts());
                    });
}

EVALLOOP_UNARY(ListRevisions) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::ListRevisionsRequest& in,
             v1::ListRevisionsResponse& out) -> absl::Status {
        const auto listing = ListingOf(in);
        if (!listing.ok()) return listing.status();
        const auto page = library_.ListRevisions(in.prompt(), *listing);
        if (!page.ok()) return page.status();
        for (const Revision& revision : page->items) {
          if (auto s = ToProto(revision, *out.add_revisions()); !s.ok()) {
            return s;
          }
        }
        out.set_next_page_token(page->next_page_token);
        return rpc::ApplyReadMask(in.read_mask(), *out.mutable_revisions());
      });
}

EVALLOOP_UNARY(DiffRevisions) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::DiffRevisionsRequest& in,
             v1::DiffRevisionsResponse& out) -> absl::Status {
        const auto from = library_.Resolve(FromProto(in.from()));
        if (!from.ok()) return from.status();
        const auto to = library_.Resolve(FromProto(in.to()));
        if (!to.ok()) return to.status();
        const auto before = library_.ContentOf(*from);
        if (!before.ok()) return before.status();
        const auto after = library_.ContentOf(*to);
        if (!after.ok()) return after.status();
        for (const RevisionChange& change : Diff(*before, *after)) {
          v1::RevisionChange& added = *out.add_changes();
          added.set_kind(change.kind);
          added.set_field(change.field);
          added.set_from(change.from);
          added.set_to(change.to);
          added.set_diff(change.diff);
        }
        return absl::OkStatus();
      });
}

EVALLOOP_UNARY(LintRevision) {
  return rpc::Unary(
      context, executor_, request, response,
      [](const v1::LintRevisionRequest& in,
         v1::LintRevisionResponse& out) -> absl::Status {
        for (const LintFinding& finding : Lint(FromProto(in.content()))) {
          v1::LintFinding& added = *out.add_findings();
          added.set_field(finding.field);
          added.set_problem(finding.problem);
          added.set_remedy(finding.remedy);
          added.set_blocks(finding.blocks);
        }
        return absl::OkStatus();
      });
}

EVALLOOP_UNARY(PublishRevision) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::PublishRevisionRequest& in,
                           v1::PublishRevisionResponse& out) -> absl::Status {
                      PublishRequest publish;
                      publish.prompt = in.prompt();
                      publish.version = in.version();
                      publish.gate_id = in.gate_id();
                      publish.override_reason = in.override_reason();
                      publish.author = in.author();
                      const auto published = library_.Publish(publish);
                      if (!published.ok()) return published.status();
                      ToProto(published->staging, *out.mutable_staging());
                      return ToProto(published->revision,
                                     *out.mutable_revision());
                    });
}

EVALLOOP_UNARY(MoveLabel) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::MoveLabelRequest& in,
                           v1::MoveLabelResponse& out) -> absl::Status {
                      MoveRequest move;
                      move.prompt = in.prompt();
                      move.label = in.label();
                      move.version = in.version();
                      move.reason = in.reason();
                      move.author = in.author();
                      move.expected_version = in.expected_version();
                      const auto label = library_.Move(move);
                      if (!label.ok()) return label.status();
                      ToProto(*label, *out.mutable_label());
                      return absl::OkStatus();
                    });
}

EVALLOOP_UNARY(RollBackLabel) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::RollBackLabelRequest& in,
                           v1::RollBackLabelResponse& out) -> absl::Status {
                      MoveRequest back;
                      back.prompt = in.prompt();
                      back.label = in.label();
                      back.reason = in.reason();
                      back.author = in.author();
                      const auto label = library_.RollBack(back);
                      if (!label.ok()) return label.status();
                      ToProto(*label, *out.mutable_label());
                      return absl::OkStatus();
                    });
}

EVALLOOP_UNARY(ProtectLabel) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::ProtectLabelRequest& in,
                           v1::ProtectLabelResponse& out) -> absl::Status {
                      const auto label =
                          library_.Protect(in.prompt(), in.label(),
                                           in.is_protected(), in.author());
                      if (!label.ok()) return label.status();
                      ToProto(*label, *out.mutable_label());
                      return absl::OkStatus();
                    });
}

EVALLOOP_UNARY(ListHistory) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const v1::ListHistoryRequest& in,
             v1::ListHistoryResponse& out) -> absl::Status {
        const auto listing = ListingOf(in);
        if (!listing.ok()) return listing.status();
        const auto page = library_.ListHistory(in.prompt(), *listing);
        if (!page.ok()) return page.status();
        for (const HistoryEntry& entry : page->items) {
          ToProto(entry, *out.add_entries());
        }
        out.set_next_page_token(page->next_page_token);
        return rpc::ApplyReadMask(in.read_mask(), *out.mutable_entries());
      });
}

EVALLOOP_UNARY(RenderPrompt) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const v1::RenderPromptRequest& in,
                           v1::RenderPromptResponse& out) -> absl::Status {
                      const auto revision =
                          library_.Resolve(FromProto(in.revision()));
                      if (!revision.ok()) return revision.status();
                      const auto content = library_.ContentOf(*revision);
                      if (!content.ok()) return content.status();
                      completion_policy::Surroundings around;
                      around.prefix = in.prefix();
                      around.suffix = in.suffix();
                      around.path = in.location().path();
                      around.language = in.location().language();
                      const auto input = completion_policy::Render(
                          WordingOf(*content), content->context,
                          content->sampling.stop, around);
                      if (!input.ok()) return input.status();
                      out.set_prompt(input->prompt);
                      out.set_suffix(input->suffix);
                      for (const auto& message : input->messages) {
                        v1::ChatMessage& added = *out.add_messages();
                        added.set_role(message.role);
                        added.set_content(message.content);
                      }
                      for (const std::string& stop : input->stop)
                        out.add_stop(stop);
                      return absl::OkStatus();
                    });
}

#undef EVALLOOP_UNARY

}  // namespace evalloop::prompt_engine
