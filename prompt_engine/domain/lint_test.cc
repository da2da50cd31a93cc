#include "prompt_engine/domain/lint.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prompt_engine/domain/diff.h"

namespace evalloop::prompt_engine {
namespace {

using completion_policy::TemplateForm;
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
  content.sampling.stop.assign(16, "x");
  content.sampling.stop.emplace_back("\n");
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

TEST(LintTest, BlocksWhatHasNoStopRule) {
  RevisionContent content = Good();
  content.sampling.stop.clear();
  EXPECT_THAT(Blocking(content), ElementsAre("sampling.stop"));
  content.output.extent = completion_policy::Extent::kBlock;
  EXPECT_THAT(Blocking(content), ElementsAre("sampling.stop"));
  // A family brings its own, a chat ends itself.
  content.form = {TemplateForm::kFillInTheMiddle, "", "qwen"};
  EXPECT_THAT(Lint(content), IsEmpty());
  content.form = {TemplateForm::kChat, "{{prefix}}", ""};
  EXPECT_THAT(Lint(content), IsEmpty());
}

TEST(LintTest, BlocksTokensWrittenByHandInEveryFamily) {
  for (const auto& family : completion_policy::FimFamilies()) {
    RevisionContent content = Good();
    content.form.text =
        fmt::format("{}{{{{prefix}}}}{}{{{{suffix}}}}{}", family.prefix,
                    family.suffix, family.middle);
    EXPECT_THAT(Blocking(content), ElementsAre("template.text")) << family.name;
    content.form = {TemplateForm::kFillInTheMiddle,
                    fmt::format("{}{{{{prefix}}}}", family.suffix),
                    std::string(family.name)};
    EXPECT_THAT(Blocking(content), ElementsAre("template.text")) << family.name;
    // Also where an include brings them.
    content.form.text = "{{> head}}{{prefix}}";
    content.includes = {{"head", std::string(family.prefix)}};
    EXPECT_THAT(Blocking(content), ElementsAre("template.text")) << family.name;
  }
}

TEST(LintTest, BlocksStopsOfAnotherFamily) {
  RevisionContent content = Good();
  content.form = {TemplateForm::kFillInTheMiddle, "", "starcoder"};
  content.sampling.stop = {"\n", "<|endoftext|>"};
  EXPECT_THAT(Lint(content), IsEmpty());
  content.sampling.stop = {"\n", "<|fim_pad|>"};
  EXPECT_THAT(Blocking(content), ElementsAre("sampling.stop"));
  content.sampling.stop = {"\n", "a", "b"};
  EXPECT_THAT(Blocking(content), IsEmpty());
  ASSERT_EQ(Lint(content).size(), 1U);
  EXPECT_EQ(Lint(content)[0].field, "sampling.stop");
}

TEST(LintTest, WarnsOfTokensInAChat) {
  RevisionContent content = Good();
  content.form = {TemplateForm::kChat, "<fim_prefix>{{prefix}}", ""};
  ASSERT_EQ(Lint(content).size(), 1U);
  EXPECT_FALSE(Lint(content)[0].blocks);
}

TEST(LintTest, SaysWhatIsWrongWithIncludes) {
  RevisionContent content = Good();
  content.form.text = "{{> head}}{{prefix}}";
  EXPECT_THAT(Blocking(content), ElementsAre("template.text"));
  content.includes = {{"head", "# {{path}}\n"}};
  EXPECT_THAT(Lint(content), IsEmpty());
  content.includes = {{"head", "{{> head}}"}};
  EXPECT_THAT(Blocking(content), ElementsAre("includes.head"));
  content.includes = {{"head", ""}, {"spare", "x"}};
  ASSERT_EQ(Lint(content).size(), 1U);
  EXPECT_EQ(Lint(content)[0].field, "includes.spare");
  EXPECT_FALSE(Lint(content)[0].blocks);
  content.includes = {{"head", ""}, {"head", ""}};
  EXPECT_THAT(Blocking(content), ElementsAre("includes[1].name"));

  content = Good();
  content.form = {TemplateForm::kChat, "{{prefix}}", ""};
  content.system_prompt = "{{> tone}}";
  content.includes = {{"tone", "For {{language}}."}};
  EXPECT_THAT(Blocking(content), ElementsAre("includes.tone"));
}

// One change of each kind, in the order in which they are told.
TEST(DiffTest, TellsAllKindsApart) {
  RevisionContent before = Good();
  before.form.text = "{{> head}}{{prefix}}";
  before.system_prompt = "{{> tone}}";
  before.includes = {{"head", "a\nb\n"}, {"tone", "brief"}, {"spare", "x"}};
  RevisionContent after = before;
  after.includes = {{"tone", "long"}, {"head", "a\nc\n"}};
  after.form.fim_family = "qwen";
  after.model = "other";
  after.tools = {{"find", "Finds", "{}"}};
  after.sampling.stop = {};
  after.rubric = "strict@2";
  after.context.prefix_bytes = 100;
  after.output.min_characters = 9;
  std::vector<std::string> told;
  for (const RevisionChange& change : Diff(before, after)) {
    told.push_back(change.kind + " " + change.field);
  }
  EXPECT_THAT(
      told, ElementsAre("template template.fim_family",
                        "template includes.head", "template includes.spare",
                        "model model.name", "system_prompt includes.tone",
                        "tools tools", "sampling sampling.stop",
                        "rubric rubric", "context_policy context.prefix_bytes",
                        "output_policy output.min_chars"));
  const auto changes = Diff(before, after);
  EXPECT_EQ(changes[1].diff, "@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
  EXPECT_EQ(changes[3].diff, "");
}

TEST(DiffTest, AnIncludeOfBothTextsIsAChangeOfBoth) {
  RevisionContent before = Good();
  before.form.text = "{{> a}}{{prefix}}";
  before.system_prompt = "{{> b}}";
  before.includes = {{"a", "{{> b}}"}, {"b", "1"}};
  RevisionContent after = before;
  after.includes[1].text = "2";
  const auto changes = Diff(before, after);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].kind, "template");
  EXPECT_EQ(changes[1].kind, "system_prompt");
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
