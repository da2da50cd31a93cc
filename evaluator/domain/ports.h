#ifndef EVALLOOP_EVALUATOR_DOMAIN_PORTS_H_
#define EVALLOOP_EVALUATOR_DOMAIN_PORTS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evaluator/domain/benchmark.h"
#include "evaluator/domain/decision.h"
#include "evaluator/domain/frontier.h"
#include "evaluator/domain/gate.h"
#include "evaluator/domain/run.h"
#include "evaluator/domain/smoke.h"
#include "evaluator/domain/validity.h"
#include "platform/base/unit_of_work.h"
#include "platform/listing/request.h"

// What the evaluator needs from the outside. All implementations are
// thread-safe. NotFound where a name or id is unknown; Unavailable when the
// database or peer can't be reached just now.
namespace evalloop::evaluator {

// A place in a walk over all: those after `after`.
struct Page {
  std::size_t size = 50;
  std::string after;
};

// Where benchmarks live.
class BenchmarkStore {
 public:
  virtual ~BenchmarkStore() = default;

  // Stores `items` as the next version of `benchmark.name`; where the newest
  // version has the same digest, that one is returned and nothing is stored.
  // `archived`: ids of items of version `benchmark.rotated_from` that are not
  // among `items` and stay where they are; Aborted where that version is the
  // newest no more.
  virtual absl::StatusOr<Benchmark> Add(
      const Benchmark& benchmark, std::span<const Item> items,
      std::span<const std::string> archived) = 0;
  // Version 0 means the newest.
  virtual absl::StatusOr<Benchmark> Get(std::string_view name,
                                        std::uint32_t version) = 0;
  virtual absl::StatusOr<Manifest> GetManifest(std::string_view name,
                                               std::uint32_t version) = 0;
  // Newest first where the request says no order. InvalidArgument of these and
  // all lists below names filter, order_by or page.page_token.
  virtual absl::StatusOr<listing::Page<Benchmark>> List(
      const listing::Request& request) = 0;
  // In the order of the benchmark, without what is archived; a page goes on
  // after an item id.
  virtual absl::StatusOr<std::vector<Item>> ListItems(std::string_view name,
                                                      std::uint32_t version,
                                                      const Page& page) = 0;
  // Those that a caller asks for, those archived before that version only where
  // the filter names `archived`; in the order of the benchmark likewise, what
  // is archived last.
  virtual absl::StatusOr<listing::Page<Item>> QueryItems(
      std::string_view name, std::uint32_t version,
      const listing::Request& request) = 0;
  // From the newest benchmark version that holds it.
  virtual absl::StatusOr<Item> GetItem(std::string_view id) = 0;
  // Stores what was found of an item's tests, instead of what was known.
  virtual absl::Status RecordOracle(base::UnitOfWork& work,
                                    std::string_view name,
                                    std::uint32_t version,
                                    std::string_view item_id,
                                    const Oracle& oracle) = 0;
  // Ids of the items whose tests are in quarantine.
  virtual absl::StatusOr<std::set<std::string>> Quarantined(
      std::string_view name, std::uint32_t version) = 0;
  // What comparisons have to know of all items.
  virtual absl::StatusOr<FactsById> Facts(std::string_view name,
                                          std::uint32_t version) = 0;
  // Those that are not known to be younger than `cutoff`.
  virtual absl::StatusOr<ItemAges> Ages(std::string_view name,
                                        std::uint32_t version,
                                        absl::Time cutoff) = 0;
  // The smoke subset that runs use now; none: not chosen yet.
  virtual absl::StatusOr<std::optional<SmokeSubset>> FindSmoke(
      std::string_view name, std::uint32_t version) = 0;
  // Replaces it.
  virtual absl::Status KeepSmoke(std::string_view name, std::uint32_t version,
                                 const SmokeSubset& subset) = 0;
};

// Where models' training data ends, as serving tells it.
class ModelStore {
 public:
  virtual ~ModelStore() = default;

  // Instead of what was known of that snapshot.
  virtual absl::Status Record(base::UnitOfWork& work, std::string_view snapshot,
                              const ModelCutoff& cutoff) = 0;
  // Without a time where the snapshot is not known.
  virtual absl::StatusOr<ModelCutoff> CutoffOf(std::string_view model,
                                               std::string_view snapshot) = 0;
};

// Where runs and their rows live.
class RunStore {
 public:
  virtual ~RunStore() = default;

