#include "prompt_engine/domain/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "prompt_engine/domain/authorship.h"

namespace evalloop::prompt_engine {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Variant By(std::string author, std::string text, double survival_days = 90,
           int days_ago = 0) {
  Variant variant;
  variant.text = std::move(text);
  variant.author = std::move(author);
  variant.commit = "c";
  variant.author_time = kNow - absl::Hours(24 * days_ago);
  variant.authorship = 1;
  variant.survival_days = survival_days;
  return variant;
}

Agreement AgreeOn(std::vector<Variant>& variants, double chance = 0.05) {
  std::vector<code_analysis::TokenText> tokens;
  for (const Variant& variant : variants) {
    tokens.push_back(code_analysis::TokensOf(variant.text,
                                             code_analysis::Language::kPython));
  }
  return Agree(variants, tokens, kNow, chance);
}

TEST(DegreeOfAuthorshipTest, IsThePublishedFormula) {
  EXPECT_NEAR(DegreeOfAuthorship(true, 1, 0), 3.293 + 1.098 + 0.164, 1e-12);
  EXPECT_NEAR(DegreeOfAuthorship(false, 10, 9),
              3.293 + 1.64 - 0.321 * std::log(10), 1e-12);
}

TEST(EvidenceTest, GrowsWithAuthorshipAndSurvivalAndHalvesEachYear) {
  EXPECT_NEAR(EvidenceOf(1, 90, 0), 1 - std::exp(-1), 1e-12);
  EXPECT_NEAR(EvidenceOf(0, 90, 0), 0.3 * (1 - std::exp(-1)), 1e-12);
  EXPECT_NEAR(EvidenceOf(1, 90, 365) / EvidenceOf(1, 90, 0), 0.5, 1e-12);
  EXPECT_EQ(EvidenceOf(1, 0, 0), 0);
}

TEST(LevelTest, IsOfTheVariantAndLeavesAgeOut) {
  EXPECT_EQ(LevelOf(1, 365), Level::kGood);
  EXPECT_EQ(LevelOf(0.2, 90), Level::kAverage);
  EXPECT_EQ(LevelOf(0, 365), Level::kAverage);
  EXPECT_EQ(LevelOf(1, 3), Level::kLessExperienced);
}

TEST(AgreeTest, TakesTheVariantMostLikeTheOthers) {
  std::vector<Variant> variants = {By("a", "f(x, y, z, 1)"),
                                   By("b", "f(x, y, z, 2)"),
                                   By("c", "f(x, y, z, 2)")};
  const Agreement agreement = AgreeOn(variants);
  ASSERT_TRUE(agreement.agreed.has_value());
  EXPECT_EQ(variants[*agreement.agreed].text, "f(x, y, z, 2)");
  EXPECT_FALSE(agreement.contested);
  EXPECT_NEAR(variants[0].weight, 1.0 / 3, 1e-9);
}

TEST(AgreeTest, GivesNoAuthorMoreThanHalfOfTheWeight) {
  std::vector<Variant> variants = {By("a", "f(x, 1)"), By("a", "f(x, 2)"),
                                   By("a", "f(x, 3)"), By("b", "f(x, 4)", 1)};
  AgreeOn(variants);
  EXPECT_NEAR(variants[3].weight, 0.5, 1e-9);
  variants = {By("a", "f(x, 1)"), By("b", "f(x, 4)", 0), By("c", "f(x, 5)", 0)};
  AgreeOn(variants);
  EXPECT_NEAR(variants[0].weight, 0.5, 1e-9);
  EXPECT_NEAR(variants[1].weight, 0.25, 1e-9);
}

TEST(AgreeTest, OfTwoTheBetterFoundedOneIsChosen) {
  std::vector<Variant> variants = {By("a", "f(x, y, z, 1)", 10),
                                   By("b", "f(x, y, z, 2)", 100)};
  EXPECT_EQ(AgreeOn(variants).agreed, 1U);
  std::swap(variants[0], variants[1]);
  EXPECT_EQ(AgreeOn(variants).agreed, 0U);
}

TEST(AgreeTest, ChoosesOnlyWhatFits) {
  std::vector<Variant> variants = {By("a", "f(x, y, z, 1)", 10),
                                   By("b", "f(x, y, z, 2)", 100)};
  variants[1].fits = false;
  EXPECT_EQ(AgreeOn(variants).agreed, 0U);
}

TEST(AgreeTest, CallsUnlikeVariantsContested) {
  std::vector<Variant> variants = {By("a", "f(x, y)"), By("b", "g[1] + h")};
  const Agreement agreement = AgreeOn(variants);
  EXPECT_TRUE(agreement.contested);
  EXPECT_FALSE(agreement.agreed.has_value());
  EXPECT_LT(*agreement.agreement, 0.4);
}

TEST(AgreeTest, NeedsTwoAuthors) {
  std::vector<Variant> variants = {By("a", "f(x)"), By("a", "f(x)")};
  const Agreement agreement = AgreeOn(variants);
  EXPECT_FALSE(agreement.agreed.has_value());
  EXPECT_FALSE(agreement.contested);
}

TEST(AgreeTest, ThatOneAuthorWritesAlikeIsNoAgreement) {
  std::vector<Variant> variants = {By("a", "f(x, y, z, 1)"),
                                   By("a", "f(x, y, z, 1)"),
                                   By("b", "g[1] + h - k")};
  EXPECT_TRUE(AgreeOn(variants).contested);
}

TEST(AgreeTest, TakesChanceOut) {
  std::vector<Variant> variants = {By("a", "f(x, y, z, 1)"),
                                   By("b", "f(x, y, z, 2)")};
  const double plain = *AgreeOn(variants, 0).agreement;
  EXPECT_NEAR(*AgreeOn(variants, 0.25).agreement, (plain - 0.25) / 0.75, 1e-12);
}

TEST(ExplainTest, NamesPseudonymsAndFigures) {
  std::vector<Variant> variants = {By("dev-1", "f(x, y, z, 1)", 10),
                                   By("dev-2", "f(x, y, z, 2)", 100)};
  variants[1].alive = true;
  const Agreement agreement = AgreeOn(variants);
  const std::string words = Explain(variants, agreement, 0.05);
  EXPECT_THAT(words, HasSubstr("2 developers"));
  EXPECT_THAT(words, HasSubstr("Chosen: the one of dev-2"));
  EXPECT_THAT(words, HasSubstr("dev-1 wrote `f(x, y, z, 1)`"));
  EXPECT_THAT(words, HasSubstr("standing for 100 days"));
}

}  // namespace
}  // namespace evalloop::prompt_engine
