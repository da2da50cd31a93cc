#include <fmt/format.h>

#include "platform/base/reason.h"
#include "prompt_engine/domain/library.h"
#include "prompt_engine/domain/library_errors.h"
#include "prompt_engine/domain/lint.h"

namespace evalloop::prompt_engine {
namespace {

// The commands that lead to a green gate, for one who has none.
std::string HowToGate(const PublishRequest& request) {
  return fmt::format(
      "run `evalloop gate --prompt {0}@{1} --benchmark NAME`, then `evalloop "
      "prompt publish {0}@{1} --gate ID`, or say with --override why it is "
      "published without",
      request.prompt, request.version);
}

absl::Status NotGreen(const PublishRequest& request, const GateResult& gate) {
  std::string_view ended = "is not decided yet";
  std::string remedy = fmt::format(
      "wait for it: `evalloop gate --prompt {}@{} --benchmark NAME` ends with "
      "its verdict",
      request.prompt, request.version);
  if (gate.verdict == Verdict::kRegressed) {
    ended = "regressed";
  } else if (gate.verdict == Verdict::kInconclusive) {
    ended = "is inconclusive";
  }
  if (gate.verdict != Verdict::kNone) {
    remedy = fmt::format(
        "mend it and gate the new revision, or let it pass with `evalloop gate "
        "--prompt {}@{} --benchmark NAME --override \"reason\"`",
        request.prompt, request.version);
  }
  return Refused("GATE_NOT_GREEN",
                 fmt::format("gate {} {}; {}", request.gate_id, ended, remedy));
}

}  // namespace

absl::StatusOr<Library::Grounds> Library::GroundsFor(
    const PublishRequest& request) {
  if (request.gate_id.empty()) {
    if (request.override_reason.empty()) {
      return Refused("GATE_REQUIRED",
                     fmt::format("{}@{} has no green gate; {}", request.prompt,
                                 request.version, HowToGate(request)));
    }
    return Grounds{Verdict::kOverridden, request.override_reason,
                   request.override_reason};
  }
  if (!request.override_reason.empty()) {
    return base::FieldError("override_reason", "stands beside gate_id",
                            "give one of them: `evalloop gate --override` lets "
                            "a gate pass");
  }
  const auto gate = gates_.Get(request.gate_id);
  if (absl::IsNotFound(gate.status())) {
    return Missing("GATE_NOT_FOUND", fmt::format("gate {}", request.gate_id));
  }
  if (!gate.ok()) return gate.status();
  if (gate->prompt != request.prompt || gate->version != request.version) {
    return Refused(
        "GATE_OF_ANOTHER_REVISION",
        fmt::format("gate {} judged {}@{}; {}", request.gate_id, gate->prompt,
                    gate->version, HowToGate(request)));
  }
  switch (gate->verdict) {
    case Verdict::kPassed:
      return Grounds{Verdict::kPassed, "",
                     fmt::format("gate {} passed", request.gate_id)};
    case Verdict::kOverridden:
      return Grounds{Verdict::kOverridden, gate->override_reason,
                     fmt::format("gate {} overridden: {}", request.gate_id,
                                 gate->override_reason)};
    case Verdict::kInconclusive:
      if (!gate->warns) break;
      return Grounds{Verdict::kInconclusive, "",
                     fmt::format("gate {} inconclusive, which its policy lets "
                                 "pass",
                                 request.gate_id)};
    case Verdict::kNone:
    case Verdict::kRegressed:
      break;
  }
  return NotGreen(request, *gate);
}

absl::StatusOr<Published> Library::Publish(const PublishRequest& request) {
  if (auto bad = CheckWords("override_reason", request.override_reason);
      !bad.ok()) {
    return bad;
  }
  // Asked before the prompt is locked: another service may take its time.
  const auto grounds = GroundsFor(request);
  if (!grounds.ok()) return grounds.status();
  Published published;
  const absl::Status status = transactor_.Run([&](base::UnitOfWork& work) {
    return PublishIn(work, request, *grounds, published);
  });
  cache_.ForgetRevision(request.prompt, request.version);
  cache_.ForgetLabel(request.prompt, kStaging);
  if (!status.ok()) return status;
  return published;
}

absl::Status Library::PublishIn(base::UnitOfWork& work,
                                const PublishRequest& request,
                                const Grounds& grounds, Published& published) {
  if (auto s = LockPrompt(work, request.prompt); !s.ok()) return s;
  auto found = store_.FindVersion(work, request.prompt, request.version);
  if (!found.ok()) return found.status();
  if (!*found) return NoRevision(request.prompt, request.version);
  Revision& revision = published.revision;
  revision = **std::move(found);
  if (!revision.publication) {
    const auto content = codec_.Decode(revision.content.bytes);
    if (!content.ok()) return content.status();
    for (const LintFinding& finding : Lint(*content)) {
      if (!finding.blocks) continue;
      return Refused("LINT_BLOCKS",
                     fmt::format("{} {}; {}", finding.field, finding.problem,
                                 finding.remedy));
    }
    revision.publication = {clock_.Now(), request.gate_id, grounds.verdict,
                            grounds.override_reason};
    if (auto s = store_.SetPublication(work, request.prompt, request.version,
                                       *revision.publication);
        !s.ok()) {
      return s;
    }
    HistoryEntry entry;
    entry.time = clock_.Now();
    entry.act = kPublished;
    entry.to_version = request.version;
    entry.author = request.author;
    entry.reason = grounds.words;
    if (auto s = store_.AddHistory(work, request.prompt, entry); !s.ok()) {
      return s;
    }
    if (auto s = events_.RevisionStored(work, revision); !s.ok()) return s;
  }
  MoveRequest move;
  move.prompt = request.prompt;
  move.label = kStaging;
  move.version = request.version;
  move.reason = "published";
  move.author = request.author;
  return MoveIn(work, move, kMoved, published.staging);
}

}  // namespace evalloop::prompt_engine
