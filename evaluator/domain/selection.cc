#include "evaluator/domain/selection.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "evaluator/domain/comparison.h"
#include "fmt/format.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

constexpr std::size_t kMostRuns = 2'000;
constexpr std::size_t kMostRevisions = 50;
constexpr std::size_t kRowsAtOnce = 5'000;
constexpr double kNearShare = 0.03;

absl::StatusOr<MetricTerms> TermsOf(const SelectionRequest& request,
                                    const Benchmark& benchmark) {
  MetricTerms terms;
  terms.metric = !request.metric.empty() ? request.metric
                 : benchmark.TestsLead() ? std::string(kPassAt1)
                                         : "exact_match";
  if (!HigherIsBetter(terms.metric)) {
    return base::FieldError(
        "metric", fmt::format("{} is better where it is less", terms.metric),
        "use one of which more is better, e.g. pass_at_1 or composite");
  }
  terms.range = RangeOf(terms.metric);
  terms.completed_at = request.completed_at.value_or(terms.range);
  if (!(terms.completed_at > 0 && terms.completed_at <= terms.range)) {
    return base::FieldError(
        "completed_at", fmt::format("is {:g}", terms.completed_at),
        fmt::format("use a value of {} over 0, at most {:g}", terms.metric,
                    terms.range));
  }
  return terms;
}

absl::Status Check(const SelectionRequest& request) {
  if (request.correction_micros < 0) {
    return base::FieldError("correction_micros", "is negative",
                            "use 0 or more");
  }
  if (!(request.near_share >= 0 && request.near_share < 1)) {
    return base::FieldError("near_share",
                            fmt::format("is {:g}", request.near_share),
                            "use a share under 1, e.g. 0.03");
  }
  return absl::OkStatus();
}

// What must be the same in runs that are weighed against each other; "" where
// it is, else what is not.
std::string_view UnlikeIn(const FinishedRun& a, const FinishedRun& b) {
  if (a.mode != b.mode) return "mode";
  if (a.scorer_digest != b.scorer_digest) return "scorer digest";
  if (a.subset_digest != b.subset_digest) return "set of items";
  if (a.index_commit != b.index_commit) return "index commit";
  return "";
}

// Reads runs, newest first, until each revision has one that counts.
class Gathering {
 public:
  Gathering(RunStore& runs, OutcomeStore& outcomes,
            const std::set<std::string>& quarantined, const MetricTerms& terms)
      : runs_(runs),
        outcomes_(outcomes),
        quarantined_(quarantined),
        terms_(terms) {}

  absl::Status Take(const FinishedRun& run) {
    const std::string revision = run.Revision();
    if (taken_.contains(revision)) return absl::OkStatus();
    if (!gathered_.empty()) {
      const auto unlike = UnlikeIn(gathered_.front().run, run);
      if (!unlike.empty()) {
        left_out_.try_emplace(revision, WhyUnlike(run, unlike));
        return absl::OkStatus();
      }
    }
    if (gathered_.size() == kMostRevisions) {
      too_many_ = true;
      return absl::OkStatus();
    }
    auto read = Read(run);
    if (!read.ok()) return read.status();
    if (!read->has_value()) return absl::OkStatus();
    taken_.insert(revision);
    gathered_.push_back(**std::move(read));
    return absl::OkStatus();
  }

  std::span<const RunOutcomes> gathered() const { return gathered_; }
  const ItemIndex& index() const { return index_; }
  // A run was whole, but without a value of the metric.
  bool no_value() const { return no_value_; }

  std::vector<std::string> Notes() const {
    std::vector<std::string> notes;
    for (const auto& [revision, why] : left_out_) {
      if (!taken_.contains(revision)) notes.push_back(why);
    }
    if (too_many_) {
      notes.push_back(
          fmt::format("only the {} revisions with the newest runs are weighed; "
                      "name prompts "
                      "to see others",
                      kMostRevisions));
    }
    if (!quarantined_seen_.empty()) {
      notes.push_back(
          fmt::format("items left out, since their tests are in quarantine: {}",
                      quarantined_seen_.size()));
    }
    for (const RunOutcomes& run : gathered_) Describe(run, notes);
    return notes;
  }

 private:
  std::string WhyUnlike(const FinishedRun& run, std::string_view unlike) const {
    std::string why = fmt::format(
        "{} is left out: its run {} has another {} than the newest run {}",
        run.Revision(), run.id, unlike, gathered_.front().run.id);
    if (unlike == "scorer digest") {
      why += "; score its answers again: evalloop run rescore " + run.id;
    }
    return why;
  }

  // Absent: not every row has an answer.
  absl::StatusOr<std::optional<RunOutcomes>> Read(const FinishedRun& run) {
    RunOutcomes sums;
    sums.run = run;
    Page page{.size = kRowsAtOnce, .after = ""};
    while (true) {
      const auto rows = outcomes_.RowsWith(run.id, terms_.metric, page);
      if (!rows.ok()) return rows.status();
      for (const Row& row : *rows) {
        if (!row.scored) {
          left_out_.try_emplace(
              run.Revision(),
              fmt::format("{} is left out: rows of its run {} have no answer; "
                          "ask again: evalloop run retry {}",
                          run.Revision(), run.id, run.id));
          return std::nullopt;
        }
        if (quarantined_.contains(row.item_id)) {
          quarantined_seen_.insert(row.item_id);
        } else {
          AddRow(row, terms_, index_, sums);
        }
      }
      if (rows->size() < page.size) break;
      page.after =
          fmt::format("{} {}", rows->back().item_id, rows->back().sample);
    }
    if (sums.items.empty()) {
      no_value_ = true;
      left_out_.try_emplace(
          run.Revision(),
          fmt::format("{} is left out: no row of its run {} has a value of {}",
                      run.Revision(), run.id, terms_.metric));
      return std::nullopt;
    }
    const auto details = runs_.Details(run.id);
    if (!details.ok()) return details.status();
    sums.p50_ms = details->p50_ms;
    sums.p95_ms = details->p95_ms;
    return sums;
  }

