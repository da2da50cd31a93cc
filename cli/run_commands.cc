#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/evaluator_peer.h"
#include "cli/message_file.h"
#include "cli/names.h"
#include "cli/prompt_engine_peer.h"
#include "cli/run_output.h"
#include "platform/base/ids.h"

namespace evalloop::cli {
namespace {

constexpr std::chrono::seconds kWatchDeadline{7200};
constexpr std::uint32_t kRowsAPage = 500;
constexpr std::size_t kShownFindings = 20;

// How often a metric counted by a rule, and where first.
struct FindingCount {
  int findings = 0;
  std::string where;
};
using FindingCounts =
    std::map<std::pair<std::string, std::string>, FindingCount>;

// The most frequent first.
std::string FindingsText(const FindingCounts& counts) {
  std::vector<const FindingCounts::value_type*> order;
  for (const auto& entry : counts) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) {
                     return a->second.findings > b->second.findings;
                   });
  if (order.size() > kShownFindings) order.resize(kShownFindings);
  std::vector<std::vector<std::string>> rows = {
      {"metric", "counted", "times", "first in item"}};
  for (const auto* entry : order) {
    rows.push_back({entry->first.first, entry->first.second,
                    fmt::format("{}", entry->second.findings),
                    entry->second.where});
  }
  return Table(rows);
}

// A revision that differs from `base` by the assignments, pushed as a draft.
absl::StatusOr<v1::RevisionSelector> Derive(
    Session& session, const v1::RevisionSelector& base,
    const std::vector<std::string>& assignments) {
  v1::GetRevisionRequest get;
  *get.mutable_revision() = base;
  const auto found = Call(session.peers, &Prompts::GetRevision, get);
  if (!found.ok()) return found.status();
  v1::PushRevisionRequest push;
  push.set_prompt(found->revision().prompt());
  push.set_author(Author());
  push.set_parent_version(found->revision().version());
  *push.mutable_content() = found->revision().content();
  std::string message;
  for (const std::string& assignment : assignments) {
    message += (message.empty() ? "With " : ", ") + assignment;
    if (assignment.starts_with("model=")) {
      // Another model: its snapshot is filled in at the push.
      push.mutable_content()->mutable_model()->set_name(assignment.substr(6));
      push.mutable_content()->mutable_model()->clear_snapshot();
      continue;
    }
    const auto set = SetField(assignment, push.mutable_content());
    if (!set.ok()) return set;
  }
  push.set_message(message);
  const auto pushed = Call(session.peers, &Prompts::PushRevision, push);
  if (!pushed.ok()) return pushed.status();
  v1::RevisionSelector derived;
  derived.set_prompt(pushed->revision().prompt());
  derived.set_version(pushed->revision().version());
  session.terminal.Talk(
      fmt::format("runs the derived revision {}",
                  RevisionName(derived.prompt(), derived.version())));
  return derived;
}

void Print(Terminal& terminal, const v1::Run& run) {
  if (terminal.json()) {
    terminal.Json(run);
  } else {
    terminal.Data(RunText(run));
  }
}

Outcome Watch(Session& session, const std::string& run_id) {
  v1::WatchRunRequest request;
  request.set_run_id(run_id);
  v1::Run last;
  const auto status = Follow(
      session.peers, &Evaluations::WatchRun, request, kWatchDeadline,
      [&](const v1::WatchRunResponse& progress) {
        last = progress.run();
        session.terminal.Progress(fmt::format("run {}", run_id),
                                  last.scored() + last.failed(), last.rows());
      });
  session.terminal.EndProgress();
  if (!status.ok()) return status;
  Print(session.terminal, last);
  return last.failed() > 0 ? ExitCode::kInfrastructure : ExitCode::kPassed;
}

// Tells of a run that has just begun, or follows it to its end.
Outcome Begun(Session& session, const v1::Run& run, bool watch) {
  if (watch) return Watch(session, run.run_id());
  Print(session.terminal, run);
  return ExitCode::kPassed;
}

absl::StatusOr<v1::Run> GetRun(Session& session, const std::string& run_id) {
  v1::GetRunRequest request;
  request.set_run_id(run_id);
  auto found = Call(session.peers, &Evaluations::GetRun, request);
  if (!found.ok()) return found.status();
  return *std::move(*found).mutable_run();
}

}  // namespace

