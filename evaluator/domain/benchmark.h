#ifndef EVALLOOP_EVALUATOR_DOMAIN_BENCHMARK_H_
#define EVALLOOP_EVALUATOR_DOMAIN_BENCHMARK_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace evalloop::evaluator {

// One developer's way of writing an item's code.
struct Variant {
  std::string text;
  std::string author;  // A pseudonym.
  double weight = 0;   // In the choice of the agreed output.
  // What the weight was made of; see evalloop.v1.MinedVariant.
  std::string commit = {};
  absl::Time author_time = absl::UnixEpoch();
  double authorship = 0;
  double survival_days = 0;
  bool alive = false;
  std::string level = {};  // good, average or less_experienced.
  double centrality = 0;
};

// A program that says by errors what is wrong with an answer.
struct HiddenTests {
  std::string program;  // Empty: there are none.
  std::string entry_point;
};

// A small mistake that tests did not notice.
struct Survivor {
  std::uint32_t line = 0;
  std::string change;
};

// How strong an item's tests are, as the scorer found.
struct Oracle {
  std::optional<double> mutation_score;
  std::uint32_t killed = 0;
  std::uint32_t survived = 0;
  std::uint32_t unknown = 0;
  std::string reason;  // As in evalloop.v1.OracleReport.
  std::vector<Survivor> survivors;

  // The solution fails its own tests, or passes them now and then: what they
  // say of an answer means nothing.
  bool Quarantined() const;
  // False: it could not be found out, which may be tried again.
  bool Known() const;
};

// What a model is asked to do with an item. Names are stored: never change one.
namespace task {
inline constexpr std::string_view kCompletion = "completion";
inline constexpr std::string_view kGeneration = "generation";
inline constexpr std::string_view kReview = "review";
inline constexpr std::string_view kSearch = "search";
inline constexpr std::string_view kAll[] = {kCompletion, kGeneration, kReview,
                                            kSearch};
}  // namespace task

// Classes of mined items.
inline constexpr std::string_view kItemClasses[] = {"line", "tail", "statement",
                                                    "block", "body"};

// Of items whose tests were found in their repository, as prompt_engine's
// miner gives it.
inline constexpr std::string_view kExecutableTag = "executable";

// Code that a developer committed, to be written by a model.
struct Item {
  std::string id;  // Stable: derived from repository, commit, path and line.
  std::string repository;
  std::string path;
  std::string language;
  std::string commit;  // That wrote it.
  std::string parent;  // What stood before; prefix and suffix are of it.
  std::uint32_t line = 0;
  std::uint32_t end_line = 0;  // 0: not told.
  std::string symbol;          // The function around; empty: not known.
  std::string task{task::kCompletion};
  std::string prefix;
  std::string suffix;
  std::string agreed;  // What developers agree on, or the committed text.
  std::string committed;
  std::vector<Variant> variants;
  std::optional<double> agreement;  // Absent with fewer than two variants.
  bool contested = false;
  bool seen = false;  // The text stood in the repository before.
  std::string item_class;
  std::vector<std::string> tags;
  std::string author;
  absl::Time author_time;             // The epoch: not known.
  std::string canary;                 // A text that leaks if a model says it.
  std::string explanation;            // Why this output is the agreed one.
  std::vector<std::string> criteria;  // Yes or no questions; yes is good.
  HiddenTests tests;
  std::optional<Oracle> oracle;  // Of the tests, once they are checked.
  bool holdout = false;          // Only runs of the holdout subset ask for it.
  bool archived = false;         // Of an earlier version; set by the store.

  // What people gave as tests always judges answers. What was found in a
  // repository (tag `executable`) does once the oracle has seen the solution
  // pass and some mistake in it fail; until then, and where it never does, the
  // item is like one without.
  bool TestsJudge() const;
  // What the tests say means nothing, and so does the item.
  bool Quarantined() const;

  bool Dated() const { return author_time > absl::UnixEpoch(); }

  // The texts that count as right, best first, without duplicates.
  std::vector<std::string> References() const;
};

// One immutable version of a named set of items.
struct Benchmark {
  std::string name;
  std::uint32_t version = 0;  // From 1; set by the store.
  std::string repository;
  std::string after_commit;
  std::string until_commit;
  std::uint32_t items = 0;
  std::uint32_t agreed = 0;  // Items whose output several developers agree on.
  std::uint32_t contested = 0;
  std::uint32_t holdout = 0;  // Of `items`.
  std::string digest;
  std::string changelog;
  absl::Time create_time;
  // How it was mined, so that fresh items can be like the others; empty: the
  // prompt engine's own choice, or it was imported.
  std::vector<std::string> classes;
  std::vector<std::string> tasks;
  double holdout_share = 0;        // In [0, 0.5].
  std::uint32_t rotated_from = 0;  // A version; 0: none.
  std::uint32_t archived = 0;  // Items of earlier versions; set by the store.
  std::uint32_t tested = 0;    // Items with hidden tests.
  // Of these, as of now: set by the store.
  std::uint32_t checked = 0;
  std::uint32_t quarantined = 0;
  std::optional<double> mutation_score;  // Mean of those that have one.

  // Whether tests have the say over the whole: half of the items have some. A
  // few executable items among mined ones would decide for all.
  bool TestsLead() const { return tested > 0 && 2ull * tested >= items; }
};

// How many items have something in common.
struct MixShare {
  std::string dimension;  // task, class, language, tag or seen.
  std::string name;
  std::uint32_t items = 0;

  bool operator==(const MixShare&) const = default;
};

// What a benchmark version is made of.
struct Manifest {
  struct Part {
    std::uint32_t items = 0;
    std::string digest;  // As DigestOf tells it of the ids in order.
  };
  Part full;                    // All but holdout.
  std::optional<Part> smoke;    // Absent: not chosen yet.
  std::optional<Part> holdout;  // Absent: there is none.
  std::vector<MixShare> mix;    // By dimension, the largest first.
  // Of the items that have a date.
  std::optional<absl::Time> oldest;
  std::optional<absl::Time> newest;
};

// InvalidArgument, naming the field, unless `name` is 1 to 64 letters, digits,
// '.', '_' or '-'.
absl::Status CheckBenchmarkName(std::string_view name);

// Counts and digest of a version made of `items`; version and time stay unset.
// The digest is over ids and texts: the same items are the same benchmark.
Benchmark Describe(std::string_view name, std::span<const Item> items);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_BENCHMARK_H_
