#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "code_analysis/history.h"
#include "fmt/format.h"

namespace evalloop::code_analysis {
namespace {

using Lines = std::vector<std::string>;

// Code-like: few different lines, many of them blank or a brace, so that most
// changes can stand at several places and mean the same.
std::string SomeLine(std::mt19937& random) {
  static const Lines kinds = {
      "",       "",      "}",        "  }",          "  x();",
      "  y();", "    z", "def f():", "    return x", "  if (x) {"};
  return kinds[random() % kinds.size()] + "\n";
}

std::string TextOf(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

// One place where lines go, come, or both.
void ChangeOnce(std::mt19937& random, Lines& lines) {
  const std::size_t at = random() % (lines.size() + 1);
  const std::size_t most = std::min<std::size_t>(6, lines.size() - at);
  const std::size_t gone = random() % 3 == 0 ? 0 : random() % (most + 1);
  const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(at);
  lines.erase(begin, begin + static_cast<std::ptrdiff_t>(gone));
  Lines come;
  for (std::size_t i = random() % 8; i > 0; --i) {
    // Often a copy of what stands near, as code is.
    come.push_back(lines.empty() || random() % 2 == 0
                       ? SomeLine(random)
                       : lines[(at + i) % lines.size()]);
  }
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), come.begin(),
               come.end());
}

std::string HeaderOf(const Hunk& hunk) {
  return fmt::format("-{},{} +{},{}", hunk.old_start, hunk.old_lines,
                     hunk.new_start, hunk.new_lines);
}

class HistoryHunksTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string folder = ::testing::TempDir() + "/hunksXXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    Git("init -q -b main .");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Git(const std::string& arguments) {
    const std::string command = fmt::format(
        "cd '{}' && GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null git -c "
        "user.name=Ann -c user.email=ann@x {}",
        folder_, arguments);
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  void Commit(const std::map<std::string, Lines>& files) {
    for (const auto& [path, lines] : files) {
      std::ofstream(folder_ + "/" + path, std::ios::binary) << TextOf(lines);
    }
    Git("add -A");
    Git("commit -q --allow-empty -m change");
  }
  // By path, as git's own diff of the newest commit has them.
  std::map<std::string, Lines> HunksOfGit() {
    Git("diff -U0 --indent-heuristic --no-color --no-renames HEAD~1 HEAD > "
        ".git/patch");
    std::ifstream patch(folder_ + "/.git/patch");
    std::map<std::string, Lines> hunks;
    std::string path;
    for (std::string line; std::getline(patch, line);) {
      if (line.starts_with("diff --git "))
        path = line.substr(line.rfind('/') + 1);
      unsigned a = 0, b = 1, c = 0, d = 1;
      if (!line.starts_with("@@ ")) continue;
      if (std::sscanf(line.c_str(), "@@ -%u,%u", &a, &b) < 2) b = 1;
      const std::string after = line.substr(line.find('+'));
      if (std::sscanf(after.c_str(), "+%u,%u", &c, &d) < 2) d = 1;
      hunks[path].push_back(HeaderOf({a, b, c, d}));
    }
    return hunks;
  }
  std::map<std::string, Lines> Ours() {
    const auto repository = Repository::Open(folder_);
    const auto head = repository->ResolveCommit("HEAD");
    const auto changes = repository->Changes(*head);
    std::map<std::string, Lines> hunks;
    for (const FileChange& file : changes->files) {
      for (const Hunk& hunk : file.hunks) {
        hunks[file.new_path.empty() ? file.old_path : file.new_path].push_back(
            HeaderOf(hunk));
      }
    }
    return hunks;
  }

  std::string folder_;
};

TEST_F(HistoryHunksTest, OneChangeStandsWhereGitPutsIt) {
  std::mt19937 random(5);
  std::map<std::string, Lines> files;
  for (int file = 0; file < 400; ++file) {
    Lines& lines = files[fmt::format("{}.py", file)];
    for (std::size_t i = random() % 60; i > 0; --i) {
      lines.push_back(SomeLine(random));
    }
  }
  Commit(files);
  for (int round = 0; round < 4; ++round) {
    for (auto& [path, lines] : files) ChangeOnce(random, lines);
    Commit(files);
    EXPECT_EQ(Ours(), HunksOfGit());
  }
}

TEST_F(HistoryHunksTest, ALongRunOfEqualLinesIsNoTrouble) {
  // Under 1,024 bytes: without context git leaves so much of an end alone.
  Lines lines(180, "=\n");
  Commit({{"a.py", lines}});
  lines.resize(400, "=\n");
  Commit({{"a.py", lines}});
  EXPECT_EQ(Ours(), HunksOfGit());
  lines.insert(lines.begin() + 150, {"\n", "def f():\n", "    x\n", "\n"});
  Commit({{"a.py", lines}});
  EXPECT_EQ(Ours(), HunksOfGit());
  lines.insert(lines.begin() + 154, {"def f():\n", "    x\n", "\n"});
  Commit({{"a.py", lines}});
  EXPECT_EQ(Ours(), HunksOfGit());
}

TEST_F(HistoryHunksTest, TheLastLineMayHaveNoEnd) {
  Commit({{"a.py", {"one\n", "two"}}, {"b.py", {"one"}}, {"c.py", {}}});
  Commit({{"a.py", {"one\n", "two\n", "three"}},
          {"b.py", {"one\n"}},
          {"c.py", {"x"}}});
  EXPECT_EQ(Ours(), HunksOfGit());
  Commit({{"a.py", {"two\n", "three"}}, {"b.py", {}}, {"c.py", {"x\n", "x"}}});
  EXPECT_EQ(Ours(), HunksOfGit());
}

}  // namespace
}  // namespace evalloop::code_analysis
