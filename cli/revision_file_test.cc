#include "cli/revision_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/commands.h"
#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::cli {
namespace {

using evalloop::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

class RevisionFileTest : public ::testing::Test {
 protected:
  RevisionFileTest()
      : folder_(
            std::filesystem::path(::testing::TempDir()) /
            ::testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "prompts");
  }
  ~RevisionFileTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  // The revision's file with these lines besides what each needs.
  absl::StatusOr<v1::RevisionContent> Read(const std::string& lines) {
    return ReadRevisionFile(
        Write("prompts/line.yaml", "model: {name: m}\n" + lines));
  }
  // Field and words of the error.
  std::string Refused(const std::string& lines) {
    const auto read = Read(lines);
    EXPECT_THAT(read, StatusIs(absl::StatusCode::kInvalidArgument));
    return base::FieldOf(read.status()).value_or("none") + " | " +
           std::string(read.status().message());
  }

  std::filesystem::path folder_;
};

TEST_F(RevisionFileTest, TakesTextsFromFilesBesideIt) {
  Write("prompts/line.prompt", "{{> style}}{{prefix}}\n");
  Write("prompts/system.md", "Be brief.\r\n");
  Write("fragments/style.md", "one\n\ntwo\n\n");
  ASSERT_OK_AND_ASSIGN(
      const auto named,
      Read("template: {form: FORM_CHAT, file: line.prompt}\n"
           "system_prompt_file: system.md\n"
           "includes:\n- {name: style, file: ../fragments/style.md}\n"));
  EXPECT_EQ(named.template_().text(), "{{> style}}{{prefix}}");
  EXPECT_EQ(named.system_prompt(), "Be brief.");
  ASSERT_EQ(named.includes_size(), 1);
  EXPECT_EQ(named.includes(0).text(), "one\n\ntwo\n");
  // What is stored knows no file.
  ASSERT_OK_AND_ASSIGN(
      const auto written,
      Read("template: {form: FORM_CHAT, text: \"{{> style}}{{prefix}}\"}\n"
           "system_prompt: Be brief.\n"
           "includes:\n- {name: style, text: \"one\\n\\ntwo\\n\"}\n"));
  EXPECT_EQ(written.SerializeAsString(), named.SerializeAsString());
}

