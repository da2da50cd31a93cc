#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/embedded_index.h"
#include "cli/gateway_suggester.h"
#include "cli/names.h"
#include "cli/replay_report.h"
#include "code_analysis/history.h"
#include "platform/base/ids.h"
#include "platform/base/text.h"
#include "platform/http/json.h"
#include "replay/replayer.h"

namespace evalloop::cli {
namespace {

using code_analysis::CommitInfo;

constexpr std::int64_t kDefaultLines = 800;
constexpr std::string_view kDefaultPrompt = "complete-line";

// Where --endpoint names a gateway of its own, its services may be out of
// reach: the index is then its owner's affair.
constexpr std::chrono::seconds kForeignPatience{2};

class Observer final : public replay::ReplayObserver {
 public:
  Observer(std::string repository, std::int64_t lines,
           GatewaySuggester& suggester, EmbeddedIndex& index,
           Terminal& terminal)
      : repository_(std::move(repository)),
        lines_(lines),
        suggester_(suggester),
        index_(index),
        terminal_(terminal) {}

  absl::Status BeforeCommit(const CommitInfo& commit) override {
    suggester_.StandAt(commit.parent);
    return index_.StandAt(repository_, commit.parent);
  }

  void LinesTyped(std::int64_t lines) override {
    terminal_.Progress("typing lines", lines, lines_);
  }

 private:
  const std::string repository_;
  const std::int64_t lines_;
  GatewaySuggester& suggester_;
  EmbeddedIndex& index_;
  Terminal& terminal_;
};

absl::StatusOr<std::vector<CommitInfo>> CommitsBetween(
    const code_analysis::Repository& repository, const ReplayFlags& flags) {
  absl::Time from = absl::InfinitePast();
  absl::Time to = absl::InfiniteFuture();
  if (!flags.from.empty()) {
    const auto date = ParseDate(flags.from);
    if (!date.ok()) return date.status();
    from = *date;
  }
  if (!flags.to.empty()) {
    const auto date = ParseDate(flags.to);
    if (!date.ok()) return date.status();
    to = *date;
  }
  const auto head = repository.ResolveCommit("HEAD");
  if (!head.ok()) return head.status();
  auto commits = repository.FirstParentHistory(std::nullopt, *head);
  if (!commits.ok()) return commits.status();
  std::erase_if(*commits, [&](const CommitInfo& commit) {
    const absl::Time time = absl::FromUnixSeconds(commit.commit_time);
    return time < from || time >= to;
  });
  if (commits->empty()) {
    return absl::InvalidArgumentError("no commit lies between these dates");
  }
  return commits;
}

// Without --from the newest lines are meant.
absl::Status KeepNewest(const code_analysis::Repository& repository,
                        const replay::ReplayOptions& options,
                        std::vector<CommitInfo>& commits) {
  const auto sizes =
      replay::MeasureHistory(repository, commits, options.max_lines, options);
  if (!sizes.ok()) return sizes.status();
  if (sizes->empty()) {
    return absl::InvalidArgumentError("no commit adds a line that counts");
  }
  const auto first = std::find_if(commits.begin(), commits.end(),
                                  [&](const CommitInfo& commit) {
                                    return commit.sha == sizes->front().commit;
                                  });
  commits.erase(commits.begin(), first);
  return absl::OkStatus();
}

std::string WithoutVersionPath(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  if (url.ends_with("/v1")) url.resize(url.size() - 3);
  return url;
}

}  // namespace

Outcome ReplayHistory(Session& session, const ReplayFlags& flags) {
  auto repository = code_analysis::Repository::Open(flags.repository);
  if (!repository.ok()) return repository.status();
  const auto name = CanonicalRepository(flags.repository);
  if (!name.ok()) return name.status();

  replay::ReplayOptions options;
  options.seed = flags.seed;
  options.workers = flags.workers;
  options.lines_per_second = flags.rate;
  options.lines.all_lines = flags.all_lines;
  options.max_lines =
      flags.lines > 0 || !flags.from.empty() ? flags.lines : kDefaultLines;
  auto commits = CommitsBetween(*repository, flags);
  if (!commits.ok()) return commits.status();
  if (flags.from.empty()) {
    const auto status = KeepNewest(*repository, options, *commits);
    if (!status.ok()) return status;
  }

  const bool foreign = !flags.endpoint.empty();
  GatewaySuggester::Options gateway;
  gateway.gateway_url = WithoutVersionPath(
      foreign ? flags.endpoint : session.peers.addresses().gateway_url);
  gateway.model =
      !flags.model.empty()
          ? flags.model
          : fmt::format("evalloop/{}", flags.prompt.empty()
                                           ? std::string(kDefaultPrompt)
                                           : flags.prompt);
  gateway.repository = *name;
  gateway.user = "replay";
  gateway.session = "replay-" + base::RandomId().substr(0, 12);
  http::Client client(HttpOptions());
  EmbeddedIndex index(session.peers, client, session.terminal);
  const auto embedded =
      index.Add(gateway.model, foreign ? kForeignPatience : kPatience);
  if (!embedded.ok()) {
    if (!foreign) return embedded.status();
    session.terminal.Talk(
        fmt::format("the index is left where it is: {}",
                    std::string(embedded.status().message())));
  }
  gateway.pin_index = embedded.value_or(false);
  GatewaySuggester suggester(gateway, client, session.terminal);
  Observer observer(*name, options.max_lines, suggester, index,
                    session.terminal);
  session.terminal.Talk(fmt::format(
      "typing {} lines of {} as {}",
      options.max_lines > 0 ? fmt::format("up to {}", options.max_lines)
                            : "all",
      *name, gateway.model));
  const auto tallies =
      replay::Replay(*repository, *commits, options, suggester, observer);
  session.terminal.EndProgress();
  if (!tallies.ok()) return tallies.status();

  const std::string report =
      http::JsonText(ReplayReport(*name, flags.seed, *tallies));
  if (!flags.report.empty()) {
    const auto status = WriteFile(flags.report, report + "\n");
    if (!status.ok()) return status;
  }
  if (session.terminal.json()) {
    session.terminal.Data(report);
  } else {
    session.terminal.Data(
        Table({TotalsHeading("replay"),
               TotalsRow("total", TotalsOf(*tallies, flags.seed))}));
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