  // Stores the run and one unanswered row for each item and sample. A run with
  // the same request id is returned instead, and `created` is false.
  struct Started {
    Run run;
    bool created = false;
  };
  virtual absl::StatusOr<Started> Start(base::UnitOfWork& work,
                                        const Run& run) = 0;
  virtual absl::StatusOr<Run> Get(std::string_view id) = 0;
  // Newest first; of all prompts, or benchmarks, where none is given.
  virtual absl::StatusOr<listing::Page<Run>> List(
      std::string_view prompt, std::string_view benchmark,
      const listing::Request& request) = 0;
  // By item and sample.
  virtual absl::StatusOr<listing::Page<Row>> ListRows(
      std::string_view id, const listing::Request& request) = 0;
  // Rows as they are compared, by item and sample: without the run's id, texts,
  // findings and the reasons why values are missing, so that a run of 100,000
  // rows fits into memory.
  virtual absl::StatusOr<std::vector<Row>> AllRows(std::string_view id) = 0;
  // The same, one by one, as they come from the database. After an error
  // `take` may have been called with some of them.
  virtual absl::Status ReadRows(std::string_view id,
                                const std::function<void(Row)>& take) = 0;
  struct RowKey {
    std::string item_id;
    std::uint32_t sample = 0;
  };
  // These rows, whole, in any order; those that it does not have are left out.
  virtual absl::StatusOr<std::vector<Row>> RowsAt(
      std::string_view id, std::span<const RowKey> keys) = 0;
  // A run of the same revision, benchmark version, subset, mode, samples and
  // index commit, under way or finished with every row scored; the newest, if
  // any. Where `run` has a scorer digest, only one with the same, or with none
  // yet.
  virtual absl::StatusOr<std::optional<Run>> FindAlike(const Run& run) = 0;

  // Means of each metric in the newest 20 finished runs that are like `run` in
  // all but the revision; only of revisions with two such runs.
  virtual absl::StatusOr<std::vector<RunMean>> MeansOfReruns(
      const Run& run) = 0;
  // How revisions did on each item in finished runs of the whole benchmark
  // version, by what tells most: hidden tests, else the composite, else
  // completed characters.
  virtual absl::StatusOr<std::vector<ItemValue>> ItemValues(
      std::string_view benchmark, std::uint32_t version) = 0;
  // What providers said that answered, each once: "model fingerprint".
  virtual absl::StatusOr<std::vector<std::string>> Providers(
      std::string_view id) = 0;
  // Ids of the items that it has rows of.
  virtual absl::StatusOr<std::vector<std::string>> ItemsOf(
      std::string_view id) = 0;
  // Rows of these items, by item and sample.
  virtual absl::StatusOr<std::vector<Row>> RowsOf(
      std::string_view id, std::span<const std::string> items) = 0;
  // Providers, builds, tokens and latencies.
  virtual absl::StatusOr<RunDetails> Details(std::string_view id) = 0;

  // Stores answers with their scores: each row once, whatever is delivered
  // again, and ends runs that are complete. Rows of a cancelled run, and rows
  // with another scorer digest than the run's first, are left out.
  virtual absl::Status Record(base::UnitOfWork& work,
                              std::string_view scorer_digest,
                              std::span<const Row> rows) = 0;
  virtual absl::StatusOr<Run> Cancel(std::string_view id) = 0;
  // Opens the rows that infrastructure kept from an answer again and returns
  // their items' ids with the sample.
  virtual absl::StatusOr<std::vector<RowKey>> Reopen(base::UnitOfWork& work,
                                                     std::string_view id) = 0;
};

// What gates have been asked for: whose production is kept measured.
struct Watched {
  std::string prompt;
  std::string benchmark;
  std::uint32_t benchmark_version = 0;  // Of the newest such gate.
  RunMode mode = RunMode::kOnce;
  Subset subset = Subset::kFull;
  std::uint32_t samples = 1;
  std::string index_commit;  // Of that gate.
};

// Where gates and the loop's decisions live.
class GateStore {
 public:
  virtual ~GateStore() = default;

  // Distinct prompts, benchmarks, modes, subsets and samples of the gates begun
  // since then, by name; at most 200.
  virtual absl::StatusOr<std::vector<Watched>> WatchedSince(
      absl::Time since) = 0;

