// Repositories that somebody made to hurt: nothing of them is run, memory and
// time stay bounded, and what is left out is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "code_analysis/history.h"
#include "code_analysis/history_pool.h"
#include "code_analysis/mirror.h"

namespace evalloop::code_analysis {
namespace {

class HostileRepositoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string folder = ::testing::TempDir() + "/hostileXXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    Shell("git init -q -b main .");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Shell(const std::string& command) {
    const std::string line =
        "cd '" + folder_ +
        "' && export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null "
        "GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_NAME=A "
        "GIT_COMMITTER_EMAIL=a@x GIT_AUTHOR_DATE='1700000000 +0000' "
        "GIT_COMMITTER_DATE='1700000000 +0000' && " +
        command;
    const std::string quoted = folder_ + ".sh";
    std::ofstream(quoted) << line << '\n';
    ASSERT_EQ(std::system(("sh '" + quoted + "'").c_str()), 0) << command;
    std::filesystem::remove(quoted);
  }

  CommitChanges Head() {
    const auto repository = Repository::Open(folder_);
    EXPECT_TRUE(repository.ok()) << repository.status();
    const auto changes =
        repository->Changes(*repository->ResolveCommit("HEAD"));
    EXPECT_TRUE(changes.ok()) << changes.status();
    return changes.ok() ? *changes : CommitChanges();
  }

  static long ResidentKib() {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  }

  std::string folder_;
};

// Ten folders that each hold the next one ten times: ten billion files of one
// blob, in a few hundred bytes.
TEST_F(HostileRepositoryTest, ABombOfFoldersEndsAtTheLimit) {
  Shell(
      "b=$(echo 'x = 1' | git hash-object -w --stdin); "
      "t=$(printf '100644 blob %s\\tf.py\\n' $b | git mktree); "
      "for i in 1 2 3 4 5 6 7 8 9 10; do "
      "t=$(for n in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\td%s\\n' "
      "$t $n; done | git mktree); done; "
      "c=$(echo bomb | git commit-tree $t); "
      "git update-ref refs/heads/main $c");
  const long before = ResidentKib();
  const CommitChanges changes = Head();
  EXPECT_LE(changes.files.size(), Limits().max_files);
  ASSERT_FALSE(changes.skipped.empty());
  EXPECT_EQ(changes.skipped.back().reason, SkipReason::kTooManyFiles);
  EXPECT_LT(ResidentKib() - before, 256 << 10);
  // The same for one who asks for files that the bomb does not have.
  const auto repository = Repository::Open(folder_);
  const std::string head = *repository->ResolveCommit("HEAD");
  const auto none = repository->Changes(
      head, [](std::string_view path) { return path.ends_with(".zz"); });
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->files.empty());
  std::size_t seen = 0;
  const auto tree = repository->ReadTree(head, [&](const TreeFile&) {
    ++seen;
    return true;
  });
  ASSERT_TRUE(tree.ok());
  EXPECT_LE(seen, Limits().max_files * 100);
}

TEST_F(HostileRepositoryTest, AHugeBlobIsNotRead) {
  Shell(
      "head -c 400000000 /dev/zero | tr '\\0' 'a' > big.py; echo 'x = 1' > "
      "small.py; git add -A; git commit -q -m big");
  const long before = ResidentKib();
  const CommitChanges changes = Head();
  ASSERT_EQ(changes.files.size(), 1U);
  EXPECT_EQ(changes.files[0].new_path, "small.py");
  EXPECT_EQ(changes.skipped[0].reason, SkipReason::kTooLarge);
  EXPECT_LT(ResidentKib() - before, 64 << 10);
}

TEST_F(HostileRepositoryTest, AMillionFilesAreCutAndMemoryIsBounded) {
  // A thousand folders of a thousand files, all of them other names.
  Shell(
      "b=$(echo 'x = 1' | git hash-object -w --stdin); "
      "t=$(i=0; while [ $i -lt 1000 ]; do printf '100644 blob %s\\tf%s.py\\n' "
      "$b $i; i=$((i+1)); done | git mktree); "
      "t=$(i=0; while [ $i -lt 1000 ]; do printf '040000 tree %s\\td%s\\n' $t "
      "$i; i=$((i+1)); done | git mktree); "
      "c=$(echo many | git commit-tree $t); "
      "git update-ref refs/heads/main $c");
  const long before = ResidentKib();
  const CommitChanges changes = Head();
  EXPECT_EQ(changes.files.size(), Limits().max_files);
  EXPECT_EQ(changes.skipped.back().reason, SkipReason::kTooManyFiles);
  EXPECT_LT(ResidentKib() - before, 128 << 10);
}

