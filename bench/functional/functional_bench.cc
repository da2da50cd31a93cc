// Functional checks: CPU time of a candidate against openai/human-eval's own
// harness, which isolates nothing (G7); an isolated start against bubblewrap
// with `python3 -I -S` (G8); and honest programs at full parallel load, none of
// which may fail.

#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/exec_files.h"
#include "platform/sandbox/sandbox.h"
#include "scorer/execution/python_tests.h"

namespace evalloop::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Honest {
  std::string task_id;
  cli::Problem problem;
  std::string solution;
};

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

// Of this process and of all its children that have ended, in milliseconds.
double CpuMs() {
  double total = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
      total += static_cast<double>(time.tv_sec) * 1e3 +
               static_cast<double>(time.tv_usec) / 1e3;
    }
  }
  return total;
}

std::vector<Honest> LoadHonest(const std::string& path) {
  const auto lines = cli::ReadLines(path);
  std::vector<Honest> all;
  if (!lines.ok()) return all;
  const auto problems = cli::ParseProblems(*lines);
  if (!problems.ok()) return all;
  for (const std::string& line : *lines) {
    const auto row = boost::json::parse(line).as_object();
    Honest honest;
    honest.task_id = row.at("task_id").as_string();
    honest.problem = problems->find(honest.task_id)->second;
    honest.solution = row.at("canonical_solution").as_string();
    all.push_back(std::move(honest));
  }
  return all;
}

scorer::FunctionalVerdict Check(scorer::FunctionalTests& tests,
                                const Honest& honest, milliseconds timeout) {
  scorer::FunctionalCase functional_case;
  functional_case.language = code_analysis::Language::kPython;
  functional_case.prompt = honest.problem.prompt;
  functional_case.completion = honest.solution;
  functional_case.tests = honest.problem.tests;
  functional_case.entry_point = honest.problem.entry_point;
  auto verdict = tests.Check(functional_case, timeout);
  if (verdict.ok()) return *verdict;
  scorer::FunctionalVerdict failed;
  failed.detail = std::string(verdict.status().message());
  return failed;
}

// CPU milliseconds of each problem's check. All processes are started and ended
// within, so that nothing that was spent is left out; what can't be told apart
// (the zygotes' own work) is spread evenly.
std::map<std::string, double> OurRound(const std::vector<Honest>& all,
                                       const std::string& tier, int passes) {
  std::map<std::string, double> spent;
  const double begin = CpuMs();
  double told = 0;
  {
    auto sandbox = sandbox::OpenSandbox(tier);
    if (!sandbox.ok()) {
      fmt::print(stderr, "{}\n", std::string(sandbox.status().message()));
      std::exit(3);
    }
    auto tests = scorer::PythonTests::Open(**sandbox);
    if (!tests.ok()) std::exit(3);
    for (int pass = 0; pass < passes; ++pass) {
      for (const Honest& honest : all) {
        const auto verdict = Check(**tests, honest, std::chrono::seconds(60));
        if (verdict.result != scorer::FunctionalResult::kPassed) {
          fmt::print(stderr, "{}: {}\n", honest.task_id, ResultText(verdict));
          std::exit(1);
        }
        const double cpu = static_cast<double>(verdict.cpu_time.count()) / 1e3;
        spent[honest.task_id] += cpu / passes;
        told += cpu;
      }
    }
  }
  const double rest =
      (CpuMs() - begin - told) / static_cast<double>(all.size()) / passes;
  for (auto& [id, cpu] : spent) cpu += rest;
  return spent;
}

std::map<std::string, double> PeerRound(const std::string& checkout,
                                        const std::string& problems) {
  std::map<std::string, double> spent;
  const std::string command = fmt::format("/usr/bin/python3 '{}' '{}' '{}'",
                                          PEER_SCRIPT, checkout, problems);
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return spent;
  char id[128];
  double cpu = 0;
  int passed = 0;
  while (std::fscanf(pipe, "%127s %lf %d", id, &cpu, &passed) == 3) {
    spent[id] = cpu;
  }
  pclose(pipe);
  return spent;
}

void Compare(const std::vector<Honest>& all, const std::string& checkout,
             const std::string& problems, const std::string& tier, int rounds) {
  std::vector<double> means;
  std::vector<double> medians;
  for (int round = 0; round < rounds; ++round) {
    const auto ours = OurRound(all, tier, 3);
    const auto peer = PeerRound(checkout, problems);
    if (peer.size() != ours.size()) {
      fmt::print(stderr, "the peer did not run every problem\n");
      return;
    }
    std::vector<double> our_all;
    std::vector<double> peer_all;
    std::vector<double> ratios;
    for (const auto& [id, cpu] : ours) {
      our_all.push_back(cpu);
      peer_all.push_back(peer.at(id));
      ratios.push_back(peer.at(id) / cpu);
    }
    means.push_back(Mean(peer_all) / Mean(our_all));
    medians.push_back(Median(ratios));
    boost::json::object row;
    row["goal"] = "G7";
    row["tier"] = tier;
    row["round"] = round;
    row["ours_ms_mean"] = Mean(our_all);
    row["ours_ms_median"] = Median(our_all);
    row["peer_ms_mean"] = Mean(peer_all);
    row["peer_ms_median"] = Median(peer_all);
    row["ratio_mean"] = means.back();
    row["ratio_median_problem"] = medians.back();
    fmt::print("{}\n", boost::json::serialize(row));
    std::fflush(stdout);
  }
  fmt::print(
      "G7: {:.2f}x candidates per CPU-second (mean), {:.2f}x (median problem), "
      "against openai/human-eval\n",
      Median(means), Median(medians));
}