TEST_F(RevisionFileTest, SaysWhichFileCannotBe) {
  EXPECT_THAT(Refused("system_prompt_file: gone.md\n"),
              HasSubstr("system_prompt_file | "));
  EXPECT_THAT(Refused("template: {file: /etc/hostname}\n"),
              HasSubstr("template.file | "));
  EXPECT_THAT(Refused("includes: [{name: a, text: x}, {name: b, file: ..}]\n"),
              HasSubstr("includes[1].file | "));
  Write("prompts/a.md", "a");
  EXPECT_THAT(Refused("system_prompt: x\nsystem_prompt_file: a.md\n"),
              HasSubstr("stands beside system_prompt"));
  Write("prompts/big.md", std::string(kMostTextFileBytes + 1, 'x'));
  EXPECT_THAT(Refused("system_prompt_file: big.md\n"), HasSubstr("bytes"));
  Write("prompts/latin.md", "caf\xE9");
  EXPECT_THAT(Refused("system_prompt_file: latin.md\n"), HasSubstr("UTF-8"));
  EXPECT_THAT(Refused("system_prompt_file: 7\n"), HasSubstr("is no text"));
  EXPECT_THAT(ReadRevisionFile((folder_ / "none.yaml").string()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(RevisionFileTest, WritesWhatReadsBackEqualToTheLastByte) {
  v1::RevisionContent content;
  content.mutable_template_()->set_form(v1::Template::FORM_CHAT);
  content.mutable_template_()->set_text("{{> a}}\n  if x:\n\n{{prefix}}");
  content.set_system_prompt("# Rules\n\n- \"quoted\": yes\n\ttab\n");
  for (const char* text : {"",
                           "7",
                           "true",
                           "null",
                           "~",
                           "- x",
                           "a: b",
                           "# no comment",
                           " blank ",
                           "\nfirst is empty",
                           "ends\n\n\n",
                           "  indented\nfirst",
                           "tab\there\nx",
                           "trailing  \nblanks \n",
                           "a\r\nb",
                           "ümläut → 𝒳\nzwei",
                           "\x01\x7F",
                           "{{prefix}}\n---\n...\n",
                           "'single'",
                           "\\n not a break",
                           "line\u2028sep\n"
                           "x",
                           "%tag\n!x\n&y\n*z\n"}) {
    v1::Include& include = *content.add_includes();
    include.set_name("i" + std::to_string(content.includes_size()));
    include.set_text(text);
  }
  content.mutable_model()->set_name("embedded");
  content.mutable_model()->set_snapshot("123");
  v1::ToolSchema& tool = *content.add_tools();
  tool.set_name("find");
  tool.set_parameters_json("{\"type\":\n \"object\"}");
  content.mutable_sampling()->set_temperature(0);
  content.mutable_sampling()->set_top_p(0.1);
  content.mutable_sampling()->set_seed(9007199254740993);
  content.mutable_sampling()->set_max_tokens(48);
  for (const char* stop : {"\n", "\n\n", "7", "</s>", "no", " "}) {
    content.mutable_sampling()->add_stop(stop);
  }
  v1::ShowLearnt& learnt = *content.mutable_output()->mutable_learnt();
  learnt.set_min_probability(1.0 / 3);
  learnt.set_feature_set("v1");
  for (const double weight : {1e-17, -0.0, 123456789.123456789, 1.0}) {
    learnt.add_weights(weight);
  }
  learnt.add_calibration()->set_raw(0.25);
  content.set_rubric("strict@2");

  const std::string yaml = RevisionYaml(content);
  ASSERT_OK_AND_ASSIGN(const auto back,
                       ReadRevisionFile(Write("back.yaml", "# x\n" + yaml)));
  EXPECT_EQ(back.SerializeAsString(), content.SerializeAsString())
      << yaml << back.DebugString();
}

TEST_F(RevisionFileTest, WritesLongTextsAsBlocks) {
  v1::RevisionContent content;
  content.mutable_template_()->set_form(v1::Template::FORM_CHAT);
  content.mutable_template_()->set_text("Go on:\n{{prefix}}");
  v1::Include& include = *content.add_includes();
  include.set_name("a");
  include.set_text("one\ntwo\n");
  EXPECT_EQ(RevisionYaml(content),
            "template:\n"
            "  form: \"FORM_CHAT\"\n"
            "  text: |-\n"
            "    Go on:\n"
            "    {{prefix}}\n"
            "includes:\n"
            "  - name: \"a\"\n"
            "    text: |\n"
            "      one\n"
            "      two\n");
}

TEST_F(RevisionFileTest, LintsAFileWithItsIncludes) {
  Write("prompts/head.md", "<fim_prefix>\n");
  const std::string rest =
      "model: {name: m}\nsampling: {max_tokens: 8, stop: [\"\\n\"]}\n";
  const std::string bad =
      Write("prompts/bad.yaml",
            rest +
                "template: {form: FORM_PREFIX_SUFFIX, text: "
                "\"{{> head}}{{prefix}}\"}\nincludes: [{name: head, file: "
                "head.md}]\n");
  const std::string good = Write(
      "prompts/good.yaml", rest + "template: {form: FORM_PREFIX_SUFFIX}\n");
  Terminal terminal;
  terminal.Configure({.json = false, .quiet = true});
  ::testing::internal::CaptureStdout();
  const Outcome blocked = Lint(terminal, bad);
  const std::string said = ::testing::internal::GetCapturedStdout();
  ASSERT_TRUE(blocked.ok()) << blocked.status();
  EXPECT_EQ(*blocked, ExitCode::kFailedGate);
  EXPECT_THAT(said, HasSubstr("error: template.text holds <fim_prefix>"));
  const Outcome passed = Lint(terminal, good);
  ASSERT_TRUE(passed.ok()) << passed.status();
  EXPECT_EQ(*passed, ExitCode::kPassed);
}

}  // namespace
}  // namespace evalloop::cli
