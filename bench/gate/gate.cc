// How honest a gate's verdicts are, on real rows: those of `evalloop exec`, in
// which many samples of a model stand for each task. Two draws from one task's
// samples are the same revision run twice (A/A); taking passes away from one of
// them plants a loss.
//
//   gate --results R.jsonl [--trials 1000] [--loss 0.08] [--margin 0.03]
//   [--rows 600 ...]
//
// A line of JSON for each case: how often a gate of so many rows passed,
// regressed, and said that it can't tell; with looks, a gate that can't tell
// asks both sides anew with twice the samples, three times at most. Goals
// (science.md G4): an A/A gate regresses at most once in twenty, a loss of 8
// points in 600 rows is caught 95 times in 100, and 50 rows never suffice to
// guess.

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

evaluator::Row RowOf(const std::string& task, int ordinal, int sample,
                     bool passed) {
  evaluator::Row row;
  row.sample = static_cast<std::uint32_t>(sample);
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
  int looks = 1;    // At most.
};

// Another one of `samples` each time.
class Draw {
 public:
  Draw(const std::vector<bool>& samples, Random& random)
      : samples_(samples), random_(random), order_(samples.size()) {
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = i;
  }
  bool Next() {
    if (next_ == order_.size()) next_ = 0;
    std::swap(order_[next_],
              order_[next_ + random_.Below(order_.size() - next_)]);
    return samples_[order_[next_++]];
  }

 private:
  const std::vector<bool>& samples_;
  Random& random_;
  std::vector<std::size_t> order_;
  std::size_t next_ = 0;
};

// One look with `samples` answers a row.
evaluator::GateDecision Look(const std::vector<const Tasks::value_type*>& order,
                             const Case& wanted,
                             const evaluator::GatePolicy& policy,
                             double taken_away, int look, Random& random) {
  std::vector<evaluator::Row> before, after;
  for (int i = 0; i < wanted.rows; ++i) {
    const auto& [task, samples] = *order[i % order.size()];
    Draw draw(samples, random);
    for (int sample = 0; sample < 1 << (look - 1); ++sample) {
      const bool kept = random.Unit() >= taken_away;
      before.push_back(RowOf(task, i, sample, draw.Next()));
      after.push_back(RowOf(task, i, sample, draw.Next() && kept));
    }
  }
  const auto comparison = evaluator::Compare(
      before, after, 0, evaluator::ConfidenceOf(policy, wanted.looks));
  if (!comparison.ok()) return {.verdict = Verdict::kInconclusive};
  return evaluator::Decide(policy, *comparison,
                           {.look = look, .looks = wanted.looks});
}

// One gate of `rows` rows, over the tasks in a random order.
Verdict Try(const Tasks& tasks, const Case& wanted,
            const evaluator::GatePolicy& policy, Random& random) {
  std::vector<const Tasks::value_type*> order;
  for (const auto& task : tasks) order.push_back(&task);
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.Below(i)]);
  }
  const double taken_away = wanted.loss / MeanOf(tasks);
  for (int look = 1; look < wanted.looks; ++look) {
    const auto decision = Look(order, wanted, policy, taken_away, look, random);
    if (!decision.needs_samples) return decision.verdict;
  }
  return Look(order, wanted, policy, taken_away, wanted.looks, random).verdict;
}

void Print(const Tasks& tasks, const Case& wanted, double margin, int trials) {
  evaluator::GatePolicy policy;
  policy.tolerances = {{.metric = kMetric, .average_tolerance = margin}};
  if (wanted.looks > 1) {
    policy.on_inconclusive = evaluator::OnInconclusive::kSampleMore;
  }
  std::map<Verdict, int> verdicts;
  Random random(1);
  for (int i = 0; i < trials; ++i) {
    ++verdicts[Try(tasks, wanted, policy, random)];
  }
  fmt::print(
      "{{\"bench\":\"gate\",\"rows\":{},\"planted_loss\":{},\"looks\":{},"
      "\"trials\":{},"
      "\"passed\":{},\"regressed\":{},\"inconclusive\":{}}}\n",
      wanted.rows, wanted.loss, wanted.looks, trials,
      verdicts[Verdict::kPassed], verdicts[Verdict::kRegressed],
      verdicts[Verdict::kInconclusive]);
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
  std::vector<int> sizes = {50, 150, 300, 600, 1'200};
  app.add_option("--rows", sizes, "rows of a gate");
  CLI11_PARSE(app, argc, argv);
  const auto tasks = evalloop::bench::ReadTasks(results);
  if (tasks.size() < 2) {
    fmt::print(stderr,
               "gate: no rows in \"{}\": make them with evalloop exec, several "
               "samples a task, and name the file by --results\n",
               results);
    return 2;
  }
  constexpr int kMaxLooks = evalloop::evaluator::kMaxLooks;
  for (const int rows : sizes) {
    evalloop::bench::Print(tasks, {rows, 0}, margin, trials);
    evalloop::bench::Print(tasks, {rows, loss}, margin, trials);
    evalloop::bench::Print(tasks, {rows, 0, kMaxLooks}, margin, trials);
    evalloop::bench::Print(tasks, {rows, loss, kMaxLooks}, margin, trials);
  }
  return 0;
}
