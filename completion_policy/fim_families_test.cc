#include "completion_policy/fim_families.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "completion_policy/render.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::completion_policy {
namespace {

using evalloop::testing::StatusIs;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;

// What each family's models must be sent for prefix P and suffix S, and where
// they must stop.
struct Expected {
  std::string_view family;
  std::string_view prompt;
  std::vector<std::string> stops;
  // Wrong forms that people write by hand, each to be refused in a template of
  // this family.
  std::vector<std::string> wrong;
};

const std::vector<Expected> kExpected = {
    {"qwen",
     "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>",
     {"\n", "<|endoftext|>", "<|fim_pad|>", "<|file_sep|>"},
     {"<fim_prefix>{{prefix}}", "<|fim_middle|>{{prefix}}",
      "<|repo_name|>x{{prefix}}", "<PRE> {{prefix}}"}},
    {"starcoder",
     "<fim_prefix>P<fim_suffix>S<fim_middle>",
     {"\n", "<|endoftext|>", "<file_sep>"},
     {"<|fim_prefix|>{{prefix}}", "<fim_prefix>{{prefix}}",
      "<file_sep>{{prefix}}"}},
    {"codellama",
     "<PRE> P <SUF>S <MID>",
     {"\n", "<EOT>"},
     {"<PRE>{{prefix}}", "<MID>{{prefix}}", "<fim_middle>{{prefix}}",
      "</s>{{prefix}}"}},
    {"deepseek",
     "<\uFF5Cfim\u2581begin\uFF5C>P<\uFF5Cfim\u2581hole\uFF5C>S"
     "<\uFF5Cfim\u2581end\uFF5C>",
     {"\n", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>"},
     {"<\uFF5Cfim\u2581hole\uFF5C>{{prefix}}", "<|fim_prefix|>{{prefix}}"}},
    {"codegemma",
     "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>",
     {"\n", "<|file_separator|>", "<eos>"},
     {"<|file_separator|>{{prefix}}", "<|fim_suffix|>{{prefix}}",
      "[PREFIX]{{prefix}}"}},
    {"codestral",
     "[SUFFIX]S[PREFIX]P",
     {"\n", "[PREFIX]", "[SUFFIX]", "</s>"},
     {"[SUFFIX]{{prefix}}", "[INST]{{prefix}}", "<fim_prefix>{{prefix}}"}},
    {"granite",
     "<fim_prefix>P<fim_suffix>S<fim_middle>",
     {"\n", "<|endoftext|>"},
     {"<fim_middle>{{prefix}}", "<|fim_middle|>{{prefix}}"}},
    {"stable-code",
     "<fim_prefix>P<fim_suffix>S<fim_middle>",
     {"\n", "<|endoftext|>"},
     {"<fim_suffix>{{prefix}}", "<SUF>{{prefix}}"}},
    {"seed-coder",
     "<[fim-suffix]>S<[fim-prefix]>P<[fim-middle]>",
     {"\n", "<[end\u2581of\u2581sentence]>"},
     {"<[fim-prefix]>{{prefix}}", "<fim_prefix>{{prefix}}"}},
    {"mellum",
     "<fim_suffix>S<fim_prefix>P<fim_middle>",
     {"\n", "<|endoftext|>", "<filename>"},
     {"<filename>a.kt\n{{prefix}}", "<fim_suffix>{{prefix}}"}},
};

Wording Fim(std::string_view family, std::string text = "") {
  return {
      {TemplateForm::kFillInTheMiddle, std::move(text), std::string(family)},
      "",
      {}};
}

TEST(FimFamiliesTest, AllStandInTheTable) {
  std::set<std::string_view> listed;
  for (const Expected& expected : kExpected) listed.insert(expected.family);
  for (const FimFamily& family : FimFamilies()) {
    EXPECT_EQ(listed.count(family.name), 1U) << family.name;
    EXPECT_THAT(FimFamilyNames(), HasSubstr(std::string(family.name)));
  }
  EXPECT_EQ(listed.size(), FimFamilies().size());
  EXPECT_EQ(FindFimFamily("gpt"), nullptr);
}

TEST(FimFamiliesTest, AreWrittenInTheirOwnOrderWithTheirOwnStops) {
  const std::vector<std::string> newline = {"\n"};
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(expected.family);
    ASSERT_OK_AND_ASSIGN(const ModelInput input,
                         Render(Fim(expected.family), {}, newline,
                                {.prefix = "P", .suffix = "S"}));
    EXPECT_EQ(input.prompt, expected.prompt);
    EXPECT_EQ(input.suffix, "");
    EXPECT_THAT(input.stop, ElementsAreArray(expected.stops));
    // No server takes many.
    EXPECT_LE(input.stop.size(), 4U);
  }
}

TEST(FimFamiliesTest, RefuseTokensInATemplate) {
  for (const Expected& expected : kExpected) {
    for (const std::string& text : expected.wrong) {
      EXPECT_THAT(CheckTemplate(Fim(expected.family, text).form),
                  StatusIs(absl::StatusCode::kInvalidArgument,
                           HasSubstr("template.text")))
          << expected.family << " " << text;
    }
  }
}

TEST(FimFamiliesTest, RefuseAFormThatIsWrittenByHand) {
  for (const FimFamily& family : FimFamilies()) {
    const std::string text =
        fmt::format("{}{{{{prefix}}}}{}{{{{suffix}}}}{}", family.prefix,
                    family.suffix, family.middle);
    EXPECT_THAT(CheckTemplate({TemplateForm::kPrefixSuffix, text, ""}),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("fill_in_the_middle")))
        << text;
  }
}

