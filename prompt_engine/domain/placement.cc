#include "prompt_engine/domain/placement.h"

#include <algorithm>
#include <set>
#include <utility>

#include "code_analysis/shapes.h"
#include "prompt_engine/domain/agreement.h"
#include "prompt_engine/domain/variant_groups.h"
#include "prompt_engine/domain/written_history.h"

namespace evalloop::prompt_engine {
namespace {

using code_analysis::TokenText;

// As Agree finds the medoid by. `tokens` are the variants' texts.
double CentralityOf(const TokenText& text, std::span<const Variant> variants,
                    std::span<const TokenText> tokens) {
  double sum = 0;
  double weight = 0;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    sum += variants[i].weight * code_analysis::BagJaccardOf(text, tokens[i]);
    weight += variants[i].weight;
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
  std::vector<TokenText> tokens;
  for (const Variant& variant : variants) {
    tokens.push_back(code_analysis::TokensOf(variant.text, language));
  }
  std::vector<double> centralities;
  for (const TokenText& text : tokens) {
    centralities.push_back(CentralityOf(text, variants, tokens));
  }
  Placement placement;
  placement.variants = static_cast<std::uint32_t>(variants.size());
  placement.centrality =
      CentralityOf(code_analysis::TokensOf(line, language), variants, tokens);
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

absl::StatusOr<WeighedVariants> FileVariants::Of(const AddedPlace& place) {
  WrittenHistory history;
  const absl::Status read =
      commits_.ReadFileHistory(repository_id_, place.path, place.position,
                               [&](const IngestedCommit& commit) {
                                 history.Add(commit);
                                 return absl::OkStatus();
                               });
  if (!read.ok()) return read;
  history.Finish();
  WeighedVariants found;
  for (const WrittenCode& code : history.Of(place.position)) {
    if (code.item_class != ItemClass::kLine || code.first_line != place.line ||
        history.PathOf(code.path) != place.path) {
      continue;
    }
    VariantGroups groups(history);
    VariantGroup group = groups.Of(code);
    const double chance = groups.Chance(ItemClass::kLine, code.language);
    found.agreed =
        Agree(group.variants, group.tokens, groups.end(), chance).agreed;
    found.variants = std::move(group.variants);
    break;
  }
  return found;
}

}  // namespace evalloop::prompt_engine
