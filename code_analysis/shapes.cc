#include "code_analysis/shapes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "code_analysis/lexer.h"

namespace evalloop::code_analysis {
namespace {

// The finaliser of splitmix64: a bijection, so it makes no collisions.
std::uint64_t Mixed(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9;
  x ^= x >> 27;
  x *= 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

std::uint64_t Joined(std::uint64_t hash, std::uint64_t next) {
  return Mixed(hash * 0x9E3779B97F4A7C15 + next);
}

// Odd factors and addends of the permutations x -> factor * x + addend.
struct Permutations {
  std::array<std::uint64_t, kBands * kRows> factors;
  std::array<std::uint64_t, kBands * kRows> addends;

  Permutations() {
    std::uint64_t state = 0x6576616C6C6F6F70;
    for (std::size_t i = 0; i < factors.size(); ++i) {
      factors[i] = Mixed(state += 0x9E3779B97F4A7C15) | 1;
      addends[i] = Mixed(state += 0x9E3779B97F4A7C15);
    }
  }
};

// How many numbers two sorted lists share, each as often as both have it.
std::size_t CommonOf(const std::vector<std::uint64_t>& a,
                     const std::vector<std::uint64_t>& b) {
  std::size_t common = 0;
  auto x = a.begin();
  auto y = b.begin();
  while (x != a.end() && y != b.end()) {
    if (*x < *y) {
      ++x;
    } else if (*y < *x) {
      ++y;
    } else {
      ++common;
      ++x;
      ++y;
    }
  }
  return common;
}

}  // namespace

std::uint64_t StableHash(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = 0xCBF29CE484222325 ^ seed;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  }
  return Mixed(hash);
}

TokenText TokensOf(std::string_view text, Language language) {
  TokenText out;
  for (const Token& token : Lex(text, language)) {
    const std::uint64_t hash = StableHash(token.text);
    out.tokens.push_back(hash);
    out.shape.push_back(token.kind == TokenKind::kIdentifier ? 1 : hash);
  }
  if (out.tokens.size() < 3) {
    out.trigrams = out.tokens;
  } else {
    for (std::size_t i = 0; i + 2 < out.tokens.size(); ++i) {
      out.trigrams.push_back(
          Joined(Joined(out.tokens[i], out.tokens[i + 1]), out.tokens[i + 2]));
    }
  }
  std::sort(out.trigrams.begin(), out.trigrams.end());
  out.trigrams.erase(std::unique(out.trigrams.begin(), out.trigrams.end()),
                     out.trigrams.end());
  out.bag = out.tokens;
  std::sort(out.bag.begin(), out.bag.end());
  return out;
}

double JaccardOf(const TokenText& a, const TokenText& b) {
  // Of tokens where either has no 3-gram.
  if ((a.tokens.size() < 3) != (b.tokens.size() < 3)) {
    const auto words = [](const TokenText& text) {
      TokenText only;
      only.trigrams = text.tokens;
      std::sort(only.trigrams.begin(), only.trigrams.end());
      only.trigrams.erase(
          std::unique(only.trigrams.begin(), only.trigrams.end()),
          only.trigrams.end());
      return only;
    };
    return JaccardOf(words(a), words(b));
  }
  const std::size_t common = CommonOf(a.trigrams, b.trigrams);
  const std::size_t all = a.trigrams.size() + b.trigrams.size() - common;
  return all == 0 ? 1 : static_cast<double>(common) / static_cast<double>(all);
}

double BagJaccardOf(const TokenText& a, const TokenText& b) {
  if (a.bag.empty() || b.bag.empty()) return 0;
  const std::size_t common = CommonOf(a.bag, b.bag);
  return static_cast<double>(common) /
         static_cast<double>(a.bag.size() + b.bag.size() - common);
}

double TokenEditSimilarity(const TokenText& a, const TokenText& b,
                           double least) {
  const auto& x = a.tokens.size() < b.tokens.size() ? a.tokens : b.tokens;
  const auto& y = a.tokens.size() < b.tokens.size() ? b.tokens : a.tokens;
  const auto longer = static_cast<double>(y.size());
  if (y.empty()) return 1;
  const auto most =
      static_cast<std::size_t>(std::floor((1 - least) * longer + 1e-9));
  if (y.size() - x.size() > most) return 0;
  // One row of the matrix; beyond `most` edits off the diagonal nothing counts.
  constexpr std::size_t kFar = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::size_t> row(x.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= y.size(); ++i) {
    const std::size_t first = i > most ? i - most : 1;
    const std::size_t last = std::min(x.size(), i + most);
    std::size_t diagonal = row[first - 1];
    row[first - 1] = first == 1 ? i : kFar;
    std::size_t best = row[first - 1];
    for (std::size_t j = first; j <= last; ++j) {
      const std::size_t above = j == i + most ? kFar : row[j];
      const std::size_t change = diagonal + (x[j - 1] == y[i - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, above + 1, row[j - 1] + 1});
      best = std::min(best, row[j]);
    }
    if (best > most) return 0;
  }
  return 1 - static_cast<double>(row[x.size()]) / longer;
}

std::array<std::uint64_t, kBands> MinHashBands(const TokenText& text) {
  static const Permutations permutations;
  std::array<std::uint64_t, kBands> bands = {};
  if (text.shape.size() < kShingle) return bands;
  std::array<std::uint64_t, kBands * kRows> least;
  least.fill(std::numeric_limits<std::uint64_t>::max());
  for (std::size_t i = 0; i + kShingle <= text.shape.size(); ++i) {
    std::uint64_t shingle = 0;
    for (std::size_t j = 0; j < kShingle; ++j) {
      shingle = Joined(shingle, text.shape[i + j]);
    }
    for (std::size_t k = 0; k < least.size(); ++k) {
      least[k] = std::min(least[k], permutations.factors[k] * shingle +
                                        permutations.addends[k]);
    }
  }
  for (std::size_t band = 0; band < kBands; ++band) {
    std::uint64_t hash = band + 1;
    for (std::size_t row = 0; row < kRows; ++row) {
      hash = Joined(hash, least[band * kRows + row]);
    }
    bands[band] = hash;
  }
  return bands;
}

}  // namespace evalloop::code_analysis
