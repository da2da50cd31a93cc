#include "platform/base/spool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "platform/base/ids.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::base {
namespace {

using ::evalloop::testing::IsOk;
using ::evalloop::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

class SpoolTest : public ::testing::Test {
 protected:
  SpoolTest()
      : directory_(fs::temp_directory_path() / ("spool-" + RandomId())) {}
  ~SpoolTest() override { fs::remove_all(directory_); }

  std::unique_ptr<Spool> Open(std::uint64_t max_bytes = 1 << 20,
                              std::uint64_t segment_bytes = 64) {
    auto spool = Spool::Open({.directory = directory_,
                              .max_bytes = max_bytes,
                              .segment_bytes = segment_bytes});
    EXPECT_THAT(spool, IsOk());
    return *std::move(spool);
  }
  static std::vector<std::string> ReadAll(Spool& spool) {
    std::vector<std::string> all;
    while (true) {
      const auto entries = spool.Read(100, 1 << 20);
      EXPECT_THAT(entries, IsOk());
      if (entries->empty()) return all;
      for (const auto& entry : *entries) all.push_back(entry.bytes);
    }
  }
  std::vector<fs::path> Segments() const {
    std::vector<fs::path> paths;
    for (const auto& file : fs::directory_iterator(directory_)) {
      if (file.path().extension() == ".log") paths.push_back(file.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  const fs::path directory_;
};

TEST_F(SpoolTest, GivesBackWhatWasAppendedInOrderAcrossSegments) {
  auto spool = Open();
  std::vector<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    expected.push_back("entry " + std::to_string(i));
    ASSERT_THAT(spool->Append(expected.back()), IsOk());
  }
  EXPECT_GT(Segments().size(), 1u);
  EXPECT_EQ(ReadAll(*spool), expected);
}

TEST_F(SpoolTest, KeepsWhatWasNotAcknowledgedOverARestart) {
  {
    auto spool = Open();
    for (const char* entry : {"a", "b", "c"}) {
      ASSERT_THAT(spool->Append(entry), IsOk());
    }
    const auto read = spool->Read(2, 100);
    ASSERT_THAT(read, IsOk());
    ASSERT_EQ(read->size(), 2u);
    ASSERT_THAT(spool->Acknowledge((*read)[0].end), IsOk());
  }
  auto spool = Open();
  ASSERT_THAT(spool->Append("d"), IsOk());
  EXPECT_THAT(ReadAll(*spool), ElementsAre("b", "c", "d"));
}

TEST_F(SpoolTest, KeepsWhatAKilledProcessAppended) {
  const pid_t child = fork();
  if (child == 0) {
    auto spool = Spool::Open({.directory = directory_});
    const bool kept = spool.ok() && (*spool)->Append("survivor").ok();
    kill(getpid(), kept ? SIGKILL : SIGTERM);
  }
  int ended = 0;
  ASSERT_EQ(waitpid(child, &ended, 0), child);
  ASSERT_TRUE(WIFSIGNALED(ended));
  ASSERT_EQ(WTERMSIG(ended), SIGKILL);
  EXPECT_THAT(ReadAll(*Open()), ElementsAre("survivor"));
}

TEST_F(SpoolTest, AFullDiskRefusesTheEntryAndLeavesTheLogWhole) {
  const pid_t child = fork();
  if (child == 0) {
    // A file that may not grow past 30 bytes: the second entry is cut short.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {.rlim_cur = 30, .rlim_max = 30};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto spool = Spool::Open({.directory = directory_});
    const bool right =
        spool.ok() && (*spool)->Append("0123456789").ok() &&
        absl::IsResourceExhausted((*spool)->Append("0123456789")) &&
        (*spool)->Append("").ok();
    _exit(right ? 0 : 1);
  }
  int ended = 0;
  ASSERT_EQ(waitpid(child, &ended, 0), child);
  EXPECT_EQ(ended, 0);
  EXPECT_THAT(ReadAll(*Open()), ElementsAre("0123456789", ""));
}

TEST_F(SpoolTest, CutsATornTailAtEveryByteAndAppendsAfterIt) {
  constexpr std::size_t kFrame = 8 + 5;
  for (std::size_t kept = 0; kept < kFrame; ++kept) {
    fs::remove_all(directory_);
    {
      auto spool = Open();
      ASSERT_THAT(spool->Append("whole"), IsOk());
      ASSERT_THAT(spool->Append("torn!"), IsOk());
    }
    fs::resize_file(Segments().back(), kFrame + kept);
    auto spool = Open();
    ASSERT_THAT(spool->Append("later"), IsOk());
    EXPECT_THAT(ReadAll(*spool), ElementsAre("whole", "later"));
  }
}

TEST_F(SpoolTest, ReadsASegmentUpToItsDamageAndGoesOnWithTheNext) {
  {
    auto spool = Open(1 << 20, /*segment_bytes=*/20);
    for (const char* entry : {"one", "two", "three", "four"}) {
      ASSERT_THAT(spool->Append(entry), IsOk());  // Two to a segment.
    }
  }
  {
    std::fstream file(Segments().front(),
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(8 + 3 + 8);  // The payload of "two".
    file.put('X');
  }
  auto spool = Open();
  EXPECT_EQ(spool->stats().damaged_segments, 1u);
  EXPECT_THAT(ReadAll(*spool), ElementsAre("one", "three", "four"));
}

TEST_F(SpoolTest, DeletesSegmentsOnceAcknowledgedAndThenHasRoomAgain) {
  auto spool = Open(/*max_bytes=*/200, /*segment_bytes=*/50);
  const std::string entry(20, 'x');
  int accepted = 0;
  absl::Status status;
  while ((status = spool->Append(entry)).ok()) ++accepted;
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(accepted, 7);
  const auto read = spool->Read(100, 1 << 20);
  ASSERT_THAT(read, IsOk());
  const auto segments = Segments().size();
  ASSERT_THAT(spool->Acknowledge(read->back().end), IsOk());
  EXPECT_LT(Segments().size(), segments);
  EXPECT_THAT(spool->Append(entry), IsOk());
}

TEST_F(SpoolTest, RewindsToTheAcknowledgedPosition) {
  auto spool = Open();
  for (const char* entry : {"a", "b", "c"}) {
    ASSERT_THAT(spool->Append(entry), IsOk());
  }
  const auto read = spool->Read(1, 100);
  ASSERT_THAT(read, IsOk());
  ASSERT_THAT(spool->Acknowledge(read->front().end), IsOk());
  EXPECT_THAT(ReadAll(*spool), ElementsAre("b", "c"));
  EXPECT_THAT(ReadAll(*spool), IsEmpty());
  spool->Rewind();
  EXPECT_THAT(ReadAll(*spool), ElementsAre("b", "c"));
}

TEST_F(SpoolTest, RefusesASecondOwnerOfTheDirectory) {
  auto spool = Open();
  EXPECT_THAT(Spool::Open({.directory = directory_}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(SpoolTest, RefusesAnEntryOverItsLimit) {
  auto spool = Open();
  EXPECT_THAT(spool->Append(std::string(Spool::kMaxEntryBytes + 1, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(SpoolTest, TakesEntriesFromManyThreadsWhileOneReads) {
  auto spool = Open(1 << 20, 512);
  constexpr int kEach = 200;
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&spool] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_THAT(spool->Append("entry"), IsOk());
      }
    });
  }
  int read = 0;
  while (read < 4 * kEach) {
    ASSERT_TRUE(spool->WaitForEntries({}, std::chrono::seconds(30)));
    const auto entries = spool->Read(50, 1 << 20);
    ASSERT_THAT(entries, IsOk());
    read += static_cast<int>(entries->size());
    if (entries->empty()) continue;
    ASSERT_THAT(spool->Acknowledge(entries->back().end), IsOk());
  }
  EXPECT_EQ(spool->stats().pending_bytes, 0u);
}

}  // namespace
}  // namespace evalloop::base
