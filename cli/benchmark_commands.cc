#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/benchmark_output.h"
#include "cli/commands.h"
#include "cli/evaluator_peer.h"
#include "cli/golden_items.h"
#include "cli/names.h"
#include "cli/prompt_engine_peer.h"

namespace evalloop::cli {
namespace {

constexpr std::chrono::seconds kIngestDeadline{3600};
constexpr std::chrono::seconds kBuildDeadline{600};

constexpr std::uint32_t kItemsAPage = 200;
// Tests that let half of all small mistakes pass say little.
constexpr double kWeak = 0.5;

// Items whose tests no verdict counts, and those whose tests are weak.
absl::Status PrintOracles(Session& session, const v1::Benchmark& benchmark) {
  std::vector<std::vector<std::string>> rows = {
      {"item", "task", "quarantine", "mutation score", "let pass"}};
  v1::ListItemsRequest request;
  request.set_benchmark(benchmark.name());
  request.set_version(benchmark.version());
  request.mutable_page()->set_page_size(kItemsAPage);
  do {
    const auto page = Call(session.peers, &Evaluations::ListItems, request);
    if (!page.ok()) return page.status();
    for (const v1::Item& item : page->items()) {
      const v1::OracleReport& oracle = item.oracle();
      if (!item.has_oracle() ||
          (!item.quarantined() && oracle.mutation_score() >= kWeak)) {
        continue;
      }
      rows.push_back(
          {item.item_id(), item.commit(),
           item.quarantined() ? oracle.reason() : "",
           oracle.has_mutation_score()
               ? fmt::format("{:.2f}", oracle.mutation_score())
               : "- (" + oracle.reason() + ")",
           oracle.survivors_size() > 0
               ? fmt::format("line {}: {}", oracle.survivors(0).line(),
                             oracle.survivors(0).change())
               : ""});
    }
    request.mutable_page()->set_page_token(page->next_page_token());
  } while (!request.page().page_token().empty());
  if (rows.size() > 1) session.terminal.Data(Table(rows));
  return absl::OkStatus();
}

// A response's benchmark, with its manifest.
template <class Response>
Outcome Tell(Terminal& terminal, const absl::StatusOr<Response>& answer) {
  if (!answer.ok()) return answer.status();
  if (terminal.json()) {
    terminal.Json(answer->benchmark());
  } else {
    terminal.Data(BenchmarkText(answer->benchmark()));
  }
  return ExitCode::kPassed;
}

}  // namespace

Outcome CommitsIngest(Session& session, const CommitsIngestFlags& flags) {
  const auto name = CanonicalRepository(flags.repository);
  if (!name.ok()) return name.status();
  v1::IngestRepositoryRequest request;
  request.set_repository(*name);
  request.set_until(flags.until);
  request.set_max_commits(flags.max_commits);
  v1::IngestRepositoryResponse last;
  const auto status = Follow(
      session.peers, &Prompts::IngestRepository, request, kIngestDeadline,
      [&](const v1::IngestRepositoryResponse& progress) {
        last = progress;
        session.terminal.Progress("reading commits", progress.commits_done(),
                                  progress.commits_total());
      });
  session.terminal.EndProgress();
  if (!status.ok()) return status;
  if (session.terminal.json()) {
    session.terminal.Json(last);
  } else {
    session.terminal.Data(fmt::format("{} commits, {} lines, {} files left out",
                                      last.commits_done(), last.lines(),
                                      last.files_skipped()));
  }
  return ExitCode::kPassed;
}

Outcome BenchmarkBuild(Session& session, const BenchmarkBuildFlags& flags) {
  const auto repository = CanonicalRepository(flags.repository);
  if (!repository.ok()) return repository.status();
  v1::BuildBenchmarkRequest request;
  request.set_name(flags.name);
  request.set_repository(*repository);
  request.set_after_commit(flags.after);
  request.set_until_commit(flags.until);
  request.set_max_items(flags.max_items);
  request.set_changelog(flags.changelog);
  for (const std::string& name : flags.classes) request.add_classes(name);
  for (const std::string& name : flags.tasks) request.add_tasks(name);
  request.set_holdout_share(flags.holdout_share);
  return Tell(session.terminal,
              Call(session.peers, &Evaluations::BuildBenchmark, request,
                   kBuildDeadline));
}

Outcome BenchmarkImport(Session& session, const BenchmarkImportFlags& flags) {
  std::optional<absl::Time> date;
  if (!flags.date.empty()) {
    const auto parsed = ParseDate(flags.date);
    if (!parsed.ok()) return parsed.status();
    date = *parsed;
  }
  auto items = ReadItemsFile(flags.file, date);
  if (!items.ok()) return items.status();
  v1::ImportBenchmarkRequest request;
  request.set_name(flags.name.empty() ? BenchmarkNameOf(flags.file)
                                      : flags.name);
  request.set_changelog(flags.changelog);
  for (v1::Item& item : *items) *request.add_items() = std::move(item);
  return Tell(session.terminal,
              Call(session.peers, &Evaluations::ImportBenchmark, request,
                   kBuildDeadline));
}

Outcome BenchmarkRotate(Session& session, const BenchmarkRotateFlags& flags) {
  v1::GetBenchmarkRequest wanted;
  wanted.set_name(flags.name);
  const auto before = Call(session.peers, &Evaluations::GetBenchmark, wanted);
  if (!before.ok()) return before.status();
  v1::RotateBenchmarkRequest request;
  request.set_name(flags.name);
  request.set_share(flags.share);
  request.set_until_commit(flags.until);
  request.set_changelog(flags.changelog);
  const auto rotated = Call(session.peers, &Evaluations::RotateBenchmark,
                            request, kBuildDeadline);
  if (!rotated.ok()) return rotated.status();
  const v1::Benchmark& was = before->benchmark();
  if (rotated->benchmark().version() == was.version()) {
    session.terminal.Talk(fmt::format(
        "nothing fresh after commit {}, so it stays {}@{}; read later commits "
        "with evalloop commits ingest --repo {}",
        was.until_commit(), was.name(), was.version(), was.repository()));
  }
  return Tell(session.terminal, rotated);
}

Outcome BenchmarkList(Session& session, const BenchmarkListFlags& flags) {
  v1::ListBenchmarksRequest request;
  request.set_filter(flags.filter);
  request.set_order_by(flags.order_by);
  request.mutable_page()->set_page_size(flags.limit);
  const auto list = Call(session.peers, &Evaluations::ListBenchmarks, request);
  if (!list.ok()) return list.status();
  if (session.terminal.json()) {
    session.terminal.Json(*list);
  } else {
    session.terminal.Data(BenchmarksText(*list));
  }
  return ExitCode::kPassed;
}

Outcome BenchmarkItems(Session& session, const BenchmarkItemsFlags& flags) {
  const auto name = ParseBenchmark(flags.benchmark);
  if (!name.ok()) return name.status();
  v1::ListItemsRequest request;
  request.set_benchmark(name->name);
  request.set_version(name->version);
  request.set_filter(flags.filter);
  request.set_order_by(flags.order_by);
  request.mutable_page()->set_page_size(flags.limit);
  const auto list = Call(session.peers, &Evaluations::ListItems, request);
  if (!list.ok()) return list.status();
  if (session.terminal.json()) {
    session.terminal.Json(*list);
  } else {
    session.terminal.Data(ItemsText(*list));
  }
  return ExitCode::kPassed;
}

Outcome BenchmarkShow(Session& session, const std::string& name_or_item) {
  const auto name = ParseBenchmark(name_or_item);
  if (!name.ok()) return name.status();
  v1::GetBenchmarkRequest request;
  request.set_name(name->name);
  request.set_version(name->version);
  const auto found = Call(session.peers, &Evaluations::GetBenchmark, request);
  if (absl::IsNotFound(found.status()) && name->version == 0) {
    v1::GetItemRequest wanted;
    wanted.set_item_id(name_or_item);
    const auto item = Call(session.peers, &Evaluations::GetItem, wanted);
    if (absl::IsNotFound(item.status())) return found.status();
    if (!item.ok()) return item.status();
    if (session.terminal.json()) {
      session.terminal.Json(item->item());
    } else {
      session.terminal.Data(ItemText(item->item()));
    }
    return ExitCode::kPassed;
  }
  const Outcome told = Tell(session.terminal, found);
  if (!told.ok() || session.terminal.json()) return told;
  if (auto status = PrintOracles(session, found->benchmark()); !status.ok()) {
    return status;
  }
  return told;
}

}  // namespace evalloop::cli
