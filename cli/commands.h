#ifndef EVALLOOP_CLI_COMMANDS_H_
#define EVALLOOP_CLI_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/peers.h"
#include "cli/terminal.h"

namespace evalloop::v1 {
class Rubric;
}

namespace evalloop::cli {

// What every command that talks to the services needs.
struct Session {
  Terminal& terminal;
  Peers& peers;
};

// Texts are as given on the command line; empty means not given.

struct ScoreFlags {
  std::string pairs;
  std::vector<std::string> metrics;
  std::string rubric;  // File; empty: the built-in one.
  std::string out;     // Empty: stdout.
};
Outcome Score(Terminal& terminal, const ScoreFlags& flags);

struct ExecFlags {
  std::string problems;
  std::string samples;
  std::vector<std::int64_t> k = {1, 10, 100};
  double timeout = 3;  // Seconds.
  int workers = 1;
  std::string out;
  std::string tier;  // Empty: the fastest that works.
};
Outcome Exec(Terminal& terminal, const ExecFlags& flags);

struct MineFlags {
  std::string repository;  // Path.
  std::string since;       // Dates; empty: no bound.
  std::string until;
  std::string out;
  std::vector<std::string> classes;  // Of completions; none: line.
  std::vector<std::string> tasks;    // None: completion.
  std::uint32_t max_items = 0;       // 0: all.
};
Outcome Mine(Terminal& terminal, const MineFlags& flags);

// Reads a rubric's file (docs/formats/rubric.schema.json). InvalidArgument says
// where its fields are described.
absl::Status ReadRubricFile(const std::string& path, v1::Rubric* rubric);
Outcome RubricPush(Session& session, const std::string& file);
// NAME or NAME@VERSION; show without one: what is in force.
Outcome RubricUse(Session& session, const std::string& rubric);
Outcome RubricShow(Session& session, const std::string& rubric);
Outcome RubricList(Session& session);

struct PromptPushFlags {
  std::string prompt;
  std::string file;
  std::string message;
  std::uint32_t parent = 0;
  std::string request_id;  // Empty: of the CI job, or random.
};
Outcome PromptPush(Session& session, const PromptPushFlags& flags);
Outcome PromptList(Session& session);
Outcome PromptShow(Session& session, const std::string& revision);
Outcome PromptHistory(Session& session, const std::string& prompt);
// NAME, NAME@VERSION or NAME@LABEL each.
Outcome PromptDiff(Session& session, const std::string& from,
                   const std::string& to);
// What is wrong with a revision's file. kFailedGate: it could not be published.
Outcome Lint(Terminal& terminal, const std::string& file);

struct PromptPublishFlags {
  std::string revision;  // NAME@VERSION
  std::string gate;      // Id of the passed gate.
  std::string reason;    // Overrides the gate.
};
Outcome PromptPublish(Session& session, const PromptPublishFlags& flags);

struct PromptLabelFlags {
  std::string revision;  // NAME@VERSION; NAME to protect or unprotect.
  std::string label;
  std::string reason;    // Required to move it.
  bool protect = false;  // At most one of these; neither: it is moved.
  bool unprotect = false;
};
Outcome PromptLabel(Session& session, const PromptLabelFlags& flags);

struct PromptRollbackFlags {
  std::string prompt;
  std::string label;
  std::string reason;
};
Outcome PromptRollback(Session& session, const PromptRollbackFlags& flags);

struct CommitsIngestFlags {
  std::string repository;
  std::string until;
  std::uint32_t max_commits = 0;
};
Outcome CommitsIngest(Session& session, const CommitsIngestFlags& flags);

struct BenchmarkBuildFlags {
  std::string name;
  std::string repository;
  std::string after;
  std::string until;
  std::uint32_t max_items = 0;
  std::string changelog;
  std::vector<std::string> classes;  // None: line.
  std::vector<std::string> tasks;    // None: completion.
  double holdout_share = 0;
};
Outcome BenchmarkBuild(Session& session, const BenchmarkBuildFlags& flags);
struct BenchmarkImportFlags {
  std::string file;  // See ReadItemsFile.
  std::string name;  // Empty: as the file.
  std::string changelog;
  std::string date;  // Of items that have none.
};
Outcome BenchmarkImport(Session& session, const BenchmarkImportFlags& flags);
struct BenchmarkRotateFlags {
  std::string name;
  double share = 0;   // 0: a fifth.
  std::string until;  // Empty: the newest ingested commit.
  std::string changelog;
};
// Archives the oldest items, brings in fresh ones.
Outcome BenchmarkRotate(Session& session, const BenchmarkRotateFlags& flags);
struct BenchmarkListFlags {
  std::string filter;
  std::string order_by;
  std::uint32_t limit = 1'000;
};
Outcome BenchmarkList(Session& session, const BenchmarkListFlags& flags);
struct BenchmarkItemsFlags {
  std::string benchmark;  // NAME or NAME@VERSION
  std::string filter;
  std::string order_by;
  std::uint32_t limit = 50;
};
Outcome BenchmarkItems(Session& session, const BenchmarkItemsFlags& flags);
// NAME, NAME@VERSION, or an item's id.
Outcome BenchmarkShow(Session& session, const std::string& name_or_item);

struct RunStartFlags {
  std::string revision;
  std::string benchmark;
  std::string subset;  // smoke, full or holdout.
  std::uint32_t samples = 1;
  bool typed = false;
  bool watch = false;
  std::vector<std::string> set;  // KEY=VALUE
  std::string index_commit;      // Empty: where the benchmark begins.
};
Outcome RunStart(Session& session, const RunStartFlags& flags);
// A new run of all that the given one was a run of.
Outcome RunRerun(Session& session, const std::string& run_id, bool watch);
// Sends the rows again that infrastructure kept from an answer.
Outcome RunRetry(Session& session, const std::string& run_id, bool watch);
Outcome RunCancel(Session& session, const std::string& run_id);
// A new run with the answers of the given one, scored by what is in force.
Outcome RunRescore(Session& session, const std::string& run_id, bool watch);
Outcome RunWatch(Session& session, const std::string& run_id);
Outcome RunShow(Session& session, const std::string& run_id);
Outcome RunCompare(Session& session, const std::string& baseline,
                   const std::string& candidate, std::uint32_t rows);

// Questions over many runs; filters and orders as docs/querying.md has them.
struct RunListFlags {
  std::string filter;
  std::string order_by;
  std::uint32_t limit = 50;
};
Outcome RunList(Session& session, const RunListFlags& flags);

struct RunAggregateFlags {
  std::string filter;
  std::vector<std::string> group_by;
  std::vector<std::string> metrics;
  std::string order_by;
  std::uint32_t max_groups = 100;
};
Outcome RunAggregate(Session& session, const RunAggregateFlags& flags);

struct RunRegressionsFlags {
  std::string prompt;
  std::uint32_t since = 0;
  std::uint32_t until = 0;  // 0: production.
  std::string benchmark;    // Empty: of the later revision's newest run.
  std::uint32_t rows = 20;
};
Outcome RunRegressions(Session& session, const RunRegressionsFlags& flags);

struct RunFlipsFlags {
  std::string revision;   // NAME or NAME@VERSION
  std::string benchmark;  // NAME or NAME@VERSION
  std::string metric;
  std::uint32_t limit = 50;
};
Outcome RunFlips(Session& session, const RunFlipsFlags& flags);

struct GateFlags {
  std::string revision;
  std::string benchmark;
  std::string baseline;  // A label, a version or a run's id.
  std::string subset;
  bool typed = false;
  std::uint32_t samples = 1;
  std::string on_inconclusive;                 // block, warn or sample_more.
  std::vector<std::string> row_tolerance;      // METRIC=X
  std::vector<std::string> average_tolerance;  // METRIC=X
  std::string policy;                          // File of a GatePolicy.
  std::string markdown;
  std::string junit;
  std::string code_quality;
  std::string dotenv;
  std::string prompt_file;  // Where CI systems show what failed.
  std::string request_id;   // Empty: of the CI job, or random.
  std::string override_reason;
  std::vector<std::string> accept_rows;  // ITEM=REASON
};
Outcome Gate(Session& session, const GateFlags& flags);

struct ReplayFlags {
  std::string repository;
  std::string from;
  std::string to;
  std::int64_t lines = 0;
  std::string endpoint;
  double rate = 0;
  std::uint64_t seed = 1;
  int workers = 4;
  bool all_lines = false;
  std::string prompt;  // NAME, NAME@VERSION or NAME@LABEL.
  std::string model;   // Instead of a prompt.
  std::string report;
};
Outcome ReplayHistory(Session& session, const ReplayFlags& flags);

struct ModelAddFlags {
  std::string name;
  std::string url;
  std::string model_id;
  std::string key_file;
  std::string family;
  std::string cutoff;
  std::string snapshot;
  double price_in = 0;  // Currency units for a million tokens.
  double price_out = 0;
  std::string fim;
  bool logprobs = false;
};
Outcome ModelAdd(Session& session, const ModelAddFlags& flags);
Outcome ModelList(Session& session);
struct FrontierFlags {
  std::string benchmark;
  std::string metric;
  std::string subset;
  std::vector<std::string> prompts;  // None: all.
  std::optional<double> completed_at;
  double correction_cost = 0;  // Of one correction, in currency units.
  double near_share = 0;       // 0: the service's own, 0.03.
};
// Cost against quality: which model for which work.
Outcome ModelFrontier(Session& session, const FrontierFlags& flags);

struct TrainingBuildFlags {
  std::string repository;
  std::string commit;
};
Outcome TrainingBuild(Session& session, const TrainingBuildFlags& flags);

struct TrainingStartFlags {
  std::string training_set;
  std::string prompt;  // Empty: no gate.
  std::string benchmark;
  bool promote = false;
  std::string launcher;
};
Outcome TrainingStart(Session& session, const TrainingStartFlags& flags);
Outcome TrainingShow(Session& session, const std::string& job_id);

struct TrainingPromoteFlags {
  std::string digest;
  std::string prompt;
  std::string benchmark;
};
Outcome TrainingPromote(Session& session, const TrainingPromoteFlags& flags);
Outcome TrainingRollback(Session& session, const std::string& prompt,
                         const std::string& reason);

struct KeyCreateFlags {
  std::string name;
  std::string role;
  std::vector<std::string> prompts;  // Globs; none: all.
  int expires_days = 0;              // 0: it does not expire.
};
Outcome KeyCreate(Session& session, const KeyCreateFlags& flags);
Outcome KeyList(Session& session);
Outcome KeyRevoke(Session& session, const std::string& key_id,
                  const std::string& reason);

struct AuditFlags {
  std::string prompt;
  std::string identity;
  std::string method;
  std::uint32_t lines = 50;
  bool check = false;  // Says whether the log is as it was written.
};
Outcome Audit(Session& session, const AuditFlags& flags);

Outcome CompletionShow(Session& session, const std::string& completion_id);

struct OutcomesFlags {
  std::string prompt;
  std::string session;
  std::string repository;
  std::string model;
};
// What became of completions, by revision and model.
Outcome Outcomes(Session& session, const OutcomesFlags& flags);

struct LoopFlags {
  std::string repository;
  std::int64_t lines = 0;  // 0: what fits the time.
  int minutes = 10;        // The time to fit.
  std::uint64_t seed = 1;
  int workers = 4;
  std::string prompt;
  std::string report;
};
Outcome LoopRun(Session& session, const LoopFlags& flags);

struct McpFlags {
  bool all = false;        // Every method of the API, not a choice of them.
  bool read_only = false;  // None that changes anything.
  std::string version;     // Of this program.
};
// A server of the Model Context Protocol on stdin and stdout, until stdin ends.
Outcome Mcp(Session& session, const McpFlags& flags);

// The user's name, as author of what commands do.
std::string Author();

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_COMMANDS_H_
