#include "completion_policy/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace evalloop::completion_policy {
namespace {

// Probabilities this close to 0 or 1 have no logit worth telling apart.
constexpr double kLeastProbability = 1e-6;

// Upper bounds of bins, the last bin open.
constexpr std::array kPathEdges = {-8.0, -5.0, -3.5, -2.5,  -1.8, -1.2,
                                   -0.8, -0.5, -0.3, -0.15, -0.05};
constexpr std::array kWeakestEdges = {-5.0, -3.0, -2.0, -1.4, -0.9,
                                      -0.6, -0.3, -0.1, -0.03};
constexpr std::array kMeanEdges = {-2.0, -1.2, -0.8,  -0.5, -0.3,
                                   -0.2, -0.1, -0.05, -0.02};
constexpr std::array kTokenEdges = {1.0, 2.0, 3.0, 4.0, 6.0, 9.0};
constexpr std::array kCharacterEdges = {3.0, 5.0, 8.0, 12.0, 17.0, 25.0, 40.0};
constexpr std::array kOrderEdges = {1.0, 2.0, 3.0,  4.0,  5.0,
                                    6.0, 8.0, 12.0, 16.0, 24.0};
constexpr std::array kSupportEdges = {1.0, 2.0, 4.0, 8.0, 16.0, 64.0};
constexpr std::array kTypedTokenEdges = {0.0, 1.0, 2.0, 4.0, 8.0};
constexpr std::array kTypedCharacterEdges = {0.0, 4.0, 9.0, 16.0, 30.0};

template <std::size_t N>
constexpr int BinsOf(const std::array<double, N>&) {
  return static_cast<int>(N) + 1;
}

int Bin(std::span<const double> edges, double value) {
  return static_cast<int>(std::lower_bound(edges.begin(), edges.end(), value) -
                          edges.begin());
}

// Bin 0 is "not told".
int BinOrMissing(std::span<const double> edges,
                 const std::optional<std::uint32_t>& value) {
  return value ? 1 + Bin(edges, *value) : 0;
}

constexpr int kPath = BinsOf(kPathEdges);
constexpr int kOrder = BinsOf(kOrderEdges) + 1;
constexpr int kSupport = BinsOf(kSupportEdges) + 1;
constexpr int kTokens = BinsOf(kTokenEdges);
constexpr int kLanguages = 12;

// Sizes of the groups of v1, in their order.
constexpr std::array kGroups = {
    1,                        // logit of the model's probability
    1,                        // constant
    kPath,                    // cumulative log-probability
    BinsOf(kWeakestEdges),    //
    BinsOf(kMeanEdges),       //
    kTokens,                  //
    BinsOf(kCharacterEdges),  //
    kTokenClasses,            // last
    kTokenClasses,            // next
    kTokenClasses* kTokenClasses,
    kOrder,                        // shortest match
    kOrder,                        // last token's match
    kSupport,                      //
    kOrder* kSupport,              //
    BinsOf(kTypedTokenEdges),      //
    BinsOf(kTypedCharacterEdges),  //
    2 * kPath,                     // whole or not x path
    kLanguages,                    //
    kPath* kTokens,                //
    kPath* kOrder,                 //
};

constexpr int TotalOf() {
  int total = 0;
  for (const int size : kGroups) total += size;
  return total;
}

// Gives each group its place, in the order of kGroups.
class Writer {
 public:
  void Value(double value) {
    features_.push_back(
        {static_cast<std::uint16_t>(base_), static_cast<float>(value)});
    base_ += kGroups[group_++];
  }
  void OneOf(int bin) {
    features_.push_back({static_cast<std::uint16_t>(base_ + bin), 1.0F});
    base_ += kGroups[group_++];
  }
  std::vector<Feature> Take() { return std::move(features_); }

 private:
  std::size_t group_ = 0;
  int base_ = 0;
  std::vector<Feature> features_;
};

double Logit(double log_probability) {
  const double p = std::clamp(std::exp(log_probability), kLeastProbability,
                              1 - kLeastProbability);
  return std::log(p) - std::log1p(-p);
}

}  // namespace

std::optional<std::size_t> FeatureCount(std::string_view feature_set) {
  if (feature_set == kFeatureSetV1) return static_cast<std::size_t>(TotalOf());
  return std::nullopt;
}

std::vector<Feature> FeaturesV1(const Candidate& candidate,
                                const CursorContext& cursor) {
  const double path = *candidate.log_probability;
  const double mean =
      path / static_cast<double>(std::max<std::size_t>(candidate.tokens, 1));
  const int path_bin = Bin(kPathEdges, path);
  const int token_bin = Bin(kTokenEdges, static_cast<double>(candidate.tokens));
  const int order_bin = BinOrMissing(kOrderEdges, candidate.lowest_order);
  const int support_bin = BinOrMissing(kSupportEdges, candidate.lowest_support);
  const int last = static_cast<int>(candidate.last);
  const int next = static_cast<int>(candidate.next);

  Writer writer;
  writer.Value(Logit(path));
  writer.Value(1);
  writer.OneOf(path_bin);
  writer.OneOf(Bin(kWeakestEdges, candidate.weakest.value_or(path)));
  writer.OneOf(Bin(kMeanEdges, mean));
  writer.OneOf(token_bin);
  writer.OneOf(Bin(kCharacterEdges, candidate.characters));
  writer.OneOf(last);
  writer.OneOf(next);
  writer.OneOf(last * kTokenClasses + next);
  writer.OneOf(order_bin);
  writer.OneOf(BinOrMissing(kOrderEdges, candidate.last_order));
  writer.OneOf(support_bin);
  writer.OneOf(order_bin * kSupport + support_bin);
  writer.OneOf(Bin(kTypedTokenEdges, cursor.typed_tokens));
  writer.OneOf(Bin(kTypedCharacterEdges, cursor.typed_characters));
  writer.OneOf((candidate.whole ? kPath : 0) + path_bin);
  writer.OneOf(std::min(static_cast<int>(cursor.language), kLanguages - 1));
  writer.OneOf(path_bin * kTokens + token_bin);
  writer.OneOf(path_bin * kOrder + order_bin);
  return writer.Take();
}

std::vector<double> InitialWeightsV1() {
  std::vector<double> weights(TotalOf(), 0.0);
  weights[0] = 1;
  return weights;
}

}  // namespace evalloop::completion_policy
