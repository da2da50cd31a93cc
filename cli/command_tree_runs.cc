#include <string>

#include "cli/command_tree_parts.h"

namespace evalloop::cli {

void CommandTree::AddRuns() {
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
    CLI::App* const command = Command(
        group, name, words, [this, run](Session& s) { return run(s, name_); });
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
  again("rescore", "Score its answers again, as a new run", RunRescore);
  CLI::App* const compare = Command(
      group, "compare", "Two runs, row by row",
      [this](Session& s) { return RunCompare(s, name_, other_name_, rows_); });
  compare->add_option("baseline", name_, "Run")->required();
  compare->add_option("candidate", other_name_, "Run")->required();
  compare->add_option("--rows", rows_, "Rows to show, worst first");
  AddQueries(group);
}

void CommandTree::AddQueries(CLI::App* group) {
  constexpr char kFilter[] = "AIP-160, e.g. 'model = qwen'; docs/querying.md";
  CLI::App* const list =
      Command(group, "list", "Runs, newest first",
              [this](Session& s) { return RunList(s, list_); });
  list->add_option("--filter", list_.filter, kFilter);
  list->add_option("--order-by", list_.order_by, "E.g. 'cost_micros desc'");
  list->add_option("--limit", list_.limit, "How many at most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();

  CLI::App* const aggregate =
      Command(group, "aggregate", "Figures over the rows of many runs",
              [this](Session& s) { return RunAggregate(s, aggregate_); });
  aggregate
      ->add_option("--group-by", aggregate_.group_by,
                   "model, prompt, revision, benchmark, run, repository, "
                   "class, language, tag, author, day, week, month or "
                   "quarter; up to 4")
      ->delimiter(',');
  aggregate->add_option("--filter", aggregate_.filter, kFilter);
  aggregate
      ->add_option("--metrics", aggregate_.metrics, "Names; all when not given")
      ->delimiter(',');
  aggregate->add_option("--order-by", aggregate_.order_by,
                        "rows, cost_micros or a metric, and desc");
  aggregate->add_option("--max-groups", aggregate_.max_groups, "At most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();

  CLI::App* const regressions =
      Command(group, "regressions", "What got worse since a revision",
              [this](Session& s) { return RunRegressions(s, regressions_); });
  regressions->add_option("--prompt", regressions_.prompt, "Name")->required();
  regressions
      ->add_option("--since", regressions_.since, "Version that was still good")
      ->required();
  regressions->add_option("--until", regressions_.until,
                          "Version; production when not given");
  regressions->add_option("--benchmark", regressions_.benchmark,
                          "Name; of the newest run when not given");
  regressions
      ->add_option("--rows", regressions_.rows, "Rows to show, worst first")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();

  CLI::App* const flips =
      Command(group, "flips", "Items that it does now well and now badly",
              [this](Session& s) { return RunFlips(s, flips_); });
  flips->add_option("--prompt", flips_.revision, "NAME or NAME@VERSION")
      ->required();
  flips->add_option("--benchmark", flips_.benchmark, "NAME or NAME@VERSION")
      ->required();
  flips->add_option("--metric", flips_.metric,
                    "pass_at_1 or exact_match when not given");
  flips->add_option("--limit", flips_.limit, "How many at most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
}

void CommandTree::AddGate() {
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

void CommandTree::AddReplay() {
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

}  // namespace evalloop::cli
