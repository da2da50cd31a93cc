#include "code_analysis/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace evalloop::code_analysis {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A repository in a folder of its own, made by the git command.
class HistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string folder = ::testing::TempDir() + "/historyXXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    Git("init -q -b main .");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Git(const std::string& arguments) {
    const std::string command =
        "cd '" + folder_ +
        "' && GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
        "GIT_AUTHOR_NAME='Ann' GIT_AUTHOR_EMAIL=ann@x GIT_COMMITTER_NAME=C "
        "GIT_COMMITTER_EMAIL=c@x GIT_AUTHOR_DATE='1700000000 +0000' "
        "GIT_COMMITTER_DATE='1700000100 +0000' git " +
        arguments;
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  void Write(const std::string& path, std::string_view text) {
    const std::filesystem::path file = folder_ + "/" + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  void Commit(const std::string& subject) {
    Git("add -A");
    Git("commit -q --allow-empty -m '" + subject + "'");
  }
  Repository Open() {
    auto repository = Repository::Open(folder_);
    EXPECT_TRUE(repository.ok()) << repository.status();
    return *std::move(repository);
  }
  CommitChanges ChangesOfHead(const Repository& repository) {
    const auto head = repository.ResolveCommit("HEAD");
    EXPECT_TRUE(head.ok()) << head.status();
    auto changes = repository.Changes(*head);
    EXPECT_TRUE(changes.ok()) << changes.status();
    return *std::move(changes);
  }

  std::string folder_;
};

TEST_F(HistoryTest, NamesTheCauseWhenItCannotOpen) {
  const auto empty = Repository::Open(folder_).status();
  EXPECT_EQ(empty.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(empty.message()), HasSubstr("no commit yet"));
  const auto missing = Repository::Open(folder_ + "/none").status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()), HasSubstr("no such path"));
  const auto none = Repository::Open("/proc").status();
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(none.message()), HasSubstr("no git repository"));
}

TEST_F(HistoryTest, ListsTheFirstParentChainOldestFirst) {
  Write("a.py", "x = 1\n");
  Commit("One");
  Git("checkout -q -b side");
  Write("b.py", "y = 2\n");
  Commit("Side");
  Git("checkout -q main");
  Write("c.py", "z = 3\n");
  Commit("Two");
  Git("merge -q --no-ff -m Merge side");
  const Repository repository = Open();
  const std::string head = *repository.ResolveCommit("HEAD");
  const auto all = repository.FirstParentHistory(std::nullopt, head);
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].subject, "One");
  EXPECT_EQ((*all)[0].parent, "");
  EXPECT_EQ((*all)[0].author_name, "Ann");
  EXPECT_EQ((*all)[0].author_email, "ann@x");
  EXPECT_EQ((*all)[0].author_time, 1700000000);
  EXPECT_EQ((*all)[0].commit_time, 1700000100);
  EXPECT_EQ((*all)[1].subject, "Two");
  EXPECT_FALSE((*all)[1].is_merge);
  EXPECT_TRUE((*all)[2].is_merge);
  EXPECT_EQ((*all)[2].parent, (*all)[1].sha);

  const auto rest = repository.FirstParentHistory((*all)[0].sha, head);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->size(), 2u);
  EXPECT_EQ(
      repository.FirstParentHistory(*repository.ResolveCommit("side"), head)
          .status()
          .code(),
      absl::StatusCode::kInvalidArgument);
  // The merge is read against its first parent: it brought b.py.
  const CommitChanges merged = ChangesOfHead(repository);
  ASSERT_EQ(merged.files.size(), 1u);
  EXPECT_EQ(merged.files[0].new_path, "b.py");
}

