#include "scorer/execution/python_tests.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "platform/sandbox/child.h"
#include "platform/sandbox/ending.h"
#include "scorer/execution/python_sources.h"

namespace evalloop::scorer {
namespace {

using Clock = std::chrono::steady_clock;
using sandbox::Ending;
using sandbox::Fd;
using std::chrono::milliseconds;

constexpr std::size_t kLongestVerdict = 512;

absl::StatusOr<std::pair<Fd, Fd>> SocketPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return absl::UnavailableError("no socket pair");
  }
  return std::pair<Fd, Fd>(Fd(ends[0]), Fd(ends[1]));
}

void AddFrame(std::initializer_list<std::string_view> parts, std::string& out) {
  std::uint32_t size = 0;
  for (const auto part : parts) size += static_cast<std::uint32_t>(part.size());
  for (int shift = 0; shift < 32; shift += 8) {
    out += static_cast<char>(size >> shift & 0xff);
  }
  for (const auto part : parts) out += part;
}

// Writes to `socket` as much as it takes at once; returns what is left.
std::string_view WriteAhead(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size =
        send(socket, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return text;
}

// What the candidate's process reads: program, entry point.
std::string ProgramOf(const FunctionalCase& functional_case) {
  std::string program;
  AddFrame({functional_case.prompt, functional_case.completion, "\n"}, program);
  AddFrame({functional_case.entry_point}, program);
  return program;
}

// What the tests' process reads: what of the program the candidate's has yet to
// be told, prompt, tests, entry point.
std::string RequestOf(const FunctionalCase& functional_case,
                      std::string_view program_left) {
  std::string request;
  AddFrame({program_left}, request);
  AddFrame({functional_case.prompt}, request);
  AddFrame({functional_case.tests}, request);
  AddFrame({functional_case.entry_point}, request);
  return request;
}

// The talk with the tests' process: the request out, the verdict in.
class Talk {
 public:
  Talk(Fd socket, std::string request)
      : socket_(std::move(socket)), request_(std::move(request)) {
    fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  }

  // Goes on until there is a verdict, the process is gone, or it is `until`;
  // returns whether one of the first two came.
  bool Run(Clock::time_point until) {
    while (!over_) {
      const bool writing = sent_ < request_.size();
      pollfd polled{socket_.get(),
                    static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN), 0};
      const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
      if (left.count() <= 0) return false;
      const int ready = poll(&polled, 1, static_cast<int>(left.count()));
      if (ready <= 0) continue;
      if ((polled.revents & POLLOUT) != 0) Write();
      if ((polled.revents & ~POLLOUT) != 0) Read();
    }
    return true;
  }

  // Without the frame's length; nothing where none came whole.
  std::optional<std::string_view> verdict() const {
    if (received_.size() < 5) return std::nullopt;
    std::uint32_t size = 0;
    std::memcpy(&size, received_.data(), sizeof(size));
    if (size != received_.size() - 4) return std::nullopt;
    return std::string_view(received_).substr(4);
  }

 private:
  void Write() {
    const ssize_t size = send(socket_.get(), request_.data() + sent_,
                              request_.size() - sent_, MSG_NOSIGNAL);
    if (size > 0) sent_ += static_cast<std::size_t>(size);
    if (size < 0 && errno != EAGAIN && errno != EINTR) over_ = true;
  }

  void Read() {
    char buffer[kLongestVerdict];
    const ssize_t size = recv(socket_.get(), buffer, sizeof(buffer), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
      over_ = true;
      return;
    }
    received_.append(buffer, static_cast<std::size_t>(size));
    over_ = verdict().has_value() || received_.size() > kLongestVerdict;
  }

  const Fd socket_;
  const std::string request_;
  std::size_t sent_ = 0;
  std::string received_;
  bool over_ = false;
};

// The two processes of a check.
struct Pair {
  std::unique_ptr<sandbox::Process> candidate;
  std::unique_ptr<sandbox::Process> check;
};

