#include "cli/names.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "cli/exit_code.h"
#include "cli/message_file.h"
#include "cli/run_output.h"
#include "cli/verdict.h"
#include "evalloop/v1/common.pb.h"

namespace evalloop::cli {
namespace {

TEST(ParseRevisionTest, ReadsNameVersionAndLabel) {
  const auto bare = ParseRevision("complete-line");
  ASSERT_TRUE(bare.ok());
  EXPECT_EQ(bare->prompt(), "complete-line");
  EXPECT_EQ(bare->by_case(), v1::RevisionSelector::BY_NOT_SET);
  EXPECT_EQ(ParseRevision("complete-line@12")->version(), 12u);
  EXPECT_EQ(ParseRevision("complete-line@staging")->label(), "staging");
  EXPECT_FALSE(ParseRevision("@3").ok());
  EXPECT_FALSE(ParseRevision("complete-line@").ok());
}

TEST(ParseBenchmarkTest, WantsANumberAsVersion) {
  EXPECT_EQ(ParseBenchmark("gate")->version, 0u);
  EXPECT_EQ(ParseBenchmark("gate@2")->version, 2u);
  EXPECT_FALSE(ParseBenchmark("gate@two").ok());
  EXPECT_FALSE(ParseBenchmark("gate@0").ok());
}

TEST(ParseDateTest, ReadsDaysAndTimes) {
  EXPECT_EQ(absl::ToUnixSeconds(*ParseDate("1970-01-02")), 86400);
  EXPECT_EQ(absl::ToUnixSeconds(*ParseDate("1970-01-01T01:00:00Z")), 3600);
  EXPECT_FALSE(ParseDate("yesterday").ok());
}

TEST(CanonicalRepositoryTest, IsAbsoluteAndKeepsUrls) {
  EXPECT_EQ(*CanonicalRepository("https://example.org/a.git"),
            "https://example.org/a.git");
  EXPECT_EQ(CanonicalRepository("/no/such/path").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(CanonicalRepository(".")->front(), '/');
}

TEST(ExitCodeTest, FollowsTheContract) {
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), ExitCode::kInfrastructure);
  EXPECT_EQ(ExitCodeOf(absl::PermissionDeniedError("")), ExitCode::kNotAllowed);
  EXPECT_EQ(ExitCodeOf(absl::DeadlineExceededError("")), ExitCode::kTimedOut);
  v1::Gate gate;
  gate.set_verdict(v1::VERDICT_KIND_PASSED);
  EXPECT_EQ(ExitCodeOf(gate), ExitCode::kPassed);
  gate.set_verdict(v1::VERDICT_KIND_OVERRIDDEN);
  EXPECT_EQ(ExitCodeOf(gate), ExitCode::kPassed);
  gate.set_verdict(v1::VERDICT_KIND_REGRESSED);
  EXPECT_EQ(ExitCodeOf(gate), ExitCode::kFailedGate);
  gate.set_verdict(v1::VERDICT_KIND_INCONCLUSIVE);
  EXPECT_EQ(ExitCodeOf(gate), ExitCode::kInconclusive);
  gate.set_warns(true);
  EXPECT_EQ(ExitCodeOf(gate), ExitCode::kPassed);
}

class MessageFileTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& text) {
    const std::string path = ::testing::TempDir() + "message_file_test.yaml";
    std::ofstream(path) << text;
    return path;
  }
};

TEST_F(MessageFileTest, ReadsYamlByProtoFieldNames) {
  v1::RevisionContent content;
  const auto status = ReadMessageFile(Write("template:\n"
                                            "  form: FORM_PREFIX_SUFFIX\n"
                                            "model:\n"
                                            "  name: embedded\n"
                                            "  snapshot: \"123\"\n"
                                            "sampling:\n"
                                            "  max_tokens: 48\n"
                                            "  temperature: 0.2\n"
                                            "  stop: [\"\\n\", '7']\n"
                                            "output:\n"
                                            "  min_chars: 4\n"
                                            "  threshold:\n"
                                            "    min_probability: 0.5\n"),
                                      &content);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(content.template_().form(), v1::Template::FORM_PREFIX_SUFFIX);
  EXPECT_EQ(content.model().snapshot(), "123");
  EXPECT_EQ(content.sampling().max_tokens(), 48u);
  EXPECT_DOUBLE_EQ(content.sampling().temperature(), 0.2);
  ASSERT_EQ(content.sampling().stop_size(), 2);
  EXPECT_EQ(content.sampling().stop(0), "\n");
  EXPECT_EQ(content.sampling().stop(1), "7");
  EXPECT_DOUBLE_EQ(content.output().threshold().min_probability(), 0.5);
}

TEST_F(MessageFileTest, NamesAFieldThatIsNone) {
  v1::RevisionContent content;
  const auto status = ReadMessageFile(Write("modle:\n  name: x\n"), &content);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(status.message()).find("modle"), std::string::npos);
  EXPECT_EQ(ReadMessageFile("/no/such/file", &content).code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(ReadMessageFile(Write("a: [1\n"), &content).ok());
}

TEST_F(MessageFileTest, SetsAFieldAndKeepsTheRest) {
  v1::RevisionContent content;
  content.mutable_model()->set_name("embedded");
  content.mutable_sampling()->set_max_tokens(48);
  content.mutable_output()->mutable_learnt()->add_weights(123456789.123456789);
  ASSERT_TRUE(SetField("sampling.temperature=0.5", &content).ok());
  EXPECT_EQ(content.output().learnt().weights(0), 123456789.123456789);
  EXPECT_DOUBLE_EQ(content.sampling().temperature(), 0.5);
  EXPECT_EQ(content.sampling().max_tokens(), 48u);
  EXPECT_EQ(content.model().name(), "embedded");
  EXPECT_FALSE(SetField("sampling.warmth=1", &content).ok());
  EXPECT_FALSE(SetField("sampling", &content).ok());
}

}  // namespace
}  // namespace evalloop::cli
