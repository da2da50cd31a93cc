#include "scorer/domain/metrics.h"

#include <array>
#include <limits>

#include "code_analysis/codebleu.h"
#include "code_analysis/similarity.h"
#include "code_analysis/trees.h"
#include "fmt/format.h"
#include "platform/base/reason.h"
#include "scorer/domain/findings.h"
#include "scorer/domain/static_metrics.h"
#include "scorer/domain/task_metrics.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Language;
using code_analysis::Measure;
using Reference = std::optional<std::string_view>;

template <Measure (*OfTexts)(std::string_view, std::string_view)>
Measure OnText(const Candidate& candidate, Reference reference) {
  return OfTexts(candidate.text, *reference);
}

template <Measure (*OfCode)(std::string_view, std::string_view, Language)>
Measure OnCode(const Candidate& candidate, Reference reference) {
  return OfCode(candidate.text, *reference, candidate.language);
}

Measure Parses(const Candidate& candidate, Reference reference) {
  if (!candidate.surroundings_known) return Measure::Missing("no_context");
  return code_analysis::Parses(
      candidate.text, reference,
      {.prefix = candidate.prefix, .suffix = candidate.suffix},
      candidate.language);
}

// What a batch needs of a tool is not asked of `compute`.
std::optional<CodeTool> TypeChecker(const Candidate& candidate) {
  if (candidate.language != Language::kPython) return std::nullopt;
  return CodeTool::kTypes;
}
std::optional<CodeTool> SecurityTool(const Candidate& candidate) {
  if (candidate.language != Language::kPython) return std::nullopt;
  return CodeTool::kSecurity;
}
bool HasTypeChecker(Language language) { return language == Language::kPython; }
Measure Passed(const Candidate& candidate, Reference) {
  return candidate.passed;
}
Measure Acceptance(const Candidate& candidate, Reference) {
  return candidate.acceptance;
}
Measure NoTypeChecker(const Candidate&, Reference) {
  return Measure::Missing("no_type_checker");
}

constexpr double kUnbounded = -std::numeric_limits<double>::infinity();

