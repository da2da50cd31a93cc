#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/evaluator_peer.h"
#include "cli/names.h"
#include "cli/prompt_engine_peer.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

constexpr std::chrono::seconds kIngestDeadline{3600};
constexpr std::chrono::seconds kBuildDeadline{600};

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
       {"built", TimeUtil::ToString(benchmark.create_time())}}));
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
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
