#include <fmt/format.h>

#include "platform/base/reason.h"
#include "prompt_engine/domain/library.h"
#include "prompt_engine/domain/library_errors.h"

namespace evalloop::prompt_engine {
namespace {

constexpr int kMovesRemembered = 1000;

}  // namespace

std::optional<std::uint32_t> VersionBefore(
    const std::vector<HistoryEntry>& moves) {
  std::vector<std::uint32_t> trail;
  for (const HistoryEntry& move : moves) {
    if (move.act != kRolledBack) {
      if (trail.empty() && move.from_version != 0) {
        trail.push_back(move.from_version);
      }
      trail.push_back(move.to_version);
    } else if (trail.size() > 1) {
      trail.pop_back();
    } else {  // Older than what is remembered.
      trail.assign(1, move.to_version);
    }
  }
  if (trail.size() < 2) return std::nullopt;
  return trail[trail.size() - 2];
}

absl::StatusOr<Label> Library::Move(const MoveRequest& request) {
  if (auto bad = CheckName("label", request.label, kMaxLabelName); !bad.ok()) {
    return bad;
  }
  // Events are keyed by "prompt/label", where only the prompt may hold slashes.
  if (request.label.find('/') != std::string::npos) {
    return base::FieldError("label", "holds a slash", "leave it out");
  }
  if (request.label == kLatest) {
    return base::FieldError("label", "is latest, which is the server's",
                            "choose another name");
  }
  if (request.reason.empty()) {
    return base::FieldError("reason", "is empty", "say why the label moves");
  }
  if (auto bad = CheckWords("reason", request.reason); !bad.ok()) return bad;
  return MoveAndForget(
      request, [&](base::UnitOfWork& work, Label& label) -> absl::Status {
        if (auto s = LockPrompt(work, request.prompt); !s.ok()) return s;
        return MoveIn(work, request, kMoved, label);
      });
}

absl::StatusOr<Label> Library::MoveAndForget(
    const MoveRequest& request,
    const std::function<absl::Status(base::UnitOfWork&, Label&)>& move) {
  Label label;
  const absl::Status status = transactor_.Run(
      [&](base::UnitOfWork& work) { return move(work, label); });
  // Also when it failed: a commit can succeed unheard.
  cache_.ForgetLabel(request.prompt, request.label);
  if (!status.ok()) return status;
  return label;
}

absl::Status Library::MoveIn(base::UnitOfWork& work, const MoveRequest& request,
                             std::string_view act, Label& label) {
  const auto target = store_.FindVersion(work, request.prompt, request.version);
  if (!target.ok()) return target.status();
  if (!*target) return NoRevision(request.prompt, request.version);
  if (request.label == kProduction && !(*target)->publication) {
    return Refused("NOT_PUBLISHED",
                   fmt::format("{}@{} is a draft; publish it before "
                               "production takes it",
                               request.prompt, request.version));
  }
  const auto found = store_.FindLabel(work, request.prompt, request.label);
  if (!found.ok()) return found.status();
  const std::uint32_t from = *found ? (*found)->version : 0;
  if (request.expected_version != 0 && request.expected_version != from) {
    return base::WithReason(absl::AbortedError(fmt::format(
                                "label {} points at version {}, not {}",
                                request.label, from, request.expected_version)),
                            "LABEL_MOVED_MEANWHILE");
  }
  if (*found && (*found)->is_protected) {
    return Refused("LABEL_PROTECTED",
                   fmt::format("label {1} is protected; an admin unprotects it "
                               "with `evalloop prompt label {0} {1} "
                               "--unprotect`",
                               request.prompt, request.label));
  }
  if (from == request.version) {
    label = **found;
    return absl::OkStatus();
  }
  label.prompt = request.prompt;
  label.label = request.label;
  label.version = request.version;
  label.digest = (*target)->digest;
  label.is_protected = false;
  label.sequence = (*found ? (*found)->sequence : 0) + 1;
  label.move_time = clock_.Now();
  if (auto s = store_.PutLabel(work, label); !s.ok()) return s;
  HistoryEntry entry;
  entry.time = label.move_time;
  entry.act = act;
  entry.label = request.label;
  entry.from_version = from;
  entry.to_version = request.version;
  entry.author = request.author;
  entry.reason = request.reason;
  if (auto s = store_.AddHistory(work, request.prompt, entry); !s.ok()) {
    return s;
  }
  return events_.LabelMoved(work, label);
}

absl::StatusOr<Label> Library::RollBack(const MoveRequest& request) {
  if (auto bad = CheckWords("reason", request.reason); !bad.ok()) return bad;
  return MoveAndForget(request, [&](base::UnitOfWork& work, Label& label) {
    return RollBackIn(work, request, label);
  });
}

absl::Status Library::RollBackIn(base::UnitOfWork& work,
                                 const MoveRequest& request, Label& label) {
  if (auto s = LockPrompt(work, request.prompt); !s.ok()) return s;
  const auto found = store_.FindLabel(work, request.prompt, request.label);
  if (!found.ok()) return found.status();
  if (!*found) {
    return Missing(
        "LABEL_NOT_FOUND",
        fmt::format("label {} of prompt {}", request.label, request.prompt));
  }
  const auto moves =
      store_.MovesOf(work, request.prompt, request.label, kMovesRemembered);
  if (!moves.ok()) return moves.status();
  const std::optional<std::uint32_t> before = VersionBefore(*moves);
  if (!before) {
    return Refused(
        "NOTHING_TO_ROLL_BACK",
        fmt::format("label {} has no earlier version", request.label));
  }
  MoveRequest back = request;
  back.version = *before;
  return MoveIn(work, back, kRolledBack, label);
}

absl::StatusOr<Label> Library::Protect(std::string_view prompt,
                                       std::string_view name, bool is_protected,
                                       std::string_view author) {
  Label label;
  const absl::Status status =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        if (auto s = LockPrompt(work, prompt); !s.ok()) return s;
        const auto found = store_.FindLabel(work, prompt, name);
        if (!found.ok()) return found.status();
        if (!*found) {
          return Missing("LABEL_NOT_FOUND",
                         fmt::format("label {} of prompt {}", name, prompt));
        }
        label = **found;
        if (label.is_protected == is_protected) return absl::OkStatus();
        label.is_protected = is_protected;
        if (auto s = store_.PutLabel(work, label); !s.ok()) return s;
        HistoryEntry entry;
        entry.time = clock_.Now();
        entry.act = is_protected ? kProtected : kUnprotected;
        entry.label = name;
        entry.from_version = entry.to_version = label.version;
        entry.author = author;
        return store_.AddHistory(work, prompt, entry);
      });
  if (!status.ok()) return status;
  return label;
}

}  // namespace evalloop::prompt_engine
