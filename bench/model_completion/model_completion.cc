// How well and how fast the embedded model completes later commits of a
// repository: trains on the tree at a date, then walks the commits after it,
// test-then-train. Writes one JSON line. Run by hand; never a timed test.
//
//   build/release/bench/model --repo PATH --cut 2022-01-01 --lines 4000

#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "code_analysis/history.h"
#include "code_analysis/language.h"
#include "code_analysis/lexer.h"
#include "fmt/format.h"
#include "model_server/domain/completer.h"
#include "model_server/domain/held_out.h"
#include "model_server/domain/index_builder.h"
#include "model_server/domain/trainer.h"

namespace {

using evalloop::code_analysis::Repository;
using evalloop::model_server::CompletionQuery;
using evalloop::model_server::CompletionResult;
using evalloop::model_server::HeldOutLine;
using evalloop::model_server::IndexSnapshot;
namespace ms = evalloop::model_server;
namespace ca = evalloop::code_analysis;

double Milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 +
         static_cast<double>(now.tv_nsec) / 1e6;
}

double Quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(
      q * static_cast<double>(values.size() - 1))];
}

std::vector<std::string> Tokens(std::string_view text, ca::Language language) {
  std::vector<std::string> tokens;
  for (const auto& token : ca::Lex(text, language)) {
    tokens.emplace_back(token.text);
  }
  return tokens;
}

double EditSimilarity(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t next =
          std::min({row[j] + 1, row[j - 1] + 1,
                    diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = std::exchange(row[j], next);
    }
  }
  const std::size_t longest = std::max(a.size(), b.size());
  return longest == 0 ? 1.0
                      : 1.0 - static_cast<double>(row[b.size()]) /
                                  static_cast<double>(longest);
}

struct Tally {
  int asked = 0;
  int exact = 0;
  int exact_of_5 = 0;
  int first_token = 0;
  int shown_text = 0;
  double similarity = 0;
  double logloss = 0;  // Of the top path: calibration.
  double brier = 0;

  void Add(const CompletionResult& result, std::string_view truth,
           ca::Language language) {
    ++asked;
    const auto wanted = Tokens(truth, language);
    if (result.choices.empty()) return;
    const auto& top = result.choices[0];
    const bool hit = top.ended && Tokens(top.text, language) == wanted;
    exact += hit ? 1 : 0;
    double score = top.end_logprob;
    for (const auto& token : top.tokens) score += token.logprob;
    const double p = std::exp(score);
    brier += (p - (hit ? 1 : 0)) * (p - (hit ? 1 : 0));
    for (const auto& choice : result.choices) {
      if (choice.ended && Tokens(choice.text, language) == wanted) {
        ++exact_of_5;
        break;
      }
    }
    const auto guess = Tokens(top.text, language);
    if (!guess.empty() && !wanted.empty() && guess[0] == wanted[0]) {
      ++first_token;
    }
    std::string_view trimmed = top.text;
    while (!trimmed.empty() && trimmed.front() == ' ') trimmed.remove_prefix(1);
    similarity += EditSimilarity(trimmed, truth);
  }

  std::string Json() const {
    const double n = std::max(asked, 1);
    return fmt::format(
        R"({{"asked":{},"exact":{:.4f},"exact_of_5":{:.4f},)"
        R"("first_token":{:.4f},"edit_similarity":{:.4f},"brier":{:.4f}}})",
        asked, exact / n, exact_of_5 / n, first_token / n, similarity / n,
        brier / n);
  }
};

