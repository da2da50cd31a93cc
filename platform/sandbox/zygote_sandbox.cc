#include "platform/sandbox/zygote_sandbox.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include "platform/sandbox/child.h"
#include "platform/sandbox/ending.h"
#include "platform/sandbox/protocol.h"
#include "platform/sandbox/seccomp_filter.h"

namespace evalloop::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// What a zygote may take for a start or an answer on a very busy machine.
constexpr milliseconds kPatience{30'000};

// A running zygote and the talk with it.
class Zygote {
 public:
  static absl::StatusOr<std::unique_ptr<Zygote>> Open(
      const std::string& launcher, const std::string& source,
      const std::string& filter) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
      return absl::UnavailableError("no socket pair");
    }
    Fd ours(pair[0]);
    const Fd theirs(pair[1]);
    auto file = MemoryFile(source);
    if (!file.ok()) return file.status();
    auto filter_file = MemoryFile(filter);
    if (!filter_file.ok()) return filter_file.status();
    auto child = Child::Spawn({launcher}, {-1, -1, -1, theirs.get(),
                                           file->get(), filter_file->get()});
    if (!child.ok()) return child.status();
    std::unique_ptr<Zygote> zygote(
        new Zygote(*std::move(child), std::move(ours)));
    return zygote;
  }

  // It ends by itself when it hears nobody any more.
  ~Zygote() {
    socket_.Close();
    pollfd polled{child_.pidfd(), POLLIN, 0};
    (void)poll(&polled, 1, 2000);
  }

  // Its first words. Not in Open: the caller's end of the pair must be closed
  // by then, or a zygote that dies would never be noticed.
  absl::Status Ready() {
    const auto notice = Hear(Clock::now() + kPatience);
    if (!notice.ok()) return notice.status();
    if (notice->report == Report::kReady) return absl::OkStatus();
    return absl::UnavailableError(
        fmt::format("sandbox_zygote: {}", notice->text));
  }

  bool broken() const { return broken_; }

  absl::Status Say(const Request& request, const std::vector<int>& fds = {}) {
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxFds)] = {};
    iovec vector{const_cast<Request*>(&request), sizeof(request)};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    if (!fds.empty()) {
      const std::size_t size = sizeof(int) * fds.size();
      message.msg_control = control;
      message.msg_controllen = CMSG_SPACE(size);
      cmsghdr* const header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(size);
      std::memcpy(CMSG_DATA(header), fds.data(), size);
    }
    if (sendmsg(socket_.get(), &message, MSG_NOSIGNAL) < 0) return Broke();
    return absl::OkStatus();
  }

  // The next notice; DEADLINE_EXCEEDED when it doesn't come in time.
  absl::StatusOr<Notice> Hear(Clock::time_point deadline) {
    while (true) {
      const auto left =
          std::chrono::ceil<milliseconds>(deadline - Clock::now());
      pollfd polled{socket_.get(), POLLIN, 0};
      const int ready =
          poll(&polled, 1,
               static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
      if (ready < 0 && errno == EINTR) continue;
      if (ready == 0) return absl::DeadlineExceededError("no notice in time");
      Notice notice;
      const ssize_t size = recv(socket_.get(), &notice, sizeof(notice), 0);
      if (size < 0 && errno == EINTR) continue;
      if (size != static_cast<ssize_t>(sizeof(notice))) return Broke();
      notice.text[sizeof(notice.text) - 1] = '\0';
      return notice;
    }
  }

  void MarkBroken() { broken_ = true; }

 private:
  Zygote(Child child, Fd socket)
      : child_(std::move(child)), socket_(std::move(socket)) {}

  absl::Status Broke() {
    broken_ = true;
    return absl::UnavailableError("sandbox_zygote went away");
  }

  Child child_;
  Fd socket_;
  bool broken_ = false;
};

class ZygoteTemplate;

class ZygoteProcess final : public Process {
 public:
  ZygoteProcess(ZygoteTemplate& home, std::unique_ptr<Zygote> zygote,
                const Limits& limits)
      : home_(home), zygote_(std::move(zygote)), limits_(limits) {}
  ~ZygoteProcess() override;

  void Kill() override {
    if (ended_.has_value() || killed_) return;
    killed_ = true;
    Request request{};
    request.order = Order::kKill;
    (void)zygote_->Say(request);  // A dead zygote's children are dead too.
  }

  std::chrono::microseconds Starved() override {
    if (ended_.has_value()) return std::chrono::microseconds(0);
    Request request{};
    request.order = Order::kStarved;
    if (!zygote_->Say(request).ok()) return std::chrono::microseconds(0);
    const auto notice = zygote_->Hear(Clock::now() + kPatience);
    if (!notice.ok()) return std::chrono::microseconds(0);
    if (notice->report != Report::kStarving) {
      ended_ = *notice;
      return std::chrono::microseconds(0);
    }
    return std::chrono::microseconds(notice->microseconds);
  }

