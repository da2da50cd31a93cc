#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/evaluator_peer.h"
#include "cli/exec_files.h"
#include "cli/human_eval_items.h"
#include "cli/names.h"
#include "cli/prompt_engine_peer.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

constexpr std::chrono::seconds kIngestDeadline{3600};
constexpr std::chrono::seconds kBuildDeadline{600};

constexpr std::uint32_t kItemsAPage = 200;
// Tests that let half of all small mistakes pass say little.
constexpr double kWeak = 0.5;

std::string TestsText(const v1::Benchmark& benchmark) {
  if (benchmark.tested() == 0) return "none";
  std::string text =
      fmt::format("{} items, {} checked, {} in quarantine", benchmark.tested(),
                  benchmark.checked(), benchmark.quarantined());
  if (benchmark.has_mutation_score()) {
    text += fmt::format(", mutation score {:.2f}", benchmark.mutation_score());
  }
  return text;
}

void Print(Terminal& terminal, const v1::Benchmark& benchmark) {
  terminal.Data(Table(
      {{"benchmark",
        fmt::format("{}@{}", benchmark.name(), benchmark.version())},
       {"repository", benchmark.repository()},
       {"commits", fmt::format("after {} until {}", benchmark.after_commit(),
                               benchmark.until_commit())},
       {"items", fmt::format("{}", benchmark.items())},
       {"agreed", fmt::format("{}", benchmark.agreed())},
       {"contested", fmt::format("{}", benchmark.contested())},
       {"digest", benchmark.digest()},
       {"changelog", benchmark.changelog()},
       {"built", TimeUtil::ToString(benchmark.create_time())},
       {"hidden tests", TestsText(benchmark)}}));
}

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
  const auto built = Call(session.peers, &Evaluations::BuildBenchmark, request,
                          kBuildDeadline);
  if (!built.ok()) return built.status();
  if (session.terminal.json()) {
    session.terminal.Json(built->benchmark());
  } else {
    Print(session.terminal, built->benchmark());
  }
  return ExitCode::kPassed;
}

Outcome BenchmarkImport(Session& session, const BenchmarkImportFlags& flags) {
  const auto lines = ReadLines(flags.file);
  if (!lines.ok()) return lines.status();
  auto items = HumanEvalItems(*lines);
  if (!items.ok()) return items.status();
  v1::ImportBenchmarkRequest request;
  request.set_name(flags.name.empty() ? BenchmarkNameOf(flags.file)
                                      : flags.name);
  request.set_changelog(flags.changelog);
  for (v1::Item& item : *items) *request.add_items() = std::move(item);
  const auto made = Call(session.peers, &Evaluations::ImportBenchmark, request,
                         kBuildDeadline);
  if (!made.ok()) return made.status();
  if (session.terminal.json()) {
    session.terminal.Json(made->benchmark());
  } else {
    Print(session.terminal, made->benchmark());
  }
  return ExitCode::kPassed;
}

Outcome BenchmarkList(Session& session) {
  v1::ListBenchmarksRequest request;
  request.mutable_page()->set_page_size(1000);
  const auto list = Call(session.peers, &Evaluations::ListBenchmarks, request);
  if (!list.ok()) return list.status();
  if (session.terminal.json()) {
    session.terminal.Json(*list);
    return ExitCode::kPassed;
  }
  std::vector<std::vector<std::string>> rows = {
      {"benchmark", "items", "agreed", "contested", "repository", "built"}};
  for (const v1::Benchmark& benchmark : list->benchmarks()) {
    rows.push_back({fmt::format("{}@{}", benchmark.name(), benchmark.version()),
                    fmt::format("{}", benchmark.items()),
                    fmt::format("{}", benchmark.agreed()),
                    fmt::format("{}", benchmark.contested()),
                    benchmark.repository(),
                    TimeUtil::ToString(benchmark.create_time())});
  }
  session.terminal.Data(Table(rows));
  return ExitCode::kPassed;
}

Outcome BenchmarkShow(Session& session, const std::string& benchmark) {
  const auto name = ParseBenchmark(benchmark);
  if (!name.ok()) return name.status();
  v1::GetBenchmarkRequest request;
  request.set_name(name->name);
  request.set_version(name->version);
  const auto found = Call(session.peers, &Evaluations::GetBenchmark, request);
  if (!found.ok()) return found.status();
  if (session.terminal.json()) {
    session.terminal.Json(found->benchmark());
  } else {
    Print(session.terminal, found->benchmark());
    const auto status = PrintOracles(session, found->benchmark());
    if (!status.ok()) return status;
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
