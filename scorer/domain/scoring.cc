#include "scorer/domain/scoring.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <map>
#include <thread>
#include <utility>

#include "scorer/domain/findings.h"
#include "scorer/domain/static_metrics.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Measure;

// Candidates that a core scores before it takes more: a thread for fewer would
// cost more than it saves.
constexpr std::size_t kPortion = 16;

Measure BestOf(const Metric& metric, const Candidate& candidate) {
  if (candidate.references.empty() &&
      metric.references == References::kNeeded) {
    return Measure::Missing("no_reference");
  }
  if (candidate.references.empty() || metric.references == References::kNone) {
    return metric.compute(candidate, std::nullopt);
  }
  Measure best;
  for (const std::string_view reference : candidate.references) {
    const Measure one = metric.compute(candidate, reference);
    if (!one.value.has_value()) {
      if (!best.value.has_value() && best.reason.empty()) best = one;
    } else if (!best.value.has_value() ||
               (metric.higher_is_better ? *one.value > *best.value
                                        : *one.value < *best.value)) {
      best = one;
    }
  }
  return best;
}

// What tools find in files, each asked for once.
class ToolRun {
 public:
  // Remembers that the candidate's file, now and before, is to be looked at.
  void Want(CodeTool tool, const Candidate& candidate) {
    auto& files = findings_[tool];
    files.emplace(FileWith(candidate, candidate.text), ToolReport());
    files.emplace(FileWith(candidate, *candidate.before), ToolReport());
  }

  void Ask(CodeTools& tools) {
    for (auto& [tool, files] : findings_) {
      std::vector<std::string> texts;
      for (const auto& [text, report] : files) texts.push_back(text);
      std::vector<ToolReport> found = tools.Findings(tool, texts);
      std::size_t i = 0;
      for (auto& [text, report] : files) {
        if (i < found.size()) {
          report = std::move(found[i]);
        } else {
          report.count = Measure::Missing("no_sandbox");
        }
        ++i;
      }
    }
  }

  Measure DeltaOf(CodeTool tool, const Candidate& candidate) const {
    const auto& files = findings_.at(tool);
    return ToolDelta(files.at(FileWith(candidate, candidate.text)).count,
                     files.at(FileWith(candidate, *candidate.before)).count);
  }

  // In the candidate's own text.
  std::vector<Finding> FoundIn(CodeTool tool, std::string_view metric,
                               const Candidate& candidate) const {
    return InCandidate(
        metric, candidate,
        findings_.at(tool).at(FileWith(candidate, candidate.text)).findings);
  }

 private:
  std::map<CodeTool, std::map<std::string, ToolReport>> findings_;
};

std::optional<CodeTool> ToolFor(const Metric& metric,
                                const Candidate& candidate) {
  return metric.tool == nullptr ? std::nullopt : metric.tool(candidate);
}

Task TaskOf(const Candidate& candidate) {
  return {.has_tests = candidate.has_tests,
          .has_outcome = candidate.has_outcome,
          .language = candidate.language,
          .kind = candidate.kind};
}

// Why no tool need be asked; empty: it must.
std::string_view NothingToAsk(const Metric& metric, const Candidate& candidate,
                              const Scorer& scorer) {
  if (!candidate.before.has_value()) return "no_before";
  if (!candidate.surroundings_known) return "no_context";
  return candidate.all_tools ||
                 Takes(scorer.rubric(), TaskOf(candidate), metric.name)
             ? ""
             : "not_in_rubric";
}

Measure MeasureOf(const Metric& metric, const Candidate& candidate,
                  const ToolRun& run, bool has_tools, const Scorer& scorer) {
  const std::optional<CodeTool> tool = ToolFor(metric, candidate);
  if (!tool.has_value()) return BestOf(metric, candidate);
  const std::string_view reason = NothingToAsk(metric, candidate, scorer);
  if (!reason.empty()) return Measure::Missing(reason);
  return has_tools ? run.DeltaOf(*tool, candidate)
                   : Measure::Missing("no_sandbox");
}

// What was counted, where that is more than before.
std::vector<Finding> Explain(const Metric& metric, const Candidate& candidate,
                             const Measure& measure, const ToolRun& run) {
  if (measure.value.value_or(0) <= 0) return {};
  const std::optional<CodeTool> tool = ToolFor(metric, candidate);
  if (tool.has_value()) return run.FoundIn(*tool, metric.name, candidate);
  return metric.explain == nullptr ? std::vector<Finding>()
                                   : metric.explain(candidate);
}

ScoreSet ScoreOf(const Candidate& candidate,
                 std::span<const Metric* const> metrics, const ToolRun& run,
                 bool has_tools, const Scorer& scorer) {
  ScoreSet scores;
  scores.scorer_digest = scorer.digest();
  scores.metrics.reserve(metrics.size());
  for (const Metric* const metric : metrics) {
    const Measure measure =
        MeasureOf(*metric, candidate, run, has_tools, scorer);
    scores.metrics.push_back({.metric = std::string(metric->name),
                              .value = measure.value,
                              .reason = std::string(measure.reason)});
    for (Finding& finding : Explain(*metric, candidate, measure, run)) {
      if (scores.findings.size() >= kMostFindings) break;
      scores.findings.push_back(std::move(finding));
    }
  }
  Composition composition =
      Compose(scorer.rubric(), TaskOf(candidate), scores.metrics);
  scores.composite = composition.composite;
  scores.groups = std::move(composition.groups);
  scores.failed = std::move(composition.failed);
  return scores;
}

}  // namespace

std::vector<ScoreSet> ScoreRows(std::span<const Candidate> candidates,
                                std::span<const Metric* const> metrics,
                                CodeTools* tools, const Scorer& scorer) {
  ToolRun run;
  if (tools != nullptr) {
    for (const Candidate& candidate : candidates) {
      for (const Metric* const metric : metrics) {
        const auto tool = ToolFor(*metric, candidate);
        if (tool.has_value() &&
            NothingToAsk(*metric, candidate, scorer).empty()) {
          run.Want(*tool, candidate);
        }
      }
    }
    run.Ask(*tools);
  }
  std::vector<ScoreSet> scores(candidates.size());
  std::atomic<std::size_t> next{0};
  const auto score_some = [&] {
    while (true) {
      const std::size_t begin = next.fetch_add(kPortion);
      const std::size_t end = std::min(begin + kPortion, candidates.size());
      if (begin >= end) return;
      for (std::size_t i = begin; i < end; ++i) {
        scores[i] =
            ScoreOf(candidates[i], metrics, run, tools != nullptr, scorer);
      }
    }
  };
  std::vector<std::jthread> others;
  const std::size_t portions = (candidates.size() + kPortion - 1) / kPortion;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 1; i < std::min(cores, portions); ++i) {
    others.emplace_back(score_some);
  }
  score_some();
  others.clear();  // Joins them.
  return scores;
}

ScoreSet ScoreRow(const Candidate& candidate,
                  std::span<const Metric* const> metrics,
                  const Scorer& scorer) {
  return ScoreOf(candidate, metrics, ToolRun(), /*has_tools=*/false, scorer);
}

ScoreSet Unscored(std::string_view reason, const Scorer& scorer) {
  ScoreSet scores;
  scores.scorer_digest = scorer.digest();
  for (const Metric* const metric : scorer.metrics()) {
    scores.metrics.push_back({.metric = std::string(metric->name),
                              .value = std::nullopt,
                              .reason = std::string(reason)});
  }
  return scores;
}

}  // namespace evalloop::scorer
