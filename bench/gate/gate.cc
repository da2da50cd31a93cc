// How honest a gate's verdicts are, on real rows: those of `evalloop exec`, in
// which many samples of a model stand for each task. Two draws from one task's
// samples are the same revision run twice (A/A); taking passes away from one of
// them plants a loss.
//
//   gate --results R.jsonl [--trials 1000] [--loss 0.08] [--margin 0.03]
//
// A line of JSON for each case: how often a gate of so many rows passed,
// regressed, and said that it can't tell. Goals (science.md G4): an A/A gate
// regresses at most once in twenty, a loss of 8 points in 600 rows is caught 95
// times in 100, and 50 rows never suffice to guess.

#include "evaluator/domain/gate.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "evaluator/domain/comparison.h"
#include "platform/base/statistics.h"

namespace evalloop::bench {
namespace {

using base::Random;
using evaluator::Verdict;

constexpr char kMetric[] = "pass_at_1";

// Whether each sample of a task passed.
using Tasks = std::map<std::string, std::vector<bool>>;

Tasks ReadTasks(const std::string& path) {
  Tasks tasks;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto row = boost::json::parse(line).as_object();
    tasks[std::string(row.at("task_id").as_string())].push_back(
        row.at("passed").as_bool());
  }
  return tasks;
}

double MeanOf(const Tasks& tasks) {
  double passed = 0, all = 0;
  for (const auto& [id, samples] : tasks) {
    for (const bool one : samples) passed += one;
    all += static_cast<double>(samples.size());
  }
  return all == 0 ? 0 : passed / all;
}

evaluator::Row RowOf(const std::string& task, int ordinal, bool passed) {
  evaluator::Row row;
  row.item_id = fmt::format("{}#{}", task, ordinal);
  row.commit =
      task;  // Rows of one task are no more independent than a commit's.
  row.scored = true;
  row.metrics = {{kMetric, passed ? 1.0 : 0.0, ""}};
  return row;
}

struct Case {
  int rows = 0;
  double loss = 0;  // Planted, as a share.
};

// One gate of `rows` rows, over the tasks in a random order.
Verdict Try(const Tasks& tasks, const Case& wanted,
            const evaluator::GatePolicy& policy, Random& random) {
  std::vector<const Tasks::value_type*> order;
  for (const auto& task : tasks) order.push_back(&task);
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.Below(i)]);
  }
  const double taken_away = wanted.loss / MeanOf(tasks);
  std::vector<evaluator::Row> before, after;
  for (int i = 0; i < wanted.rows; ++i) {
    const auto& [task, samples] = *order[i % order.size()];
    const std::size_t first = random.Below(samples.size());
    std::size_t second = random.Below(samples.size() - 1);
    if (second >= first) ++second;
    const bool kept = random.Unit() >= taken_away;
    before.push_back(RowOf(task, i, samples[first]));
    after.push_back(RowOf(task, i, samples[second] && kept));
  }
  const auto comparison =
      evaluator::Compare(before, after, 0, evaluator::ConfidenceOf(policy));
  if (!comparison.ok()) return Verdict::kInconclusive;
  return evaluator::Decide(policy, *comparison).verdict;
}

void Print(const Tasks& tasks, const Case& wanted, double margin, int trials) {
  evaluator::GatePolicy policy;
  policy.tolerances = {{.metric = kMetric, .average_tolerance = margin}};
  std::map<Verdict, int> verdicts;
  Random random(1);
  for (int i = 0; i < trials; ++i) {
    ++verdicts[Try(tasks, wanted, policy, random)];
  }
  fmt::print(
      "{{\"bench\":\"gate\",\"rows\":{},\"planted_loss\":{},\"trials\":{},"
      "\"passed\":{},\"regressed\":{},\"inconclusive\":{}}}\n",
      wanted.rows, wanted.loss, trials, verdicts[Verdict::kPassed],
      verdicts[Verdict::kRegressed], verdicts[Verdict::kInconclusive]);
  std::fflush(stdout);
}

}  // namespace
}  // namespace evalloop::bench

int main(int argc, char** argv) {
  std::string results;
  if (const char* const given = std::getenv("EVALLOOP_EXEC_RESULTS")) {
    results = given;
  }
  int trials = 1'000;
  double loss = 0.08;
  double margin = 0.03;
  CLI::App app("How honest a gate's verdicts are");
  app.add_option("--results", results,
                 "what evalloop exec wrote; EVALLOOP_EXEC_RESULTS");
  app.add_option("--trials", trials, "gates for each case");
  app.add_option("--loss", loss, "share of passes to plant as lost");
  app.add_option("--margin", margin, "average tolerance");
  CLI11_PARSE(app, argc, argv);
  const auto tasks = evalloop::bench::ReadTasks(results);
  if (tasks.size() < 2) {
    fmt::print(stderr,
               "gate: no rows in \"{}\": make them with evalloop exec, several "
               "samples a task, and name the file by --results\n",
               results);
    return 2;
  }
  for (const int rows : {50, 150, 300, 600, 1'200}) {
    evalloop::bench::Print(tasks, {rows, 0}, margin, trials);
    evalloop::bench::Print(tasks, {rows, loss}, margin, trials);
  }
  return 0;
}