TEST_F(HistoryTest, GivesHunksAsGitCountsThem) {
  Write("a.py", "one\ntwo\nthree\nfour\n");
  Commit("One");
  Write("a.py", "zero\none\nTWO\nthree\n");
  Commit("Two");
  const CommitChanges changes = ChangesOfHead(Open());
  ASSERT_EQ(changes.files.size(), 1u);
  const FileChange& file = changes.files[0];
  EXPECT_EQ(file.status, FileStatus::kModified);
  EXPECT_EQ(file.old_text, "one\ntwo\nthree\nfour\n");
  ASSERT_EQ(file.hunks.size(), 3u);
  const auto is = [](const Hunk& h, unsigned a, unsigned b, unsigned c,
                     unsigned d) {
    return h.old_start == a && h.old_lines == b && h.new_start == c &&
           h.new_lines == d;
  };
  EXPECT_TRUE(is(file.hunks[0], 0, 0, 1, 1));
  EXPECT_TRUE(is(file.hunks[1], 2, 1, 3, 1));
  EXPECT_TRUE(is(file.hunks[2], 4, 1, 4, 0));
}

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// The new text, made from the old one and from the hunks' new lines.
std::string Apply(const FileChange& change) {
  const auto before = LinesOf(change.old_text);
  const auto after = LinesOf(change.new_text);
  std::string text;
  std::size_t at = 0;  // Of `before`, from 0.
  for (const Hunk& hunk : change.hunks) {
    const std::size_t start =
        hunk.old_lines == 0 ? hunk.old_start : hunk.old_start - 1;
    const std::size_t from =
        hunk.new_lines == 0 ? hunk.new_start : hunk.new_start - 1;
    for (; at < start; ++at) text += before.at(at);
    at += hunk.old_lines;
    for (std::size_t i = 0; i < hunk.new_lines; ++i) text += after.at(from + i);
  }
  for (; at < before.size(); ++at) text += before[at];
  return text;
}

TEST_F(HistoryTest, HunksTurnTheOldTextIntoTheNewOne) {
  std::mt19937 random(11);
  std::vector<std::string> lines;
  for (int i = 0; i < 700; ++i) {
    lines.push_back("line " + std::to_string(random() % 40) + "\n");
  }
  for (int commit = 0; commit < 12; ++commit) {
    for (int edit = 0; edit < commit; ++edit) {
      const auto at = static_cast<std::ptrdiff_t>(random() % lines.size());
      if (random() % 2 == 0) {
        lines.erase(lines.begin() + at);
      } else {
        lines.insert(lines.begin() + at, "new " + std::to_string(edit) + "\n");
      }
    }
    std::string text;
    for (const std::string& line : lines) text += line;
    if (commit % 3 == 0) text.pop_back();  // No newline at the end.
    Write("a.py", text);
    Commit("c" + std::to_string(commit));
    const CommitChanges changes = ChangesOfHead(Open());
    ASSERT_EQ(changes.files.size(), 1u);
    EXPECT_EQ(Apply(changes.files[0]), changes.files[0].new_text);
  }
}

TEST_F(HistoryTest, FollowsARename) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "line " + std::to_string(i) + "\n";
  Write("old/a.py", text);
  Commit("One");
  std::filesystem::create_directories(folder_ + "/new");
  Git("mv old/a.py new/b.py");
  Write("new/b.py", text + "more\n");
  Commit("Two");
  const CommitChanges changes = ChangesOfHead(Open());
  ASSERT_EQ(changes.files.size(), 1u);
  EXPECT_EQ(changes.files[0].status, FileStatus::kRenamed);
  EXPECT_EQ(changes.files[0].old_path, "old/a.py");
  EXPECT_EQ(changes.files[0].new_path, "new/b.py");
  ASSERT_EQ(changes.files[0].hunks.size(), 1u);
  EXPECT_EQ(changes.files[0].hunks[0].new_start, 31u);
}

TEST_F(HistoryTest, ARootCommitAddsItsFiles) {
  Write("a.py", "x\n");
  Commit("One");
  const CommitChanges changes = ChangesOfHead(Open());
  ASSERT_EQ(changes.files.size(), 1u);
  EXPECT_EQ(changes.files[0].status, FileStatus::kAdded);
  EXPECT_EQ(changes.files[0].hunks[0].new_lines, 1u);
}