constexpr std::array kMetrics = {
    Metric{.name = "exact_match",
           .highest = 1.0,
           .description = "token sequences are equal",
           .compute = OnCode<code_analysis::ExactMatch>},
    Metric{.name = "edit_similarity",
           .version = 2,
           .highest = 1.0,
           .description = "1 - Levenshtein / longer length, on characters",
           .compute = OnText<code_analysis::EditSimilarity>},
    Metric{.name = "token_jaccard",
           .highest = 1.0,
           .description = "Jaccard index of the sets of token 3-grams",
           .compute = OnCode<code_analysis::TokenJaccard>},
    Metric{.name = "bleu",
           .highest = 100.0,
           .description = "sentence BLEU, sacrebleu's defaults",
           .compute = OnText<code_analysis::Bleu>},
    Metric{.name = "chrf",
           .highest = 100.0,
           .description = "chrF2, sacrebleu's defaults",
           .compute = OnText<code_analysis::Chrf>},
    Metric{.name = "rouge_l",
           .version = 2,
           .highest = 1.0,
           .description = "ROUGE-L F1, rouge-score without stemming",
           .compute = OnText<code_analysis::RougeL>},
    Metric{.name = "codebleu",
           .highest = 1.0,
           .description = "CodeBLEU: words, syntax and data flow, as the "
                          "package codebleu",
           .compute = OnCode<code_analysis::CodeBleu>},
    Metric{.name = "identifier_f1",
           .highest = 1.0,
           .description = "F1 of the multisets of identifiers",
           .compute = OnCode<code_analysis::IdentifierF1>},
    Metric{.name = "pearson",
           .lowest = -1.0,
           .highest = 1.0,
           .description = "Pearson's r of token counts",
           .compute = OnCode<code_analysis::Pearson>},
    Metric{.name = "spearman",
           .lowest = -1.0,
           .highest = 1.0,
           .description = "Spearman's rho of token counts",
           .compute = OnCode<code_analysis::Spearman>},
    Metric{.name = "parses",
           .highest = 1.0,
           .references = References::kOptional,
           .description = "adds no syntax error that the reference (or, "
                          "without one, nothing) would not leave there",
           .compute = Parses},
    Metric{.name = "complexity_delta",
           .lowest = kUnbounded,
           .higher_is_better = false,
           .references = References::kNone,
           .description = "cyclomatic complexity, new minus before; radon's "
                          "total for Python",
           .compute = ComplexityDelta},
    Metric{.name = "complexity_vs_references",
           .lowest = kUnbounded,
           .higher_is_better = false,
           .description = "cyclomatic complexity minus the reference's, there "
                          "where the cursor is",
           .compute = ComplexityVersusReference},
    Metric{.name = "security_delta",
           .version = 2,
           .lowest = kUnbounded,
           .higher_is_better = false,
           .references = References::kNone,
           .description = "security findings, new minus before; bandit's for "
                          "Python, by rules on the syntax tree elsewhere",
           .compute = SecurityDelta,
           .tool = SecurityTool,
           .explain = ExplainSecurity},
    Metric{.name = "secrets_delta",
           .lowest = kUnbounded,
           .higher_is_better = false,
           .references = References::kNone,
           .description = "credentials in the text, new minus before",
           .compute = SecretsDelta,
           .explain = ExplainSecrets},
    Metric{.name = "licence_headers_delta",
           .lowest = kUnbounded,
           .higher_is_better = false,
           .references = References::kNone,
           .description = "licence and copyright marks, new minus before",
           .compute = LicencesDelta,
           .explain = ExplainLicences},
    Metric{.name = "invented_symbols",
           .lowest = 0.0,
           .higher_is_better = false,
           .references = References::kNone,
           .description = "names used that neither the code, the repository "
                          "nor the language's library has",
           .compute = InventedSymbols,
           .explain = ExplainInvented},
    Metric{.name = "convention_score",
           .highest = 1.0,
           .references = References::kNone,
           .description = "reads like the code around it: names, quotes, "
                          "indentation, braces, blanks, line length",
           .compute = Convention},
    Metric{.name = "type_errors_delta",
           .version = 2,
           .lowest = kUnbounded,
           .higher_is_better = false,
           .references = References::kNone,
           .description = "mypy's errors in Python code, new minus before",
           .compute = NoTypeChecker,
           .tool = TypeChecker,
           .exists_for = HasTypeChecker},
    Metric{.name = "pass_at_1",
           .highest = 1.0,
           .references = References::kNone,
           .description = "passes the task's hidden tests; its mean over the "
                          "samples is pass@1",
           .compute = Passed},
    Metric{.name = "acceptance",
           .highest = 1.0,
           .references = References::kNone,
           .description = "share that was taken of what was shown: live, or "
                          "where typing is played",
           .compute = Acceptance},
    Metric{.name = "hit_at_5",
           .highest = 1.0,
           .description =
               "of searches: the right place is among the first five "
               "of the answer",
           .compute = HitAt5},
    Metric{.name = "file_hit_at_5",
           .highest = 1.0,
           .description = "of searches: the right file is among the first five "
                          "places of the answer",
           .compute = FileHitAt5},
    Metric{.name = "reciprocal_rank",
           .highest = 1.0,
           .description = "of searches: 1 / rank of the right place among the "
                          "first ten; its mean is the MRR",
           .compute = ReciprocalRank},
    Metric{.name = "criteria_met",
           .highest = 1.0,
           .references = References::kNone,
           .description = "what a judge of another family says of the task's "
                          "yes or no questions; no rubric takes it",
           .compute = CriteriaMet,
           .in_rubrics = false},
};

}  // namespace

std::span<const Metric> AllMetrics() { return kMetrics; }

const Metric* FindMetric(std::string_view name) {
  for (const Metric& metric : kMetrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

absl::StatusOr<std::vector<const Metric*>> SelectMetrics(
    std::span<const std::string> names) {
  std::vector<const Metric*> metrics;
  if (names.empty()) {
    for (const Metric& metric : kMetrics) metrics.push_back(&metric);
  }
  for (const std::string& name : names) {
    const Metric* const metric = FindMetric(name);
    if (metric == nullptr) {
      return base::FieldError(
          "metrics", fmt::format("no metric \"{}\"", name.substr(0, 80)),
          "GetScorer lists them");
    }
    metrics.push_back(metric);
  }
  return metrics;
}

std::vector<const Metric*> ReferenceFreeMetrics() {
  std::vector<const Metric*> metrics;
  for (const Metric& metric : kMetrics) {
    if (metric.references != References::kNeeded) {
      metrics.push_back(&metric);
    }
  }
  return metrics;
}

}  // namespace evalloop::scorer
