#include "prompt_engine/domain/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prompt_engine/domain/diff.h"

namespace evalloop::prompt_engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RevisionContent Good() {
  RevisionContent content;
  content.model = "ngram";
  content.sampling.max_tokens = 32;
  content.sampling.stop = {"\n"};
  return content;
}

std::vector<std::string> Blocking(const RevisionContent& content) {
  std::vector<std::string> fields;
  for (const LintFinding& finding : Lint(content)) {
    if (finding.blocks) fields.push_back(finding.field);
  }
  return fields;
}

TEST(LintTest, FindsNothingInAGoodRevision) {
  EXPECT_THAT(Lint(Good()), IsEmpty());
}

TEST(LintTest, BlocksWhatAModelCannotBeAsked) {
  RevisionContent content = Good();
  content.model.clear();
  content.sampling.max_tokens = 5000;
  content.sampling.temperature = 2.5;
  content.sampling.top_p = 0.0;
  content.sampling.stop.assign(17, "x");
  EXPECT_THAT(
      Blocking(content),
      ElementsAre("model.name", "sampling.max_tokens", "sampling.temperature",
                  "sampling.top_p", "sampling.stop"));
}

TEST(LintTest, BlocksWrongFimFamiliesThresholdsAndWeights) {
  RevisionContent content = Good();
  content.form = {completion_policy::TemplateForm::kFillInTheMiddle, "", "gpt"};
  EXPECT_THAT(Blocking(content), ElementsAre("template.fim_family"));
  content = Good();
  content.output.show = completion_policy::ShowThreshold{1.5};
  EXPECT_THAT(Blocking(content),
              ElementsAre("output.threshold.min_probability"));
  content.output.show =
      completion_policy::ShowLearnt{0.5, {"v1", {1, 2, 3}, {}}};
  EXPECT_THAT(Blocking(content), ElementsAre("output.learnt.weights"));
}

TEST(LintTest, WarnsOfALineWithoutAStopRule) {
  RevisionContent content = Good();
  content.sampling.stop.clear();
  const auto findings = Lint(content);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].field, "sampling.stop");
  EXPECT_FALSE(findings[0].blocks);
}

TEST(DiffTest, NamesEachChangedFieldAndItsKind) {
  const RevisionContent before = Good();
  RevisionContent after = Good();
  after.sampling.temperature = 0.2;
  after.output.show = completion_policy::ShowThreshold{0.4};
  const auto changes = Diff(before, after);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].kind, "sampling");
  EXPECT_EQ(changes[0].field, "sampling.temperature");
  EXPECT_EQ(changes[0].from, "");
  EXPECT_EQ(changes[0].to, "0.2");
  EXPECT_EQ(changes[1].field, "output.show");
  EXPECT_EQ(changes[2].to, "0.4");
  EXPECT_THAT(Diff(before, before), IsEmpty());
}

}  // namespace
}  // namespace evalloop::prompt_engine