TEST_F(HostileRepositoryTest, NothingOfTheRepositoryIsRun) {
  const std::string mark = folder_ + ".ran";
  Shell(
      "echo '*.py filter=evil diff=evil' > .gitattributes; "
      "git config filter.evil.smudge 'touch " +
      mark +
      "'; "
      "git config filter.evil.clean 'cat'; "
      "git config diff.evil.textconv 'touch " +
      mark +
      "'; "
      "git config core.fsmonitor 'touch " +
      mark +
      "'; "
      "git config core.sshCommand 'touch " +
      mark +
      "'; "
      "echo 'x = 1' > a.py; git -c core.fsmonitor= add -A; "
      "git -c core.fsmonitor= commit -q -m evil; rm -f " +
      mark +
      "; "
      "for h in post-checkout post-merge pre-auto-gc post-index-change; do "
      "printf '#!/bin/sh\\ntouch " +
      mark +
      "\\n' > .git/hooks/$h; chmod +x "
      ".git/hooks/$h; done");
  EXPECT_EQ(Head().files.size(), 2U);
  const auto copied =
      Mirror("file://" + folder_, {.folder = folder_ + "/copies"});
  EXPECT_TRUE(copied.ok()) << copied.status();
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST_F(HostileRepositoryTest, LinksAndSubmodulesAreNoFiles) {
  Shell(
      "ln -s /etc/passwd link.py; ln -s .. up.py; "
      "git add -A; "
      "git update-index --add --cacheinfo "
      "160000,1111111111111111111111111111111111111111,sub.py; "
      "printf '[submodule \"x\"]\\n\\tpath = sub.py\\n\\turl = "
      "--upload-pack=touch\\n' > .gitmodules; git add .gitmodules; "
      "git commit -q -m links");
  const CommitChanges changes = Head();
  ASSERT_EQ(changes.files.size(), 1U);
  EXPECT_EQ(changes.files[0].new_path, ".gitmodules");
  EXPECT_EQ(changes.skipped.size(), 3U);
  for (const SkippedFile& file : changes.skipped) {
    EXPECT_EQ(file.reason, SkipReason::kNotAFile) << file.path;
  }
}

TEST_F(HostileRepositoryTest, OddNamesAndBytesAreFlagged) {
  Shell(
      "printf 'x = 1\\n' > \"$(printf 'new\\nline.py')\"; "
      "printf 'x = 1\\n' > \"$(printf 'bad\\377.py')\"; "
      "printf 'x = \\342\\200\\256 1\\n' > bidi.py; "
      "printf 'x = \\377\\n' > latin.py; "
      "git add -A; git commit -q -m \"$(printf 'm\\377\\342\\200\\256')\"");
  const CommitChanges changes = Head();
  ASSERT_EQ(changes.files.size(), 4U);
  for (const FileChange& file : changes.files) {
    EXPECT_EQ(file.valid_utf8,
              file.new_path == "bidi.py" || file.new_path == "new\nline.py")
        << file.new_path;
  }
  const auto repository = Repository::Open(folder_);
  const auto info = repository->Commit(*repository->ResolveCommit("HEAD"));
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info->subject.find('\xFF'), std::string::npos);
}

TEST_F(HostileRepositoryTest, AHugeMessageIsRefusedAndALongOneCut) {
  Shell(
      "echo 'x = 1' > a.py; git add -A; head -c 100000 /dev/zero | tr '\\0' m "
      "> m; git commit -q -F m; rm m");
  const auto repository = Repository::Open(folder_);
  const auto info = repository->Commit(*repository->ResolveCommit("HEAD"));
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_EQ(info->message.size(), kMaxMessageBytes);
  Shell(
      "head -c 3000000 /dev/zero | tr '\\0' m > m; git commit -q "
      "--allow-empty -F m; rm m");
  EXPECT_EQ(
      repository->Commit(*repository->ResolveCommit("HEAD")).status().code(),
      absl::StatusCode::kFailedPrecondition);
}

