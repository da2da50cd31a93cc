#ifndef EVALLOOP_EVALUATOR_DOMAIN_RUNS_H_
#define EVALLOOP_EVALUATOR_DOMAIN_RUNS_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evaluator/domain/ports.h"
#include "evaluator/domain/run_summary.h"
#include "platform/base/clock.h"

namespace evalloop::evaluator {

// What a run is asked to be.
struct RunRequest {
  RevisionName revision;
  std::string benchmark;
  std::uint32_t benchmark_version = 0;  // 0: the newest.
  RunMode mode = RunMode::kOnce;
  Subset subset = Subset::kFull;
  std::uint32_t samples = 1;  // 1 to 100.
  // Where the model's index stands; empty: before the benchmark's first commit,
  // so that no item is in it.
  std::string index_commit;
  std::string author;
  std::string request_id;  // The same id is the same run.
  std::string_view purpose = purpose::kAsked;
  // Absent: the revision's own.
  std::optional<std::string> rubric;
};

// The command that starts a run of `revision` like another one.
std::string StartCommand(const RevisionRef& revision, const Run& like);

// A candidate's run and its baseline's.
struct StartedPair {
  Run candidate;
  Run baseline;
};

// Two ended runs that are alike, with their rows as RunStore::AllRows gives
// them; those in quarantine are out, and those of items that are older than the
// training cut-off of either model.
struct RunPair {
  Run baseline;
  Run candidate;
  std::vector<Row> before;
  std::vector<Row> after;
  FactsById facts;
  std::int64_t quarantined = 0;    // Rows of the candidate.
  Validity validity;               // Of the candidate's rows.
  std::vector<std::string> notes;  // What could not be checked, in words.

  // Both sides say the same each time.
  bool Deterministic() const;
};

// What a run's rows come to, without those of items that are older than its
// model's training cut-off.
struct RunFigures {
  RunSummary sums;
  Validity validity;
};

// Starts runs and takes care of them until they end: everything is in the
// database, so a run goes on after any crash. Thread-safe.
class Runs {
 public:
  // All references outlive this object.
  Runs(PromptLibrary& library, BenchmarkStore& benchmarks, ModelStore& models,
       RunStore& runs, Events& events, base::Transactor& transactor,
       base::Clock& clock);

  // Stores the run with its rows and asks for each of them, in one transaction.
  // InvalidArgument names the field; NotFound: prompt, revision or benchmark.
  absl::StatusOr<Run> Start(const RunRequest& request);

  // Both at once, asked for in turns, so that neither side has the provider's
  // better hour. With `reuse` the baseline may be a run that is there and asked
  // for the same; of a revision that answers by chance only one of the last 24
  // hours, and never the candidate's own.
  absl::StatusOr<StartedPair> StartPair(const RunRequest& candidate,
                                        const RunRequest& baseline, bool reuse);

  // As Start, unless a run that asks for the same was begun less than `max_age`
  // ago: then absent.
  absl::StatusOr<std::optional<Run>> Freshen(const RunRequest& request,
                                             absl::Duration max_age);

  // A run of its own with the answers of `run_id`, scored by `rubric` (absent:
  // as the run asked for, in the version that is in force now). Nothing is
  // generated; usage is that of the answers. FailedPrecondition
  // RUN_NOT_FINISHED while rows are still asked for.
  absl::StatusOr<Run> Rescore(std::string_view run_id,
                              std::string_view request_id,
                              std::string_view author,
                              std::optional<std::string> rubric = {});

  // A run like `baseline` with the scorer digest of `candidate`: one that is
  // there, or its answers scored again by the candidate's rubric.
  absl::StatusOr<Run> Renew(const Run& baseline, const Run& candidate,
                            std::string_view request_id,
                            std::string_view author);

  // Asks for these items of `pair` alone, `samples` times each, in turns.
  absl::StatusOr<StartedPair> StartRows(const RunPair& pair,
                                        std::span<const std::string> items,
                                        std::uint32_t samples,
                                        std::string_view request_id,
                                        std::string_view author);

  // Asks again for the rows that infrastructure kept from an answer.
  absl::StatusOr<Run> Retry(std::string_view run_id);

  absl::StatusOr<Benchmark> BenchmarkOf(const Run& run);

  // Reads every row of it.
  absl::StatusOr<RunFigures> Summarize(const Run& run);

  // FailedPrecondition when the runs are not alike (another benchmark version,
  // subset, mode, number of samples, index commit or scorer digest, or another
  // provider behind the same model snapshot), with the remedy; NO_VALID_ROWS
  // when every item is older than a model's training cut-off.
  absl::StatusOr<RunPair> LoadPair(std::string_view baseline_id,
                                   std::string_view candidate_id);

  // Adds the texts of `pair` to row deltas that were made of it.
  absl::Status ReadTexts(const RunPair& pair, std::span<RowDelta> rows);

  // Compares two runs as LoadPair takes them.
  absl::StatusOr<Comparison> CompareRuns(std::string_view baseline_id,
                                         std::string_view candidate_id,
                                         std::size_t max_rows,
                                         double confidence = kUsualConfidence);

 private:
  absl::StatusOr<Run> Plan(const RunRequest& request);
  // Ids of what is asked for, in their order; none: all that is not held out.
  absl::StatusOr<std::vector<std::string>> PickItems(const Benchmark& benchmark,
                                                     const RunRequest& request);
  // The smoke subset in force; chosen, or chosen again, where it is time.
  absl::StatusOr<SmokeSubset> SmokeOf(const Benchmark& benchmark,
                                      const FactsById& facts);
  absl::StatusOr<ItemAges> AgesOf(const Run& run,
                                  std::span<const ModelCutoff> models);
  absl::Status LeaveOutOlder(RunPair& pair);
  absl::StatusOr<Run> Launch(const Run& planned);
  // Stores them and asks for what is new of them, a few items of each in turn.
  // All have the same benchmark version.
  absl::StatusOr<std::vector<Run>> Launch(std::span<const Run> planned);

  PromptLibrary& library_;
  BenchmarkStore& benchmarks_;
  ModelStore& models_;
  RunStore& runs_;
  Events& events_;
  base::Transactor& transactor_;
  base::Clock& clock_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_RUNS_H_
