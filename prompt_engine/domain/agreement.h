#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_AGREEMENT_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_AGREEMENT_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "code_analysis/language.h"

namespace evalloop::prompt_engine {

// One developer's way of writing the same code.
struct Variant {
  std::string text;
  std::string author;  // Pseudonym.
  std::string commit;
  absl::Time author_time;
  double weight = 0;  // Set by Agree; the weights of a group sum to 1.
};

struct Agreement {
  // Index of the agreed output among the variants; absent where fewer than two
  // authors wrote, or they don't agree.
  std::optional<std::size_t> agreed;
  // Weighted mean pairwise similarity, chance-corrected, in [-1, 1]; absent
  // with fewer than two variants.
  std::optional<double> agreement;
  bool contested = false;  // Two authors or more, and too little agreement.
};

// Two texts are variants of one another from these similarities on.
inline constexpr double kLeastVariantJaccard = 0.5;
inline constexpr double kLeastVariantEditSimilarity = 0.6;
inline constexpr double kLeastAgreement = 0.4;

bool AreVariants(std::string_view a, std::string_view b,
                 code_analysis::Language language);

// Mean token 3-gram Jaccard of pairs of unlike lines: what chance gives.
double ChanceSimilarity(std::span<const std::string> texts,
                        code_analysis::Language language);

// Weighs the variants by recency (halved each year before `now`), no author
// over half of the weight, and takes the one most like all others: the medoid
// by token 3-gram Jaccard. Ties: the newer one, then the smaller text. Pure.
Agreement Agree(std::vector<Variant>& variants, absl::Time now, double chance,
                code_analysis::Language language);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_AGREEMENT_H_
