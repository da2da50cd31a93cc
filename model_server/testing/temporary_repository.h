#ifndef EVALLOOP_MODEL_SERVER_TESTING_TEMPORARY_REPOSITORY_H_
#define EVALLOOP_MODEL_SERVER_TESTING_TEMPORARY_REPOSITORY_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "code_analysis/history.h"

namespace evalloop::model_server::testing {

// A folder that is gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(::testing::TempDir() + "/modelXXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A git repository made by the git command.
class TemporaryRepository {
 public:
  TemporaryRepository() { Git("init -q -b main ."); }

  const std::string& path() const { return folder_.path(); }

  // Writes one file and commits it; returns the sha.
  std::string Commit(const std::string& path, std::string_view text) {
    const std::filesystem::path file = folder_.path() + "/" + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    Git("add -A");
    Git("commit -q -m step");
    const auto repository = code_analysis::Repository::Open(folder_.path());
    return repository.ok() ? repository->ResolveCommit("HEAD").value_or("")
                           : std::string();
  }

 private:
  void Git(const std::string& arguments) {
    const std::string command =
        "cd '" + folder_.path() +
        "' && GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
        "GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@x GIT_COMMITTER_NAME=Ann "
        "GIT_COMMITTER_EMAIL=ann@x git " +
        arguments;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }

  TemporaryFolder folder_;
};

}  // namespace evalloop::model_server::testing

#endif  // EVALLOOP_MODEL_SERVER_TESTING_TEMPORARY_REPOSITORY_H_
