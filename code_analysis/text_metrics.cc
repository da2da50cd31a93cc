// The measures on plain text: edit similarity, BLEU, chrF, ROUGE-L. BLEU and
// chrF follow sacrebleu 2.6.0 (Apache-2.0), ROUGE-L follows rouge-score 0.1.2
// (Apache-2.0), quirk for quirk; similarity_goldens.jsonl holds them to it.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "code_analysis/bit_parallel.h"
#include "code_analysis/hashing.h"
#include "code_analysis/metric_words.h"
#include "code_analysis/ngram_overlap.h"
#include "code_analysis/python_text.h"
#include "code_analysis/similarity.h"
#include "code_analysis/text_pair.h"

namespace evalloop::code_analysis {
namespace {

constexpr std::string_view kTooLong = "too_long";

bool TooLong(std::string_view a, std::string_view b) {
  return a.size() > kMaxScoredBytes || b.size() > kMaxScoredBytes;
}

// As the algorithms on numbers take them.
std::span<const unsigned char> Symbols(std::span<const unsigned char> text) {
  return text;
}
std::span<const std::uint32_t> Symbols(std::span<const char32_t> text) {
  static_assert(sizeof(char32_t) == sizeof(std::uint32_t));
  return {reinterpret_cast<const std::uint32_t*>(text.data()), text.size()};
}

// `text` without white space, in `buffer`.
template <typename Symbol>
std::span<const Symbol> WithoutSpaces(const Texts<Symbol>& texts,
                                      std::span<const Symbol> text,
                                      std::vector<Symbol>& buffer) {
  buffer.resize(text.size());
  std::size_t kept = 0;
  for (const Symbol symbol : text) {
    buffer[kept] = symbol;
    kept += IsPythonSpace(texts.Point(symbol)) ? 0 : 1;
  }
  return {buffer.data(), kept};
}

struct CharacterOverlap {
  std::size_t candidate = 0;  // Characters that are no white space.
  std::size_t reference = 0;
  NgramCounts matches = {};
};

template <typename Symbol>
CharacterOverlap OverlapOfCharacters(const Texts<Symbol>& texts, int orders) {
  thread_local std::vector<Symbol> buffers[2];
  const auto candidate = WithoutSpaces(texts, texts.candidate, buffers[0]);
  const auto reference = WithoutSpaces(texts, texts.reference, buffers[1]);
  const CharacterOverlap overlap = {
      candidate.size(), reference.size(),
      NgramOverlap(Symbols(candidate), Symbols(reference), orders)};
  for (auto& buffer : buffers) GiveBackHuge(buffer);
  return overlap;
}

}  // namespace

Measure EditSimilarity(std::string_view candidate, std::string_view reference) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  const TextPair pair(candidate, reference);
  return pair.Visit([](const auto& texts) {
    const std::size_t longer =
        std::max(texts.candidate.size(), texts.reference.size());
    if (longer == 0) return Measure::Of(1.0);
    const auto distance =
        LevenshteinDistance(Symbols(texts.candidate), Symbols(texts.reference));
    if (!distance.has_value()) return Measure::Missing(kTooLong);
    return Measure::Of(1.0 - static_cast<double>(*distance) /
                                 static_cast<double>(longer));
  });
}

Measure Bleu(std::string_view candidate, std::string_view reference) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  constexpr int kOrders = 4;
  thread_local NumberedWords words;
  TextPair(candidate, reference).Visit([](const auto& texts) {
    words.SplitFor13a(texts);
  });
  const std::span<const std::uint32_t> system = words.candidate();
  const std::span<const std::uint32_t> gold = words.reference();
  const NgramCounts correct = NgramOverlap(system, gold, kOrders);
  if (std::all_of(correct.begin(), correct.end(),
                  [](std::size_t n) { return n == 0; })) {
    return Measure::Of(0.0);
  }
  double smooth = 1.0;
  double log_sum = 0.0;
  int effective = 0;
  for (int n = 1; n <= kOrders; ++n) {
    const auto order = static_cast<std::size_t>(n);
    if (system.size() < order) break;
    const auto total = static_cast<double>(system.size() - order + 1);
    effective = n;
    if (correct[order - 1] == 0) {
      smooth *= 2.0;
      log_sum += std::log(100.0 / (smooth * total));
    } else {
      log_sum +=
          std::log(100.0 * static_cast<double>(correct[order - 1]) / total);
    }
  }
  const auto system_length = static_cast<double>(system.size());
  const auto gold_length = static_cast<double>(gold.size());
  const double brevity = system_length < gold_length
                             ? std::exp(1.0 - gold_length / system_length)
                             : 1.0;
  return Measure::Of(brevity * std::exp(log_sum / effective));
}

Measure Chrf(std::string_view candidate, std::string_view reference) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  constexpr int kOrders = 6;
  constexpr double kBetaSquared = 4.0;
  const CharacterOverlap overlap =
      TextPair(candidate, reference).Visit([](const auto& texts) {
        return OverlapOfCharacters(texts, kOrders);
      });
  double precision = 0.0;
  double recall = 0.0;
  int effective = 0;
  for (std::size_t n = 1; n <= kOrders; ++n) {
    if (overlap.candidate < n || overlap.reference < n) break;
    const auto match = static_cast<double>(overlap.matches[n - 1]);
    precision += match / static_cast<double>(overlap.candidate - n + 1);
    recall += match / static_cast<double>(overlap.reference - n + 1);
    ++effective;
  }
  if (precision + recall == 0.0) return Measure::Of(0.0);
  precision /= effective;
  recall /= effective;
  return Measure::Of(100.0 * (1.0 + kBetaSquared) * precision * recall /
                     (kBetaSquared * precision + recall));
}

Measure RougeL(std::string_view candidate, std::string_view reference) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  thread_local NumberedWords words;
  TextPair(candidate, reference).Visit([](const auto& texts) {
    words.SplitForRouge(texts);
  });
  const std::span<const std::uint32_t> system = words.candidate();
  const std::span<const std::uint32_t> gold = words.reference();
  if (system.empty() || gold.empty()) return Measure::Of(0.0);
  const auto common = CommonSubsequence(system, gold);
  if (!common.has_value()) return Measure::Missing(kTooLong);
  if (*common == 0) return Measure::Of(0.0);
  const auto length = static_cast<double>(*common);
  const double precision = length / static_cast<double>(system.size());
  const double recall = length / static_cast<double>(gold.size());
  return Measure::Of(2.0 * precision * recall / (precision + recall));
}

}  // namespace evalloop::code_analysis
