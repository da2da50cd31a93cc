#include "prompt_engine/domain/agreement.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "code_analysis/similarity.h"

namespace evalloop::prompt_engine {
namespace {

constexpr double kHalfLifeDays = 365;

double Similarity(std::string_view a, std::string_view b,
                  code_analysis::Language language) {
  return code_analysis::TokenJaccard(a, b, language).value.value_or(0);
}

void Weigh(std::vector<Variant>& variants, absl::Time now) {
  std::map<std::string, double> by_author;
  double total = 0;
  for (Variant& variant : variants) {
    const double days =
        std::max(0.0, absl::ToDoubleHours(now - variant.author_time) / 24);
    variant.weight = std::exp2(-days / kHalfLifeDays);
    by_author[variant.author] += variant.weight;
    total += variant.weight;
  }
  for (const auto& [author, weight] : by_author) {
    const double others = total - weight;
    if (weight <= others || others <= 0) continue;
    const double scale = others / weight;
    for (Variant& variant : variants) {
      if (variant.author == author) variant.weight *= scale;
    }
    total = 2 * others;
    break;  // Only one author can hold more than half.
  }
  for (Variant& variant : variants) variant.weight /= total;
}

}  // namespace

bool AreVariants(std::string_view a, std::string_view b,
                 code_analysis::Language language) {
  return Similarity(a, b, language) >= kLeastVariantJaccard &&
         code_analysis::EditSimilarity(a, b).value.value_or(0) >=
             kLeastVariantEditSimilarity;
}

double ChanceSimilarity(std::span<const std::string> texts,
                        code_analysis::Language language) {
  double sum = 0;
  int pairs = 0;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
    sum += Similarity(texts[i], texts[i + 1], language);
    ++pairs;
  }
  return pairs == 0 ? 0 : std::min(sum / pairs, 0.9);
}

Agreement Agree(std::vector<Variant>& variants, absl::Time now, double chance,
                code_analysis::Language language) {
  Agreement result;
  if (variants.empty()) return result;
  Weigh(variants, now);
  if (variants.size() < 2) return result;

  std::set<std::string> authors;
  std::vector<double> centrality(variants.size(), 0);
  double sum = 0;
  double weight = 0;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    authors.insert(variants[i].author);
    centrality[i] += variants[i].weight;
    for (std::size_t j = i + 1; j < variants.size(); ++j) {
      const double alike =
          Similarity(variants[i].text, variants[j].text, language);
      centrality[i] += variants[j].weight * alike;
      centrality[j] += variants[i].weight * alike;
      sum += variants[i].weight * variants[j].weight * alike;
      weight += variants[i].weight * variants[j].weight;
    }
  }
  const double mean = weight > 0 ? sum / weight : 0;
  result.agreement = std::clamp((mean - chance) / (1 - chance), -1.0, 1.0);
  if (authors.size() < 2) return result;
  if (*result.agreement < kLeastAgreement) {
    result.contested = true;
    return result;
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < variants.size(); ++i) {
    const auto rank = [&](std::size_t at) {
      return std::tuple(centrality[at], variants[at].author_time);
    };
    if (rank(i) > rank(best) ||
        (rank(i) == rank(best) && variants[i].text < variants[best].text)) {
      best = i;
    }
  }
  result.agreed = best;
  return result;
}

}  // namespace evalloop::prompt_engine
