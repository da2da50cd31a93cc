// The measures on tokens of source code.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "code_analysis/lexer.h"
#include "code_analysis/similarity.h"
#include "code_analysis/vocabulary.h"

namespace evalloop::code_analysis {
namespace {

constexpr std::string_view kTooLong = "too_long";

bool TooLong(std::string_view a, std::string_view b) {
  return a.size() > kMaxScoredBytes || b.size() > kMaxScoredBytes;
}

// This thread's; empty between two uses.
Vocabulary& ThreadVocabulary() {
  thread_local Vocabulary vocabulary;
  return vocabulary;
}

std::uint32_t Number(Vocabulary& vocabulary, const Token& token,
                     std::string_view source) {
  return vocabulary.Number(token.text.data(), token.text.size(),
                           source.data() + source.size());
}

struct Counts {
  double candidate = 0.0;
  double reference = 0.0;
};

// Token counts of both texts over the union of their words, in the order in
// which the words first appear: sums in a fixed order give the same bits.
std::vector<Counts> CountTokens(std::string_view candidate,
                                std::string_view reference, Language language,
                                bool identifiers_only) {
  std::vector<Counts> counts;
  Vocabulary& vocabulary = ThreadVocabulary();
  const auto add = [&](std::string_view text, double Counts::*side) {
    for (const Token& token : Lex(text, language)) {
      if (identifiers_only && token.kind != TokenKind::kIdentifier) continue;
      const std::uint32_t id = Number(vocabulary, token, text);
      if (id == counts.size()) counts.emplace_back();
      counts[id].*side += 1.0;
    }
  };
  add(candidate, &Counts::candidate);
  add(reference, &Counts::reference);
  vocabulary.Clear();
  return counts;
}

// Pearson's r; missing where a side is constant.
Measure Correlation(const std::vector<Counts>& points) {
  const auto n = static_cast<double>(points.size());
  Counts mean;
  for (const Counts& point : points) {
    mean.candidate += point.candidate / n;
    mean.reference += point.reference / n;
  }
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;
  for (const Counts& point : points) {
    const double x = point.candidate - mean.candidate;
    const double y = point.reference - mean.reference;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  const auto constant = [&](double Counts::*side) {
    return std::all_of(points.begin(), points.end(), [&](const Counts& point) {
      return point.*side == points.front().*side;
    });
  };
  // Asked of the counts: rounding can leave a tiny variance.
  if (points.empty() || constant(&Counts::candidate) ||
      constant(&Counts::reference)) {
    return Measure::Missing("zero_variance");
  }
  return Measure::Of(std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0));
}

// Replaces one side's counts by their ranks; equal ones share the average.
void Rank(std::vector<Counts>& points, double Counts::*side) {
  std::vector<std::size_t> order(points.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return points[a].*side < points[b].*side;
  });
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    const double value = points[order[i]].*side;
    while (end < order.size() && points[order[end]].*side == value) ++end;
    const double rank = static_cast<double>(i + end + 1) / 2.0;  // From 1.
    for (; i < end; ++i) points[order[i]].*side = rank;
  }
}

using Trigram = std::uint64_t;

// The set of `size`-grams, sorted. A text of at most 2^20 bytes has less than
// 2^21 words, so three of them fit 63 bits.
std::vector<Trigram> GramSet(const std::vector<std::uint32_t>& ids,
                             std::size_t size) {
  std::vector<Trigram> grams;
  for (std::size_t i = 0; i + size <= ids.size(); ++i) {
    Trigram gram = 0;
    for (std::size_t k = 0; k < size; ++k) gram = gram << 21 | ids[i + k];
    grams.push_back(gram);
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

}  // namespace

Measure ExactMatch(std::string_view candidate, std::string_view reference,
                   Language language) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  const auto a = Lex(candidate, language);
  const auto b = Lex(reference, language);
  const bool equal = std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const Token& x, const Token& y) { return x.text == y.text; });
  return Measure::Of(equal ? 1.0 : 0.0);
}

Measure TokenJaccard(std::string_view candidate, std::string_view reference,
                     Language language) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  Vocabulary& vocabulary = ThreadVocabulary();
  const auto number = [&](std::string_view text) {
    std::vector<std::uint32_t> numbers;
    for (const Token& token : Lex(text, language)) {
      numbers.push_back(Number(vocabulary, token, text));
    }
    return numbers;
  };
  const auto a_ids = number(candidate);
  const auto b_ids = number(reference);
  vocabulary.Clear();
  const std::size_t size = std::min(a_ids.size(), b_ids.size()) < 3 ? 1 : 3;
  const auto a = GramSet(a_ids, size);
  const auto b = GramSet(b_ids, size);
  if (a.empty() && b.empty()) return Measure::Of(1.0);
  std::vector<Trigram> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::back_inserter(both));
  return Measure::Of(static_cast<double>(both.size()) /
                     static_cast<double>(a.size() + b.size() - both.size()));
}

Measure IdentifierF1(std::string_view candidate, std::string_view reference,
                     Language language) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  double both = 0.0;
  double sum = 0.0;
  for (const Counts& word : CountTokens(candidate, reference, language,
                                        /*identifiers_only=*/true)) {
    both += std::min(word.candidate, word.reference);
    sum += word.candidate + word.reference;
  }
  if (sum == 0.0) return Measure::Missing("no_identifiers");
  return Measure::Of(2.0 * both / sum);
}

Measure Pearson(std::string_view candidate, std::string_view reference,
                Language language) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  return Correlation(CountTokens(candidate, reference, language, false));
}

Measure Spearman(std::string_view candidate, std::string_view reference,
                 Language language) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  auto points = CountTokens(candidate, reference, language, false);
  Rank(points, &Counts::candidate);
  Rank(points, &Counts::reference);
  return Correlation(points);
}

}  // namespace evalloop::code_analysis
