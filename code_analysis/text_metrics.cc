// The measures on plain text: edit similarity, BLEU, chrF, ROUGE-L. BLEU and
// chrF follow sacrebleu 2.6.0 (Apache-2.0), ROUGE-L follows rouge-score 0.1.2
// (Apache-2.0), quirk for quirk; similarity_goldens.jsonl holds them to it.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "code_analysis/bit_parallel.h"
#include "code_analysis/ngram_overlap.h"
#include "code_analysis/python_text.h"
#include "code_analysis/similarity.h"
#include "code_analysis/utf8.h"

namespace evalloop::code_analysis {
namespace {

constexpr std::string_view kTooLong = "too_long";

bool TooLong(std::string_view a, std::string_view b) {
  return a.size() > kMaxScoredBytes || b.size() > kMaxScoredBytes;
}

// As CodePoints, but both texts alike: points where both are UTF-8, else bytes.
struct Points {
  std::u32string candidate;
  std::u32string reference;
};

std::u32string Bytes(std::string_view text) {
  std::u32string bytes;
  bytes.reserve(text.size());
  for (const char c : text) bytes.push_back(static_cast<unsigned char>(c));
  return bytes;
}

Points PointsOf(std::string_view candidate, std::string_view reference) {
  if (IsValidUtf8(candidate) && IsValidUtf8(reference)) {
    return {CodePoints(candidate), CodePoints(reference)};
  }
  return {Bytes(candidate), Bytes(reference)};
}

std::span<const std::uint32_t> Symbols(const std::u32string& text) {
  static_assert(sizeof(char32_t) == sizeof(std::uint32_t));
  return {reinterpret_cast<const std::uint32_t*>(text.data()), text.size()};
}

bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }

void ReplaceAll(std::u32string& text, std::u32string_view from,
                std::u32string_view to) {
  std::size_t at = text.find(from);
  if (at == std::u32string::npos) return;
  std::u32string out;
  std::size_t done = 0;
  for (; at != std::u32string::npos; at = text.find(from, done)) {
    out.append(text, done, at - done).append(to);
    done = at + from.size();
  }
  out.append(text, done);
  text = std::move(out);
}

bool IsPeriodOrComma(char32_t c) { return c == '.' || c == ','; }

// The symbols that mteval-v13a sets apart: {-~ [-` space-& (-+ :-@ /
bool IsSetApart(char32_t c) {
  return (c >= '{' && c <= '~') || (c >= '[' && c <= '`') ||
         (c >= ' ' && c <= '&') || (c >= '(' && c <= '+') ||
         (c >= ':' && c <= '@') || c == '/';
}

// Replaces each pair (x, y) that `matches`, left to right and not overlapping,
// by before + x + between + y + after.
template <typename Matches>
std::u32string SubPairs(const std::u32string& text, Matches matches,
                        std::u32string_view before, std::u32string_view between,
                        std::u32string_view after) {
  std::u32string out;
  out.reserve(text.size() + text.size() / 4);
  for (std::size_t i = 0; i < text.size();) {
    if (i + 1 < text.size() && matches(text[i], text[i + 1])) {
      out.append(before).push_back(text[i]);
      out.append(between).push_back(text[i + 1]);
      out.append(after);
      i += 2;
    } else {
      out.push_back(text[i++]);
    }
  }
  return out;
}

// sacrebleu's tokenizer 13a (tokenizer_13a.py, tokenizer_re.py).
std::u32string Tokenize13a(std::u32string text) {
  while (!text.empty() && IsPythonSpace(text.back())) text.pop_back();
  ReplaceAll(text, U"<skipped>", U"");
  ReplaceAll(text, U"-\n", U"");
  ReplaceAll(text, U"\n", U" ");
  ReplaceAll(text, U"&quot;", U"\"");
  ReplaceAll(text, U"&amp;", U"&");
  ReplaceAll(text, U"&lt;", U"<");
  ReplaceAll(text, U"&gt;", U">");
  std::u32string apart = U" ";
  for (const char32_t c : text) {
    if (IsSetApart(c)) {
      apart.append({U' ', c, U' '});
    } else {
      apart.push_back(c);
    }
  }
  apart.append(U"  ");  // The closing space is itself set apart.
  apart = SubPairs(
      apart,
      [](char32_t x, char32_t y) { return !IsDigit(x) && IsPeriodOrComma(y); },
      U"", U" ", U" ");
  apart = SubPairs(
      apart,
      [](char32_t x, char32_t y) { return IsPeriodOrComma(x) && !IsDigit(y); },
      U" ", U" ", U"");
  return SubPairs(
      apart, [](char32_t x, char32_t y) { return IsDigit(x) && y == '-'; }, U"",
      U" ", U" ");
}

// Words as numbers that both texts share.
class Vocabulary {
 public:
  std::vector<std::uint32_t> Number(
      const std::vector<std::u32string_view>& words) {
    std::vector<std::uint32_t> ids;
    ids.reserve(words.size());
    for (const std::u32string_view word : words) {
      ids.push_back(
          ids_.try_emplace(word, static_cast<std::uint32_t>(ids_.size()))
              .first->second);
    }
    return ids;
  }

