#include "scorer/execution/javascript_script.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/sandbox/ending.h"
#include "scorer/execution/calls_talk.h"

namespace evalloop::scorer {
namespace {

using Clock = std::chrono::steady_clock;
using sandbox::Ending;
using sandbox::Fd;
using sandbox::JobResult;
using std::chrono::milliseconds;

constexpr std::size_t kLongestVerdict = 512;

// What the script's process says: one line.
class Listener {
 public:
  explicit Listener(Fd socket) : socket_(std::move(socket)) {}

  // Until there is a line, the process is gone, or it is `until`; returns
  // whether one of the first two came.
  bool Run(Clock::time_point until) {
    while (!over_) {
      pollfd polled{socket_.get(), POLLIN, 0};
      const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
      if (left.count() <= 0) return false;
      if (poll(&polled, 1, static_cast<int>(left.count())) > 0) Read();
    }
    return true;
  }

  std::optional<std::string_view> line() const {
    const auto end = text_.find('\n');
    if (end == text_.npos) return std::nullopt;
    return std::string_view(text_).substr(0, end);
  }

 private:
  void Read() {
    char buffer[kLongestVerdict];
    const ssize_t size = recv(socket_.get(), buffer, sizeof(buffer), 0);
    if (size < 0 && errno == EINTR) return;
    if (size > 0) text_.append(buffer, static_cast<std::size_t>(size));
    over_ = size <= 0 || line().has_value() || text_.size() > kLongestVerdict;
  }

  const Fd socket_;
  std::string text_;
  bool over_ = false;
};

struct Pair {
  std::unique_ptr<sandbox::Process> candidate;
  std::unique_ptr<sandbox::Process> check;
};

bool UsedUp(const JobResult& result) {
  return result.ending == Ending::kCpuTime ||
         result.ending == Ending::kWallTime;
}

void Judge(const Listener& listener, bool out_of_time,
           const JobResult& candidate, const JobResult& check,
           FunctionalVerdict& verdict) {
  const auto line = listener.line();
  if (line == "P") {
    verdict.result = FunctionalResult::kPassed;
  } else if (out_of_time || UsedUp(candidate) || UsedUp(check)) {
    verdict.result = FunctionalResult::kTimedOut;
  } else if (line.has_value() && line->starts_with('F')) {
    verdict.result = FunctionalResult::kFailed;
    verdict.detail = ShortWords(line->substr(1));
  } else {
    verdict.detail = fmt::format(
        "the tests' process {} with {} and no verdict",
        EndingName(check.ending),
        check.ending == Ending::kExited ? check.exit_code : check.signal);
  }
}

absl::Status Start(const sandbox::Job& candidate, const sandbox::Job& check,
                   sandbox::Sandbox& sandbox, Pair& pair, Fd& outside) {
  auto between = SocketPair();
  if (!between.ok()) return between.status();
  auto verdict = SocketPair();
  if (!verdict.ok()) return verdict.status();
  auto first = sandbox.Start(candidate, {between->first.get()});
  if (!first.ok()) return first.status();
  pair.candidate = *std::move(first);
  auto second =
      sandbox.Start(check, {between->second.get(), verdict->second.get()});
  if (!second.ok()) return second.status();
  pair.check = *std::move(second);
  outside = std::move(verdict->first);
  return absl::OkStatus();  // Their ends are closed here, so that ends are
                            // seen.
}

}  // namespace

FunctionalVerdict RunScript(const sandbox::Job& candidate,
                            const sandbox::Job& check, milliseconds timeout,
                            sandbox::Sandbox& sandbox) {
  const auto begin = Clock::now();
  const auto broken = [&](const absl::Status& status) {
    return InfrastructureVerdict(sandbox.tier(), status);
  };
  Pair pair;
  Fd outside;
  if (auto status = Start(candidate, check, sandbox, pair, outside);
      !status.ok()) {
    return broken(status);
  }
  Listener listener(std::move(outside));
  auto deadline = begin + timeout;
  bool out_of_time = false;
  while (!out_of_time && !listener.Run(deadline)) {
    // Only one of the two runs at a time, so their waits add up.
    const auto starved = pair.candidate->Starved() + pair.check->Starved();
    deadline = sandbox::ExtendedDeadline(begin, timeout, starved);
    out_of_time = deadline <= Clock::now() + milliseconds(1);
  }
  FunctionalVerdict verdict;
  verdict.wall_time = std::chrono::duration_cast<std::chrono::microseconds>(
      Clock::now() - begin);
  pair.candidate->Kill();
  if (listener.line().has_value() || out_of_time) pair.check->Kill();
  const auto candidate_end = pair.candidate->Wait();
  if (!candidate_end.ok()) return broken(candidate_end.status());
  const auto check_end = pair.check->Wait();
  if (!check_end.ok()) return broken(check_end.status());
  verdict.tier = candidate_end->tier;
  verdict.cpu_time = candidate_end->cpu_time + check_end->cpu_time;
  Judge(listener, out_of_time, *candidate_end, *check_end, verdict);
  return verdict;
}

}  // namespace evalloop::scorer
