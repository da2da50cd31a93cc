#include "platform/sandbox/sandbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>

namespace evalloop::sandbox {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr std::string_view kMain = R"(
def main():
    pass
)";

// The same promises hold in every tier.
class SandboxTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    // Opened once a tier: that runs a probe.
    static auto& opened =
        *new std::map<std::string, std::unique_ptr<Sandbox>>();
    auto& tier = opened[GetParam()];
    if (tier == nullptr) {
      auto sandbox = OpenSandbox(GetParam());
      ASSERT_TRUE(sandbox.ok()) << sandbox.status();
      tier = *std::move(sandbox);
    }
    sandbox_ = tier.get();
  }

  JobResult RunPython(std::string source, Limits limits = {}) {
    auto prepared = sandbox_->Prepare(source);
    EXPECT_TRUE(prepared.ok()) << prepared.status();
    if (!prepared.ok()) return {};
    auto process = (*prepared)->Start({}, limits);
    EXPECT_TRUE(process.ok()) << process.status();
    if (!process.ok()) return {};
    auto result = (*process)->Wait();
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : JobResult();
  }

  Sandbox* sandbox_ = nullptr;
};

TEST_P(SandboxTest, AProgramThatDoesNothingEndsWithZero) {
  const JobResult result = RunPython(std::string(kMain));
  EXPECT_EQ(result.ending, Ending::kExited);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.tier, GetParam());
}

TEST_P(SandboxTest, AnEndlessLoopIsOutOfTime) {
  Limits limits;
  limits.wall_time = milliseconds(500);
  const JobResult result =
      RunPython("def main():\n  while True: pass\n", limits);
  EXPECT_EQ(result.ending, Ending::kWallTime);
}

TEST_P(SandboxTest, ASleeperIsOutOfTimeSoonAfterItsLimit) {
  Limits limits;
  limits.wall_time = milliseconds(500);
  const JobResult result =
      RunPython("import time\ndef main():\n  time.sleep(60)\n", limits);
  EXPECT_EQ(result.ending, Ending::kWallTime);
  EXPECT_LT(result.wall_time, milliseconds(2500));
}

TEST_P(SandboxTest, CpuTimeIsLimited) {
  Limits limits;
  limits.cpu_time = milliseconds(900);
  limits.wall_time = milliseconds(30'000);
  const JobResult result =
      RunPython("def main():\n  while True: pass\n", limits);
  EXPECT_EQ(result.ending, Ending::kCpuTime);
}

TEST_P(SandboxTest, MemoryIsLimited) {
  const JobResult result = RunPython(R"(
import sys
def main():
    try:
        held = bytearray(2 << 30)
    except MemoryError:
        sys.exit(5)
)");
  EXPECT_EQ(result.exit_code, 5);
}

TEST_P(SandboxTest, ForksAreLimited) {
  const JobResult result = RunPython(R"(
import os, sys, time
def main():
    made = 0
    for _ in range(100):
        try:
            if os.fork() == 0:
                time.sleep(60)
        except OSError:
            break
        made += 1
    sys.exit(5 if 0 < made < 24 else 6)
)");
  EXPECT_EQ(result.exit_code, 5);
}

TEST_P(SandboxTest, AsManyProcessesMayBeAsTheLimitSays) {
  auto prepared = sandbox_->Prepare(R"(
import os, sys, time
def main():
    made = 1
    for _ in range(100):
        try:
            if os.fork() == 0:
                time.sleep(60)
        except OSError:
            break
        made += 1
    sys.exit(made)
)");
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  for (const int processes : {10, 24, 10}) {
    Limits limits;
    limits.processes = processes;
    auto process = (*prepared)->Start({}, limits);
    ASSERT_TRUE(process.ok()) << process.status();
    const auto result = (*process)->Wait();
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_GE(result->exit_code, processes - 2);
    EXPECT_LE(result->exit_code, processes);
  }
}

TEST_P(SandboxTest, DiskIsLimited) {
  const JobResult result = RunPython(R"(
import sys
def main():
    try:
        for i in range(20):
            with open(f"/tmp/{i}", "wb") as file:
                file.write(bytes(4 << 20))
    except OSError:
        sys.exit(5)
)");
  EXPECT_EQ(result.exit_code, 5);
}

TEST_P(SandboxTest, AStartSeesNothingOfTheOneBefore) {
  auto prepared = sandbox_->Prepare(R"(
import os, sys
def main():
    if os.path.exists("/tmp/marker"):
        sys.exit(5)
    open("/tmp/marker", "w").close()
)");
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  for (int i = 0; i < 3; ++i) {
    auto process = (*prepared)->Start({}, {});
    ASSERT_TRUE(process.ok()) << process.status();
    const auto result = (*process)->Wait();
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->exit_code, 0);
  }
}

