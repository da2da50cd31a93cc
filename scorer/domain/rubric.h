#ifndef EVALLOOP_SCORER_DOMAIN_RUBRIC_H_
#define EVALLOOP_SCORER_DOMAIN_RUBRIC_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "code_analysis/language.h"
#include "scorer/domain/candidate.h"

namespace evalloop::scorer {

struct MetricScore;

// For which candidates a term counts. It is a property of the task, never of
// the answer, so that no candidate can choose what it is judged by.
enum class Applies : std::uint8_t {
  kAlways,
  kWithTests,     // The task has hidden tests.
  kWithoutTests,  // It has none, as live lines.
  // It has tests, and somebody takes or refuses what is shown: live, or where
  // typing is played.
  kWithTestsAndOutcome,
  // The task is a review, or a search. Where a rubric has such terms, only they
  // count for such tasks, and the others for code alone; a rubric without them
  // takes every task for code.
  kReview,
  kSearch,
};

// What of a task decides which terms apply.
struct Task {
  bool has_tests = false;
  bool has_outcome = false;
  // Terms on metrics that this language does not have do not apply.
  code_analysis::Language language = code_analysis::Language::kUnknown;
  TaskKind kind = TaskKind::kCode;
};

// "always", "with_tests", "without_tests", "with_tests_and_outcome", "review",
// "search".
std::string_view NameOf(Applies applies);
// Also reads the empty text, as always. Nothing for another word.
std::optional<Applies> ParseApplies(std::string_view text);

// One metric's part in a composite.
struct RubricTerm {
  std::string metric;
  double weight = 0.0;  // 0: only its floor counts.
  // In the metric's own units. A value worse than this fails the candidate,
  // whatever the rest.
  std::optional<double> floor;
  std::string group;  // honest, harmless or helpful.
  Applies applies = Applies::kAlways;
  // Which values count 1 and 0; what lies between counts in proportion, what
  // lies beyond is cut. Nothing: the ends of the metric's range.
  std::optional<double> best;
  std::optional<double> worst;

  bool operator==(const RubricTerm&) const = default;
};

// How metrics make one number. Among the terms that apply to a candidate with
// tests (and an outcome) the weights add up to 1, and so they do for one
// without tests, for a review and for a search. Where a term does not apply,
// the others count in proportion.
struct Rubric {
  std::string name;
  std::uint32_t version = 0;
  std::vector<RubricTerm> terms;
  std::string description;
  std::string author;
  absl::Time create_time;  // Microseconds; the epoch for the built-in one.
};

// The rubric in force until another one is pushed.
const Rubric& DefaultRubric();

// InvalidArgument naming the field (for example "terms[2].weight") and the
// remedy, or OK: known metrics and groups, weights that add up, scales that
// make sense, and no floor under a similarity where tests exist: likeness may
// alarm there, but never block. `version`, author and time are not looked at.
absl::Status CheckRubric(const Rubric& rubric);

// A group's weighted mean.
struct GroupScore {
  std::string group;
  std::optional<double> value;  // [0, 1]; nothing: one of its terms has none.

  bool operator==(const GroupScore&) const = default;
};

// What a rubric makes of a candidate's metrics.
struct Composition {
  // [0, 1]: the weighted mean of the terms; 0 when a floor is broken. Nothing
  // when a term's metric has no value, or no term applies: dropping terms would
  // compare unlike numbers.
  std::optional<double> composite;
  // Those that the rubric has terms of, in the order honest, harmless, helpful.
  std::vector<GroupScore> groups;
  // Metrics whose floor is broken, in the rubric's order.
  std::vector<std::string> failed;
};

// Whether `rubric` takes `metric` for such a task, if only for a floor.
bool Takes(const Rubric& rubric, const Task& task, std::string_view metric);

Composition Compose(const Rubric& rubric, const Task& task,
                    std::span<const MetricScore> scores);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_RUBRIC_H_
