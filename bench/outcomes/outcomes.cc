// How well completions are joined to what was committed in their places, where
// it is known: lines of real commits, offered while they were typed (see
// traffic.h and README.md). Writes a table. Run by hand.
//
//   build/release/bench/outcomes --repo PATH --commits 1000

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "bench/outcomes/traffic.h"
#include "code_analysis/history.h"
#include "code_analysis/language.h"
#include "fmt/format.h"
#include "platform/base/statistics.h"
#include "prompt_engine/domain/changed_files.h"
#include "prompt_engine/domain/watch.h"

namespace {

namespace base = evalloop::base;
namespace bench = evalloop::bench;
namespace ca = evalloop::code_analysis;
namespace pe = evalloop::prompt_engine;
using base::RatioTally;

struct Flags {
  std::string repository = ".";
  std::uint32_t commits = 1000;
  std::uint32_t lines = 8;  // Of each commit.
  std::uint32_t behind = 0;
  std::uint32_t after = 20;
  bool wrong = false;
  std::uint64_t seed = 1;
};

// What one commit adds to each figure.
struct Tallies {
  RatioTally precision;  // Of what was joined, how much rightly.
  RatioTally recall;     // Of what was committed, how much was joined.
  RatioTally kind;       // Kept, edited or dropped, rightly.
};
using ByCommit = std::map<std::string, Tallies>;

struct History {
  std::vector<pe::CommitHeader> headers;
  std::map<std::size_t, ca::CommitChanges> changes;  // As they are read.
};

bool KnownLanguage(std::string_view path) {
  return ca::LanguageOfPath(path) != ca::Language::kUnknown;
}

const ca::CommitChanges& ChangesAt(const ca::Repository& git, History& history,
                                   std::size_t at) {
  const auto [found, added] = history.changes.try_emplace(at);
  if (added) {
    auto read = git.Changes(history.headers[at].sha, KnownLanguage);
    if (read.ok()) found->second = *std::move(read);
  }
  return found->second;
}

// `line` and `path` of the tree before the commit at `to` as the tree of the
// commit at `from` had them; false where they were not there.
bool Back(const ca::Repository& git, History& history, std::size_t from,
          std::size_t to, std::string& path, std::uint32_t& line) {
  for (std::size_t at = to - 1; at > from; --at) {
    for (const auto& change : ChangesAt(git, history, at).files) {
      if (change.new_path != path) continue;
      if (change.old_path.empty()) return false;
      std::int64_t shift = 0;
      for (const ca::Hunk& hunk : change.hunks) {
        if (hunk.new_start + hunk.new_lines > line) break;
        shift += static_cast<std::int64_t>(hunk.new_lines) - hunk.old_lines;
      }
      path = change.old_path;
      line =
          static_cast<std::uint32_t>(std::max<std::int64_t>(1, line - shift));
    }
  }
  return true;
}

// With what an editor told, or by commits alone. It is followed until the
// commit at `last`: what is not found where it is must not be found later.
pe::Watch Join(const ca::Repository& git, History& history, std::size_t base,
               std::size_t at, std::size_t last, const bench::Case& made,
               bool told) {
  pe::Outcome outcome = made.outcome;
  if (told) {
    outcome.kind = made.offer == bench::Offer::kRight
                       ? pe::FeedbackKind::kAccepted
                       : pe::FeedbackKind::kRejected;
  } else {
    outcome.text.reset();
  }
  pe::Watch watch = *pe::WatchOf(outcome);
  pe::Begin(watch, static_cast<std::uint32_t>(base + 1),
            history.headers[base].sha);
  for (std::size_t next = base + 1;
       next <= last && watch.stage == pe::WatchStage::kSearching; ++next) {
    const ca::CommitChanges& changes =
        next == at ? made.changes : ChangesAt(git, history, next);
    const pe::ChangedFiles files(changes);
    pe::Advance(watch, history.headers[next], files);
  }
  return watch;
}

void Judge(const pe::Watch& watch, const std::string& sha,
           const bench::Truth& truth, Tallies& tallies) {
  using pe::CommittedKind;
  const auto kind =
      watch.Known() ? watch.committed->kind : CommittedKind::kDropped;
  const bool joined = kind != CommittedKind::kDropped;
  const bool committed = truth.kind != CommittedKind::kDropped;
  const bool right = joined && committed && watch.committed->commit == sha &&
                     watch.committed->path == truth.path &&
                     watch.committed->line == truth.line;
  if (joined) {
    tallies.precision.denominator += 1;
    tallies.precision.numerator += right ? 1 : 0;
  }
  if (committed) {
    tallies.recall.denominator += 1;
    tallies.recall.numerator += right ? 1 : 0;
  }
  tallies.kind.denominator += 1;
  tallies.kind.numerator += kind == truth.kind ? 1 : 0;
}

// One line for each that is not judged rightly, to be read.
void TellWrong(const pe::Watch& watch, const std::string& sha,
               const bench::Case& made, bool told) {
  Tallies one;
  Judge(watch, sha, made.truth, one);
  const bool right = one.kind.numerator == 1 &&
                     one.precision.numerator == one.precision.denominator &&
                     one.recall.numerator == one.recall.denominator;
  if (right) return;
  fmt::print(stderr, "{} {} {} typed={} {}:{} typed {} said [{}] rest [{}] -> ",
             told ? "told" : "alone", NameOf(made.later), NameOf(made.offer),
             NameOf(made.typed), made.truth.path, made.truth.line,
             made.outcome.typed_characters, made.outcome.shown_text,
             made.outcome.text.value_or(""));
  if (!watch.Known()) {
    fmt::print(stderr, "not known\n");
    return;
  }
  const pe::CommittedOutcome& found = *watch.committed;
  fmt::print(stderr, "{} {}:{} {}[{}]\n", static_cast<int>(found.kind),
             found.path, found.line,
             found.commit == sha ? "" : "in another commit ", found.text);
}

std::string Figure(const ByCommit& commits, RatioTally Tallies::*part) {
  std::vector<RatioTally> clusters;
  double rows = 0;
  for (const auto& [sha, tallies] : commits) {
    clusters.push_back(tallies.*part);
    rows += (tallies.*part).denominator;
  }
  const auto estimate = base::BootstrapRatio(clusters, {.resamples = 2000});
  if (!estimate.ok()) return "-";
  return fmt::format("{:5.1f} [{:.1f}, {:.1f}] of {:.0f}",
                     100 * estimate->value, 100 * estimate->low,
                     100 * estimate->high, rows);
}

int Measure(const Flags& flags) {
  const auto git = ca::Repository::Open(flags.repository);
  if (!git.ok()) return std::cerr << git.status() << "\n", 3;
  const auto head = git->ResolveCommit("HEAD");
  if (!head.ok()) return std::cerr << head.status() << "\n", 3;
  const auto commits = git->FirstParentHistory(std::nullopt, *head);
  if (!commits.ok()) return std::cerr << commits.status() << "\n", 3;
  History history;
  for (std::size_t i = 0; i < commits->size(); ++i) {
    pe::CommitHeader& header = history.headers.emplace_back();
    header.position = static_cast<std::uint32_t>(i);
    header.sha = (*commits)[i].sha;
    header.commit_time = absl::FromUnixSeconds((*commits)[i].commit_time);
  }
  base::Random random(flags.seed);
  std::map<std::string, ByCommit> strata;
  const std::size_t first =
      commits->size() > flags.commits ? commits->size() - flags.commits : 1;
  for (std::size_t at = std::max<std::size_t>(first, flags.behind + 1);
       at < commits->size(); ++at) {
    const std::string& sha = history.headers[at].sha;
    const ca::CommitChanges changes = ChangesAt(*git, history, at);
    for (std::uint32_t i = 0; i < flags.lines; ++i) {
      for (bench::Case& made : bench::CaseOf(changes, random)) {
        const std::size_t base =
            at - 1 - (flags.behind == 0 ? 0 : random.Below(flags.behind + 1));
        if (!Back(*git, history, base, at, made.outcome.path,
                  made.outcome.line)) {
          continue;
        }
        made.outcome.repository = flags.repository;
        made.outcome.commit = history.headers[base].sha;
        // Served while the line was typed, however old its base is.
        made.outcome.serve_time = history.headers[at].commit_time;
        for (const bool told : {false, true}) {
          const pe::Watch watch =
              Join(*git, history, base, at,
                   std::min(at + flags.after, commits->size() - 1), made, told);
          if (flags.wrong) TellWrong(watch, sha, made, told);
          for (const std::string& stratum :
               {std::string("all"), fmt::format("{}", NameOf(made.later)),
                fmt::format("typed {}", NameOf(made.typed)),
                fmt::format("offered {}", NameOf(made.offer)),
                std::string(made.later == bench::Later::kAsTyped &&
                                    made.typed == bench::Typed::kTopDown
                                ? "as replayed"
                                : "otherwise")}) {
            Judge(watch, sha, made.truth,
                  strata[(told ? "told: " : "commits alone: ") + stratum][sha]);
          }
        }
      }
    }
    // Commits before are needed no more.
    while (!history.changes.empty() &&
           history.changes.begin()->first + flags.behind + 2 < at) {
      history.changes.erase(history.changes.begin());
    }
  }
  for (const auto& [name, by_commit] : strata) {
    fmt::print("{:<34} precision {:<32} recall {:<32} kind {}\n", name,
               Figure(by_commit, &Tallies::precision),
               Figure(by_commit, &Tallies::recall),
               Figure(by_commit, &Tallies::kind));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Flags flags;
  CLI::App app{"Joins completions of known fate to commits"};
  app.add_option("--repo", flags.repository, "Git repository");
  app.add_option("--commits", flags.commits, "The newest so many");
  app.add_option("--lines", flags.lines, "Offered in each commit");
  app.add_option("--behind", flags.behind,
                 "Commits of others between base and commit, at most");
  app.add_option("--after", flags.after,
                 "Commits behind that one in which it is looked for on");
  app.add_flag("--wrong", flags.wrong,
               "Each that was not joined rightly, on stderr");
  app.add_option("--seed", flags.seed, "Of the draws");
  CLI11_PARSE(app, argc, argv);
  return Measure(flags);
}
