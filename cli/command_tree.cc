// Long file: all commands in one, for CLI11 is slow to compile.

#include "cli/command_tree.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <string>
#include <thread>

#include "cli/commands.h"

// Long file: a binding for each command, and nothing else.
//
// The only file that knows CLI11, which is slow to compile: flags are bound
// here, commands are plain functions elsewhere.

namespace evalloop::cli {
namespace {

constexpr char kDefaultPrompt[] = "complete-line";

// Holds the flags that CLI11 writes into and the command that was chosen.
class CommandTree {
 public:
  CommandTree() : app_("Evalloop: measures and improves code completion.") {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.set_version_flag("--version", "evalloop 0.1.0");
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
    AddRubrics();
    AddPrompts();
    AddBenchmarks();
    AddRuns();
    AddReplay();
    AddModels();
    AddTraining();
    AddLoop();
    AddAccess();
  }

  int Run(int argc, char** argv) {
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

 private:
  using Online_ = std::function<Outcome(Session&)>;

  Outcome Online(Terminal& terminal) {
    Peers peers(addresses_, terminal);
    Session session{terminal, peers};
    return online_(session);
  }

  // A command that talks to the services.
  CLI::App* Command(CLI::App* parent, const std::string& name,
                    const std::string& words, Online_ run) {
    CLI::App* const command = parent->add_subcommand(name, words);
    command->callback([this, run = std::move(run)] { online_ = run; });
    return command;
  }

  CLI::App* Group(const std::string& name, const std::string& words) {
    CLI::App* const group = app_.add_subcommand(name, words);
    group->require_subcommand(1);
    group->fallthrough();
    return group;
  }

  void AddAddresses() {
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
    add("--trainer-bridge", addresses_.trainer_bridge,
        "gRPC of trainer_bridge");
    add("--gateway-url", addresses_.gateway_url, "HTTP of the gateway");
    add("--model-server-url", addresses_.model_server_url,
        "HTTP of the embedded model");
  }

  void AddOffline() {
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

  void AddMine() {
    CLI::App* const mine = app_.add_subcommand(
        "mine",
        "Benchmark items from a repository's history, without services");
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

  void AddExec() {
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

  void AddRubrics() {
    CLI::App* const group = Group("rubric", "How metrics make one number");
    Command(group, "push", "Store a rubric and put it in force",
            [this](Session& s) { return RubricPush(s, name_); })
        ->add_option("file", name_, "YAML or JSON")
        ->required();
    Command(group, "use", "Put a stored one in force again",
            [this](Session& s) { return RubricUse(s, name_); })
        ->add_option("rubric", name_, "NAME or NAME@VERSION; default")
        ->required();
    Command(group, "list", "All versions",
            [](Session& s) { return RubricList(s); });
    Command(group, "show", "One rubric; the one in force when none is named",
            [this](Session& s) { return RubricShow(s, name_); })
        ->add_option("rubric", name_, "NAME or NAME@VERSION");
  }

  void AddPrompts() {
    CLI::App* const group = Group("prompt", "Revisions and labels");
    CLI::App* const push =
        Command(group, "push", "Store a revision as an immutable draft",
                [this](Session& s) { return PromptPush(s, push_); });
    push->add_option("prompt", push_.prompt, "Name")->required();
    push->add_option("--file", push_.file, "Content, YAML or JSON")->required();
    push->add_option("--message", push_.message, "Why");
    push->add_option("--parent", push_.parent, "Version it comes from");
    push->add_option("--request-id", push_.request_id,
                     "The same id is the same push; of the CI job, else "
                     "random, when not given");
    Command(group, "list", "All prompts and their labels",
            [](Session& s) { return PromptList(s); });
    CLI::App* const show =
        Command(group, "show", "One revision",
                [this](Session& s) { return PromptShow(s, name_); });
    show->add_option("revision", name_, "NAME, NAME@VERSION or NAME@LABEL")
        ->required();
    CLI::App* const publish =
        Command(group, "publish", "Publish a revision; staging moves to it",
                [this](Session& s) { return PromptPublish(s, publish_); });
    publish->add_option("revision", publish_.revision, "NAME@VERSION")
        ->required();
    publish->add_option("--gate", publish_.gate, "Id of its passed gate");
    publish->add_option("--override", publish_.reason,
                        "Why it is published without one");
    CLI::App* const label =
        Command(group, "label", "Point a label at a revision",
                [this](Session& s) { return PromptLabel(s, label_); });
    label->add_option("revision", label_.revision, "NAME@VERSION")->required();
    label->add_option("label", label_.label, "production, staging ...")
        ->required();
    label->add_option("--reason", label_.reason, "Why")->required();
    CLI::App* const rollback =
        Command(group, "rollback", "Point a label back where it was",
                [this](Session& s) { return PromptRollback(s, rollback_); });
    rollback->add_option("prompt", rollback_.prompt, "Name")->required();
    rollback->add_option("--label", rollback_.label, "Label")
        ->default_str("production");
    rollback->add_option("--reason", rollback_.reason, "Why")->required();
    CLI::App* const history =
        Command(group, "history", "Who did what, and why",
                [this](Session& s) { return PromptHistory(s, name_); });
    history->add_option("prompt", name_, "Name")->required();
  }

  void AddBenchmarks() {
    CLI::App* const commits = Group("commits", "What developers wrote");
    CLI::App* const ingest =
        Command(commits, "ingest", "Read a repository's commits",
                [this](Session& s) { return CommitsIngest(s, ingest_); });
    ingest->add_option("--repo", ingest_.repository, "Git repository")
        ->required();
    ingest->add_option("--until", ingest_.until, "Commit or branch");
    ingest->add_option("--max-commits", ingest_.max_commits,
                       "Only the newest so many");

    CLI::App* const group = Group("benchmark", "Items from commits");
    CLI::App* const build =
        Command(group, "build", "Make a version from ingested commits",
                [this](Session& s) { return BenchmarkBuild(s, build_); });
    build->add_option("benchmark", build_.name, "Name")->required();
    build->add_option("--repo", build_.repository, "Git repository")
        ->required();
    build->add_option("--after", build_.after, "Commits after this one");
    build->add_option("--until", build_.until, "Up to this one");
    build->add_option("--max-items", build_.max_items, "At most");
    build->add_option("--changelog", build_.changelog, "What is new");
    CLI::App* const import =
        Command(group, "import", "Make a version from HumanEval's form",
                [this](Session& s) { return BenchmarkImport(s, import_); });
    import->add_option("file", import_.file, "JSON lines, also packed by gzip")
        ->required();
    import->add_option("--name", import_.name, "As the file when not given");
    import->add_option("--changelog", import_.changelog, "What is new");
    Command(group, "list", "All versions",
            [](Session& s) { return BenchmarkList(s); });
    CLI::App* const show =
        Command(group, "show", "One version",
                [this](Session& s) { return BenchmarkShow(s, name_); });
    show->add_option("benchmark", name_, "NAME or NAME@VERSION")->required();
  }

  void AddRuns() {
    CLI::App* const group = Group("run", "A revision on a benchmark");
    CLI::App* const start =
        Command(group, "start", "Start a run",
                [this](Session& s) { return RunStart(s, run_); });
    start->add_option("--prompt", run_.revision, "NAME@VERSION")->required();
    start->add_option("--benchmark", run_.benchmark, "NAME or NAME@VERSION")
        ->required();
    start->add_option("--subset", run_.subset, "smoke, full or holdout");
    start->add_option("--samples", run_.samples, "Answers an item")
        ->check(CLI::Range(1, 100));
    start->add_flag("--typed", run_.typed, "Type each item's line");
    start->add_flag("--watch", run_.watch, "Wait for its end");
    start->add_option("--set", run_.set, "FIELD=VALUE of a derived revision");
    start->add_option("--index-commit", run_.index_commit,
                      "Where the model's index stands");
    const auto by_id = [&](const char* name, const char* words, auto run) {
      CLI::App* const command =
          Command(group, name, words,
                  [this, run](Session& s) { return run(s, name_); });
      command->add_option("run", name_, "Id")->required();
      return command;
    };
    by_id("watch", "Follow a run to its end", RunWatch);
    by_id("show", "A run and its metrics", RunShow);
    by_id("cancel", "Stop a run; its scored rows stay", RunCancel);
    const auto again = [&](const char* name, const char* words, auto run) {
      by_id(name, words, [this, run](Session& s, const std::string& id) {
        return run(s, id, run_.watch);
      })->add_flag("--watch", run_.watch, "Wait for its end");
    };
    again("retry", "Send its failed rows again", RunRetry);
    again("rerun", "Start a fresh run of the same", RunRerun);
    CLI::App* const compare =
        Command(group, "compare", "Two runs, row by row", [this](Session& s) {
          return RunCompare(s, name_, other_name_, rows_);
        });
    compare->add_option("baseline", name_, "Run")->required();
    compare->add_option("candidate", other_name_, "Run")->required();
    compare->add_option("--rows", rows_, "Rows to show, worst first");

    CLI::App* const gate =
        Command(&app_, "gate", "Judge a revision against a baseline",
                [this](Session& s) { return Gate(s, gate_); });
    gate->add_option("--prompt", gate_.revision, "NAME@VERSION")->required();
    gate->add_option("--benchmark", gate_.benchmark, "NAME or NAME@VERSION")
        ->required();
    gate->add_option("--baseline", gate_.baseline,
                     "Label, version or run; production when not given");
    gate->add_option("--subset", gate_.subset, "smoke, full or holdout");
    gate->add_flag("--typed", gate_.typed, "Type each item's line");
    gate->add_option("--samples", gate_.samples, "Answers an item")
        ->check(CLI::Range(1, 100));
    gate->add_option("--on-inconclusive", gate_.on_inconclusive,
                     "block, warn or sample_more")
        ->check(CLI::IsMember({"block", "warn", "sample_more"}));
    gate->add_option("--row-tolerance", gate_.row_tolerance, "METRIC=X")
        ->delimiter(',');
    gate->add_option("--avg-tolerance", gate_.average_tolerance, "METRIC=X")
        ->delimiter(',');
    gate->add_option("--policy", gate_.policy, "File of a gate policy");
    gate->add_option("--junit", gate_.junit, "Write JUnit XML");
    gate->add_option("--markdown", gate_.markdown, "Write Markdown");
    gate->add_option("--code-quality", gate_.code_quality,
                     "Write GitLab's code quality report");
    gate->add_option("--dotenv", gate_.dotenv,
                     "Write ids and verdict as GitLab's dotenv report");
    gate->add_option("--prompt-file", gate_.prompt_file,
                     "Where CI shows what failed, e.g. prompts/line.yaml");
    gate->add_option("--request-id", gate_.request_id,
                     "The same id is the same gate; of the CI job, else "
                     "random, when not given");
    gate->add_option("--accept-row", gate_.accept_rows, "ITEM=\"reason\"");
    gate->add_option("--override", gate_.override_reason, "Why it may pass");
  }

  void AddReplay() {
    CLI::App* const replay =
        Command(&app_, "replay", "Type git history at the gateway",
                [this](Session& s) { return ReplayHistory(s, replay_); });
    replay->add_option("--repo", replay_.repository, "Git repository")
        ->required();
    replay->add_option("--from", replay_.from, "Date, inclusive");
    replay->add_option("--to", replay_.to, "Date, exclusive");
    replay->add_option("--lines", replay_.lines, "At most so many lines")
        ->check(CLI::NonNegativeNumber);
    replay->add_option("--endpoint", replay_.endpoint, "Gateway's URL");
    replay->add_option("--rate", replay_.rate, "Lines a second")
        ->check(CLI::NonNegativeNumber);
    replay->add_option("--seed", replay_.seed, "Of samples and intervals");
    replay->add_option("--workers", replay_.workers, "Runs typed at once")
        ->check(CLI::Range(1, 64));
    replay->add_flag("--all-lines", replay_.all_lines,
                     "Comments and other text too");
    replay->add_option("--prompt", replay_.prompt,
                       "NAME, NAME@VERSION or NAME@LABEL");
    replay->add_option("--model", replay_.model, "A model instead of a prompt");
    replay->add_option("--report", replay_.report, "Write the report here");

    CLI::App* const completion = Group("completion", "One completion");
    CLI::App* const show =
        Command(completion, "show", "Its answer, feedback and score",
                [this](Session& s) { return CompletionShow(s, name_); });
    show->add_option("completion", name_, "Id")->required();
  }

  void AddModels() {
    CLI::App* const group = Group("model", "Models that serving can call");
    CLI::App* const add =
        Command(group, "add", "Any OpenAI-compatible server",
                [this](Session& s) { return ModelAdd(s, model_); });
    add->add_option("model", model_.name, "Name")->required();
    add->add_option("--url", model_.url, "Base URL with /v1")->required();
    add->add_option("--model", model_.model_id, "The server's id")->required();
    add->add_option("--key-file", model_.key_file, "File with the API key");
    add->add_option("--family", model_.family, "E.g. qwen2.5-coder");
    add->add_option("--cutoff", model_.cutoff, "Date of its newest data");
    add->add_option("--snapshot", model_.snapshot, "Its exact state");
    add->add_option("--price-in", model_.price_in, "A million tokens read");
    add->add_option("--price-out", model_.price_out, "A million written");
    add->add_option("--fim", model_.fim,
                    "suffix, qwen, starcoder, codellama or deepseek");
    add->add_flag("--logprobs", model_.logprobs,
                  "It returns token probabilities");
    Command(group, "list", "All models",
            [](Session& s) { return ModelList(s); });
  }

  void AddTraining() {
    CLI::App* const group = Group("training", "New model versions");
    CLI::App* const build =
        Command(group, "build", "Make a training set",
                [this](Session& s) { return TrainingBuild(s, set_); });
    build->add_option("--repo", set_.repository, "Git repository")->required();
    build->add_option("--commit", set_.commit, "The tree at this commit")
        ->required();
    CLI::App* const start =
        Command(group, "start", "Train, and gate where asked",
                [this](Session& s) { return TrainingStart(s, job_); });
    start->add_option("training_set", job_.training_set, "Id")->required();
    CLI::Option* const benchmark = start->add_option(
        "--benchmark", job_.benchmark, "Judged on this; NAME or NAME@VERSION");
    start->add_option("--prompt", job_.prompt, "Whose model it may become")
        ->needs(benchmark);
    start->add_flag("--promote", job_.promote, "Move production if it passes");
    start->add_option("--launcher", job_.launcher,
                      "embedded, command or kubernetes");
    CLI::App* const show = Command(group, "show", "A job", [this](Session& s) {
      return TrainingShow(s, name_);
    });
    show->add_option("job", name_, "Id")->required();
    CLI::App* const promote =
        Command(group, "promote", "Gate a model version, then production",
                [this](Session& s) { return TrainingPromote(s, promote_); });
    promote->add_option("digest", promote_.digest, "Model version")->required();
    promote->add_option("--prompt", promote_.prompt, "Name")->required();
    promote->add_option("--benchmark", promote_.benchmark, "NAME@VERSION")
        ->required();
    CLI::App* const rollback = Command(
        group, "rollback", "Back to the model version before",
        [this](Session& s) { return TrainingRollback(s, name_, other_name_); });
    rollback->add_option("prompt", name_, "Name")->required();
    rollback->add_option("--reason", other_name_, "Why")->required();
  }

  void AddLoop() {
    CLI::App* const group = Group("loop", "The whole loop");
    CLI::App* const run = Command(group, "run", "Turn it once on a repository",
                                  [this](Session& s) {
                                    Terminal::Options options = options_;
                                    options.progress_without_terminal = true;
                                    s.terminal.Configure(options);
                                    return LoopRun(s, loop_);
                                  });
    loop_.prompt = kDefaultPrompt;
    run->add_option("--repo", loop_.repository, "Git repository")->required();
    run->add_option("--lines", loop_.lines,
                    "Lines of history; what fits the time when not given")
        ->check(CLI::NonNegativeNumber);
    run->add_option("--minutes", loop_.minutes, "The time to fit")
        ->check(CLI::Range(1, 1440));
    run->add_option("--seed", loop_.seed, "Of samples and intervals");
    run->add_option("--workers", loop_.workers, "Runs typed at once")
        ->check(CLI::Range(1, 64));
    run->add_option("--prompt", loop_.prompt, "Name")->capture_default_str();
    run->add_option("--report", loop_.report,
                    "File; report.json in EVALLOOP_HOME when not given");
  }

  void AddAccess() {
    CLI::App* const group = Group("key", "API keys");
    CLI::App* const create =
        Command(group, "create", "Make a key and print its token, once",
                [this](Session& s) { return KeyCreate(s, key_); });
    create->add_option("name", key_.name, "What it is for")->required();
    create
        ->add_option("--role", key_.role,
                     "reader, feedback, runner, publisher or admin")
        ->required();
    create->add_option(
        "--prompt", key_.prompts,
        "Glob of the prompts that it is for; all when not given");
    create->add_option("--expires", key_.expires_days, "Days from now")
        ->check(CLI::Range(1, 3650));
    Command(group, "list", "All keys, revoked ones too",
            [](Session& s) { return KeyList(s); });
    CLI::App* const revoke = Command(
        group, "revoke", "Make a key worthless within 5 seconds",
        [this](Session& s) { return KeyRevoke(s, name_, other_name_); });
    revoke->add_option("key", name_, "Its id")->required();
    revoke->add_option("--reason", other_name_, "Why");
    CLI::App* const audit =
        Command(&app_, "audit", "Who changed what, newest first",
                [this](Session& s) { return Audit(s, audit_); });
    audit->add_option("--prompt", audit_.prompt, "Of this prompt only");
    audit->add_option("--identity", audit_.identity, "By this identity only");
    audit->add_option("--method", audit_.method, "Of this method only");
    audit->add_option("--lines", audit_.lines, "How many at most")
        ->check(CLI::Range(1, 1000));
    audit->add_flag("--check", audit_.check,
                    "Whether the log is as it was written; 1 when not");
  }

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
  RunStartFlags run_;
  GateFlags gate_;
  ReplayFlags replay_;
  ModelAddFlags model_;
  TrainingBuildFlags set_;
  TrainingStartFlags job_;
  TrainingPromoteFlags promote_;
  LoopFlags loop_;
  KeyCreateFlags key_;
  AuditFlags audit_;
  std::string name_;
  std::string other_name_;
  std::uint32_t rows_ = 20;
};

}  // namespace

int RunCommandLine(int argc, char** argv) {
  return CommandTree().Run(argc, argv);
}

}  // namespace evalloop::cli
