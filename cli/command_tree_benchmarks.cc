#include "cli/command_tree_parts.h"

namespace evalloop::cli {

void CommandTree::AddBenchmarks() {
  constexpr char kFilter[] = "AIP-160; docs/querying.md has the fields";
  CLI::App* const group =
      Group("benchmark", "Items from commits, or of your own");
  CLI::App* const build =
      Command(group, "build", "Make a version from ingested commits",
              [this](Session& s) { return BenchmarkBuild(s, build_); });
  build->add_option("benchmark", build_.name, "Name")->required();
  build->add_option("--repo", build_.repository, "Git repository")->required();
  build->add_option("--after", build_.after, "Commits after this one");
  build->add_option("--until", build_.until, "Up to this one");
  build->add_option("--max-items", build_.max_items, "At most");
  build
      ->add_option("--classes", build_.classes,
                   "line, tail, statement, block, body; line when not given")
      ->delimiter(',');
  build
      ->add_option("--tasks", build_.tasks,
                   "completion, generation, review, search; completion when "
                   "not given")
      ->delimiter(',');
  build
      ->add_option("--holdout", build_.holdout_share,
                   "Share of each kind that only holdout runs ask for")
      ->check(CLI::Range(0.0, 0.5));
  build->add_option("--changelog", build_.changelog, "What is new");

  CLI::App* const import = Command(
      group, "import", "Make a version from a golden set, or HumanEval's form",
      [this](Session& s) { return BenchmarkImport(s, import_); });
  import
      ->add_option("file", import_.file,
                   "YAML, or JSON lines (also packed by gzip)")
      ->required();
  import->add_option("--name", import_.name, "As the file when not given");
  import->add_option("--date", import_.date,
                     "When items that don't say it were written");
  import->add_option("--changelog", import_.changelog, "What is new");

  CLI::App* const rotate =
      Command(group, "rotate", "Archive the oldest items, bring in fresh ones",
              [this](Session& s) { return BenchmarkRotate(s, rotate_); });
  rotate->add_option("benchmark", rotate_.name, "Name")->required();
  rotate
      ->add_option("--share", rotate_.share, "Of the items; 0.2 when not given")
      ->check(CLI::Range(0.0, 1.0));
  rotate->add_option("--until", rotate_.until, "Fresh ones up to this commit");
  rotate->add_option("--changelog", rotate_.changelog,
                     "What is new; told by itself when not given");

  CLI::App* const list =
      Command(group, "list", "All versions, newest first",
              [this](Session& s) { return BenchmarkList(s, benchmarks_); });
  list->add_option("--filter", benchmarks_.filter, kFilter);
  list->add_option("--order-by", benchmarks_.order_by, "E.g. 'items desc'");
  list->add_option("--limit", benchmarks_.limit, "How many at most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();

  CLI::App* const items =
      Command(group, "items", "Items of one version",
              [this](Session& s) { return BenchmarkItems(s, items_); });
  items->add_option("benchmark", items_.benchmark, "NAME or NAME@VERSION")
      ->required();
  items->add_option("--filter", items_.filter, kFilter);
  items->add_option("--order-by", items_.order_by, "E.g. 'agreement desc'");
  items->add_option("--limit", items_.limit, "How many at most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();

  CLI::App* const show =
      Command(group, "show", "One version, or one item and why it is so",
              [this](Session& s) { return BenchmarkShow(s, name_); });
  show->add_option("benchmark", name_, "NAME, NAME@VERSION or an item's id")
      ->required();
}

}  // namespace evalloop::cli
