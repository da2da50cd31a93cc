#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "cli/commands.h"

namespace evalloop::cli {
namespace {

class MineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string folder = ::testing::TempDir() + "/mineXXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    std::filesystem::create_directory(folder_ + "/project");
    Git("init -q -b main .");
    std::string text = "import os\n";
    for (int i = 0; i < 30; ++i) {
      const std::string n = std::to_string(i);
      text += "\n\ndef read" + n + "(path, limit):\n    \"\"\"Reads number " +
              n + " of a file.\"\"\"\n    with open(path) as file:\n" +
              "        text = file.read(limit)\n        size = len(text)\n" +
              "    return combine(text, size, " + n + ")\n";
      std::ofstream(folder_ + "/project/a.py") << text;
      Git("add -A");
      ++day_;
      Git("-c user.name=A" + n + " -c user.email=a" + std::to_string(i % 3) +
          "@x commit -q -m c" + n);
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Git(const std::string& arguments) {
    const std::string date =
        "'" + std::to_string(1700000000 + day_ * 86400) + " +0000'";
    const std::string command = "cd '" + folder_ +
                                "/project' && GIT_CONFIG_NOSYSTEM=1 "
                                "GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_DATE=" +
                                date + " GIT_COMMITTER_DATE=" + date + " git " +
                                arguments;
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

  MineFlags Flags(const std::string& out) const {
    MineFlags flags;
    flags.repository = folder_ + "/project";
    flags.out = folder_ + "/" + out;
    flags.classes = {"line", "tail", "statement", "block", "body"};
    flags.tasks = {"completion", "generation", "review", "search"};
    return flags;
  }

  Outcome Run(const MineFlags& flags) {
    Terminal terminal;
    terminal.Configure({.quiet = true});
    return Mine(terminal, flags);
  }

  static std::string Bytes(const std::string& path) {
    std::ostringstream all;
    all << std::ifstream(path, std::ios::binary).rdbuf();
    return all.str();
  }

  std::string folder_;
  int day_ = 0;
};

TEST_F(MineTest, TwiceTheSameBytes) {
  ASSERT_TRUE(Run(Flags("one")).ok());
  ASSERT_TRUE(Run(Flags("two")).ok());
  const std::string bytes = Bytes(folder_ + "/one");
  EXPECT_FALSE(bytes.empty());
  EXPECT_EQ(bytes, Bytes(folder_ + "/two"));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/one.part"));
}

TEST_F(MineTest, KilledInTheMiddleAndAgainTheSameBytes) {
  ASSERT_TRUE(Run(Flags("whole")).ok());
  // Each child is killed a little later than the one before, at any point of
  // its work; none leaves a file under the name that was asked for, but whole.
  for (int i = 0; i < 8; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Run(Flags("again")).IgnoreError();
      _exit(0);
    }
    usleep(static_cast<useconds_t>(2000 << i));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (std::filesystem::exists(folder_ + "/again")) {
      EXPECT_EQ(Bytes(folder_ + "/again"), Bytes(folder_ + "/whole"));
      std::filesystem::remove(folder_ + "/again");
    }
  }
  ASSERT_TRUE(Run(Flags("again")).ok());
  EXPECT_EQ(Bytes(folder_ + "/again"), Bytes(folder_ + "/whole"));
}

TEST_F(MineTest, RowsHaveWhatTheContractSays) {
  ASSERT_TRUE(Run(Flags("rows")).ok());
  std::ifstream rows(folder_ + "/rows");
  int count = 0;
  for (std::string line; std::getline(rows, line); ++count) {
    const auto row = boost::json::parse(line).as_object();
    for (const char* key :
         {"id", "repository", "commit", "parent", "path", "language", "class",
          "prefix", "suffix", "agreed", "variants", "agreement", "contested",
          "seen", "tags", "date"}) {
      EXPECT_TRUE(row.contains(key)) << key;
    }
    EXPECT_EQ(row.at("repository"), "project");
    // Names and addresses stay out.
    EXPECT_EQ(line.find("@x"), std::string::npos);
    for (const auto& variant : row.at("variants").as_array()) {
      EXPECT_TRUE(variant.at("author").as_string().starts_with("dev-"));
    }
  }
  EXPECT_GT(count, 30);
}

TEST_F(MineTest, DatesBoundWhatIsLookedAt) {
  MineFlags flags = Flags("bounded");
  flags.since = "2023-11-24";
  flags.until = "2023-12-04";
  ASSERT_TRUE(Run(flags).ok());
  std::ifstream rows(folder_ + "/bounded");
  int count = 0;
  for (std::string line; std::getline(rows, line); ++count) {
    const auto row = boost::json::parse(line).as_object();
    EXPECT_GE(row.at("date").as_string(), "2023-11-24");
    EXPECT_LT(row.at("date").as_string(), "2023-12-04");
  }
  EXPECT_GT(count, 0);
  flags.max_items = 3;
  ASSERT_TRUE(Run(flags).ok());
  const std::string few = Bytes(folder_ + "/bounded");
  EXPECT_EQ(std::count(few.begin(), few.end(), '\n'), 3);
}

TEST_F(MineTest, BadInputNamesTheFlag) {
  MineFlags flags = Flags("none");
  flags.classes = {"word"};
  EXPECT_THAT(std::string(Run(flags).status().message()),
              ::testing::HasSubstr("line, tail, statement, block, body"));
  flags = Flags("none");
  flags.since = "2024-01-01";
  flags.until = "2023-01-01";
  EXPECT_EQ(Run(flags).status().code(), absl::StatusCode::kInvalidArgument);
  flags = Flags("none");
  flags.until = "soon";
  EXPECT_EQ(Run(flags).status().code(), absl::StatusCode::kInvalidArgument);
  flags = Flags("none");
  flags.repository = "/nowhere";
  EXPECT_EQ(Run(flags).status().code(), absl::StatusCode::kNotFound);
  flags = Flags("no/such/folder/out");
  EXPECT_EQ(Run(flags).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/none"));
}

}  // namespace
}  // namespace evalloop::cli
