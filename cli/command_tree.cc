#include "cli/command_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

#include "cli/command_tree_parts.h"
#include "platform/base/build.h"

namespace evalloop::cli {

CommandTree::CommandTree()
    : app_("Evalloop: measures and improves code completion.") {
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.set_version_flag("--version", fmt::format("evalloop {}", base::Build()));
  app_.footer(
      "Exit codes: 0 passed, 1 regressed or failed gate, 2 usage or bad "
      "input,\n3 infrastructure, 4 not allowed, 5 inconclusive, 124 timed "
      "out.");
  app_.add_flag("--json", options_.json, "Data as JSON on stdout");
  app_.add_flag("-q,--quiet", options_.quiet, "Nothing on stderr but errors");
  AddAddresses();
  AddOffline();
  AddExec();
  AddMine();
  AddLint();
  AddRubrics();
  AddPrompts();
  AddCommits();
  AddBenchmarks();
  AddRuns();
  AddGate();
  AddReplay();
  AddModels();
  AddTraining();
  AddLoop();
  AddAccess();
  AddMcp();
}

int CommandTree::Run(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are no errors.
    return app_.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  Terminal terminal;
  terminal.Configure(options_);
  const Outcome outcome = offline_ ? offline_(terminal) : Online(terminal);
  terminal.EndProgress();
  if (outcome.ok()) return static_cast<int>(*outcome);
  terminal.Error(fmt::format("evalloop: {}", InWords(outcome.status())));
  return static_cast<int>(ExitCodeOf(outcome.status()));
}

Outcome CommandTree::Online(Terminal& terminal) {
  Peers peers(addresses_, terminal);
  Session session{terminal, peers};
  return online_(session);
}

CLI::App* CommandTree::Command(CLI::App* parent, const std::string& name,
                               const std::string& words, Online_ run) {
  CLI::App* const command = parent->add_subcommand(name, words);
  command->callback([this, run = std::move(run)] { online_ = run; });
  return command;
}

CLI::App* CommandTree::Group(const std::string& name,
                             const std::string& words) {
  CLI::App* const group = app_.add_subcommand(name, words);
  group->require_subcommand(1);
  group->fallthrough();
  return group;
}

void CommandTree::AddAddresses() {
  const auto add = [this](const char* flag, std::string& address,
                          const char* words) {
    app_.add_option(flag, address, words)
        ->capture_default_str()
        ->group("Addresses");
  };
  add("--prompt-engine", addresses_.prompt_engine, "gRPC of prompt_engine");
  add("--evaluator", addresses_.evaluator, "gRPC of evaluator");
  add("--scorer", addresses_.scorer, "gRPC of scorer");
  add("--serving", addresses_.serving, "gRPC of serving");
  add("--trainer-bridge", addresses_.trainer_bridge, "gRPC of trainer_bridge");
  add("--gateway-url", addresses_.gateway_url, "HTTP of the gateway");
  add("--model-server-url", addresses_.model_server_url,
      "HTTP of the embedded model");
}

void CommandTree::AddOffline() {
  CLI::App* const score =
      app_.add_subcommand("score", "Score pairs of a JSON Lines file");
  score->add_option("--pairs", score_.pairs, "Candidates and references")
      ->required();
  score->add_option("--metrics", score_.metrics, "Names; all when not given")
      ->delimiter(',');
  score->add_option("--rubric", score_.rubric,
                    "File of a rubric; the built-in one when not given");
  score->add_option("--out", score_.out, "File; stdout when not given");
  score->callback([this] {
    offline_ = [this](Terminal& terminal) { return Score(terminal, score_); };
  });
}

void CommandTree::AddMine() {
  CLI::App* const mine = app_.add_subcommand(
      "mine", "Benchmark items from a repository's history, without services");
  mine->add_option("--repo", mine_.repository, "Path of a git repository")
      ->required();
  mine->add_option("--since", mine_.since,
                   "Items of commits from this date on, e.g. 2024-05-31");
  mine->add_option("--until", mine_.until,
                   "Nothing of commits from this date on is looked at");
  mine->add_option("--out", mine_.out,
                   "File of the items (docs/formats/mined-item.schema.json)")
      ->required();
  mine->add_option("--classes", mine_.classes,
                   "Of completions: line, tail, statement, block, body; line "
                   "when not given")
      ->delimiter(',');
  mine->add_option("--tasks", mine_.tasks,
                   "completion, generation, review, search; completion when "
                   "not given")
      ->delimiter(',');
  mine->add_option("--max-items", mine_.max_items,
                   "At most so many, spread evenly; all when not given");
  mine->callback([this] {
    offline_ = [this](Terminal& terminal) { return Mine(terminal, mine_); };
  });
}

void CommandTree::AddLint() {
  CLI::App* const lint = app_.add_subcommand(
      "lint",
      "What is wrong with a revision's file; 1 where it could not be "
      "published");
  lint->add_option("file", name_, "Content, YAML or JSON")->required();
  lint->callback([this] {
    offline_ = [this](Terminal& terminal) { return Lint(terminal, name_); };
  });
}

void CommandTree::AddExec() {
  CLI::App* const exec = app_.add_subcommand(
      "exec", "Run samples against hidden tests, in a sandbox");
  exec->add_option("--problems", exec_.problems,
                   "Problems as of openai/human-eval, or with calls "
                   "(docs/formats/exec-problem.schema.json), JSON Lines or "
                   ".gz")
      ->required();
  exec->add_option("--samples", exec_.samples,
                   "Rows of task_id and completion, JSON Lines or .gz")
      ->required();
  exec->add_option("--k", exec_.k, "Of pass@k")
      ->delimiter(',')
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  exec->add_option("--timeout", exec_.timeout, "Seconds a sample may take")
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str();
  exec_.workers =
      std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  exec->add_option("--workers", exec_.workers, "Samples at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  exec->add_option("--out", exec_.out, "File of the results")->required();
  exec->add_option("--tier", exec_.tier,
                   "zygote or bubblewrap; the fastest that works when not "
                   "given");
  exec->callback([this] {
    offline_ = [this](Terminal& terminal) { return Exec(terminal, exec_); };
  });
}

int RunCommandLine(int argc, char** argv) {
  return CommandTree().Run(argc, argv);
}

}  // namespace evalloop::cli
