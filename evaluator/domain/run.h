#ifndef EVALLOOP_EVALUATOR_DOMAIN_RUN_H_
#define EVALLOOP_EVALUATOR_DOMAIN_RUN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace evalloop::evaluator {

// How a run asks for each item: one completion at its cursor, or a completion
// at each token's start while its line is typed.
enum class RunMode { kOnce, kTyped };
enum class RunState { kRunning, kFinished, kCancelled };

// What typing came to, in requests and non-blank characters.
struct TypedTally {
  std::int64_t lines = 0;
  std::int64_t requests = 0;
  std::int64_t shown = 0;
  std::int64_t accepted = 0;
  std::int64_t typed_chars = 0;
  std::int64_t accepted_chars = 0;
  std::int64_t rejected_chars = 0;

  TypedTally& operator+=(const TypedTally& other);
};

// One metric of one row; absent with the reason why.
struct MetricValue {
  std::string metric;
  std::optional<double> value;
  std::string reason;
};

// What a metric counted in a row.
struct Finding {
  std::string metric;
  std::string rule;
  std::uint32_t line = 0;
};

// The revision under test, as far as the evaluator has to know it.
struct RevisionRef {
  std::string prompt;
  std::uint32_t version = 0;
  std::string digest;
  std::string model;
  std::string model_snapshot;
  std::string content;  // The serialised evalloop.v1.Revision, handed through.
  std::string rubric;   // NAME or NAME@VERSION; empty: the one in force.
  // It asks for no randomness (temperature 0): more samples say the same.
  bool deterministic = false;
  // Who made it, when and why; not kept with runs.
  std::string author;
  std::string message;
  std::optional<absl::Time> create_time;
  std::uint32_t parent_version = 0;
};

// Part of a benchmark: everything but what is held out, the rows of it that
// tell revisions apart best, rows that were picked (asked again for a gate), or
// what is held out.
enum class Subset { kFull, kSmoke, kRows, kHoldout };

// " --subset NAME", as commands take it; empty for the full one.
std::string OptionOf(Subset subset);

// Why there is a run. Names are stored: never change one.
namespace purpose {
inline constexpr std::string_view kAsked = "asked";
inline constexpr std::string_view kGate = "gate";
// A gate's further look, with more samples.
inline constexpr std::string_view kLook = "look";
// A gate's failing rows, asked again.
inline constexpr std::string_view kRows = "rows";
// What production does on a benchmark, kept fresh by the evaluator itself.
inline constexpr std::string_view kBaseline = "baseline";
// Stored answers, scored again.
inline constexpr std::string_view kRescore = "rescore";
}  // namespace purpose

// A program that took part in a run, and which build of it.
struct Component {
  std::string name;  // evaluator, serving or scorer.
  std::string version;

  auto operator<=>(const Component&) const = default;
};

// What is summed up of a run's rows only when somebody looks at it.
struct RunDetails {
  std::vector<std::string> providers;  // "model fingerprint", each once.
  std::vector<Component> components;
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  // Over rows with an answer; absent: none has it.
  std::optional<double> p50_ms;
  std::optional<double> p95_ms;
  std::optional<double> first_token_p50_ms;
  std::optional<double> first_token_p95_ms;
};

// One revision on one benchmark version with one scorer digest.
struct Run {
  std::string id;
  RevisionRef revision;
  std::string benchmark;
  std::uint32_t benchmark_version = 0;
  RunMode mode = RunMode::kOnce;
  Subset subset = Subset::kFull;
  // sha256 over the subset's item ids; empty: all items.
  std::string subset_digest;
  std::vector<std::string> items;  // To start a subset with; not read back.
  std::uint32_t samples = 1;
  // Set by the first score; a score with another digest is kept out.
  std::string scorer_digest;
  std::string index_commit;
  RunState state = RunState::kRunning;
  std::int64_t rows = 0;
  std::int64_t scored = 0;
  std::int64_t failed = 0;  // Kept from an answer by infrastructure.
  std::int64_t cost_micros = 0;
  std::string author;
  std::string request_id;
  absl::Time start_time;
  std::optional<absl::Time> finish_time;
  std::string purpose{purpose::kAsked};
  // By which its rows are scored: its revision's, or that of the revision that
  // it is compared with. As RevisionRef::rubric.
  std::string rubric;
  // The run whose answers these are; empty: its own.
  std::string rescored_run;
  // Of the evaluator that started it; not read back, see RunDetails.
  std::string build;
};

// One row of a run: one sample of one item.
struct Row {
  std::string run_id;
  std::string item_id;
  std::uint32_t sample = 0;
  bool scored = false;
  std::string commit;  // The item's; rows of one commit are not independent.
  std::string raw_text;
  bool shown = false;
  std::string shown_text;
  std::vector<MetricValue> metrics;
  // Instead of `metrics` in rows that are only compared: values without reasons
  // (no number: missing) of names that many rows share.
  std::shared_ptr<const std::vector<std::string>> value_names;
  std::vector<double> values;
  std::optional<double> composite;
  std::optional<TypedTally> tally;
  std::string infrastructure_error;
  // Of all attempts that told it.
  std::int64_t cost_micros = 0;
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  // Times that the model was asked, failures included; 0: not told.
  std::int64_t attempts = 0;
  double total_ms = 0;
  std::optional<double> first_token_ms;
  std::string index_commit;
  std::vector<Finding> findings;
  // What the provider said that answered; empty: it did not say.
  std::string reported_model;
  std::string system_fingerprint;
  // Builds that answered and scored it; kept with the run, not with the row.
  std::string serving_build;
  std::string scorer_build;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_RUN_H_