Outcome RunStart(Session& session, const RunStartFlags& flags) {
  auto revision = ParseRevision(flags.revision);
  if (!revision.ok()) return revision.status();
  const auto benchmark = ParseBenchmark(flags.benchmark);
  if (!benchmark.ok()) return benchmark.status();
  const auto subset = ParseSubset(flags.subset);
  if (!subset.ok()) return subset.status();
  if (!flags.set.empty()) {
    revision = Derive(session, *revision, flags.set);
    if (!revision.ok()) return revision.status();
  }
  v1::StartRunRequest request;
  *request.mutable_revision() = *revision;
  request.set_benchmark(benchmark->name);
  request.set_benchmark_version(benchmark->version);
  request.set_subset(*subset);
  request.set_samples(flags.samples);
  request.set_mode(flags.typed ? v1::RUN_MODE_TYPED : v1::RUN_MODE_ONCE);
  request.set_index_commit(flags.index_commit);
  request.set_author(Author());
  request.set_request_id(base::RandomId());
  const auto started = Call(session.peers, &Evaluations::StartRun, request);
  if (!started.ok()) return started.status();
  return Begun(session, started->run(), flags.watch);
}

Outcome RunRerun(Session& session, const std::string& run_id, bool watch) {
  const auto run = GetRun(session, run_id);
  if (!run.ok()) return run.status();
  v1::StartRunRequest request;
  request.mutable_revision()->set_prompt(run->prompt());
  request.mutable_revision()->set_version(run->revision_version());
  request.set_benchmark(run->benchmark());
  request.set_benchmark_version(run->benchmark_version());
  request.set_subset(run->subset());
  request.set_samples(run->samples());
  request.set_mode(run->mode());
  request.set_index_commit(run->index_commit());
  request.set_author(Author());
  request.set_request_id(base::RandomId());
  const auto started = Call(session.peers, &Evaluations::StartRun, request);
  if (!started.ok()) return started.status();
  return Begun(session, started->run(), watch);
}

Outcome RunRetry(Session& session, const std::string& run_id, bool watch) {
  v1::RetryRunRequest request;
  request.set_run_id(run_id);
  const auto retried = Call(session.peers, &Evaluations::RetryRun, request);
  if (!retried.ok()) return retried.status();
  return Begun(session, retried->run(), watch);
}

Outcome RunRescore(Session& session, const std::string& run_id, bool watch) {
  v1::RescoreRunRequest request;
  request.set_run_id(run_id);
  request.set_author(Author());
  request.set_request_id(base::RandomId());
  const auto rescored = Call(session.peers, &Evaluations::RescoreRun, request);
  if (!rescored.ok()) return rescored.status();
  return Begun(session, rescored->run(), watch);
}

Outcome RunCancel(Session& session, const std::string& run_id) {
  v1::CancelRunRequest request;
  request.set_run_id(run_id);
  const auto cancelled = Call(session.peers, &Evaluations::CancelRun, request);
  if (!cancelled.ok()) return cancelled.status();
  Print(session.terminal, cancelled->run());
  return ExitCode::kPassed;
}

Outcome RunWatch(Session& session, const std::string& run_id) {
  return Watch(session, run_id);
}

// What metrics counted most often in the run's rows.
absl::Status PrintFindings(Session& session, const std::string& run_id) {
  FindingCounts counts;
  v1::ListRowsRequest request;
  request.set_run_id(run_id);
  request.mutable_page()->set_page_size(kRowsAPage);
  do {
    const auto page = Call(session.peers, &Evaluations::ListRows, request);
    if (!page.ok()) return page.status();
    for (const v1::Row& row : page->rows()) {
      for (const v1::Finding& finding : row.findings()) {
        FindingCount& count = counts[{finding.metric(), finding.rule()}];
        if (count.findings++ == 0) {
          count.where =
              fmt::format("{} line {}", row.item_id(), finding.line());
        }
      }
    }
    request.mutable_page()->set_page_token(page->next_page_token());
  } while (!request.page().page_token().empty());
  if (!counts.empty()) session.terminal.Data(FindingsText(counts));
  return absl::OkStatus();
}

Outcome RunShow(Session& session, const std::string& run_id) {
  const auto run = GetRun(session, run_id);
  if (!run.ok()) return run.status();
  Print(session.terminal, *run);
  if (session.terminal.json()) return ExitCode::kPassed;
  const auto status = PrintFindings(session, run_id);
  if (!status.ok()) return status;
  return ExitCode::kPassed;
}

Outcome RunCompare(Session& session, const std::string& baseline,
                   const std::string& candidate, std::uint32_t rows) {
  v1::CompareRunsRequest request;
  request.set_baseline_run_id(baseline);
  request.set_candidate_run_id(candidate);
  request.set_max_rows(rows);
  const auto compared = Call(session.peers, &Evaluations::CompareRuns, request);
  if (!compared.ok()) return compared.status();
  if (session.terminal.json()) {
    session.terminal.Json(compared->comparison());
  } else {
    session.terminal.Data(ComparisonText(compared->comparison()));
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