std::int64_t SecondsOf(const std::string& date) {
  std::tm day{};
  if (strptime(date.c_str(), "%Y-%m-%d", &day) == nullptr) return 0;
  return timegm(&day);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Completion benchmark of the embedded model");
  std::string path = ".";
  std::string cut;
  ms::HeldOutOptions options;
  bool print = false;
  int choices = 5;
  int fit_commits = 100;
  app.add_option("--repo", path, "Git repository");
  app.add_option("--cut", cut,
                 "Train on the last commit before YYYY-MM-DD; default: three "
                 "quarters of the history");
  app.add_option("--lines", options.max_lines);
  app.add_option("--per-commit", options.lines_per_commit);
  app.add_option("--choices", choices, "Asked for; 1 for the latency of one");
  app.add_option("--fit-commits", fit_commits,
                 "Fit parameters on so many commits before the cut; 0: none");
  app.add_flag("--print", print, "Every answer on stderr");
  CLI11_PARSE(app, argc, argv);

  auto repository = Repository::Open(path);
  if (!repository.ok()) {
    std::cerr << repository.status().message() << "\n";
    return 2;
  }
  const auto head = repository->ResolveCommit("HEAD");
  const auto history = repository->FirstParentHistory(std::nullopt, *head);
  if (!history.ok()) {
    std::cerr << history.status().message() << "\n";
    return 2;
  }
  const auto first_after =
      cut.empty() ? history->begin() +
                        static_cast<std::ptrdiff_t>(history->size() * 3 / 4)
                  : std::find_if(history->begin(), history->end(),
                                 [&](const auto& commit) {
                                   return commit.commit_time >= SecondsOf(cut);
                                 });
  if (first_after == history->begin() || first_after == history->end()) {
    std::cerr << "no commits on both sides of " << cut << "\n";
    return 2;
  }
  std::vector<ca::CommitInfo> commits;
  for (auto at = first_after; at != history->end(); ++at) {
    if (!at->is_merge) commits.push_back(*at);
  }

  const auto started = std::chrono::steady_clock::now();
  const auto trained = ms::Train(*repository,
                                 {.repository_name = path,
                                  .commit = std::prev(first_after)->sha,
                                  .fit_commits = fit_commits},
                                 [](std::string_view, double) {});
  const auto base =
      trained.ok()
          ? absl::StatusOr<std::shared_ptr<const ms::FrozenBase>>(trained->base)
          : trained.status();
  if (!base.ok()) {
    std::cerr << base.status().message() << "\n";
    return 2;
  }
  const double build_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started)
          .count();
  const auto& segment = (*base)->segment;
  const double tokens = static_cast<double>(segment.suffixes().size());
  const std::size_t bytes =
      segment.text().size_bytes() + segment.suffixes().size_bytes() +
      segment.hot().size_bytes() + (*base)->paths.size_bytes() +
      (*base)->files.size_bytes() + (*base)->vocabulary.SizeBytes();

  Tally whole;
  Tally tail;
  std::vector<double> costs;
  std::mt19937_64 random(7);
  std::size_t overlay = 0;
  const auto walked = ms::WalkHeldOut(
      *repository, IndexSnapshot::OfBase(*base), commits, options,
      [&](const IndexSnapshot& index, const HeldOutLine& line) {
        const auto language = ca::LanguageOfPath(line.path);
        const auto ask = [&](std::size_t from_token) {
          const std::size_t at =
              line.tokens[from_token].offset - line.tokens[0].offset;
          std::string prefix(line.prefix);
          prefix += line.line.substr(0, at);
          const auto& last = line.tokens.back();
          const std::size_t end =
              last.offset + last.text.size() - line.tokens[0].offset;
          CompletionQuery query{.prefix = prefix,
                                .suffix = line.suffix,
                                .path = line.path,
                                .language = language,
                                .choices = choices};
          const double before = Milliseconds();
          const auto result = ms::Complete(index, query);
          costs.push_back(Milliseconds() - before);
          const std::string_view truth = line.line.substr(at, end - at);
          (from_token == 0 ? whole : tail).Add(result, truth, language);
          if (print) {
            std::cerr << (from_token == 0 ? "W " : "T ") << truth << "\n";
            for (const auto& choice : result.choices) {
              std::cerr << "    > " << choice.text << "\n";
              break;
            }
          }
        };
        ask(0);
        ask(1 + random() % (line.tokens.size() - 1));
        overlay = index.OverlayBytes();
        if (whole.asked % 500 == 0) {
          std::cerr << whole.asked << " " << whole.Json() << " " << tail.Json()
                    << "\n";
        }
        return true;
      });
  if (!walked.ok()) {
    std::cerr << walked.status().message() << "\n";
    return 2;
  }

  // Once more along the same commits, the index alone, as a server follows.
  std::vector<double> moves;
  auto index = IndexSnapshot::OfBase(*base);
  for (std::size_t i = 0; i < std::min<std::size_t>(commits.size(), 300); ++i) {
    const double before = Milliseconds();
    auto moved = ms::MoveIndex(*repository, *index, commits[i].sha);
    moves.push_back(Milliseconds() - before);
    if (!moved.ok()) break;
    index = *std::move(moved);
  }
  fmt::print(
      R"({{"repository":"{}","cut":"{}","tokens":{},"bytes_per_token":{:.2f},)"
      R"("vocabulary":{},"build_s":{:.2f},"whole":{},"tail":{},)"
      R"("complete_ms":{{"p50":{:.2f},"p95":{:.2f},"p99":{:.2f}}},)"
      R"("reindex_ms":{{"p50":{:.2f},"p95":{:.2f},"max":{:.2f}}},)"
      R"("overlay_bytes":{}}})"
      "\n",
      path, cut, segment.suffixes().size(), static_cast<double>(bytes) / tokens,
      (*base)->vocabulary.size(), build_seconds, whole.Json(), tail.Json(),
      Quantile(costs, .5), Quantile(costs, .95), Quantile(costs, .99),
      Quantile(moves, .5), Quantile(moves, .95), Quantile(moves, 1), overlay);
  return 0;
}
