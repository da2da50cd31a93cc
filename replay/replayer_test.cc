#include "replay/replayer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "replay/testing/scripted_suggester.h"

namespace evalloop::replay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A repository of four commits: a root, one that appends a line to a file, a
// merge of a branch that adds another file, and a rename with one more line.
class ReplayerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = ::testing::TempDir() + "replayer_test_repository";
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
    Git("init -q -b main .");
    Write("a.c", "int a = 1;\nint keep = 2;\nint more = 3;\n");
    Commit("root");
    Write("a.c", "int a = 1;\nint keep = 2;\nint more = 3;\nint b = a + 1;\n");
    Commit("append");
    Git("checkout -q -b side HEAD~1");
    Write("side.c", "int side = 5;\n");
    Commit("side");
    Git("checkout -q main");
    Git("merge -q --no-ff -m merge side");
    Git("mv a.c b.c");
    Write("b.c",
          "int a = 1;\nint keep = 2;\nint more = 3;\nint b = a + 1;\n"
          "int c = b + 1;\n");
    Commit("rename");
    auto repository = code_analysis::Repository::Open(path_);
    ASSERT_TRUE(repository.ok()) << repository.status();
    repository_.emplace(*std::move(repository));
    const auto head = repository_->ResolveCommit("HEAD");
    ASSERT_TRUE(head.ok());
    auto history = repository_->FirstParentHistory(std::nullopt, *head);
    ASSERT_TRUE(history.ok()) << history.status();
    commits_ = *std::move(history);
  }
  void TearDown() override { std::filesystem::remove_all(path_); }

  void Git(const std::string& arguments) {
    const std::string command = "git -C " + path_ +
                                " -c user.name=T -c user.email=t@example.org " +
                                arguments + " >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(path_ + "/" + name) << text;
  }
  void Commit(const std::string& message) {
    Git("add -A");
    Git("commit -q -m " + message);
  }

  std::string path_;
  std::optional<code_analysis::Repository> repository_;
  std::vector<code_analysis::CommitInfo> commits_;
};

class Observer final : public ReplayObserver {
 public:
  absl::Status BeforeCommit(const code_analysis::CommitInfo& commit) override {
    subjects.push_back(commit.subject);
    return status;
  }
  void LinesTyped(std::int64_t typed) override { lines = typed; }

  std::vector<std::string> subjects;
  std::int64_t lines = 0;
  absl::Status status;
};

TEST_F(ReplayerTest, TypesEachCommitAgainstItsFirstParent) {
  ScriptedSuggester suggester(ShowAt(4, "b = a + 1;"));
  Observer observer;
  const auto tallies =
      Replay(*repository_, commits_, {.workers = 3}, suggester, observer);
  ASSERT_TRUE(tallies.ok()) << tallies.status();
  // The root has no parent; the merge brings the side's line; the renamed file
  // counts its one new line only.
  EXPECT_THAT(observer.subjects, ElementsAre("append", "merge", "rename"));
  ASSERT_EQ(tallies->size(), 3u);
  for (const CommitTally& commit : *tallies) EXPECT_EQ(commit.tally.lines, 1);
  EXPECT_EQ((*tallies)[0].tally.accepted, 1);
  EXPECT_EQ((*tallies)[1].tally.accepted, 0);
  EXPECT_EQ((*tallies)[2].tally.accepted, 0);
  EXPECT_EQ(observer.lines, 3);
}

TEST_F(ReplayerTest, StopsAtTheLineBudget) {
  ScriptedSuggester suggester(ShowAt(-1, ""));
  Observer observer;
  const auto tallies =
      Replay(*repository_, commits_, {.max_lines = 2}, suggester, observer);
  ASSERT_TRUE(tallies.ok());
  EXPECT_EQ(tallies->size(), 2u);
}

TEST_F(ReplayerTest, NamesTheCommitOfAnError) {
  ScriptedSuggester suggester(ShowAt(-1, ""));
  Observer observer;
  observer.status = absl::UnavailableError("no index");
  const auto tallies = Replay(*repository_, commits_, {}, suggester, observer);
  EXPECT_EQ(tallies.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(tallies.status().message()),
              HasSubstr(commits_[1].sha.substr(0, 12)));
}

TEST_F(ReplayerTest, MeasuresTheNewestCommitsThatHoldTheLines) {
  const auto all = MeasureHistory(*repository_, commits_, 0, {});
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ(all->front().parent, commits_[0].sha);
  const auto newest = MeasureHistory(*repository_, commits_, 2, {});
  ASSERT_TRUE(newest.ok());
  ASSERT_EQ(newest->size(), 2u);
  EXPECT_EQ(newest->back().commit, commits_.back().sha);
  EXPECT_EQ(newest->back().lines, 1);
}

}  // namespace
}  // namespace evalloop::replay
