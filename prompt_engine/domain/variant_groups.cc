#include "prompt_engine/domain/variant_groups.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace evalloop::prompt_engine {
namespace {

constexpr std::size_t kMostCandidates = 120;
constexpr std::size_t kMostVariants = 16;
constexpr std::size_t kChancePairs = 300;

using code_analysis::TokenText;

struct Candidate {
  const WrittenCode* code = nullptr;
  TokenText tokens;
  double alike = 0;
  bool same_place = false;
};

// Written for the same purpose whatever it looks like: in the place of the
// other, or as the body of the same function of the same file.
bool SamePlace(const WrittenCode& a, const WrittenCode& b,
               const WrittenHistory& history) {
  if (a.item_class == ItemClass::kLine) return a.place == b.place;
  if (a.item_class != ItemClass::kBody || a.path != b.path) return false;
  const WrittenPiece body = history.PieceOf(a);
  const WrittenPiece other = history.PieceOf(b);
  return body.signature_key != 0 && body.signature_key == other.signature_key &&
         body.symbol == other.symbol;
}

}  // namespace

absl::Time VariantGroups::end() const {
  return history_.commits().empty() ? absl::UnixEpoch()
                                    : history_.commits().back().commit_time;
}

Variant VariantGroups::VariantOf(const WrittenCode& code) {
  const CommitHeader& commit = *history_.CommitAt(code.position);
  Variant variant;
  variant.text = code.text;
  variant.author = commit.author;
  variant.commit = commit.sha;
  variant.path = history_.PathOf(code.path);
  variant.line = code.first_line;
  variant.author_time = commit.author_time;
  variant.authorship = authorship_.Of(variant.path, variant.author);
  variant.survival_days = history_.SurvivalDays(code);
  variant.alive = code.end == WrittenCode::kStands;
  return variant;
}

VariantGroup VariantGroups::Of(const WrittenCode& code) {
  VariantGroup group;
  group.variants.push_back(VariantOf(code));
  group.tokens.push_back(code_analysis::TokensOf(code.text, code.language));
  group.codes.push_back(&code);
  group.same_place.push_back(true);
  const TokenText own = group.tokens.front();

  std::vector<Candidate> candidates;
  for (const std::uint32_t number :
       history_.CandidatesFor(code, kMostCandidates)) {
    const WrittenCode& other = history_[number];
    if (other.language != code.language || other.position == code.position) {
      continue;
    }
    Candidate candidate;
    candidate.code = &other;
    candidate.tokens = code_analysis::TokensOf(other.text, other.language);
    candidate.same_place = SamePlace(code, other, history_);
    const bool is_variant =
        candidate.same_place
            ? code_analysis::TokenEditSimilarity(own, candidate.tokens) >=
                  kLeastSamePlaceEditSimilarity
            : AreVariants(own, candidate.tokens);
    if (!is_variant) continue;
    candidate.alike = code_analysis::JaccardOf(own, candidate.tokens);
    candidates.push_back(std::move(candidate));
  }
  // They came newest first; a stable sort keeps that among equals.
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) {
                     return std::tuple(!a.same_place, -a.alike) <
                            std::tuple(!b.same_place, -b.alike);
                   });

  // Of each author and text the place among the variants.
  std::map<std::pair<std::string, std::vector<std::uint64_t>>, std::size_t>
      there = {{{group.variants.front().author, own.tokens}, 0}};
  for (Candidate& candidate : candidates) {
    Variant variant = VariantOf(*candidate.code);
    const auto known = there.find({variant.author, candidate.tokens.tokens});
    if (known != there.end()) {
      Variant& kept = group.variants[known->second];
      // The asked-for one stays itself.
      if (known->second != 0 && variant.survival_days > kept.survival_days &&
          candidate.same_place == group.same_place[known->second]) {
        kept = std::move(variant);
        group.codes[known->second] = candidate.code;
      }
      continue;
    }
    if (group.variants.size() == kMostVariants) continue;
    bool fits = true;
    for (std::size_t i = 0; i < group.tokens.size() && fits; ++i) {
      if (!candidate.same_place && (i == 0 || !group.same_place[i])) {
        fits = AreVariants(group.tokens[i], candidate.tokens);
      }
    }
    if (!fits) continue;
    there[{variant.author, candidate.tokens.tokens}] = group.variants.size();
    group.variants.push_back(std::move(variant));
    group.tokens.push_back(std::move(candidate.tokens));
    group.codes.push_back(candidate.code);
    group.same_place.push_back(candidate.same_place);
  }
  return group;
}

double VariantGroups::Chance(ItemClass item_class,
                             code_analysis::Language language) {
  if (item_class == ItemClass::kTail) item_class = ItemClass::kLine;
  const auto [found, added] = chance_.try_emplace({item_class, language}, 0);
  if (!added) return found->second;
  // Keys are hashes, so their order is no order of the code.
  std::vector<std::pair<std::int64_t, const WrittenCode*>> all;
  for (std::size_t i = 0; i < history_.size(); ++i) {
    const WrittenCode& code = history_[i];
    if (code.own && code.counted && code.item_class == item_class &&
        code.language == language) {
      all.emplace_back(code.token_key, &code);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.first < b.first;
  });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const auto& a, const auto& b) {
                          return a.first == b.first;
                        }),
            all.end());
  std::vector<TokenText> texts;
  for (const auto& [key, code] : all) {
    if (texts.size() == 2 * kChancePairs) break;
    texts.push_back(code_analysis::TokensOf(code->text, language));
  }
  found->second = ChanceSimilarity(texts);
  return found->second;
}

}  // namespace evalloop::prompt_engine
