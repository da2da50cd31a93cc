// What is wrong with a revision, and what differs between two.
#include <fmt/format.h>

#include <string>

#include "cli/call.h"
#include "cli/commands.h"
#include "cli/names.h"
#include "cli/prompt_engine_peer.h"
#include "cli/report_text.h"
#include "cli/revision_file.h"
#include "prompt_engine/domain/lint.h"
#include "prompt_engine/translate/content_codec.h"

namespace evalloop::cli {
namespace {

// As one value: a text without lines, quoted where it has blanks.
std::string Value(const std::string& text) {
  if (text.empty()) return "(none)";
  const std::string line = OneVisibleLine(text);
  return line.find(' ') == std::string::npos ? line
                                             : fmt::format("\"{}\"", line);
}

std::string Described(const v1::RevisionChange& change) {
  const std::string heading =
      fmt::format("{}: {}", change.kind(), change.field());
  if (change.diff().empty()) {
    return fmt::format("{}\n  {} -> {}", heading, Value(change.from()),
                       Value(change.to()));
  }
  std::string diff = Visible(change.diff());
  if (diff.ends_with('\n')) diff.pop_back();
  return fmt::format("{}\n{}", heading, diff);
}

}  // namespace

Outcome PromptDiff(Session& session, const std::string& from,
                   const std::string& to) {
  v1::DiffRevisionsRequest request;
  const auto before = ParseRevision(from);
  if (!before.ok()) return before.status();
  const auto after = ParseRevision(to);
  if (!after.ok()) return after.status();
  *request.mutable_from() = *before;
  *request.mutable_to() = *after;
  const auto found = Call(session.peers, &Prompts::DiffRevisions, request);
  if (!found.ok()) return found.status();
  if (session.terminal.json()) {
    session.terminal.Json(*found);
    return ExitCode::kPassed;
  }
  for (const v1::RevisionChange& change : found->changes()) {
    session.terminal.Data(Described(change));
  }
  if (found->changes().empty()) session.terminal.Talk("No difference.");
  return ExitCode::kPassed;
}

Outcome Lint(Terminal& terminal, const std::string& file) {
  const auto content = ReadRevisionFile(file);
  if (!content.ok()) return content.status();
  v1::LintRevisionResponse findings;
  bool blocked = false;
  for (const prompt_engine::LintFinding& finding :
       prompt_engine::Lint(prompt_engine::FromProto(*content))) {
    v1::LintFinding& added = *findings.add_findings();
    added.set_field(finding.field);
    added.set_problem(finding.problem);
    added.set_remedy(finding.remedy);
    added.set_blocks(finding.blocks);
    blocked = blocked || finding.blocks;
  }
  if (terminal.json()) {
    terminal.Json(findings);
  } else {
    for (const v1::LintFinding& finding : findings.findings()) {
      terminal.Data(fmt::format(
          "{}: {}: {} {}; {}", file, finding.blocks() ? "error" : "warning",
          OneVisibleLine(finding.field()), OneVisibleLine(finding.problem()),
          OneVisibleLine(finding.remedy())));
    }
    if (findings.findings().empty()) terminal.Talk("Nothing is wrong with it.");
  }
  return blocked ? ExitCode::kFailedGate : ExitCode::kPassed;
}

}  // namespace evalloop::cli
