#include "scorer/domain/rubric.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "scorer/domain/metrics.h"
#include "scorer/domain/scoring.h"

namespace evalloop::scorer {
namespace {

constexpr std::size_t kMaxTerms = 64;
constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxDescription = 4'000;
// Weights are written with a few digits: 3 * 0.333 is no 1, 0.33333333 is.
constexpr double kWeightSlack = 1e-6;

constexpr std::array<std::string_view, 3> kGroups = {"honest", "harmless",
                                                     "helpful"};
constexpr std::array<std::string_view, 6> kApplies = {
    "always", "with_tests", "without_tests", "with_tests_and_outcome",
    "review", "search"};

// Likeness to a reference.
bool IsSimilarity(const Metric& metric) {
  return metric.references == References::kNeeded && metric.higher_is_better;
}

// What terms of such tasks say, if the rubric has any.
std::optional<Applies> OwnTermsOf(TaskKind kind) {
  switch (kind) {
    case TaskKind::kCode:
      return std::nullopt;
    case TaskKind::kReview:
      return Applies::kReview;
    case TaskKind::kSearch:
      return Applies::kSearch;
  }
  return std::nullopt;
}

bool HasTerms(const Rubric& rubric, Applies applies) {
  return std::any_of(
      rubric.terms.begin(), rubric.terms.end(),
      [&](const RubricTerm& term) { return term.applies == applies; });
}

// Whatever the language.
bool AppliesTo(const Rubric& rubric, const RubricTerm& term, const Task& task) {
  const auto own = OwnTermsOf(task.kind);
  if (own.has_value() && HasTerms(rubric, *own)) return term.applies == *own;
  switch (term.applies) {
    case Applies::kAlways:
      return true;
    case Applies::kWithTests:
      return task.has_tests;
    case Applies::kWithoutTests:
      return !task.has_tests;
    case Applies::kWithTestsAndOutcome:
      return task.has_tests && task.has_outcome;
    case Applies::kReview:
    case Applies::kSearch:
      return false;
  }
  return false;
}

bool Counts(const Rubric& rubric, const RubricTerm& term, const Task& task) {
  const Metric* const metric = FindMetric(term.metric);
  return AppliesTo(rubric, term, task) &&
         (metric == nullptr || metric->exists_for == nullptr ||
          metric->exists_for(task.language));
}

// Which values of a metric count 1 and 0.
struct Scale {
  double best;
  double worst;
};

std::optional<Scale> ScaleOf(const RubricTerm& term, const Metric& metric) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  const double highest = metric.highest.value_or(kNone);
  Scale scale{highest, metric.lowest};
  if (!metric.higher_is_better) scale = {metric.lowest, highest};
  scale.best = term.best.value_or(scale.best);
  scale.worst = term.worst.value_or(scale.worst);
  if (!std::isfinite(scale.best) || !std::isfinite(scale.worst)) {
    return std::nullopt;
  }
  return scale;
}

absl::Status CheckName(std::string_view name) {
  const auto usable = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (name.empty() || name.size() > kMaxName ||
      !std::all_of(name.begin(), name.end(), usable)) {
    return base::FieldError("name", name.empty() ? "missing" : "is no name",
                            "write 1 to 64 of a-z, 0-9, '.', '_', '-'");
  }
  return absl::OkStatus();
}

absl::Status CheckScale(const RubricTerm& term, const Metric& metric,
                        const std::string& field) {
  for (const auto& [value, name] :
       {std::pair(term.best, "best"), std::pair(term.worst, "worst"),
        std::pair(term.floor, "floor")}) {
    if (value.has_value() && !std::isfinite(*value)) {
      return base::FieldError(fmt::format("{}.{}", field, name),
                              "is no finite number", "write a number");
    }
  }
  if (term.weight == 0) return absl::OkStatus();
  const auto scale = ScaleOf(term, metric);
  if (!scale.has_value()) {
    return base::FieldError(
        field + (term.best.has_value() ? ".worst" : ".best"),
        fmt::format("missing: {} has no bounds", metric.name),
        "say which values count 1 (best) and 0 (worst)");
  }
  if (metric.higher_is_better ? scale->best <= scale->worst
                              : scale->best >= scale->worst) {
    return base::FieldError(
        field + (term.best.has_value() ? ".best" : ".worst"),
        fmt::format("{} counts 1 and {} counts 0", scale->best, scale->worst),
        fmt::format("of {}, {} is better", metric.name,
                    metric.higher_is_better ? "more" : "less"));
  }
  return absl::OkStatus();
}

absl::Status CheckTerm(const RubricTerm& term, const std::string& field) {
  const Metric* const metric = FindMetric(term.metric);
  if (metric == nullptr) {
    return base::FieldError(
        field + ".metric",
        fmt::format("no metric \"{}\"", term.metric.substr(0, 80)),
        term.metric == "judge"
            ? "a judge breaks ties, it is no part of a composite"
            : "GetScorer lists them");
  }
  if (!metric->in_rubrics) {
    return base::FieldError(
        field + ".metric", fmt::format("{} is a judge's word", term.metric),
        "a judge breaks ties, it is no part of a composite");
  }
  if (!(term.weight >= 0 && term.weight <= 1)) {
    return base::FieldError(field + ".weight", fmt::format("{}", term.weight),
                            "write a share from 0 to 1");
  }
  if (term.weight == 0 && !term.floor.has_value()) {
    return base::FieldError(field + ".weight", "is 0, and there is no floor",
                            "give the term a weight or a floor, or drop it");
  }
  if (std::find(kGroups.begin(), kGroups.end(), term.group) == kGroups.end()) {
    return base::FieldError(field + ".group",
                            fmt::format("\"{}\"", term.group.substr(0, 80)),
                            "write honest, harmless or helpful");
  }
  if (term.floor.has_value() && IsSimilarity(*metric) &&
      (term.applies == Applies::kAlways ||
       term.applies == Applies::kWithTests ||
       term.applies == Applies::kWithTestsAndOutcome)) {
    return base::FieldError(
        field + ".floor",
        fmt::format("{} is a similarity, which blocks nothing where tests are",
                    term.metric),
        "drop the floor, or let the term apply without_tests");
  }
  return CheckScale(term, *metric, field);
}

// The terms that apply to a kind of task, which `words` tell.
absl::Status CheckForm(const Rubric& rubric, const Task& task,
                       std::string_view words) {
  double sum = 0;
  bool any = false;
  std::set<std::string_view> metrics;
  for (std::size_t i = 0; i < rubric.terms.size(); ++i) {
    const RubricTerm& term = rubric.terms[i];
    if (!AppliesTo(rubric, term, task)) continue;
    any = true;
    sum += term.weight;
    if (!metrics.insert(term.metric).second) {
      return base::FieldError(fmt::format("terms[{}].metric", i),
                              fmt::format("{} counts twice", term.metric),
                              "join the two terms");
    }
  }
  if (any && std::abs(sum - 1) > kWeightSlack) {
    return base::FieldError(
        "terms.weight",
        fmt::format("the terms that apply {} add up to {:.6g}", words, sum),
        "make it 1");
  }
  return absl::OkStatus();
}

struct Part {
  double weight = 0;
  double sum = 0;
  bool missing = false;

