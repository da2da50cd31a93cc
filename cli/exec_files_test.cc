#include "cli/exec_files.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <string>
#include <vector>

namespace evalloop::cli {
namespace {

using scorer::FunctionalResult;

const std::vector<std::string> kProblems = {
    R"({"task_id":"T/0","prompt":"def f():\n","test":"","entry_point":"f"})",
    R"({"task_id":"T/1","prompt":"def g():\n","test":"","entry_point":"g"})"};

std::vector<Sample> Samples(const std::vector<std::string>& tasks) {
  std::vector<std::string> lines;
  for (const std::string& task : tasks) {
    lines.push_back(R"({"task_id":")" + task +
                    R"(","completion":"x","seed":3})");
  }
  auto samples = ParseSamples(lines, *ParseProblems(kProblems));
  EXPECT_TRUE(samples.ok()) << samples.status();
  return samples.ok() ? *samples : std::vector<Sample>();
}

TEST(ExecFilesTest, PackedAndPlainFilesReadTheSame) {
  const std::string plain = ::testing::TempDir() + "exec_files_test.jsonl";
  const std::string packed = plain + ".gz";
  std::ofstream(plain) << "{\"a\":1}\n\n{\"b\":2}";
  gzFile file = gzopen(packed.c_str(), "wb");
  gzputs(file, "{\"a\":1}\n\n{\"b\":2}");
  gzclose(file);
  const std::vector<std::string> lines = {"{\"a\":1}", "{\"b\":2}"};
  EXPECT_EQ(*ReadLines(plain), lines);
  EXPECT_EQ(*ReadLines(packed), lines);
  EXPECT_FALSE(ReadLines(plain + ".missing").ok());
}

TEST(ExecFilesTest, SamplesAreCountedWithinTheirTask) {
  const auto samples = Samples({"T/0", "T/1", "T/0"});
  EXPECT_EQ(samples[0].completion_id, 0);
  EXPECT_EQ(samples[1].completion_id, 0);
  EXPECT_EQ(samples[2].completion_id, 1);
}

TEST(ExecFilesTest, CallsStandInsteadOfAScript) {
  const auto problems = ParseProblems(
      {R"({"task_id":"T/0","prompt":"","entry_point":"f","language":"go",)"
       R"("calls":[{"arguments":[12345678901234567890123,2.0,NaN],)"
       R"("expected":{"a":1}},{"arguments":[],"expected":null,)"
       R"("tolerance":1e-6}]})"});
  ASSERT_TRUE(problems.ok()) << problems.status();
  const Problem& problem = problems->at("T/0");
  EXPECT_EQ(problem.language, "go");
  EXPECT_EQ(problem.tests, "");
  ASSERT_EQ(problem.calls.size(), 2u);
  EXPECT_EQ(TextOf(problem.calls[0].arguments),
            "[12345678901234567890123,2.0,NaN]");
  EXPECT_EQ(TextOf(problem.calls[0].expected), R"({"a":1})");
  EXPECT_EQ(problem.calls[0].tolerance, 0);
  EXPECT_EQ(problem.calls[1].tolerance, 1e-6);
}

TEST(ExecFilesTest, AProblemThatIsWrongNamesItsLineAndField) {
  const auto words = [](const std::string& rest) {
    const auto problems = ParseProblems(
        {kProblems[0],
         R"({"task_id":"T/1","prompt":"","entry_point":"f")" + rest + "}"});
    return std::string(problems.status().message());
  };
  EXPECT_EQ(words(""), "line 2: test: missing");
  EXPECT_EQ(words(R"(,"test":1)"), "line 2: test: not a text");
  EXPECT_EQ(words(R"(,"calls":[])"),
            "line 2: calls: not a list with a call in it");
  EXPECT_EQ(words(R"(,"calls":[{"arguments":[]}])"),
            "line 2: calls: arguments and expected are required");
  EXPECT_EQ(words(R"(,"calls":[{"arguments":1,"expected":1}])"),
            "line 2: calls: arguments: not an array");
  EXPECT_EQ(
      words(R"(,"calls":[{"arguments":[],"expected":1,"tolerance":"much"}])"),
      "line 2: calls: tolerance: not within 0 to 1");
}

TEST(ExecFilesTest, ASampleOfNoProblemIsBadInput) {
  const auto samples = ParseSamples({R"({"task_id":"T/9","completion":""})"},
                                    *ParseProblems(kProblems));
  EXPECT_EQ(samples.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ExecFilesTest, AResultLineKeepsWhatTheSampleHad) {
  auto samples = Samples({"T/0"});
  samples[0].verdict.result = FunctionalResult::kPassed;
  samples[0].verdict.tier = "zygote";
  const auto row = boost::json::parse(ResultLine(samples[0])).as_object();
  EXPECT_EQ(row.at("seed").to_number<int>(), 3);
  EXPECT_TRUE(row.at("passed").as_bool());
  EXPECT_EQ(row.at("result").as_string(), "passed");
  EXPECT_EQ(row.at("tier").as_string(), "zygote");
  EXPECT_EQ(row.at("completion_id").to_number<int>(), 0);
}

TEST(ExecFilesTest, PassAtKIsTheMeanOverTasksThatHaveEnoughSamples) {
  auto samples = Samples({"T/0", "T/0", "T/1", "T/1"});
  samples[0].verdict.result = FunctionalResult::kPassed;
  for (int i = 1; i < 4; ++i) {
    samples[i].verdict.result = FunctionalResult::kFailed;
  }
  const auto summary = Summary(samples, {1, 2, 3});
  EXPECT_DOUBLE_EQ(summary.at("pass@1").as_double(), 0.25);
  EXPECT_DOUBLE_EQ(summary.at("pass@2").as_double(), 0.5);
  EXPECT_DOUBLE_EQ(summary.at("pass^1").as_double(), 0.25);
  EXPECT_DOUBLE_EQ(summary.at("pass^2").as_double(), 0.0);
  EXPECT_FALSE(summary.contains("pass@3"));
}

TEST(ExecFilesTest, InfrastructureIsNoFailure) {
  auto samples = Samples({"T/0", "T/0"});
  samples[0].verdict.result = FunctionalResult::kPassed;
  const auto summary = Summary(samples, {1});
  EXPECT_DOUBLE_EQ(summary.at("pass@1").as_double(), 1.0);
  EXPECT_EQ(summary.at("infrastructure").to_number<int>(), 1);
}

}  // namespace
}  // namespace evalloop::cli