// Runs the talk to its end or out of time; true when out of time.
bool OutOfTime(Talk& talk, Pair& pair, milliseconds timeout) {
  const auto begin = Clock::now();
  auto deadline = begin + timeout;
  while (!talk.Run(deadline)) {
    // Mostly only one of the two runs at a time, so their waits add up.
    const auto starved = pair.candidate->Starved() + pair.check->Starved();
    deadline = sandbox::ExtendedDeadline(begin, timeout, starved);
    if (deadline <= Clock::now() + milliseconds(1)) return true;
  }
  return false;
}

void Judge(std::optional<std::string_view> words, bool out_of_time,
           const sandbox::JobResult& candidate, const sandbox::JobResult& check,
           FunctionalVerdict& verdict) {
  const auto used_up = [](const sandbox::JobResult& result) {
    return result.ending == Ending::kCpuTime ||
           result.ending == Ending::kWallTime;
  };
  if (words == "P") {
    verdict.result = FunctionalResult::kPassed;
  } else if (out_of_time || used_up(candidate) || used_up(check)) {
    verdict.result = FunctionalResult::kTimedOut;
  } else if (words.has_value() && words->starts_with('F')) {
    verdict.result = FunctionalResult::kFailed;
    verdict.detail = words->substr(1);
  } else {
    verdict.detail = fmt::format(
        "the tests' process {} with {} and no verdict",
        EndingName(check.ending),
        check.ending == Ending::kExited ? check.exit_code : check.signal);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<PythonTests>> PythonTests::Open(
    sandbox::Sandbox& sandbox) {
  auto candidates = sandbox.Prepare(CandidateSource());
  if (!candidates.ok()) return candidates.status();
  auto checks = sandbox.Prepare(CheckSource());
  if (!checks.ok()) return checks.status();
  return std::unique_ptr<PythonTests>(new PythonTests(
      std::string(sandbox.tier()), *std::move(candidates), *std::move(checks)));
}

absl::StatusOr<FunctionalVerdict> PythonTests::Check(
    const FunctionalCase& functional_case, milliseconds timeout) {
  if (functional_case.language != code_analysis::Language::kPython) {
    return absl::InvalidArgumentError("tests of this language can't be run");
  }
  if (functional_case.entry_point.empty()) {
    return absl::InvalidArgumentError("entry_point: required");
  }
  const auto begin = Clock::now();
  FunctionalVerdict verdict;
  verdict.tier = tier_;
  const auto broken = [&](const absl::Status& status) {
    verdict.detail = std::string(status.message());
    return verdict;
  };
  auto between = SocketPair();
  if (!between.ok()) return broken(between.status());
  auto outside = SocketPair();
  if (!outside.ok()) return broken(outside.status());
  sandbox::Limits limits;
  limits.cpu_time = timeout;
  limits.wall_time = 5 * timeout;  // The talk below has the clock.
  Pair pair;
  // Written before there is anybody, the program needs no one to carry it.
  const std::string program = ProgramOf(functional_case);
  const std::string_view program_left =
      WriteAhead(between->second.get(), program);
  auto candidate = candidates_->Start({between->first.get()}, limits);
  if (!candidate.ok()) return broken(candidate.status());
  pair.candidate = *std::move(candidate);
  auto check =
      checks_->Start({between->second.get(), outside->second.get()}, limits);
  if (!check.ok()) return broken(check.status());
  pair.check = *std::move(check);
  between->first.Close();  // Or no end of either process would be seen.
  between->second.Close();
  outside->second.Close();
  Talk talk(std::move(outside->first),
            RequestOf(functional_case, program_left));
  const bool out_of_time = OutOfTime(talk, pair, timeout);
  verdict.wall_time = std::chrono::duration_cast<std::chrono::microseconds>(
      Clock::now() - begin);
  pair.candidate->Kill();
  if (talk.verdict().has_value() || out_of_time) pair.check->Kill();
  const auto candidate_end = pair.candidate->Wait();
  if (!candidate_end.ok()) return broken(candidate_end.status());
  const auto check_end = pair.check->Wait();
  if (!check_end.ok()) return broken(check_end.status());
  verdict.cpu_time = candidate_end->cpu_time + check_end->cpu_time;
  Judge(talk.verdict(), out_of_time, *candidate_end, *check_end, verdict);
  return verdict;
}

}  // namespace evalloop::scorer