 private:
  std::unordered_map<std::u32string_view, std::uint32_t> ids_;
};

// rouge-score's tokenizer: lower case, runs of [a-z0-9]. Unicode's lower case
// turns two other letters into ASCII ones: U+0130 and U+212A.
std::u32string LowerForRouge(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (char32_t c : text) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    if (c == 0x212A) c = 'k';
    const bool kept = (c >= 'a' && c <= 'z') || IsDigit(c);
    out.push_back(c == 0x130 ? U'i' : kept ? c : U' ');
    if (c == 0x130) out.push_back(U' ');  // i and a combining dot.
  }
  return out;
}

}  // namespace

Measure EditSimilarity(std::string_view candidate, std::string_view reference) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  const Points points = PointsOf(candidate, reference);
  const std::size_t longer =
      std::max(points.candidate.size(), points.reference.size());
  if (longer == 0) return Measure::Of(1.0);
  const auto distance =
      LevenshteinDistance(Symbols(points.candidate), Symbols(points.reference));
  if (!distance.has_value()) return Measure::Missing(kTooLong);
  return Measure::Of(1.0 - static_cast<double>(*distance) /
                               static_cast<double>(longer));
}

Measure Bleu(std::string_view candidate, std::string_view reference) {
  if (TooLong(candidate, reference)) return Measure::Missing(kTooLong);
  constexpr int kOrders = 4;
  Points points = PointsOf(candidate, reference);
  points.candidate = Tokenize13a(std::move(points.candidate));
  points.reference = Tokenize13a(std::move(points.reference));
  Vocabulary vocabulary;
  const auto system = vocabulary.Number(SplitWords(points.candidate));
  const auto gold = vocabulary.Number(SplitWords(points.reference));
  const auto correct = NgramOverlap(system, gold, kOrders);
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
  Points points = PointsOf(candidate, reference);
  std::erase_if(points.candidate, IsPythonSpace);
  std::erase_if(points.reference, IsPythonSpace);
  const auto matches = NgramOverlap(Symbols(points.candidate),
                                    Symbols(points.reference), kOrders);
  double precision = 0.0;
  double recall = 0.0;
  int effective = 0;
  for (std::size_t n = 1; n <= kOrders; ++n) {
    if (points.candidate.size() < n || points.reference.size() < n) break;
    const auto match = static_cast<double>(matches[n - 1]);
    precision += match / static_cast<double>(points.candidate.size() - n + 1);
    recall += match / static_cast<double>(points.reference.size() - n + 1);
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
  const Points points = PointsOf(candidate, reference);
  const std::u32string lower_candidate = LowerForRouge(points.candidate);
  const std::u32string lower_reference = LowerForRouge(points.reference);
  Vocabulary vocabulary;
  const auto system = vocabulary.Number(SplitWords(lower_candidate));
  const auto gold = vocabulary.Number(SplitWords(lower_reference));
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
