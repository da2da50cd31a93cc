#include "cli/ci_output.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace evalloop::cli {
namespace {

using Map = std::map<std::string, std::string>;

Variables Of(Map values) {
  return [values = std::move(values)](
             const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

Map Github() {
  return {{"GITHUB_ACTIONS", "true"},  {"GITHUB_RUN_ID", "77"},
          {"GITHUB_RUN_ATTEMPT", "1"}, {"GITHUB_REPOSITORY", "a/b"},
          {"GITHUB_JOB", "gate"},      {"GITHUB_STEP_SUMMARY", "/tmp/s"},
          {"GITHUB_OUTPUT", "/tmp/o"}};
}

Map Gitlab() {
  return {{"GITLAB_CI", "true"},
          {"CI_PIPELINE_ID", "9"},
          {"CI_PROJECT_ID", "3"},
          {"CI_JOB_ID", "100"},
          {"CI_JOB_NAME", "gate"}};
}

TEST(CiJobTest, IsTheSameForEachAttemptAndOnlyForIt) {
  Map again = Github();
  again["GITHUB_RUN_ATTEMPT"] = "2";
  const CiJob first = DetectCiJob(Of(Github()));
  EXPECT_FALSE(first.identity.empty());
  EXPECT_EQ(first.identity, DetectCiJob(Of(again)).identity);
  again["GITHUB_RUN_ID"] = "78";
  EXPECT_NE(first.identity, DetectCiJob(Of(again)).identity);

  Map retried = Gitlab();
  retried["CI_JOB_ID"] = "101";
  const CiJob job = DetectCiJob(Of(Gitlab()));
  EXPECT_FALSE(job.identity.empty());
  EXPECT_EQ(job.identity, DetectCiJob(Of(retried)).identity);
  retried["CI_JOB_NAME"] = "full";
  EXPECT_NE(job.identity, DetectCiJob(Of(retried)).identity);
}

TEST(CiJobTest, KnowsWhichFilesGithubReads) {
  const CiJob job = DetectCiJob(Of(Github()));
  EXPECT_TRUE(job.github);
  EXPECT_EQ(job.step_summary, "/tmp/s");
  EXPECT_EQ(job.outputs, "/tmp/o");
  EXPECT_FALSE(DetectCiJob(Of(Gitlab())).github);
  EXPECT_TRUE(DetectCiJob(Of({{"GITHUB_RUN_ID", "77"}})).identity.empty());
}

TEST(RequestIdTest, IsOfTheJobAndTheCommandOrRandomOrAsGiven) {
  const CiJob job = DetectCiJob(Of(Gitlab()));
  EXPECT_EQ(RequestIdOf(job, "mine", "x"), "mine");
  EXPECT_EQ(RequestIdOf(job, "", "x"), RequestIdOf(job, "", "x"));
  EXPECT_NE(RequestIdOf(job, "", "x"), RequestIdOf(job, "", "y"));
  EXPECT_NE(RequestIdOf(CiJob{}, "", "x"), RequestIdOf(CiJob{}, "", "x"));
}

TEST(AppendToFileTest, LeavesWhatOtherStepsWrote) {
  const std::string path = ::testing::TempDir() + "append_to_file_test";
  std::filesystem::remove(path);
  ASSERT_TRUE(AppendToFile(path, "one\n").ok());
  ASSERT_TRUE(AppendToFile(path, "two\n").ok());
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}),
            "one\ntwo\n");
  EXPECT_FALSE(AppendToFile("/no/such/folder/x", "").ok());
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace evalloop::cli