  void Describe(const RunOutcomes& run, std::vector<std::string>& notes) const {
    const std::string revision = run.run.Revision();
    std::int64_t tasks = 0, unpriced = 0;
    for (const ItemOutcome& item : run.items) {
      tasks += item.tasks;
      unpriced += item.unpriced;
    }
    if (unpriced == tasks) {
      notes.push_back(fmt::format(
          "the price of {} is not known: no answer of {} tells a cost; give "
          "the "
          "model prices (evalloop model add {} --price-in X --price-out Y) and "
          "run it again",
          revision, run.run.model, run.run.model));
    } else if (unpriced > 0) {
      notes.push_back(fmt::format(
          "tasks of {} that tell no cost, so that its costs are at least what "
          "is shown: {} of {}",
          revision, unpriced, tasks));
    }
    if (run.untold > 0) {
      notes.push_back(
          fmt::format("tasks of {} that don't tell how often the model was "
                      "asked, and count "
                      "as asked once: {} of {}",
                      revision, run.untold, tasks));
    }
    if (run.valueless > 0) {
      notes.push_back(
          fmt::format("rows of {} left out, since they have no value of {}: {}",
                      revision, terms_.metric, run.valueless));
    }
  }

  RunStore& runs_;
  OutcomeStore& outcomes_;
  const std::set<std::string>& quarantined_;
  const MetricTerms& terms_;
  ItemIndex index_;
  std::vector<RunOutcomes> gathered_;
  std::set<std::string> taken_;                  // Revisions.
  std::map<std::string, std::string> left_out_;  // Revision to why.
  std::set<std::string> quarantined_seen_;
  bool no_value_ = false;
  bool too_many_ = false;
};

absl::Status NoRun(const SelectionRequest& request,
                   const Benchmark& benchmark) {
  return base::WithReason(
      absl::FailedPreconditionError(fmt::format(
          "no finished run on {}@{} has an answer in every row; start one: "
          "evalloop run start --prompt {} --benchmark {}@{}{}",
          benchmark.name, benchmark.version,
          request.prompts.empty() ? "NAME@VERSION"
                                  : request.prompts.front() + "@VERSION",
          benchmark.name, benchmark.version, OptionOf(request.subset))),
      "NO_FINISHED_RUN");
}

}  // namespace

absl::StatusOr<SelectionReport> Select(BenchmarkStore& benchmarks,
                                       RunStore& runs, OutcomeStore& outcomes,
                                       const SelectionRequest& request) {
  if (auto valid = Check(request); !valid.ok()) return valid;
  const auto benchmark = benchmarks.Get(request.benchmark, request.version);
  if (!benchmark.ok()) return benchmark.status();
  auto terms = TermsOf(request, *benchmark);
  if (!terms.ok()) return terms.status();
  const auto quarantined =
      benchmarks.Quarantined(benchmark->name, benchmark->version);
  if (!quarantined.ok()) return quarantined.status();
  const auto finished =
      outcomes.FinishedRuns(benchmark->name, benchmark->version, request.subset,
                            request.prompts, kMostRuns);
  if (!finished.ok()) return finished.status();

  Gathering gathering(runs, outcomes, *quarantined, *terms);
  for (const FinishedRun& run : *finished) {
    if (auto taken = gathering.Take(run); !taken.ok()) return taken;
  }
  if (gathering.gathered().empty()) {
    if (gathering.no_value()) {
      return base::FieldError(
          "metric",
          fmt::format("no run on {}@{} has a value of {}", benchmark->name,
                      benchmark->version, terms->metric),
          fmt::format("evalloop run show {} lists what there is",
                      finished->front().id));
    }
    return NoRun(request, *benchmark);
  }
  const auto facts = benchmarks.Facts(benchmark->name, benchmark->version);
  if (!facts.ok()) return facts.status();

  SelectionReport report;
  report.benchmark_version = benchmark->version;
  report.terms = *terms;
  for (const RunOutcomes& run : gathering.gathered()) {
    report.points.push_back(
        PointOf(run, gathering.index(), *terms, request.correction_micros));
  }
  Rank(report.points);
  std::string knee_note;
  const std::vector<std::size_t> frontier = Frontier(report.points);
  if (const auto knee = KneeOf(report.points, frontier)) {
    report.points[*knee].knee = true;
  } else {
    knee_note = frontier.size() < 3
                    ? "no knee is told: the frontier has under three points"
                    : "no knee is told: the curve does not flatten";
  }
  report.steps = StepsOf(report.points, frontier, terms->range);
  report.recommendations =
      Recommend(gathering.gathered(), gathering.index(), *facts, *terms,
                request.near_share == 0 ? kNearShare : request.near_share);
  report.notes = gathering.Notes();
  if (!knee_note.empty()) report.notes.push_back(std::move(knee_note));
  return report;
}

}  // namespace evalloop::evaluator