  void Add(double share, std::optional<double> value) {
    weight += share;
    if (value.has_value()) {
      sum += share * *value;
    } else {
      missing = true;
    }
  }
};

// `value` as the term counts it, in [0, 1].
std::optional<double> Scaled(const RubricTerm& term, const Metric& metric,
                             double value) {
  const auto scale = ScaleOf(term, metric);
  if (!scale.has_value()) return std::nullopt;
  return std::clamp((value - scale->worst) / (scale->best - scale->worst), 0.0,
                    1.0);
}

}  // namespace

std::string_view NameOf(Applies applies) {
  return kApplies[static_cast<std::size_t>(applies)];
}

std::optional<Applies> ParseApplies(std::string_view text) {
  if (text.empty()) return Applies::kAlways;
  const auto found = std::find(kApplies.begin(), kApplies.end(), text);
  if (found == kApplies.end()) return std::nullopt;
  return static_cast<Applies>(found - kApplies.begin());
}

const Rubric& DefaultRubric() {
  static const Rubric rubric = [] {
    Rubric made;
    made.name = "default";
    made.version = 3;
    made.description =
        "Where tests are: they, types, security, complexity and acceptance. "
        "Else: similarity to what was committed. Of reviews: similarity to the "
        "fix. Of searches: whether the place is among the first five";
    const auto add = [&made](std::string_view metric, double weight,
                             std::string_view group,
                             Applies applies) -> RubricTerm& {
      RubricTerm& term = made.terms.emplace_back();
      term.metric = metric;
      term.weight = weight;
      term.group = group;
      term.applies = applies;
      return term;
    };
    add("pass_at_1", 0.4, "helpful", Applies::kWithTests);
    RubricTerm& types =
        add("type_errors_delta", 0.2, "honest", Applies::kWithTests);
    types.best = 0;
    types.worst = 3;
    RubricTerm& security =
        add("security_delta", 0.2, "harmless", Applies::kWithTests);
    security.best = 0;
    security.worst = 1;
    // Against the solution, not the code before: what must be written there is
    // no fault of who writes it.
    RubricTerm& complexity =
        add("complexity_vs_references", 0.1, "helpful", Applies::kWithTests);
    complexity.best = 0;
    complexity.worst = 10;
    add("acceptance", 0.1, "helpful", Applies::kWithTestsAndOutcome);
    add("parses", 0, "honest", Applies::kWithTests).floor = 1;
    // chrF leads because it agrees best with whether code passes its tests,
    // edit similarity comes next; `parses` stays out, since live completions
    // come without the code around them and a composite must mean the same for
    // all.
    add("chrf", 0.4, "helpful", Applies::kWithoutTests);
    add("edit_similarity", 0.3, "helpful", Applies::kWithoutTests);
    add("token_jaccard", 0.2, "helpful", Applies::kWithoutTests);
    add("exact_match", 0.1, "helpful", Applies::kWithoutTests);
    // Who finds the fault uses the words of its fix, in whatever order.
    add("identifier_f1", 0.4, "helpful", Applies::kReview);
    add("chrf", 0.4, "helpful", Applies::kReview);
    add("token_jaccard", 0.2, "helpful", Applies::kReview);
    add("hit_at_5", 0.6, "helpful", Applies::kSearch);
    add("file_hit_at_5", 0.2, "helpful", Applies::kSearch);
    add("reciprocal_rank", 0.2, "helpful", Applies::kSearch);
    return made;
  }();
  return rubric;
}