TEST_F(HistoryTest, LeavesOutWhatIsNoTextAndSaysWhy) {
  Write("bin", std::string_view("a\0b", 3));
  Write("big.py", std::string((1 << 20) + 1, 'x'));
  Write("latin.py", "x = '\xE9'\n");
  std::filesystem::create_symlink("latin.py", folder_ + "/link.py");
  Commit("One");
  const Repository repository = Open();
  const CommitChanges changes = ChangesOfHead(repository);
  ASSERT_EQ(changes.files.size(), 1u);
  EXPECT_EQ(changes.files[0].new_path, "latin.py");
  EXPECT_FALSE(changes.files[0].valid_utf8);
  ASSERT_EQ(changes.skipped.size(), 3u);
  EXPECT_EQ(changes.skipped[0].reason, SkipReason::kTooLarge);
  EXPECT_EQ(changes.skipped[1].reason, SkipReason::kBinary);
  EXPECT_EQ(changes.skipped[2].reason, SkipReason::kNotAFile);
  EXPECT_EQ(repository.ReadFile(*repository.ResolveCommit("HEAD"), "bin")
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(HistoryTest, ReportsFilesBeyondTheLimit) {
  for (int i = 0; i < 5; ++i) Write("f" + std::to_string(i) + ".py", "x\n");
  Commit("One");
  const auto repository = Repository::Open(folder_, {.max_files = 3});
  ASSERT_TRUE(repository.ok());
  const CommitChanges changes = ChangesOfHead(*repository);
  EXPECT_EQ(changes.files.size(), 3u);
  ASSERT_EQ(changes.skipped.size(), 1u);
  EXPECT_EQ(changes.skipped[0].reason, SkipReason::kTooManyFiles);
}

TEST_F(HistoryTest, ReadsATreeInPathOrder) {
  Write("b.py", "b\n");
  Write("a/x.py", "x\n");
  Write("a/vendor/y.py", "y\n");
  Write("no.txt", "n\n");
  Commit("One");
  const Repository repository = Open();
  const std::string head = *repository.ResolveCommit("main");
  std::vector<std::string> seen;
  const auto skipped = repository.ReadTree(
      head,
      [&](const TreeFile& file) {
        seen.push_back(std::string(file.path) +
                       (file.generated_or_vendored ? " vendored" : ""));
        return true;
      },
      [](std::string_view path) { return path.ends_with(".py"); });
  ASSERT_TRUE(skipped.ok()) << skipped.status();
  EXPECT_THAT(seen, ElementsAre("a/vendor/y.py vendored", "a/x.py", "b.py"));
  EXPECT_EQ(*repository.ReadFile(head, "a/x.py"), "x\n");
  EXPECT_EQ(repository.ReadFile(head, "none").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(HistoryTest, RefusesRevisionsThatMeanNothing) {
  Write("a", "a\n");
  Commit("One");
  const Repository repository = Open();
  EXPECT_EQ(repository.ResolveCommit("nobody").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(repository.Changes("HEAD").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(repository.Changes(std::string(40, '1')).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(HistoryTest, IgnoresTheRepositorysAttributes) {
  Write(".gitattributes", "*.py binary\n");
  Write("a.py", "a\n");
  Commit("One");
  const CommitChanges changes = ChangesOfHead(Open());
  ASSERT_EQ(changes.files.size(), 2u);
  EXPECT_EQ(changes.files[1].hunks.size(), 1u);
}

TEST_F(HistoryTest, AShallowCloneStartsWhereItWasCut) {
  for (const char* text : {"1\n", "2\n", "3\n"}) {
    Write("a.py", text);
    Commit(text);
  }
  Git("clone -q --depth 2 file://" + folder_ + " clone");
  const auto repository = Repository::Open(folder_ + "/clone");
  ASSERT_TRUE(repository.ok()) << repository.status();
  const auto history = repository->FirstParentHistory(
      std::nullopt, *repository->ResolveCommit("HEAD"));
  ASSERT_TRUE(history.ok()) << history.status();
  ASSERT_EQ(history->size(), 2u);
  EXPECT_EQ((*history)[0].parent, "");
  const auto changes = repository->Changes((*history)[0].sha);
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_EQ(changes->files[0].status, FileStatus::kAdded);
}

}  // namespace
}  // namespace evalloop::code_analysis
