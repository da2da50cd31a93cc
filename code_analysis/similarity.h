#ifndef EVALLOOP_CODE_ANALYSIS_SIMILARITY_H_
#define EVALLOOP_CODE_ANALYSIS_SIMILARITY_H_

#include <cstddef>
#include <string_view>

#include "code_analysis/language.h"
#include "code_analysis/measure.h"

namespace evalloop::code_analysis {

// How alike a candidate and one reference are. All are pure, thread-safe and
// total on any bytes. Texts longer than kMaxScoredBytes give "too_long".
inline constexpr std::size_t kMaxScoredBytes = std::size_t{1} << 20;

// 1 where the token sequences (comments, blanks and line ends left out) are
// equal, else 0. Two texts without tokens are equal.
Measure ExactMatch(std::string_view candidate, std::string_view reference,
                   Language language);

// 1 - Levenshtein / longer length, on Unicode code points (bytes where either
// text is no UTF-8). [0, 1]; two empty texts are 1. Myers' bit-parallel
// algorithm (JACM 46(3), 1999) in Hyyro's block form.
Measure EditSimilarity(std::string_view candidate, std::string_view reference);

// Jaccard index of the sets of token 3-grams, of tokens where either text has
// fewer than 3. [0, 1]; two texts without tokens are 1.
Measure TokenJaccard(std::string_view candidate, std::string_view reference,
                     Language language);

// Sentence BLEU as sacrebleu 2.6.0 computes it by default: tokenizer 13a,
// smoothing exp, effective order. [0, 100].
Measure Bleu(std::string_view candidate, std::string_view reference);

// chrF2 as sacrebleu 2.6.0 computes it by default: characters 1 to 6, no words,
// beta 2, white space left out. [0, 100].
Measure Chrf(std::string_view candidate, std::string_view reference);

// ROUGE-L F1 as rouge-score 0.1.2 computes it without stemming. [0, 1].
Measure RougeL(std::string_view candidate, std::string_view reference);

// F1 of the multisets of identifiers. [0, 1]; "no_identifiers" where neither
// text has one.
Measure IdentifierF1(std::string_view candidate, std::string_view reference,
                     Language language);

// Correlation of the two vectors of token counts over the union vocabulary,
// [-1, 1]; "zero_variance" where either vector is constant (or empty).
Measure Pearson(std::string_view candidate, std::string_view reference,
                Language language);
// The same on average ranks.
Measure Spearman(std::string_view candidate, std::string_view reference,
                 Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_SIMILARITY_H_