TEST_P(SandboxTest, AStartFindsItsDiskAsNewWhateverTheOneBeforeDid) {
  // Each leaves no file.
  auto prepared = sandbox_->Prepare(R"(
import os, sys
def main():
    state = os.stat("/tmp")
    with open("/tmp/number", "w") as file:
        number = os.fstat(file.fileno()).st_ino
    os.unlink("/tmp/number")
    os.write(3, f"{oct(state.st_mode)} {number} {os.listdir('/tmp')} ".encode())
    step = int(os.read(4, 1))
    if step == 0:
        os.chmod("/tmp", 0o500)
    elif step == 1:
        os.utime("/tmp", (1, 1))
    elif step == 2:
        os.close(os.open("/tmp", os.O_TMPFILE | os.O_RDWR))
    elif step == 3:
        os.listdir(".")
    os.write(3, f"{int(state.st_mtime) == 1}\n".encode())
)");
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  int said[2];
  int steps[2];
  ASSERT_EQ(pipe(said), 0);
  ASSERT_EQ(pipe(steps), 0);
  ASSERT_EQ(write(steps[1], "01234", 5), 5);
  for (int i = 0; i < 5; ++i) {
    auto process = (*prepared)->Start({said[1], steps[0]}, {});
    ASSERT_TRUE(process.ok()) << process.status();
    ASSERT_TRUE((*process)->Wait().ok());
  }
  char text[1024] = {};
  ASSERT_GT(read(said[0], text, sizeof(text) - 1), 0);
  std::set<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  EXPECT_EQ(lines.size(), 1u) << text;
  EXPECT_THAT(text, HasSubstr("[] False"));
  for (const int fd : {said[0], said[1], steps[0], steps[1]}) close(fd);
}

TEST_P(SandboxTest, AStartFindsTheStandardDescriptorsAsNew) {
  auto prepared = sandbox_->Prepare(R"(
import fcntl, os, sys
def main():
    for fd in range(3):
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
        if flags & os.O_APPEND:
            sys.exit(5)
        fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_APPEND)
)");
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  for (int i = 0; i < 3; ++i) {
    auto process = (*prepared)->Start({}, {});
    ASSERT_TRUE(process.ok()) << process.status();
    const auto result = (*process)->Wait();
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->exit_code, 0);
  }
}

TEST_P(SandboxTest, ASignalToItsGroupStaysInside) {
  // The first process of a namespace is immune to its own SIGKILL.
  const JobResult result = RunPython(R"(
import os, sys
def main():
    for process in 0, -1:
        try:
            os.kill(process, 9)
        except OSError:
            pass
    sys.exit(5)
)");
  EXPECT_EQ(result.exit_code, 5);
}

TEST_P(SandboxTest, AKilledProcessIsToldAsKilled) {
  auto prepared =
      sandbox_->Prepare("import time\ndef main():\n  time.sleep(60)\n");
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  auto process = (*prepared)->Start({}, {});
  ASSERT_TRUE(process.ok()) << process.status();
  (*process)->Kill();
  const auto result = (*process)->Wait();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ending, Ending::kKilled);
}

TEST_P(SandboxTest, AJobReadsItsFilesAndItsInput) {
  Job job;
  job.argv = {"/bin/sh", "-c", "cat /box/a/b.txt -; echo oops >&2; exit 3"};
  job.files = {{"/box/a/b.txt", "file "}};
  job.stdin_text = "input";
  const auto result = sandbox_->Run(job);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->stdout_text, "file input");
  EXPECT_EQ(result->stderr_text, "oops\n");
  EXPECT_EQ(result->exit_code, 3);
}

TEST_P(SandboxTest, AFloodOfOutputEndsAJob) {
  Job job;
  job.argv = {"/usr/bin/yes"};
  job.limits.output = 100'000;
  const auto result = sandbox_->Run(job);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->ending, Ending::kOutput);
  EXPECT_EQ(result->stdout_text.size(), 100'000u);
}

TEST_P(SandboxTest, AJobOutsideTheBoxIsRefused) {
  Job job;
  job.argv = {"/bin/true"};
  job.files = {{"/usr/x", ""}};
  EXPECT_EQ(sandbox_->Run(job).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_P(SandboxTest, AProgramThatIsMissingIsNoTroubleOfTheSandbox) {
  Job job;
  job.argv = {"/usr/bin/no-such-program"};
  const auto result = sandbox_->Run(job);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_NE(result->exit_code, 0);
  EXPECT_THAT(result->stderr_text, HasSubstr("no-such-program"));
}

TEST_P(SandboxTest, AProgramThatIsTalkedWithHasItsDescriptors) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Job job;
  job.argv = {"/box/talk"};
  job.files = {{.path = "/box/talk",
                .content = "#!/bin/sh\nread line <&3\necho \"got $line\" >&3\n",
                .executable = true}};
  auto process = sandbox_->Start(job, {ends[1]});
  ASSERT_TRUE(process.ok()) << process.status();
  close(ends[1]);
  ASSERT_EQ(write(ends[0], "it\n", 3), 3);
  const auto result = (*process)->Wait();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->exit_code, 0);
  char text[16] = {};
  EXPECT_EQ(read(ends[0], text, sizeof(text)), 7);
  EXPECT_EQ(std::string_view(text), "got it\n");
  close(ends[0]);
}

TEST_P(SandboxTest, WritableMemoryIsBoundWithoutABoundOnAddresses) {
  Job job;
  job.argv = {"/usr/bin/python3", "-I", "-S", "-c", R"(
import mmap
reserved = mmap.mmap(-1, 8 << 30, prot=mmap.PROT_READ)
try:
    bytearray(256 << 20)
    print("much")
except MemoryError:
    print("refused")
)"};
  job.limits.address_space = 0;
  job.limits.writable_memory = std::int64_t{128} << 20;
  const auto result = sandbox_->Run(job);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->stdout_text, "refused\n") << result->stderr_text;
}

INSTANTIATE_TEST_SUITE_P(Tiers, SandboxTest,
                         ::testing::Values("zygote", "bubblewrap"));

TEST(OpenSandboxTest, ATierThatIsNotThereIsAnError) {
  EXPECT_EQ(OpenSandbox("chroot").status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace evalloop::sandbox
