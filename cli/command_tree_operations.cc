#include <string>

#include "cli/command_tree_parts.h"
#include "platform/base/build.h"

namespace evalloop::cli {
namespace {

constexpr char kDefaultPrompt[] = "complete-line";

}  // namespace

void CommandTree::AddModels() {
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
                  "suffix, or the family whose tokens we put in: qwen, "
                  "starcoder ... (docs/prompts.md)");
  add->add_flag("--logprobs", model_.logprobs,
                "It returns token probabilities");
  Command(group, "list", "All models", [](Session& s) { return ModelList(s); });
  CLI::App* const frontier =
      Command(group, "frontier", "Cost against quality on a benchmark",
              [this](Session& s) { return ModelFrontier(s, frontier_); });
  frontier->add_option("--benchmark", frontier_.benchmark, "NAME or NAME@N")
      ->required();
  frontier->add_option("--metric", frontier_.metric,
                       "pass_at_1 where half of the items have tests, else "
                       "exact_match");
  frontier->add_option("--prompt", frontier_.prompts, "Only of these");
  frontier->add_option("--subset", frontier_.subset, "smoke or full");
  frontier->add_option("--completed-at", frontier_.completed_at,
                       "Value of the metric that completes a task");
  frontier->add_option("--correction-cost", frontier_.correction_cost,
                       "Of a task that was not completed");
  frontier->add_option("--near", frontier_.near_share,
                       "Loss that a cheaper one may have, e.g. 0.03");
}

void CommandTree::AddTraining() {
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

void CommandTree::AddLoop() {
  CLI::App* const group = Group("loop", "The whole loop");
  CLI::App* const run =
      Command(group, "run", "Turn it once on a repository", [this](Session& s) {
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

void CommandTree::AddAccess() {
  CLI::App* const group = Group("key", "API keys");
  CLI::App* const create =
      Command(group, "create", "Make a key and print its token, once",
              [this](Session& s) { return KeyCreate(s, key_); });
  create->add_option("name", key_.name, "What it is for")->required();
  create
      ->add_option("--role", key_.role,
                   "reader, feedback, runner, publisher or admin")
      ->required();
  create->add_option("--prompt", key_.prompts,
                     "Glob of the prompts that it is for; all when not given");
  create->add_option("--expires", key_.expires_days, "Days from now")
      ->check(CLI::Range(1, 3650));
  Command(group, "list", "All keys, revoked ones too",
          [](Session& s) { return KeyList(s); });
  CLI::App* const revoke =
      Command(group, "revoke", "Make a key worthless within 5 seconds",
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

void CommandTree::AddMcp() {
  CLI::App* const mcp =
      Command(&app_, "mcp", "Serve the API to coding agents, on stdin",
              [this](Session& s) { return Mcp(s, mcp_); });
  mcp_.version = std::string(base::Build());
  mcp->add_flag("--all", mcp_.all, "Every method of the API as a tool");
  mcp->add_flag("--read-only", mcp_.read_only, "No tool that changes anything");
}

}  // namespace evalloop::cli