absl::Status CheckRubric(const Rubric& rubric) {
  if (auto status = CheckName(rubric.name); !status.ok()) return status;
  if (rubric.description.size() > kMaxDescription) {
    return base::FieldError("description",
                            fmt::format("{} bytes", rubric.description.size()),
                            fmt::format("at most {}", kMaxDescription));
  }
  if (rubric.terms.empty() || rubric.terms.size() > kMaxTerms) {
    return base::FieldError("terms",
                            fmt::format("{} of them", rubric.terms.size()),
                            fmt::format("write 1 to {}", kMaxTerms));
  }
  for (std::size_t i = 0; i < rubric.terms.size(); ++i) {
    const auto status = CheckTerm(rubric.terms[i], fmt::format("terms[{}]", i));
    if (!status.ok()) return status;
  }
  for (const auto& [task, words] :
       {std::pair(Task{.has_tests = true, .has_outcome = true}, "with tests"),
        std::pair(Task{}, "without tests"),
        std::pair(Task{.kind = TaskKind::kReview}, "to a review"),
        std::pair(Task{.kind = TaskKind::kSearch}, "to a search")}) {
    if (auto status = CheckForm(rubric, task, words); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

bool Takes(const Rubric& rubric, const Task& task, std::string_view metric) {
  return std::any_of(
      rubric.terms.begin(), rubric.terms.end(), [&](const RubricTerm& term) {
        return term.metric == metric && Counts(rubric, term, task);
      });
}

Composition Compose(const Rubric& rubric, const Task& task,
                    std::span<const MetricScore> scores) {
  Composition out;
  Part whole;
  std::array<Part, kGroups.size()> groups;
  for (const RubricTerm& term : rubric.terms) {
    if (!Counts(rubric, term, task)) continue;
    const auto found = std::find_if(
        scores.begin(), scores.end(),
        [&](const MetricScore& s) { return s.metric == term.metric; });
    const Metric* const metric = FindMetric(term.metric);
    std::optional<double> scaled;
    bool failed = false;
    const bool known =
        metric != nullptr && found != scores.end() && found->value.has_value();
    if (known) {
      scaled = Scaled(term, *metric, *found->value);
      failed = term.floor.has_value() &&
               (metric->higher_is_better ? *found->value < *term.floor
                                         : *found->value > *term.floor);
    }
    if (failed) out.failed.push_back(term.metric);
    // A floor whose value nobody knows is not kept: that is for nobody to say.
    if (!known && term.weight == 0) whole.missing = true;
    const auto group = std::find(kGroups.begin(), kGroups.end(), term.group);
    if (term.weight == 0) continue;
    whole.Add(term.weight, scaled);
    if (group != kGroups.end()) {
      groups[static_cast<std::size_t>(group - kGroups.begin())].Add(term.weight,
                                                                    scaled);
    }
  }
  if (!out.failed.empty()) {
    out.composite = 0.0;
  } else if (whole.weight > 0 && !whole.missing) {
    out.composite = std::clamp(whole.sum / whole.weight, 0.0, 1.0);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Part& part = groups[i];
    if (part.weight <= 0) continue;
    GroupScore group{std::string(kGroups[i]), std::nullopt};
    if (!part.missing) group.value = std::min(part.sum / part.weight, 1.0);
    out.groups.push_back(std::move(group));
  }
  return out;
}

}  // namespace evalloop::scorer
