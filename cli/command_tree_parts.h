#ifndef EVALLOOP_CLI_COMMAND_TREE_PARTS_H_
#define EVALLOOP_CLI_COMMAND_TREE_PARTS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "cli/commands.h"

// The command tree inside. It is all that knows CLI11, which is slow to
// compile, so it stands in a few files by groups of commands; commands are
// plain functions elsewhere.
namespace evalloop::cli {

// Holds the flags that CLI11 writes into and the command that was chosen.
class CommandTree {
 public:
  CommandTree();

  int Run(int argc, char** argv);

 private:
  using Online_ = std::function<Outcome(Session&)>;

  Outcome Online(Terminal& terminal);

  // A command that talks to the services.
  CLI::App* Command(CLI::App* parent, const std::string& name,
                    const std::string& words, Online_ run);
  CLI::App* Group(const std::string& name, const std::string& words);

  // command_tree.cc
  void AddAddresses();
  void AddOffline();
  void AddExec();
  void AddMine();
  void AddLint();
  // command_tree_prompts.cc
  void AddRubrics();
  void AddPrompts();
  void AddCommits();
  // command_tree_benchmarks.cc
  void AddBenchmarks();
  // command_tree_runs.cc
  void AddRuns();
  void AddQueries(CLI::App* group);
  void AddGate();
  void AddReplay();
  // command_tree_operations.cc
  void AddModels();
  void AddTraining();
  void AddLoop();
  void AddAccess();
  void AddMcp();

  CLI::App app_;
  Terminal::Options options_;
  Addresses addresses_ = Addresses::FromEnvironment();
  std::function<Outcome(Terminal&)> offline_;
  Online_ online_;

  ScoreFlags score_;
  ExecFlags exec_;
  MineFlags mine_;
  PromptPushFlags push_;
  PromptPublishFlags publish_;
  PromptLabelFlags label_;
  PromptRollbackFlags rollback_{.label = "production"};
  CommitsIngestFlags ingest_;
  BenchmarkBuildFlags build_;
  BenchmarkImportFlags import_;
  BenchmarkRotateFlags rotate_;
  BenchmarkListFlags benchmarks_;
  BenchmarkItemsFlags items_;
  RunStartFlags run_;
  RunListFlags list_;
  RunAggregateFlags aggregate_;
  RunRegressionsFlags regressions_;
  RunFlipsFlags flips_;
  GateFlags gate_;
  OutcomesFlags outcomes_;
  ReplayFlags replay_;
  ModelAddFlags model_;
  FrontierFlags frontier_;
  TrainingBuildFlags set_;
  TrainingStartFlags job_;
  TrainingPromoteFlags promote_;
  LoopFlags loop_;
  KeyCreateFlags key_;
  AuditFlags audit_;
  McpFlags mcp_;
  std::string name_;
  std::string other_name_;
  std::uint32_t rows_ = 20;
};

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_COMMAND_TREE_PARTS_H_
