#include <string>

#include "cli/command_tree_parts.h"

namespace evalloop::cli {

void CommandTree::AddRubrics() {
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

void CommandTree::AddPrompts() {
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
  CLI::App* const diff =
      Command(group, "diff", "What differs between two revisions",
              [this](Session& s) { return PromptDiff(s, name_, other_name_); });
  diff->add_option("from", name_, "NAME, NAME@VERSION or NAME@LABEL")
      ->required();
  diff->add_option("to", other_name_, "NAME, NAME@VERSION or NAME@LABEL")
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
      Command(group, "label", "Point a label at a revision, or protect it",
              [this](Session& s) { return PromptLabel(s, label_); });
  label
      ->add_option("revision", label_.revision,
                   "NAME@VERSION; NAME to protect or unprotect")
      ->required();
  label->add_option("label", label_.label, "production, staging ...")
      ->required();
  label->add_option("--reason", label_.reason, "Why it moves; required to");
  CLI::Option* const protect = label->add_flag("--protect", label_.protect,
                                               "It can't be moved any more");
  label->add_flag("--unprotect", label_.unprotect, "It can be moved again")
      ->excludes(protect);
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

void CommandTree::AddCommits() {
  CLI::App* const commits = Group("commits", "What developers wrote");
  CLI::App* const ingest =
      Command(commits, "ingest", "Read a repository's commits",
              [this](Session& s) { return CommitsIngest(s, ingest_); });
  ingest->add_option("--repo", ingest_.repository, "Git repository")
      ->required();
  ingest->add_option("--until", ingest_.until, "Commit or branch");
  ingest->add_option("--max-commits", ingest_.max_commits,
                     "Only the newest so many");
}

}  // namespace evalloop::cli
