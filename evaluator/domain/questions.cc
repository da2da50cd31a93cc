#include "evaluator/domain/questions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

constexpr std::size_t kMostDimensions = 4;
constexpr std::size_t kMostMetrics = 50;
constexpr std::size_t kMostGroups = 1000;
constexpr std::size_t kMostRows = 1000;
constexpr std::size_t kLongestMetric = 100;

struct Named {
  std::string_view name;
  Dimension dimension;
};
constexpr std::array kDimensions = {
    Named{"model", Dimension::kModel},
    Named{"prompt", Dimension::kPrompt},
    Named{"revision", Dimension::kRevision},
    Named{"benchmark", Dimension::kBenchmark},
    Named{"run", Dimension::kRun},
    Named{"repository", Dimension::kRepository},
    Named{"class", Dimension::kClass},
    Named{"language", Dimension::kLanguage},
    Named{"tag", Dimension::kTag},
    Named{"author", Dimension::kAuthor},
    Named{"day", Dimension::kDay},
    Named{"week", Dimension::kWeek},
    Named{"month", Dimension::kMonth},
    Named{"quarter", Dimension::kQuarter},
};

absl::Status CheckMetric(std::string_view field, std::string_view metric) {
  if (!metric.empty() && metric.size() <= kLongestMetric) {
    return absl::OkStatus();
  }
  return base::FieldError(field, fmt::format("\"{}\" is no metric", metric),
                          "write a name such as exact_match");
}

absl::Status AddDimension(std::string_view name, AggregateQuestion& question) {
  const auto found =
      std::find_if(kDimensions.begin(), kDimensions.end(),
                   [&](const Named& one) { return one.name == name; });
  if (found == kDimensions.end()) {
    std::string names;
    for (const Named& one : kDimensions) {
      names += (names.empty() ? "" : ", ") + std::string(one.name);
    }
    return base::FieldError("group_by",
                            fmt::format("there is no dimension \"{}\"", name),
                            "dimensions: " + names);
  }
  if (std::find(question.dimensions.begin(), question.dimensions.end(),
                found->dimension) != question.dimensions.end()) {
    return base::FieldError("group_by", fmt::format("names \"{}\" twice", name),
                            "name each dimension once");
  }
  question.dimensions.push_back(found->dimension);
  return absl::OkStatus();
}

absl::Status SetOrder(std::string_view order_by, AggregateQuestion& question) {
  if (order_by.empty()) return absl::OkStatus();
  const std::size_t blank = order_by.find(' ');
  const std::string_view name = order_by.substr(0, blank);
  const std::string_view way =
      blank == std::string_view::npos ? "asc" : order_by.substr(blank + 1);
  if (way != "asc" && way != "desc") {
    return base::FieldError("order_by",
                            fmt::format("\"{}\" is no order", order_by),
                            "write rows, cost_micros or a metric's name, "
                            "and \"desc\" after it for the largest first");
  }
  question.descending = way == "desc";
  if (name == "rows") {
    question.order = GroupOrder::kRows;
  } else if (name == "cost_micros") {
    question.order = GroupOrder::kCost;
  } else {
    question.order = GroupOrder::kMetric;
    question.order_metric = name;
    return CheckMetric("order_by", name);
  }
  return absl::OkStatus();
}

absl::Status NoRuns(std::string_view what, std::string_view remedy) {
  return base::WithReason(absl::FailedPreconditionError(
                              fmt::format("{}; make one: {}", what, remedy)),
                          "NO_RUNS");
}

// Alike runs differ in the revision, and at most in the provider too.
bool TellsOfTheRevision(const std::vector<ChangeSince>& changes) {
  return std::any_of(
      changes.begin(), changes.end(),
      [](const ChangeSince& change) { return change.kind != "provider"; });
}

}  // namespace

absl::StatusOr<AggregateQuestion> QuestionOf(const AggregateRequest& request) {
  AggregateQuestion question;
  question.filter = request.filter;
  if (request.group_by.size() > kMostDimensions) {
    return base::FieldError(
        "group_by", fmt::format("has {} dimensions", request.group_by.size()),
        fmt::format("at most {} are allowed", kMostDimensions));
  }
  for (const std::string& name : request.group_by) {
    if (auto added = AddDimension(name, question); !added.ok()) return added;
  }
  if (request.metrics.size() > kMostMetrics) {
    return base::FieldError(
        "metrics", fmt::format("has {}", request.metrics.size()),
        fmt::format("at most {} are allowed", kMostMetrics));
  }
  for (const std::string& metric : request.metrics) {
    if (auto valid = CheckMetric("metrics", metric); !valid.ok()) return valid;
  }
  question.metrics = request.metrics;
  if (auto set = SetOrder(request.order_by, question); !set.ok()) return set;
  if (request.max_groups < 1 || request.max_groups > kMostGroups) {
    return base::FieldError("max_groups", "is out of range",
                            fmt::format("use 1 to {}", kMostGroups));
  }
  question.max_groups = request.max_groups;
  return question;
}