  absl::StatusOr<JobResult> Wait() override {
    bool out_of_time = false;
    Clock::time_point deadline = begin_ + limits_.wall_time;
    while (!ended_.has_value()) {
      const auto notice = zygote_->Hear(
          out_of_time || killed_ ? Clock::now() + kPatience : deadline);
      if (notice.ok()) {
        if (notice->report != Report::kStarving) ended_ = *notice;
        continue;
      }
      if (!absl::IsDeadlineExceeded(notice.status())) return notice.status();
      if (out_of_time || killed_) {
        zygote_->MarkBroken();
        return absl::UnavailableError("a killed program did not end");
      }
      const auto starved = Starved();
      if (ended_.has_value()) break;
      deadline = ExtendedDeadline(begin_, limits_.wall_time, starved);
      if (deadline > Clock::now() + milliseconds(1)) continue;
      out_of_time = true;
      Kill();
      killed_ = false;  // The clock's doing, not the caller's.
    }
    if (ended_->text[0] != '\0') {
      return absl::UnavailableError(
          fmt::format("sandbox_zygote: {}", ended_->text));
    }
    JobResult result;
    result.tier = "zygote";
    result.cpu_time = std::chrono::microseconds(ended_->microseconds);
    result.wall_time = std::chrono::duration_cast<std::chrono::microseconds>(
        Clock::now() - begin_);
    SetEnding(ended_->wait_status, limits_, killed_, out_of_time, result);
    return result;
  }

 private:
  ZygoteTemplate& home_;
  std::unique_ptr<Zygote> zygote_;
  const Limits limits_;
  const Clock::time_point begin_ = Clock::now();
  bool killed_ = false;
  std::optional<Notice> ended_;
};

class ZygoteTemplate final : public PythonTemplate {
 public:
  ZygoteTemplate(std::string launcher, std::string_view source,
                 std::string filter)
      : launcher_(std::move(launcher)),
        source_(source),
        filter_(std::move(filter)) {}

  absl::StatusOr<std::unique_ptr<Process>> Start(
      const std::vector<int>& fds, const Limits& limits) override {
    if (fds.size() > kMaxFds) {
      return absl::InvalidArgumentError("too many file descriptors");
    }
    auto zygote = Take();
    if (!zygote.ok()) return zygote.status();
    Request request{};
    request.order = Order::kStart;
    request.cpu_seconds = WholeSeconds(limits.cpu_time);
    request.address_space = static_cast<std::uint64_t>(limits.address_space);
    request.file_size = static_cast<std::uint64_t>(limits.file_size);
    request.scratch_space = static_cast<std::uint64_t>(limits.scratch_space);
    request.processes = static_cast<std::uint32_t>(limits.processes);
    request.open_files = static_cast<std::uint32_t>(limits.open_files);
    // Nothing is heard of it before its end, good or bad.
    if (auto status = (*zygote)->Say(request, fds); !status.ok()) return status;
    return std::make_unique<ZygoteProcess>(*this, *std::move(zygote), limits);
  }

  void GiveBack(std::unique_ptr<Zygote> zygote) {
    if (zygote->broken()) return;
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(zygote));
  }

  absl::StatusOr<std::unique_ptr<Zygote>> Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto zygote = std::move(idle_.back());
        idle_.pop_back();
        return zygote;
      }
    }
    auto zygote = Zygote::Open(launcher_, source_, filter_);
    if (!zygote.ok()) return zygote.status();
    if (auto status = (*zygote)->Ready(); !status.ok()) return status;
    return zygote;
  }

 private:
  const std::string launcher_;
  const std::string source_;
  const std::string filter_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Zygote>> idle_;
};

ZygoteProcess::~ZygoteProcess() {
  if (!ended_.has_value() && !zygote_->broken()) {
    Kill();
    (void)Wait();
  }
  home_.GiveBack(std::move(zygote_));
}

}  // namespace

ZygoteSandbox::ZygoteSandbox(std::string launcher,
                             std::unique_ptr<Sandbox> programs)
    : launcher_(std::move(launcher)), programs_(std::move(programs)) {}

absl::StatusOr<JobResult> ZygoteSandbox::Run(const Job& job) {
  if (programs_ == nullptr) {
    return absl::UnavailableError("one-shot jobs need bubblewrap");
  }
  return programs_->Run(job);
}

absl::StatusOr<std::unique_ptr<Process>> ZygoteSandbox::Start(
    const Job& job, const std::vector<int>& fds) {
  if (programs_ == nullptr) {
    return absl::UnavailableError("other programs need bubblewrap");
  }
  return programs_->Start(job, fds);
}

absl::StatusOr<std::unique_ptr<PythonTemplate>> ZygoteSandbox::Prepare(
    std::string_view source) {
  const auto filter = BuildFilter(Profile::kZygote);
  if (!filter.ok()) return filter.status();
  std::string bytes(reinterpret_cast<const char*>(filter->data()),
                    filter->size() * sizeof(sock_filter));
  auto prepared =
      std::make_unique<ZygoteTemplate>(launcher_, source, std::move(bytes));
  auto first = prepared->Take();  // Tells now what doesn't work here.
  if (!first.ok()) return first.status();
  prepared->GiveBack(*std::move(first));
  return prepared;
}

absl::StatusOr<std::string> FindLauncher() {
  const char* const given = std::getenv("EVALLOOP_SANDBOX_ZYGOTE");
  if (given != nullptr && *given != '\0') return std::string(given);
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto folder = self.parent_path();
  for (const auto& path : {folder / "sandbox_zygote",
                           folder.parent_path() / "bin" / "sandbox_zygote"}) {
    if (access(path.c_str(), X_OK) == 0) return path.string();
  }
  return absl::NotFoundError("no sandbox_zygote beside this program");
}

}  // namespace evalloop::sandbox
