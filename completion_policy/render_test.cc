#include "completion_policy/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/testing/status_matchers.h"

namespace evalloop::completion_policy {
namespace {

using evalloop::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<std::string> kNewline = {"\n"};

TEST(RenderTest, SendsPrefixAndSuffixAsTheyAreWithoutATemplateText) {
  ASSERT_OK_AND_ASSIGN(
      const ModelInput input,
      Render({}, {}, kNewline, {.prefix = "int a = ", .suffix = "}\n"}));
  EXPECT_EQ(input.prompt, "int a = ");
  EXPECT_EQ(input.suffix, "}\n");
  EXPECT_THAT(input.stop, ElementsAre("\n"));
  EXPECT_TRUE(input.messages.empty());
}

TEST(RenderTest, PutsTheSuffixOnceWhenTheTemplateNamesIt) {
  const Template form{TemplateForm::kPrefixSuffix,
                      "{{path}}:{{language}}\n{{suffix}}|{{prefix}}", ""};
  ASSERT_OK_AND_ASSIGN(const ModelInput input, Render({form, "", {}}, {}, {},
                                                      {.prefix = "a",
                                                       .suffix = "b",
                                                       .path = "x.py",
                                                       .language = "python"}));
  EXPECT_EQ(input.prompt, "x.py:python\nb|a");
  EXPECT_EQ(input.suffix, "");
}

TEST(RenderTest, LeavesBracesInUserCodeAlone) {
  ASSERT_OK_AND_ASSIGN(
      const ModelInput input,
      Render({}, {}, {}, {.prefix = "{{suffix}} {{", .suffix = "S"}));
  EXPECT_EQ(input.prompt, "{{suffix}} {{");
}

TEST(RenderTest, MakesMessagesForAChatModel) {
  ASSERT_OK_AND_ASSIGN(
      const ModelInput input,
      Render({{TemplateForm::kChat, "Go on: {{prefix}}", ""}, "Be brief.", {}},
             {}, {}, {.prefix = "x = "}));
  ASSERT_EQ(input.messages.size(), 2U);
  EXPECT_EQ(input.messages[0].role, "system");
  EXPECT_EQ(input.messages[1].content, "Go on: x = ");
}

TEST(RenderTest, CutsThePrefixAtALinesStartAndTheSuffixAtALinesEnd) {
  EXPECT_EQ(PrefixWindow("one\ntwo\nthree", 10), "two\nthree");
  EXPECT_EQ(PrefixWindow("one\ntwo\nthree", 9), "two\nthree");
  EXPECT_EQ(PrefixWindow("one\ntwo\nthree", 8), "three");
  EXPECT_EQ(PrefixWindow("aä", 1), "");
  EXPECT_EQ(SuffixWindow("one\ntwo\nthree", 9), "one\ntwo\n");
  EXPECT_EQ(SuffixWindow("äb", 1), "");
}

TEST(RenderTest, RefusesWrongTemplates) {
  EXPECT_THAT(CheckTemplate({TemplateForm::kUnspecified, "", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckTemplate({TemplateForm::kChat, "", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      CheckTemplate({TemplateForm::kPrefixSuffix, "{{prefix}}{{name}}", ""}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("name")));
  EXPECT_THAT(CheckTemplate({TemplateForm::kPrefixSuffix, "{{prefix", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(CheckTemplate({TemplateForm::kFillInTheMiddle, "", "llama"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("llama")));
  EXPECT_THAT(CheckTemplate({TemplateForm::kChat, "{{prefix}}", "qwen"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(RenderTest, PutsIncludesInBeforeVariables) {
  const Wording wording{
      {TemplateForm::kChat, "{{> head}}{{prefix}}", ""},
      "{{> tone}} {{prefix}}",
      {{"head", "In {{language}}:\n"}, {"tone", "Be brief."}}};
  ASSERT_OK_AND_ASSIGN(
      const ModelInput input,
      Render(wording, {}, {}, {.prefix = "{{> tone}}", .language = "go"}));
  ASSERT_EQ(input.messages.size(), 2U);
  EXPECT_EQ(input.messages[0].content, "Be brief. {{prefix}}");
  EXPECT_EQ(input.messages[1].content, "In go:\n{{> tone}}");
}

}  // namespace
}  // namespace evalloop::completion_policy
