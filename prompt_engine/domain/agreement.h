#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_AGREEMENT_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_AGREEMENT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "code_analysis/shapes.h"

namespace evalloop::prompt_engine {

// How well founded a way of writing is: of the variant, never of a person.
enum class Level : std::uint8_t { kLessExperienced, kAverage, kGood };
std::string_view NameOf(Level level);

// One developer's way of writing the same code.
struct Variant {
  std::string text;
  std::string author;  // Pseudonym.
  std::string commit;
  std::string path;
  std::uint32_t line = 0;
  absl::Time author_time;
  // What the history up to the window's end says of it.
  double authorship = 0;  // Of the file, a share of the highest, [0, 1].
  double survival_days = 0;
  bool alive = false;
  // Whether it can stand where the item is: it needs no name, number or text
  // that the item's file and the committed text don't have.
  bool fits = true;
  // Set by Agree.
  double recency = 0;     // 0.5 for each year of age.
  double evidence = 0;    // The weight before it is shared out.
  double weight = 0;      // The weights of a group sum to 1.
  double centrality = 0;  // Mean similarity to all by weight, [0, 1].
  Level level = Level::kAverage;
};

struct Agreement {
  // Index of the agreed output among the variants; absent where fewer than two
  // authors wrote, or they don't agree.
  std::optional<std::size_t> agreed;
  // Weighted mean similarity of pairs of two authors (of any pairs, where there
  // is one author only), corrected for chance as Krippendorff's alpha is: 1 all
  // the same, 0 no more alike than any two, [-1, 1]. Absent with fewer than two
  // variants.
  std::optional<double> agreement;
  bool contested = false;  // Two authors or more, and too little agreement.
};

// Two texts are variants of one another from these similarities on (token
// 3-grams, and edits of tokens); at the same place from the last one on.
inline constexpr double kLeastVariantJaccard = 0.5;
inline constexpr double kLeastVariantEditSimilarity = 0.6;
inline constexpr double kLeastSamePlaceEditSimilarity = 0.3;
inline constexpr double kLeastAgreement = 0.4;

bool AreVariants(const code_analysis::TokenText& a,
                 const code_analysis::TokenText& b);

// Mean token 3-gram Jaccard of neighbours in `texts`, which are to be unlike:
// what chance gives, at most .9.
double ChanceSimilarity(std::span<const code_analysis::TokenText> texts);

// (.3 + .7 authorship) (1 - e^(-survival/90 days)) 2^(-age/365 days).
double EvidenceOf(double authorship, double survival_days, double age_days);

// By (.3 + .7 authorship) (1 - e^(-survival/90 days)), which leaves age out, as
// it makes nobody less experienced: good from .5 on, average from .2 on. A
// written-and-gone line is less experienced, a year-old one of the file's
// author good.
Level LevelOf(double authorship, double survival_days);

// Weighs the variants by their evidence, no author over half of the weight, and
// takes the one that fits and is most like all others: the medoid by bags of
// tokens. Agreement is by token 3-grams. Ties: the one that stood longest, the
// newer one, the smaller text.
// `tokens` are the variants' texts. Pure.
Agreement Agree(std::vector<Variant>& variants,
                std::span<const code_analysis::TokenText> tokens,
                absl::Time now, double chance);

// In words, with pseudonyms and figures: who wrote which way, why this one was
// chosen or why none is.
std::string Explain(std::span<const Variant> variants,
                    const Agreement& agreement, double chance);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_AGREEMENT_H_