absl::StatusOr<AggregateAnswer> Questions::Aggregate(
    const AggregateRequest& request) {
  const auto question = QuestionOf(request);
  if (!question.ok()) return question.status();
  return rows_.Aggregate(*question);
}

absl::StatusOr<Run> Questions::NewestRun(const RevisionRef& revision,
                                         std::string_view benchmark,
                                         std::uint32_t benchmark_version) {
  const auto found = rows_.NewestRun(revision.prompt, revision.version,
                                     benchmark, benchmark_version);
  if (!found.ok()) return found.status();
  if (found->has_value()) return run_store_.Get(**found);
  const std::string on =
      benchmark.empty() ? std::string("NAME")
      : benchmark_version == 0
          ? std::string(benchmark)
          : fmt::format("{}@{}", benchmark, benchmark_version);
  return NoRuns(
      fmt::format("{}@{} has no finished run{}", revision.prompt,
                  revision.version, benchmark.empty() ? "" : " on " + on),
      fmt::format("evalloop run start --prompt {}@{} --benchmark {}",
                  revision.prompt, revision.version, on));
}

absl::StatusOr<Regressions> Questions::FindRegressions(
    const RegressionRequest& request) {
  if (request.max_rows > kMostRows) {
    return base::FieldError("max_rows", "is out of range",
                            fmt::format("use at most {}", kMostRows));
  }
  const auto since = library_.Resolve(
      {.prompt = request.prompt, .version = request.since_version});
  if (!since.ok()) return since.status();
  const auto until = library_.Resolve(
      {.prompt = request.prompt, .version = request.until_version});
  if (!until.ok()) return until.status();
  if (since->version == until->version) {
    return base::FieldError(
        "since_version",
        fmt::format(
            "is {} itself, which it would be compared with",
            request.until_version == 0 ? "production" : "until_version"),
        "name the revision that was still good");
  }
  const auto newest = NewestRun(*until, request.benchmark, 0);
  if (!newest.ok()) return newest.status();
  const auto alike = rows_.NewestAlike(since->prompt, since->version,
                                       until->version, newest->benchmark);
  if (!alike.ok()) return alike.status();
  if (!alike->has_value()) {
    return NoRuns(
        fmt::format("{}@{} has no finished run like {} of {}@{}", since->prompt,
                    since->version, newest->id, until->prompt, until->version),
        StartCommand(*since, *newest));
  }
  Regressions found;
  auto since_run = run_store_.Get((*alike)->since);
  if (!since_run.ok()) return since_run.status();
  found.since = *std::move(since_run);
  auto until_run = run_store_.Get((*alike)->until);
  if (!until_run.ok()) return until_run.status();
  found.until = *std::move(until_run);
  auto comparison =
      runs_.CompareRuns(found.since.id, found.until.id, request.max_rows);
  if (!comparison.ok()) return comparison.status();
  found.comparison = *std::move(comparison);
  std::vector<std::string> notes;
  found.changes = changes_.Find(found.since, found.until, notes);
  // An empty list would say that nothing changed.
  if (!notes.empty() && !TellsOfTheRevision(found.changes)) {
    return absl::UnavailableError(notes.front());
  }
  return found;
}

absl::StatusOr<Flips> Questions::ListFlips(const FlipRequest& request,
                                           const listing::Request& page) {
  const auto revision =
      library_.Resolve({.prompt = request.prompt, .version = request.version});
  if (!revision.ok()) return revision.status();
  const auto benchmark =
      benchmarks_.Get(request.benchmark, request.benchmark_version);
  if (!benchmark.ok()) return benchmark.status();
  if (auto newest = NewestRun(*revision, benchmark->name, benchmark->version);
      !newest.ok()) {
    return newest.status();
  }
  Flips flips;
  flips.metric = !request.metric.empty()  ? request.metric
                 : benchmark->TestsLead() ? std::string(kPassAt1)
                                          : std::string("exact_match");
  if (auto valid = CheckMetric("metric", flips.metric); !valid.ok()) {
    return valid;
  }
  auto found = rows_.Flips({.prompt = revision->prompt,
                            .version = revision->version,
                            .benchmark = benchmark->name,
                            .benchmark_version = benchmark->version,
                            .metric = flips.metric},
                           page);
  if (!found.ok()) return found.status();
  flips.page = *std::move(found);
  return flips;
}

}  // namespace evalloop::evaluator
