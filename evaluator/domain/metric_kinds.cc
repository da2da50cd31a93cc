#include <algorithm>
#include <array>

#include "evaluator/domain/comparison.h"

namespace evalloop::evaluator {
namespace {

constexpr std::array kLowerIsBetter = {
    std::string_view("rejected_chars"),
    std::string_view("complexity_delta"),
    std::string_view("complexity_vs_references"),
    std::string_view("security_delta"),
    std::string_view("secrets_delta"),
    std::string_view("licence_headers_delta"),
    std::string_view("type_errors_delta"),
    std::string_view("invented_symbols")};
constexpr std::array kSimilarities = {
    std::string_view("exact_match"),   std::string_view("edit_similarity"),
    std::string_view("token_jaccard"), std::string_view("bleu"),
    std::string_view("chrf"),          std::string_view("rouge_l"),
    std::string_view("codebleu"),      std::string_view("identifier_f1"),
    std::string_view("pearson"),       std::string_view("spearman")};

const MetricDelta* FindIn(std::span<const MetricDelta> deltas,
                          std::string_view metric) {
  const auto found =
      std::find_if(deltas.begin(), deltas.end(),
                   [&](const MetricDelta& d) { return d.metric == metric; });
  return found == deltas.end() ? nullptr : &*found;
}

}  // namespace

const MetricDelta* GroupDelta::Find(std::string_view metric) const {
  return FindIn(deltas, metric);
}

const MetricDelta* Comparison::Find(std::string_view metric) const {
  return FindIn(deltas, metric);
}

bool HigherIsBetter(std::string_view metric) {
  return std::find(kLowerIsBetter.begin(), kLowerIsBetter.end(), metric) ==
         kLowerIsBetter.end();
}

bool IsSimilarity(std::string_view metric) {
  return std::find(kSimilarities.begin(), kSimilarities.end(), metric) !=
         kSimilarities.end();
}

}  // namespace evalloop::evaluator