double StartMs(sandbox::PythonTemplate& prepared) {
  const auto begin = Clock::now();
  auto process = prepared.Start({}, {});
  if (!process.ok() || !(*process)->Wait().ok()) std::exit(3);
  return std::chrono::duration<double, std::milli>(Clock::now() - begin)
      .count();
}

void Starts(int rounds) {
  auto fast = sandbox::OpenSandbox("zygote");
  auto reference = sandbox::OpenSandbox("bubblewrap");
  if (!fast.ok() || !reference.ok()) {
    fmt::print(stderr, "G8 needs both tiers\n");
    return;
  }
  auto prepared = (*fast)->Prepare("def main():\n    pass\n");
  if (!prepared.ok()) std::exit(3);
  sandbox::Job job;
  job.argv = {"/usr/bin/python3", "-I", "-S", "-c", "pass"};
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> ours;
    std::vector<double> peer;
    for (int i = 0; i < 40; ++i) {
      ours.push_back(StartMs(**prepared));
      const auto begin = Clock::now();
      if (!(*reference)->Run(job).ok()) std::exit(3);
      peer.push_back(
          std::chrono::duration<double, std::milli>(Clock::now() - begin)
              .count());
    }
    ratios.push_back(Median(ours) / Median(peer));
    boost::json::object row;
    row["goal"] = "G8";
    row["round"] = round;
    row["ours_ms_median"] = Median(ours);
    row["peer_ms_median"] = Median(peer);
    row["ratio"] = ratios.back();
    fmt::print("{}\n", boost::json::serialize(row));
    std::fflush(stdout);
  }
  fmt::print("G8: a start takes 1/{:.1f} of bubblewrap + python3 -I -S\n",
             1 / Median(ratios));
}

// Honest programs at full parallel load; returns how many did not pass.
int HonestRuns(const std::vector<Honest>& all, const std::string& tier,
               int runs, int workers) {
  auto sandbox = sandbox::OpenSandbox(tier);
  if (!sandbox.ok()) std::exit(3);
  auto tests = scorer::PythonTests::Open(**sandbox);
  if (!tests.ok()) std::exit(3);
  std::atomic<int> next = 0;
  std::atomic<int> wrong = 0;
  const auto begin = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < workers; ++i) {
      threads.emplace_back([&] {
        for (int run = next++; run < runs; run = next++) {
          const Honest& honest =
              all[static_cast<std::size_t>(run) % all.size()];
          const auto verdict = Check(**tests, honest, std::chrono::seconds(3));
          if (verdict.result == scorer::FunctionalResult::kPassed) continue;
          ++wrong;
          fmt::print("{}: {}\n", honest.task_id, ResultText(verdict));
        }
      });
    }
  }
  const double seconds =
      std::chrono::duration<double>(Clock::now() - begin).count();
  fmt::print(
      "{}: {} honest runs by {} workers: {} did not pass; {:.1f} runs/s\n",
      tier, runs, workers, wrong.load(), runs / seconds);
  return wrong;
}

std::string Environment(const char* name, const char* fallback) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : fallback;
}

int Main(int argc, char** argv) {
  int rounds = 5;
  int honest_runs = 1000;
  int workers = 2 * static_cast<int>(std::thread::hardware_concurrency());
  std::string tier = "zygote";
  std::string checkout = Environment("EVALLOOP_HUMAN_EVAL", "");
  CLI::App app("Functional checks in the sandbox");
  app.add_option("--rounds", rounds, "Of each comparison")
      ->capture_default_str();
  app.add_option("--honest", honest_runs, "Honest runs at full parallel load")
      ->capture_default_str();
  app.add_option("--workers", workers, "Of the honest runs")
      ->capture_default_str();
  app.add_option("--tier", tier, "zygote or bubblewrap")->capture_default_str();
  app.add_option("--human-eval", checkout,
                 "Checkout of openai/human-eval; EVALLOOP_HUMAN_EVAL");
  CLI11_PARSE(app, argc, argv);
  const std::string problems =
      Environment("EVALLOOP_TEST_DATA", "../shared/data") +
      "/human-eval/HumanEval.jsonl.gz";
  const auto all = LoadHonest(problems);
  if (all.empty()) {
    fmt::print(stderr, "can't read {} (EVALLOOP_TEST_DATA)\n", problems);
    return 2;
  }
  if (rounds > 0) Starts(rounds);
  if (rounds > 0 && checkout.empty()) {
    fmt::print("G7: left out, no checkout of openai/human-eval is named\n");
  } else if (rounds > 0) {
    Compare(all, checkout, problems, tier, rounds);
  }
  return honest_runs > 0 && HonestRuns(all, tier, honest_runs, workers) > 0 ? 1
                                                                            : 0;
}

}  // namespace
}  // namespace evalloop::bench

int main(int argc, char** argv) { return evalloop::bench::Main(argc, argv); }
