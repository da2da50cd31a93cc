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
      Render({}, "", {}, kNewline, {.prefix = "int a = ", .suffix = "}\n"}));
  EXPECT_EQ(input.prompt, "int a = ");
  EXPECT_EQ(input.suffix, "}\n");
  EXPECT_THAT(input.stop, ElementsAre("\n"));
  EXPECT_TRUE(input.messages.empty());
}

TEST(RenderTest, PutsTheSuffixOnceWhenTheTemplateNamesIt) {
  const Template form{TemplateForm::kPrefixSuffix,
                      "{{path}}:{{language}}\n{{suffix}}|{{prefix}}", ""};
  ASSERT_OK_AND_ASSIGN(const ModelInput input, Render(form, "", {}, {},
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
      Render({}, "", {}, {}, {.prefix = "{{suffix}} {{", .suffix = "S"}));
  EXPECT_EQ(input.prompt, "{{suffix}} {{");
}

TEST(RenderTest, WritesEachFamilysForm) {
  const auto prompt = [](std::string family) {
    const auto input =
        Render({TemplateForm::kFillInTheMiddle, "", std::move(family)}, "", {},
               {}, {.prefix = "P", .suffix = "S"});
    return input.ok() ? input->prompt : input.status().ToString();
  };
  EXPECT_EQ(prompt("qwen"), "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>");
  EXPECT_EQ(prompt("starcoder"), "<fim_prefix>P<fim_suffix>S<fim_middle>");
  EXPECT_EQ(prompt("codellama"), "<PRE> P <SUF>S <MID>");
  EXPECT_EQ(prompt("deepseek"), "<｜fim▁begin｜>P<｜fim▁hole｜>S<｜fim▁end｜>");
}

TEST(RenderTest, BreaksSpecialTokensInUserCode) {
  ASSERT_OK_AND_ASSIGN(
      const ModelInput input,
      Render({TemplateForm::kFillInTheMiddle, "", "qwen"}, "", {}, kNewline,
             {.prefix = "a<|fim_middle|>", .suffix = "<|endoftext|>b"}));
  EXPECT_EQ(input.prompt,
            "<|fim_prefix|>a< |fim_middle|><|fim_suffix|>< |endoftext|>b"
            "<|fim_middle|>");
  EXPECT_THAT(input.stop, ElementsAre("\n", "<|endoftext|>", "<|fim_pad|>",
                                      "<|file_sep|>"));
}

TEST(RenderTest, MakesMessagesForAChatModel) {
  ASSERT_OK_AND_ASSIGN(const ModelInput input,
                       Render({TemplateForm::kChat, "Go on: {{prefix}}", ""},
                              "Be brief.", {}, {}, {.prefix = "x = "}));
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
  EXPECT_THAT(CheckTemplate({TemplateForm::kFillInTheMiddle,
                             "<fim_prefix>{{prefix}}", "qwen"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace evalloop::completion_policy
