#include "prompt_engine/domain/placement.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "code_analysis/similarity.h"
#include "prompt_engine/domain/scan_commit.h"

namespace evalloop::prompt_engine {
namespace {

constexpr int kMostVariants = 50;
constexpr int kChanceSample = 400;

double CentralityOf(std::string_view text, std::span<const Variant> variants,
                    code_analysis::Language language) {
  double sum = 0;
  double weight = 0;
  for (const Variant& variant : variants) {
    sum += variant.weight *
           code_analysis::TokenJaccard(text, variant.text, language)
               .value.value_or(0);
    weight += variant.weight;
  }
  return weight > 0 ? sum / weight : 0;
}

double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half]
                                : (values[half - 1] + values[half]) / 2;
}

}  // namespace

std::optional<Placement> PlaceAmong(std::string_view line,
                                    std::span<const Variant> variants,
                                    code_analysis::Language language) {
  std::set<std::string_view> authors;
  for (const Variant& variant : variants) authors.insert(variant.author);
  if (authors.size() < 2) return std::nullopt;
  std::vector<double> centralities;
  for (const Variant& variant : variants) {
    centralities.push_back(CentralityOf(variant.text, variants, language));
  }
  Placement placement;
  placement.variants = static_cast<std::uint32_t>(variants.size());
  placement.centrality = CentralityOf(line, variants, language);
  placement.median_centrality = MedianOf(centralities);
  const auto beaten = std::count_if(
      centralities.begin(), centralities.end(), [&](double centrality) {
        return centrality <= placement.centrality + kAlike;
      });
  placement.at_least_as_good =
      static_cast<double>(beaten) / static_cast<double>(variants.size());
  const double ahead = placement.centrality - placement.median_centrality;
  placement.rank = ahead > kAlike    ? Rank::kBetter
                   : ahead < -kAlike ? Rank::kWorse
                                     : Rank::kLike;
  return placement;
}

absl::StatusOr<double> LineVariants::Chance(std::uint32_t until,
                                            code_analysis::Language language) {
  for (const auto& [known, chance] : chance_) {
    if (known == language) return chance;
  }
  const auto sample = index_.SampleTexts(until, kChanceSample);
  if (!sample.ok()) return sample.status();
  chance_.emplace_back(language, ChanceSimilarity(*sample, language));
  return chance_.back().second;
}

absl::StatusOr<VariantGroup> LineVariants::GroupOf(const AddedPlace& place) {
  const code_analysis::Language language = place.run->language;
  const std::string text(LineText(*place.run, *place.line));
  const std::array<std::int64_t, 1> context = {
      ContextKey(*place.run, *place.line)};
  const auto written =
      index_.SameContext(context, place.position, kMostVariants);
  if (!written.ok()) return written.status();
  const auto chance = Chance(place.position, language);
  if (!chance.ok()) return chance.status();
  VariantGroup group;
  group.variants.push_back(
      {text, place.author, place.commit, place.author_time, 0});
  std::set<std::pair<std::string, std::int64_t>> there = {
      {place.author, TokenKey(text, language)}};
  for (const WrittenLine& line : *written) {
    if (line.commit == place.commit ||
        !there.emplace(line.author, line.token_key).second ||
        !AreVariants(text, line.text, language)) {
      continue;
    }
    group.variants.push_back(
        {line.text, line.author, line.commit, line.author_time, 0});
  }
  group.agreed =
      Agree(group.variants, place.commit_time, *chance, language).agreed;
  return group;
}

}  // namespace evalloop::prompt_engine
