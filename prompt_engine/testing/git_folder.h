#ifndef EVALLOOP_PROMPT_ENGINE_TESTING_GIT_FOLDER_H_
#define EVALLOOP_PROMPT_ENGINE_TESTING_GIT_FOLDER_H_

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace evalloop::prompt_engine {

// A git repository in a folder of its own, made by the git command and gone
// with the object. Commit n is made on day n.
class GitFolder {
 public:
  GitFolder() {
    std::string folder = ::testing::TempDir() + "/promptsXXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    path_ = folder;
    Git("init -q -b main .", "ann");
  }
  ~GitFolder() { std::filesystem::remove_all(path_); }
  GitFolder(const GitFolder&) = delete;
  GitFolder& operator=(const GitFolder&) = delete;

  const std::string& path() const { return path_; }

  // Makes `text` the content of a.py and commits it.
  void Commit(const std::string& author, const std::string& text) {
    ++commits_;
    std::ofstream(path_ + "/a.py", std::ios::binary) << text;
    Git("add -A", author);
    Git(fmt::format("commit -q -m c{}", commits_), author);
  }

  // Writes any file, to be committed by CommitAll.
  void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(
        std::filesystem::path(path_ + "/" + path).parent_path());
    std::ofstream(path_ + "/" + path, std::ios::binary) << text;
  }

  // Commits what was written, `days` after the last commit. `message` must hold
  // no single quote.
  void CommitAll(const std::string& author, const std::string& message,
                 int days = 1) {
    commits_ += days;
    Git("add -A", author);
    Git("commit -q --allow-empty -m '" + message + "'", author);
  }

  void Git(const std::string& arguments, const std::string& author = "ann") {
    const std::string date =
        fmt::format("{} +0000", 1700000000 + commits_ * 86400);
    const std::string command = fmt::format(
        "cd '{}' && GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
        "GIT_AUTHOR_NAME={} GIT_AUTHOR_EMAIL={}@x GIT_COMMITTER_NAME=C "
        "GIT_COMMITTER_EMAIL=c@x GIT_AUTHOR_DATE='{}' GIT_COMMITTER_DATE='{}' "
        "git {}",
        path_, author, author, date, date, arguments);
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }

 private:
  std::string path_;
  int commits_ = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TESTING_GIT_FOLDER_H_
