#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/ci_output.h"
#include "cli/commands.h"
#include "cli/names.h"
#include "cli/prompt_engine_peer.h"
#include "cli/report_text.h"
#include "cli/revision_file.h"
#include "platform/base/reason.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

// What the library's rules forbid is not bad input.
absl::Status AsNotAllowed(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kFailedPrecondition) return status;
  return absl::PermissionDeniedError(std::string(status.message()));
}

absl::StatusOr<v1::RevisionSelector> ParseExactRevision(
    const std::string& text) {
  auto selector = ParseRevision(text);
  if (!selector.ok() || selector->version() > 0) return selector;
  return base::FieldError("revision", fmt::format("\"{}\"", text),
                          "write NAME@VERSION");
}

std::string PolicyName(const v1::OutputPolicy& output) {
  if (output.has_threshold()) {
    return fmt::format("threshold {:.3f}",
                       output.threshold().min_probability());
  }
  if (output.has_learnt()) {
    return fmt::format("learnt {:.3f}", output.learnt().min_probability());
  }
  return "always shown";
}

std::string VersionOf(std::uint32_t version) {
  return version == 0 ? "-" : fmt::format("{}", version);
}

Outcome PromptProtect(Session& session, const PromptLabelFlags& flags) {
  if (flags.revision.find('@') != std::string::npos) {
    return base::FieldError("revision", fmt::format("\"{}\"", flags.revision),
                            "a label is protected wherever it points: write "
                            "the prompt's NAME alone");
  }
  v1::ProtectLabelRequest request;
  request.set_prompt(flags.revision);
  request.set_label(flags.label);
  request.set_is_protected(flags.protect);
  request.set_author(Author());
  const auto done = Call(session.peers, &Prompts::ProtectLabel, request);
  if (!done.ok()) return done.status();
  if (session.terminal.json()) {
    session.terminal.Json(*done);
  } else {
    session.terminal.Data(
        fmt::format("{} of {} {}, points at {}", flags.label, flags.revision,
                    flags.protect ? "is protected" : "may be moved",
                    RevisionName(flags.revision, done->label().version())));
  }
  return ExitCode::kPassed;
}

}  // namespace

std::string Author() {
  const passwd* user = getpwuid(geteuid());
  return user != nullptr ? user->pw_name : "unknown";
}

Outcome PromptPush(Session& session, const PromptPushFlags& flags) {
  v1::PushRevisionRequest request;
  request.set_prompt(flags.prompt);
  request.set_message(flags.message);
  request.set_author(Author());
  request.set_parent_version(flags.parent);
  const auto content = ReadRevisionFile(flags.file);
  if (!content.ok()) return content.status();
  *request.mutable_content() = *content;
  // Of all that is pushed: one id never means two contents.
  request.set_request_id(RequestIdOf(DetectCiJob(ProcessVariables()),
                                     flags.request_id,
                                     request.SerializeAsString()));
  const auto pushed = Call(session.peers, &Prompts::PushRevision, request);
  if (!pushed.ok()) return pushed.status();
  if (session.terminal.json()) {
    session.terminal.Json(*pushed);
  } else {
    session.terminal.Data(fmt::format(
        "{} {} {}", RevisionName(flags.prompt, pushed->revision().version()),
        pushed->revision().digest(),
        pushed->created() ? "pushed" : "was there before"));
  }
  return ExitCode::kPassed;
}

Outcome PromptList(Session& session) {
  v1::ListPromptsRequest request;
  request.mutable_page()->set_page_size(1000);
  const auto list = Call(session.peers, &Prompts::ListPrompts, request);
  if (!list.ok()) return list.status();
  if (session.terminal.json()) {
    session.terminal.Json(*list);
    return ExitCode::kPassed;
  }
  std::vector<std::vector<std::string>> rows = {{"prompt", "latest", "labels"}};
  for (const v1::Prompt& prompt : list->prompts()) {
    std::string labels;
    for (const v1::Label& label : prompt.labels()) {
      labels += fmt::format("{}{}={}{}", labels.empty() ? "" : " ",
                            label.label(), label.version(),
                            label.is_protected() ? " (protected)" : "");
    }
    rows.push_back(
        {prompt.name(), fmt::format("{}", prompt.latest_version()), labels});
  }
  session.terminal.Data(Table(rows));
  return ExitCode::kPassed;
}