  // A gate with the same request id is returned instead.
  virtual absl::StatusOr<Gate> Start(const Gate& gate) = 0;
  virtual absl::StatusOr<Gate> Get(std::string_view id) = 0;
  // Newest first; of all prompts where none is given.
  virtual absl::StatusOr<listing::Page<Gate>> List(
      std::string_view prompt, const listing::Request& request) = 0;
  // Gates without a verdict whose runs have all ended.
  virtual absl::StatusOr<std::vector<Gate>> Decidable() = 0;
  // Stores where a gate without a verdict stands: its runs, looks, samples and
  // what was retried.
  virtual absl::Status Advance(const Gate& gate) = 0;
  // Sets the verdict unless there is one.
  virtual absl::Status Decide(std::string_view id,
                              const GateOutcome& outcome) = 0;
  // Stores the sign-off (the newest of a row counts) and decides anew; an
  // overridden gate stays overridden.
  virtual absl::StatusOr<Gate> SignOff(std::string_view id,
                                       const RowSignOff& sign_off,
                                       const GateOutcome& outcome) = 0;
  // The newest gate of the prompt on that benchmark, begun before `before`,
  // that passed.
  virtual absl::StatusOr<std::optional<Gate>> LastPassed(
      std::string_view prompt, std::string_view benchmark,
      absl::Time before) = 0;
  virtual absl::StatusOr<Gate> Override(std::string_view id,
                                        std::string_view reason,
                                        std::string_view author) = 0;

  // Remembers what production was when the turn `request_id` began, and says
  // it: a turn that is asked for again goes on from where it began, although
  // its own decision may have moved production meanwhile.
  virtual absl::StatusOr<std::uint32_t> BeginTurn(
      std::string_view request_id, std::string_view prompt,
      std::uint32_t production_version) = 0;

  // Stores a decision once; false when it was there.
  virtual absl::StatusOr<bool> AddDecision(base::UnitOfWork& work,
                                           const Decision& decision) = 0;
  // Newest first; of all prompts where none is given.
  virtual absl::StatusOr<listing::Page<Decision>> ListDecisions(
      std::string_view prompt, const listing::Request& request) = 0;
};

// Tells the rest of the suite, inside the caller's transaction.
class Events {
 public:
  virtual ~Events() = default;

  // Asks serving to answer `item`, sample by sample.
  virtual absl::Status AskFor(base::UnitOfWork& work, const Run& run,
                              std::span<const Item> items,
                              std::span<const std::uint32_t> samples) = 0;
  // Hands answers that are there to the scorer, as rows of `run`. Each row's
  // item is among `items`.
  virtual absl::Status ScoreAgain(base::UnitOfWork& work, const Run& run,
                                  std::span<const Item> items,
                                  std::span<const Row> rows) = 0;
  // Asks the scorer how strong the tests of `items` are.
  virtual absl::Status AskForOracles(base::UnitOfWork& work,
                                     const Benchmark& benchmark,
                                     std::span<const Item> items) = 0;
  virtual absl::Status Decided(base::UnitOfWork& work,
                               const Decision& decision) = 0;
};

// Which items the prompt engine is to mine.
struct MineQuery {
  std::string repository;
  std::string after_commit;
  std::string until_commit;
  std::uint32_t max_items = 0;
  std::vector<std::string> classes = {};  // None: line.
  std::vector<std::string> tasks = {};    // None: completion.
};

enum class ProposalKind { kThreshold, kLearnt };

// A draft revision that the prompt engine learnt from outcomes.
struct Proposal {
  ProposalKind kind = ProposalKind::kThreshold;
  bool proposed = false;
  std::string reason;  // Why not, or what it was learnt from.
  RevisionRef revision;
};

// Names a revision: by version, label or digest; none of them: production.
struct RevisionName {
  std::string prompt;
  std::uint32_t version = 0;
  std::string label;
  std::string digest;
};

// The prompt engine.
class PromptLibrary {
 public:
  virtual ~PromptLibrary() = default;

  virtual absl::StatusOr<RevisionRef> Resolve(const RevisionName& name) = 0;
  virtual absl::Status Mine(const MineQuery& query,
                            const std::function<void(Item)>& take) = 0;
  virtual absl::StatusOr<std::vector<Proposal>> Propose(
      std::string_view prompt, std::uint32_t base_version,
      std::string_view session) = 0;
  // What differs between two revisions of a prompt.
  virtual absl::StatusOr<std::vector<ChangeSince>> Diff(std::string_view prompt,
                                                        std::uint32_t from,
                                                        std::uint32_t to) = 0;
  // The prompt engine asks this service how the gate ended: its verdict must
  // be stored before.
  virtual absl::Status Publish(const RevisionRef& revision,
                               std::string_view gate_id,
                               std::string_view author) = 0;
  // Moves `label` from `expected_version` on; OK when it points there already.
  virtual absl::Status MoveLabel(const RevisionRef& revision,
                                 std::string_view label,
                                 std::uint32_t expected_version,
                                 std::string_view reason,
                                 std::string_view author) = 0;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_PORTS_H_
