#include "code_analysis/similarity.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "code_analysis/bit_parallel.h"

namespace evalloop::code_analysis {
namespace {

constexpr char kGoldens[] = "code_analysis/testdata/similarity_goldens.jsonl";

std::string Text(const boost::json::value& value) {
  const auto& text = value.as_string();
  return std::string(text.data(), text.size());
}

// Tests run in the source folder (see evalloop_test).
TEST(SimilarityTest, EqualsTheReferenceImplementations) {
  std::ifstream file(kGoldens);
  ASSERT_TRUE(file) << kGoldens;
  int rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    const auto row = boost::json::parse(line).as_object();
    const std::string candidate = Text(row.at("candidate"));
    const std::string reference = Text(row.at("reference"));
    const auto expect = [&](const char* name, const Measure& measure) {
      const double wanted = row.at(name).to_number<double>();
      ASSERT_TRUE(measure.value.has_value()) << name << measure.reason;
      EXPECT_NEAR(*measure.value, wanted, 1e-9 * std::max(1.0, wanted))
          << name << " of " << line;
    };
    expect("bleu", Bleu(candidate, reference));
    expect("chrf", Chrf(candidate, reference));
    expect("rouge_l", RougeL(candidate, reference));
    expect("edit_similarity", EditSimilarity(candidate, reference));
  }
  EXPECT_GE(rows, 200);
}

TEST(SimilarityTest, EditDistanceEqualsTheTextbookTable) {
  std::mt19937 random(3);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::uint32_t> a(random() % 200);
    std::vector<std::uint32_t> b(random() % 200);
    const unsigned alphabet = 1 + random() % 5;
    for (auto& x : a) x = random() % alphabet + 120;
    for (auto& x : b) x = random() % alphabet + 120;
    std::vector<std::vector<std::size_t>> edit(
        a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
    auto common = edit;
    for (std::size_t i = 0; i <= a.size(); ++i) {
      for (std::size_t j = 0; j <= b.size(); ++j) {
        if (i == 0 || j == 0) {
          edit[i][j] = i + j;
          continue;
        }
        const bool same = a[i - 1] == b[j - 1];
        edit[i][j] = std::min({edit[i - 1][j] + 1, edit[i][j - 1] + 1,
                               edit[i - 1][j - 1] + (same ? 0 : 1)});
        common[i][j] = same ? common[i - 1][j - 1] + 1
                            : std::max(common[i - 1][j], common[i][j - 1]);
      }
    }
    ASSERT_EQ(LevenshteinDistance(a, b), edit[a.size()][b.size()]);
    ASSERT_EQ(CommonSubsequence(a, b), common[a.size()][b.size()]);
  }
}

TEST(SimilarityTest, CompareTokensNotBlanksOrComments) {
  EXPECT_EQ(ExactMatch("a=b  // c", "a = b", Language::kCpp).value, 1.0);
  EXPECT_EQ(ExactMatch("a = c", "a = b", Language::kCpp).value, 0.0);
  EXPECT_EQ(ExactMatch("", "# nothing", Language::kPython).value, 1.0);
  EXPECT_EQ(ExactMatch("a", "a b", Language::kCpp).value, 0.0);
}

TEST(SimilarityTest, JaccardCountsTrigramsOnceAndFallsBackToTokens) {
  // {abc, bcd} and {abc, bce}.
  EXPECT_DOUBLE_EQ(
      *TokenJaccard("a b c d", "a b c e", Language::kUnknown).value, 1.0 / 3);
  // {a, b} and {a, b, c}.
  EXPECT_DOUBLE_EQ(*TokenJaccard("a b", "a b c", Language::kUnknown).value,
                   2.0 / 3);
  EXPECT_EQ(TokenJaccard("", "", Language::kUnknown).value, 1.0);
  EXPECT_EQ(TokenJaccard("a", "", Language::kUnknown).value, 0.0);
}

TEST(SimilarityTest, IdentifierF1LeavesKeywordsOut) {
  // {x, y, y} and {x, y}: 2 * 2 / 5.
  EXPECT_DOUBLE_EQ(
      *IdentifierF1("return x + y + y", "return y + x", Language::kPython)
           .value,
      0.8);
  const Measure none = IdentifierF1("return 1", "2", Language::kPython);
  EXPECT_FALSE(none.value.has_value());
  EXPECT_EQ(none.reason, "no_identifiers");
}

TEST(SimilarityTest, CorrelationsAreMissingWithoutVariance) {
  const Measure flat = Pearson("a b", "a b", Language::kUnknown);
  EXPECT_FALSE(flat.value.has_value());
  EXPECT_EQ(flat.reason, "zero_variance");
  EXPECT_EQ(Spearman("", "a a b", Language::kUnknown).reason, "zero_variance");
}

// By scipy 1.17.1: pearsonr and spearmanr of (3, 2, 1, 0), (2, 0, 1, 1).
TEST(SimilarityTest, CorrelationsEqualScipy) {
  EXPECT_NEAR(*Pearson("a a a b b c", "a a c d", Language::kUnknown).value,
              0.31622776601683794, 1e-12);
  EXPECT_NEAR(*Spearman("a a a b b c", "a a c d", Language::kUnknown).value,
              0.31622776601683794, 1e-12);
}

TEST(SimilarityTest, TakesBytesThatAreNoUtf8) {
  EXPECT_EQ(EditSimilarity("\xff\xfe", "\xff").value, 0.5);
  EXPECT_EQ(EditSimilarity("\xC3\xA9", "e").value, 0.0);
  EXPECT_TRUE(Chrf("\xff", "\xff").value.has_value());
}

TEST(SimilarityTest, RefusesWhatWouldTakeTooLong) {
  const std::string huge(kMaxScoredBytes + 1, 'a');
  EXPECT_EQ(Chrf(huge, "a").reason, "too_long");
  EXPECT_EQ(ExactMatch("a", huge, Language::kCpp).reason, "too_long");
  std::string a(300000, 'a');
  std::string b(300000, 'b');
  EXPECT_EQ(EditSimilarity(a, b).reason, "too_long");
  EXPECT_TRUE(EditSimilarity(a, a + "b").value.has_value());
}

}  // namespace
}  // namespace evalloop::code_analysis