TEST_F(HostileRepositoryTest, BrokenObjectsAreErrorsNotCrashes) {
  Shell(
      "echo 'x = 1' > a.py; git add -A; git commit -q -m one; "
      "b=$(git rev-parse HEAD:a.py); "
      "p=.git/objects/$(echo $b | cut -c1-2)/$(echo $b | cut -c3-); "
      "chmod +w $p; echo garbage > $p");
  const CommitChanges changes = Head();
  EXPECT_TRUE(changes.files.empty());
  ASSERT_EQ(changes.skipped.size(), 1U);
  EXPECT_EQ(changes.skipped[0].reason, SkipReason::kUnreadable);
}

TEST_F(HostileRepositoryTest, AMirrorHoldsWhatTheUrlHasAndFollowsIt) {
  Shell("echo 'x = 1' > a.py; git add -A; git commit -q -m one");
  const MirrorOptions options = {.folder = folder_ + "/copies"};
  const auto path = Mirror("file://" + folder_, options);
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_EQ(*path, MirrorPath("file://" + folder_, options));
  Shell("echo 'x = 2' > a.py; git add a.py; git commit -q -m two");
  ASSERT_TRUE(Mirror("file://" + folder_, options).ok());
  const auto copy = Repository::Open(*path);
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ(copy->Commit(*copy->ResolveCommit("HEAD"))->subject, "two");
  EXPECT_FALSE(std::filesystem::exists(*path + "/hooks/post-update"));
}

TEST_F(HostileRepositoryTest, AMirrorHasLimits) {
  Shell("head -c 3000000 /dev/urandom > a.py; git add -A; git commit -q -m a");
  const auto few = Mirror("file://" + folder_,
                          {.folder = folder_ + "/copies", .max_objects = 1});
  EXPECT_EQ(few.status().code(), absl::StatusCode::kResourceExhausted)
      << few.status();
  EXPECT_EQ(Mirror("file:///nowhere", {.folder = folder_ + "/copies"})
                .status()
                .code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(Mirror("file://" + folder_, {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(RepositoryUrlTest, OnlyFourProtocolsAndNoTricks) {
  for (const char* url :
       {"https://host/a/b.git", "ssh://git@host/a", "git@host:a/b.git",
        "git://host/a", "file:///srv/a"}) {
    EXPECT_TRUE(IsRepositoryUrl(url)) << url;
    EXPECT_TRUE(CheckRepositoryUrl(url).ok()) << CheckRepositoryUrl(url);
  }
  for (const char* url :
       {"http://host/a", "ext::sh -c id", "ext://sh", "ftp://host/a",
        "ssh://-oProxyCommand=id/a", "ssh://git@-oProxyCommand=id/a",
        "git@host:-x", "https://user:word@host/a", "https://host/--upload-pack",
        "https:///a", "https://ho st/a", "https://host/a\nb"}) {
    EXPECT_FALSE(CheckRepositoryUrl(url).ok()) << url;
  }
  for (const char* path : {"/srv/a", "a/b:c", "./a@b:c", "C"}) {
    EXPECT_FALSE(IsRepositoryUrl(path)) << path;
  }
}

TEST_F(HostileRepositoryTest, ThePoolGivesResultsInOrderAndTheFirstError) {
  Shell("echo 'x = 1' > a.py; git add -A; git commit -q -m one");
  std::vector<std::size_t> taken;
  const auto run = [&](std::size_t fails_at, std::size_t max_bytes) {
    taken.clear();
    return ForEachOf<std::size_t>(
        folder_, {.threads = 3, .chunk = 2, .max_waiting_bytes = max_bytes}, 50,
        [&](const Repository&, std::size_t i) -> absl::StatusOr<std::size_t> {
          if (i == fails_at) return absl::AbortedError("here");
          return 10 * i;
        },
        [](const std::size_t&) { return std::size_t{100}; },
        [&](std::size_t i, std::size_t result) {
          EXPECT_EQ(result, 10 * i);
          taken.push_back(i);
          return absl::OkStatus();
        });
  };
  EXPECT_TRUE(run(99, 1).ok());
  ASSERT_EQ(taken.size(), 50U);
  for (std::size_t i = 0; i < taken.size(); ++i) EXPECT_EQ(taken[i], i);
  EXPECT_TRUE(absl::IsAborted(run(17, 1 << 20)));
  EXPECT_EQ(taken.size(), 17U);
}

}  // namespace
}  // namespace evalloop::code_analysis
