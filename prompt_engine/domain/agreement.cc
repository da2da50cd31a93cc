#include "prompt_engine/domain/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace evalloop::prompt_engine {
namespace {

constexpr double kHalfLifeDays = 365;
constexpr double kSurvivalDays = 90;
constexpr double kGood = 0.5;
constexpr double kAverage = 0.2;
constexpr double kMostChance = 0.9;
constexpr std::size_t kMostExplained = 6;

double Founded(double authorship, double survival_days) {
  return (0.3 + 0.7 * authorship) *
         (1 - std::exp(-survival_days / kSurvivalDays));
}

void Weigh(std::vector<Variant>& variants, absl::Time now) {
  std::map<std::string, double> by_author;
  double total = 0;
  for (Variant& variant : variants) {
    const double days =
        std::max(0.0, absl::ToDoubleHours(now - variant.author_time) / 24);
    variant.recency = std::exp2(-days / kHalfLifeDays);
    variant.evidence =
        EvidenceOf(variant.authorship, variant.survival_days, days);
    variant.level = LevelOf(variant.authorship, variant.survival_days);
    total += variant.evidence;
  }
  // Written at the window's end, all of them: nothing tells them apart.
  const bool equal = total <= 0;
  for (Variant& variant : variants) {
    variant.weight = (equal ? 1.0 : variant.evidence) /
                     (equal ? static_cast<double>(variants.size()) : total);
    by_author[variant.author] += variant.weight;
  }
  for (const auto& [author, weight] : by_author) {
    const double others = 1 - weight;
    if (by_author.size() < 2 || weight <= 0.5) continue;
    // Only one author can hold more than half. Where the others have nothing,
    // they share the other half.
    const auto other_count = static_cast<double>(std::count_if(
        variants.begin(), variants.end(),
        [&author = author](const Variant& v) { return v.author != author; }));
    for (Variant& variant : variants) {
      if (variant.author == author) {
        variant.weight *= 0.5 / weight;
      } else if (others <= 1e-12) {
        variant.weight = 0.5 / other_count;
      } else {
        variant.weight *= 0.5 / others;
      }
    }
    break;
  }
}

std::string Shortened(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\t' || c == '\r') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (c != ' ' || out.empty() || out.back() != ' ') {
      out += c;
    }
    if (out.size() >= kMost) break;
  }
  if (out.size() < kMost) return out;
  while (!out.empty() &&
         (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) {
    out.pop_back();
  }
  if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) {
    out.pop_back();
  }
  return out + "...";
}

}  // namespace

std::string_view NameOf(Level level) {
  switch (level) {
    case Level::kGood:
      return "good";
    case Level::kAverage:
      return "average";
    case Level::kLessExperienced:
      break;
  }
  return "less_experienced";
}

bool AreVariants(const code_analysis::TokenText& a,
                 const code_analysis::TokenText& b) {
  return code_analysis::JaccardOf(a, b) >= kLeastVariantJaccard &&
         code_analysis::TokenEditSimilarity(
             a, b, kLeastVariantEditSimilarity) >= kLeastVariantEditSimilarity;
}

double ChanceSimilarity(std::span<const code_analysis::TokenText> texts) {
  double sum = 0;
  int pairs = 0;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
    sum += code_analysis::JaccardOf(texts[i], texts[i + 1]);
    ++pairs;
  }
  return pairs == 0 ? 0 : std::min(sum / pairs, kMostChance);
}

double EvidenceOf(double authorship, double survival_days, double age_days) {
  return Founded(authorship, survival_days) *
         std::exp2(-age_days / kHalfLifeDays);
}

Level LevelOf(double authorship, double survival_days) {
  const double founded = Founded(authorship, survival_days);
  if (founded >= kGood) return Level::kGood;
  return founded >= kAverage ? Level::kAverage : Level::kLessExperienced;
}

Agreement Agree(std::vector<Variant>& variants,
                std::span<const code_analysis::TokenText> tokens,
                absl::Time now, double chance) {
  Agreement result;
  if (variants.empty()) return result;
  Weigh(variants, now);
  std::set<std::string_view> authors;
  for (Variant& variant : variants) {
    authors.insert(variant.author);
    variant.centrality = variant.weight;
  }
  if (variants.size() < 2) return result;

  double sum = 0;
  double weight = 0;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    for (std::size_t j = i + 1; j < variants.size(); ++j) {
      const double alike = code_analysis::JaccardOf(tokens[i], tokens[j]);
      // Which one is chosen does not hang on the order of two arguments.
      const double near = code_analysis::BagJaccardOf(tokens[i], tokens[j]);
      variants[i].centrality += variants[j].weight * near;
      variants[j].centrality += variants[i].weight * near;
      // That one author writes alike says nothing of developers.
      if (authors.size() > 1 && variants[i].author == variants[j].author) {
        continue;
      }
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
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    if (!variants[i].fits) continue;
    const auto rank = [&](std::size_t at) {
      // Sums of the same numbers in another order are equal.
      return std::tuple(std::llround(variants[at].centrality * 1e9),
                        std::llround(variants[at].survival_days * 1e3),
                        variants[at].author_time);
    };
    if (!best || rank(i) > rank(*best) ||
        (rank(i) == rank(*best) && variants[i].text < variants[*best].text)) {
      best = i;
    }
  }
  result.agreed = best;
  return result;
}

std::string Explain(std::span<const Variant> variants,
                    const Agreement& agreement, double chance) {
  std::set<std::string_view> authors;
  for (const Variant& variant : variants) authors.insert(variant.author);
  std::string out;
  if (variants.size() < 2) {
    return fmt::format(
        "Only {} wrote this code, once: the output is what was committed.",
        variants.empty() ? "nobody" : variants.front().author);
  }
  if (authors.size() < 2) {
    out = fmt::format(
        "Only {} wrote this code, in {} ways: the output is what was "
        "committed.",
        variants.front().author, variants.size());
  } else if (agreement.contested) {
    out = fmt::format(
        "Contested: {} developers wrote this code in {} variants that agree by "
        "{:.2f} (chance {:.2f} taken out), under {:.2f}; all variants stay "
        "references.",
        authors.size(), variants.size(), *agreement.agreement, chance,
        kLeastAgreement);
  } else if (agreement.agreed) {
    const Variant& best = variants[*agreement.agreed];
    out = fmt::format(
        "{} developers wrote this code in {} variants that agree by {:.2f} "
        "(chance {:.2f} taken out). Chosen: the one of {}, most like all "
        "others "
        "(centrality {:.2f}).",
        authors.size(), variants.size(), *agreement.agreement, chance,
        best.author, best.centrality);
  } else {
    out = fmt::format(
        "{} developers wrote this code, but no variant fits here: the output "
        "is what was committed.",
        authors.size());
  }
  std::size_t told = 0;
  for (const Variant& variant : variants) {
    if (++told > kMostExplained) {
      out += fmt::format(" And {} more.", variants.size() - kMostExplained);
      break;
    }
    out += fmt::format(
        " {} wrote `{}` ({}; weight {:.2f}: authorship {:.2f}, {} for {:.0f} "
        "days, recency {:.2f}{}).",
        variant.author, Shortened(variant.text), NameOf(variant.level),
        variant.weight, variant.authorship,
        variant.alive ? "standing" : "stood", variant.survival_days,
        variant.recency, variant.fits ? "" : "; no answer here");
  }
  return out;
}

}  // namespace evalloop::prompt_engine
