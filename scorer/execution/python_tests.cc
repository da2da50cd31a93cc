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

constexpr std::size_t kLongestAnswer = 1 << 20;

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

// What of the tests the candidate's process runs before its program; empty
// where they share nothing.
std::string_view SharedPartOf(std::string_view tests) {
  constexpr std::string_view kBegin = "# evalloop: shared\n";
  constexpr std::string_view kEnd = "\n# evalloop: tests\n";
  if (!tests.starts_with(kBegin)) return {};
  const std::size_t end = tests.find(kEnd);
  return end == std::string_view::npos ? std::string_view()
                                       : tests.substr(0, end + 1);
}

// What the candidate's process reads: what it shares with the tests, program,
// entry point.
std::string ProgramOf(const FunctionalCase& functional_case) {
  std::string program;
  AddFrame({SharedPartOf(functional_case.tests)}, program);
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

// A talk with a process: a request out, and answers in until it is over.
class Talk {
 public:
  Talk(Fd socket, std::string request)
      : socket_(std::move(socket)), request_(std::move(request)) {
    fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  }
  virtual ~Talk() = default;
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  // Goes on until it is over, the process is gone, or it is `until`; returns
  // whether one of the first two came.
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

 protected:
  // The next frame, without its length, if it came whole; it is taken away.
  std::optional<std::string> TakeFrame() {
    std::uint32_t size = 0;
    if (received_.size() < sizeof(size)) return std::nullopt;
    std::memcpy(&size, received_.data(), sizeof(size));
    if (size > kLongestAnswer) {
      over_ = true;
      return std::nullopt;
    }
    if (received_.size() < sizeof(size) + size) return std::nullopt;
    std::string frame = received_.substr(sizeof(size), size);
    received_.erase(0, sizeof(size) + size);
    return frame;
  }

 private:
  // Takes what came; returns whether the talk is over.
  virtual bool Heard() = 0;

  void Write() {
    const ssize_t size = send(socket_.get(), request_.data() + sent_,
                              request_.size() - sent_, MSG_NOSIGNAL);
    if (size > 0) sent_ += static_cast<std::size_t>(size);
    if (size < 0 && errno != EAGAIN && errno != EINTR) over_ = true;
  }

  void Read() {
    char buffer[8192];
    const ssize_t size = recv(socket_.get(), buffer, sizeof(buffer), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
      over_ = true;
      return;
    }
    received_.append(buffer, static_cast<std::size_t>(size));
    if (Heard()) over_ = true;
  }

  const Fd socket_;
  const std::string request_;
  std::size_t sent_ = 0;
  std::string received_;
  bool over_ = false;
};

// With the tests' process: everything out, the verdict in.
class Hearing final : public Talk {
 public:
  using Talk::Talk;
  const std::optional<std::string>& verdict() const { return verdict_; }

 private:
  bool Heard() override {
    verdict_ = TakeFrame();
    return verdict_.has_value();
  }

  std::optional<std::string> verdict_;
};

// With the candidate's process itself: all calls out, the answers in, each
// compared at once.
class Questions final : public Talk {
 public:
  Questions(Fd socket, std::string request, const std::vector<PlainTest>& tests)
      : Talk(std::move(socket), std::move(request)), tests_(tests) {}

  // As a tests' process would say it; nothing where it must be asked.
  const std::optional<std::string>& verdict() const { return verdict_; }

 private:
  bool Heard() override {
    while (auto frame = TakeFrame()) {
      std::string_view answer = *frame;
      if (!answer.starts_with(kAnswered) || !answer.ends_with('}')) return true;
      answer.remove_prefix(kAnswered.size());
      answer.remove_suffix(1);
      if (!loaded_) {
        if (answer != "null") return true;
        loaded_ = true;
        continue;
      }
      const PlainTest& test = tests_[asked_++];
      const Agreement agreement = Agrees(test, answer);
      if (agreement == Agreement::kNo) {
        verdict_ = "FAssertionError";
        if (!test.words.empty()) *verdict_ += ": " + test.words.substr(0, 200);
      }
      if (agreement != Agreement::kYes) return true;
      if (asked_ == tests_.size()) {
        verdict_ = "P";
        return true;
      }
    }
    return false;
  }

  static constexpr std::string_view kAnswered = "{\"v\":";

  const std::vector<PlainTest>& tests_;
  std::size_t asked_ = 0;
  bool loaded_ = false;
  std::optional<std::string> verdict_;
};

// Runs the talk to its end or out of time; true when out of time.
bool OutOfTime(Talk& talk, std::initializer_list<sandbox::Process*> processes,
               milliseconds timeout) {
  const auto begin = Clock::now();
  auto deadline = begin + timeout;
  while (!talk.Run(deadline)) {
    // Mostly only one of two runs at a time, so their waits add up.
    std::chrono::microseconds starved(0);
    for (sandbox::Process* const process : processes) {
      starved += process->Starved();
    }
    deadline = sandbox::ExtendedDeadline(begin, timeout, starved);
    if (deadline <= Clock::now() + milliseconds(1)) return true;
  }
  return false;
}

bool UsedUp(const sandbox::JobResult& result) {
  return result.ending == Ending::kCpuTime ||
         result.ending == Ending::kWallTime;
}

sandbox::Limits LimitsOf(milliseconds timeout) {
  sandbox::Limits limits;
  limits.cpu_time = timeout;
  limits.wall_time = 5 * timeout;  // The talk has the clock.
  return limits;
}

void Judge(const std::optional<std::string>& words, bool out_of_time,
           const sandbox::JobResult& candidate, const sandbox::JobResult& check,
           FunctionalVerdict& verdict) {
  if (words == "P") {
    verdict.result = FunctionalResult::kPassed;
  } else if (out_of_time || UsedUp(candidate) || UsedUp(check)) {
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
  absl::Status status;
  bool decided = false;
  if (const auto tests = ParsePlainTests(functional_case.tests)) {
    const auto asked = Ask(functional_case, *tests, timeout, verdict);
    decided = asked.ok() && *asked;
    status = asked.status();
  }
  if (status.ok() && !decided) status = Try(functional_case, timeout, verdict);
  verdict.wall_time = std::chrono::duration_cast<std::chrono::microseconds>(
      Clock::now() - begin);
  if (!status.ok()) {
    verdict.result = FunctionalResult::kInfrastructure;
    verdict.detail = std::string(status.message());
  }
  return verdict;
}

absl::StatusOr<bool> PythonTests::Ask(const FunctionalCase& functional_case,
                                      const std::vector<PlainTest>& tests,
                                      milliseconds timeout,
                                      FunctionalVerdict& verdict) {
  auto link = SocketPair();
  if (!link.ok()) return link.status();
  std::string request = ProgramOf(functional_case);
  for (const PlainTest& test : tests) AddFrame({test.call}, request);
  auto candidate = candidates_->Start({link->first.get()}, LimitsOf(timeout));
  if (!candidate.ok()) return candidate.status();
  link->first.Close();  // Or its end would not be seen.
  Questions talk(std::move(link->second), std::move(request), tests);
  const bool out_of_time = OutOfTime(talk, {candidate->get()}, timeout);
  (*candidate)->Kill();
  const auto end = (*candidate)->Wait();
  if (!end.ok()) return end.status();
  verdict.cpu_time += end->cpu_time;
  if (!out_of_time && !talk.verdict().has_value() && !UsedUp(*end)) {
    return false;
  }
  Judge(talk.verdict(), out_of_time, *end, *end, verdict);
  return true;
}

absl::Status PythonTests::Try(const FunctionalCase& functional_case,
                              milliseconds timeout,
                              FunctionalVerdict& verdict) {
  auto between = SocketPair();
  if (!between.ok()) return between.status();
  auto outside = SocketPair();
  if (!outside.ok()) return outside.status();
  const sandbox::Limits limits = LimitsOf(timeout);
  // Written before there is anybody, the program needs no one to carry it.
  const std::string program = ProgramOf(functional_case);
  const std::string_view program_left =
      WriteAhead(between->second.get(), program);
  auto candidate = candidates_->Start({between->first.get()}, limits);
  if (!candidate.ok()) return candidate.status();
  auto check =
      checks_->Start({between->second.get(), outside->second.get()}, limits);
  if (!check.ok()) return check.status();
  between->first.Close();  // Or no end of either process would be seen.
  between->second.Close();
  outside->second.Close();
  Hearing talk(std::move(outside->first),
               RequestOf(functional_case, program_left));
  const bool out_of_time =
      OutOfTime(talk, {candidate->get(), check->get()}, timeout);
  (*candidate)->Kill();
  if (talk.verdict().has_value() || out_of_time) (*check)->Kill();
  const auto candidate_end = (*candidate)->Wait();
  if (!candidate_end.ok()) return candidate_end.status();
  const auto check_end = (*check)->Wait();
  if (!check_end.ok()) return check_end.status();
  verdict.cpu_time += candidate_end->cpu_time + check_end->cpu_time;
  Judge(talk.verdict(), out_of_time, *candidate_end, *check_end, verdict);
  return absl::OkStatus();
}

}  // namespace evalloop::scorer