TEST(FimFamiliesTest, LetNoCodePoseAsStructure) {
  for (const FimFamily& family : FimFamilies()) {
    for (const std::string_view token : family.special) {
      SCOPED_TRACE(fmt::format("{} {}", family.name, token));
      const std::string code = fmt::format("a{}{}b", token, token);
      ASSERT_OK_AND_ASSIGN(
          const ModelInput input,
          Render(Fim(family.name, "# {{path}}\n{{prefix}}"), {}, {},
                 {.prefix = code, .suffix = code, .path = code}));
      ASSERT_OK_AND_ASSIGN(
          const ModelInput honest,
          Render(Fim(family.name, "# {{path}}\n{{prefix}}"), {}, {},
                 {.prefix = "a", .suffix = "b", .path = "c"}));
      const auto count = [&](std::string_view text) {
        int times = 0;
        for (std::size_t at = text.find(token); at != std::string_view::npos;
             at = text.find(token, at + 1)) {
          ++times;
        }
        return times;
      };
      EXPECT_EQ(count(input.prompt), count(honest.prompt)) << input.prompt;
    }
  }
}

TEST(FimFamiliesTest, LetNoTokenBeginInOneValueAndEndInAnother) {
  ASSERT_OK_AND_ASSIGN(
      const ModelInput input,
      Render(Fim("qwen", "{{path}}{{prefix}}"), {}, {},
             {.prefix = "middle|>x", .suffix = "", .path = "<|fim_"}));
  EXPECT_THAT(input.prompt, HasSubstr("< |fim_middle|>x"));
}

TEST(FimFamiliesTest, AServersOwnTokensAreBrokenWhereTheTemplateNamesThem) {
  const Template form{TemplateForm::kPrefixSuffix, "", "starcoder"};
  ASSERT_OK_AND_ASSIGN(
      const ModelInput input,
      Render({form, "", {}}, {}, {},
             {.prefix = "a<fim_middle>", .suffix = "<fim_prefix>b"}));
  EXPECT_EQ(input.prompt, "a< fim_middle>");
  EXPECT_EQ(input.suffix, "< fim_prefix>b");
  EXPECT_TRUE(input.stop.empty());
  ASSERT_OK_AND_ASSIGN(
      const ModelInput plain,
      Render({}, {}, {}, {.prefix = "a<fim_middle>", .suffix = ""}));
  EXPECT_THAT(plain.prompt, Not(HasSubstr("< fim")));
}

}  // namespace
}  // namespace evalloop::completion_policy