Outcome PromptShow(Session& session, const std::string& revision) {
  const auto selector = ParseRevision(revision);
  if (!selector.ok()) return selector.status();
  v1::GetRevisionRequest request;
  *request.mutable_revision() = *selector;
  const auto found = Call(session.peers, &Prompts::GetRevision, request);
  if (!found.ok()) return found.status();
  if (session.terminal.json()) {
    session.terminal.Json(found->revision());
    return ExitCode::kPassed;
  }
  const v1::Revision& shown = found->revision();
  const v1::RevisionContent& content = shown.content();
  // All of it is a file that can be pushed: what is no content is a comment.
  const std::string about =
      Table({{"# revision", RevisionName(shown.prompt(), shown.version())},
             {"# digest", shown.digest()},
             {"# shows", PolicyName(content.output())},
             {"# author", OneVisibleLine(shown.author())},
             {"# message", OneVisibleLine(shown.message())},
             {"# pushed", TimeUtil::ToString(shown.create_time())},
             {"# published", shown.has_publish_time()
                                 ? TimeUtil::ToString(shown.publish_time())
                                 : "no"}});
  std::string yaml = RevisionYaml(content);
  if (yaml.ends_with('\n')) yaml.pop_back();
  session.terminal.Data(fmt::format("{}\n{}", about, yaml));
  return ExitCode::kPassed;
}

Outcome PromptHistory(Session& session, const std::string& prompt) {
  v1::ListHistoryRequest request;
  request.set_prompt(prompt);
  request.mutable_page()->set_page_size(200);
  const auto history = Call(session.peers, &Prompts::ListHistory, request);
  if (!history.ok()) return history.status();
  if (session.terminal.json()) {
    session.terminal.Json(*history);
    return ExitCode::kPassed;
  }
  std::vector<std::vector<std::string>> rows = {
      {"time", "act", "label", "from", "to", "author", "reason"}};
  for (const v1::HistoryEntry& entry : history->entries()) {
    rows.push_back(
        {TimeUtil::ToString(entry.time()), entry.act(), entry.label(),
         VersionOf(entry.from_version()), VersionOf(entry.to_version()),
         OneVisibleLine(entry.author()), OneVisibleLine(entry.reason())});
  }
  session.terminal.Data(Table(rows));
  return ExitCode::kPassed;
}

Outcome PromptPublish(Session& session, const PromptPublishFlags& flags) {
  const auto selector = ParseExactRevision(flags.revision);
  if (!selector.ok()) return selector.status();
  v1::PublishRevisionRequest request;
  request.set_prompt(selector->prompt());
  request.set_version(selector->version());
  request.set_gate_id(flags.gate);
  request.set_override_reason(flags.reason);
  request.set_author(Author());
  const auto published =
      Call(session.peers, &Prompts::PublishRevision, request);
  if (!published.ok()) return AsNotAllowed(published.status());
  if (session.terminal.json()) {
    session.terminal.Json(*published);
  } else {
    session.terminal.Data(
        fmt::format("{} published, staging points at it", flags.revision));
  }
  return ExitCode::kPassed;
}

Outcome PromptLabel(Session& session, const PromptLabelFlags& flags) {
  if (flags.protect || flags.unprotect) return PromptProtect(session, flags);
  if (flags.reason.empty()) {
    return base::FieldError("--reason", "is empty", "say why the label moves");
  }
  const auto selector = ParseExactRevision(flags.revision);
  if (!selector.ok()) return selector.status();
  v1::MoveLabelRequest request;
  request.set_prompt(selector->prompt());
  request.set_version(selector->version());
  request.set_label(flags.label);
  request.set_reason(flags.reason);
  request.set_author(Author());
  const auto moved = Call(session.peers, &Prompts::MoveLabel, request);
  if (!moved.ok()) return AsNotAllowed(moved.status());
  if (session.terminal.json()) {
    session.terminal.Json(*moved);
  } else {
    session.terminal.Data(
        fmt::format("{} points at {}", flags.label, flags.revision));
  }
  return ExitCode::kPassed;
}

Outcome PromptRollback(Session& session, const PromptRollbackFlags& flags) {
  v1::RollBackLabelRequest request;
  request.set_prompt(flags.prompt);
  request.set_label(flags.label);
  request.set_reason(flags.reason);
  request.set_author(Author());
  // Twice would be twice back: not tried again.
  const auto moved = Call(session.peers, &Prompts::RollBackLabel, request,
                          std::chrono::seconds(60), std::chrono::seconds(0));
  if (!moved.ok()) return AsNotAllowed(moved.status());
  if (session.terminal.json()) {
    session.terminal.Json(*moved);
  } else {
    session.terminal.Data(
        fmt::format("{} points at {} again", flags.label,
                    RevisionName(flags.prompt, moved->label().version())));
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
