#include "scorer/execution/calls_talk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "platform/sandbox/ending.h"

namespace evalloop::scorer {
namespace {

using Clock = std::chrono::steady_clock;
using sandbox::Ending;
using sandbox::Fd;
using std::chrono::milliseconds;

constexpr std::size_t kLongestAnswer = std::size_t{8} << 20;
constexpr std::size_t kLongestWords = 200;

// The calls, one after the other, until one is answered wrongly.
class Talk {
 public:
  Talk(const FunctionalCase& functional_case, std::string opening, Fd socket)
      : calls_(functional_case.calls),
        one_number_(functional_case.language ==
                    code_analysis::Language::kJavaScript),
        socket_(std::move(socket)),
        out_(std::move(opening)) {
    fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  }

  // Goes on until it is decided, the program is gone, or it is `until`; returns
  // whether one of the first two came.
  bool Run(Clock::time_point until) {
    while (!over_) {
      const bool writing = sent_ < out_.size();
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

  // All calls were answered rightly.
  bool passed() const { return passed_; }
  // What was wrong; nothing where the program just went away.
  const std::optional<std::string>& wrong() const { return wrong_; }
  std::string GoneWords() const {
    return asked_ == 0 ? "the program ended before it was asked"
                       : fmt::format("{}the program ended early", Which());
  }

 private:
  std::string Which() const {
    return fmt::format("call {} of {}: ", asked_, calls_.size());
  }

  void Decide(std::string words) {
    wrong_ = std::move(words);
    over_ = true;
  }

  void Write() {
    const ssize_t size = send(socket_.get(), out_.data() + sent_,
                              out_.size() - sent_, MSG_NOSIGNAL);
    if (size > 0) sent_ += static_cast<std::size_t>(size);
    // What it said before it went may still be read.
    if (size < 0 && errno != EAGAIN && errno != EINTR) sent_ = out_.size();
  }

  void Read() {
    char buffer[65'536];
    const ssize_t size = recv(socket_.get(), buffer, sizeof(buffer), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
      over_ = true;
      return;
    }
    const std::string_view more(buffer, static_cast<std::size_t>(size));
    const auto end = more.find('\n');
    received_ += more.substr(0, end);
    if (received_.size() > kLongestAnswer) {
      return Decide(Which() + "an answer too long");
    }
    if (end == more.npos) return;
    if (end + 1 != more.size()) {
      return Decide("more was answered than was asked");
    }
    Take(std::exchange(received_, ""));
  }

  // A whole line.
  void Take(const std::string& line) {
    if (line.starts_with('!')) {
      const std::string words = ShortWords(std::string_view(line).substr(1));
      return Decide(asked_ == 0 ? words : Which() + words);
    }
    if (!line.starts_with('=')) return Decide(Which() + "no answer");
    const auto answer = ParsePlainValue(std::string_view(line).substr(1));
    if (!answer.ok()) {
      return Decide(Which() + std::string(answer.status().message()));
    }
    if (asked_ > 0) {
      const HiddenCall& call = calls_[asked_ - 1];
      if (!Agree(call.expected, *answer,
                 {.tolerance = call.tolerance, .one_number = one_number_})) {
        return Decide(Which() + "another answer than expected");
      }
    }
    if (asked_ == calls_.size()) {
      passed_ = true;
      over_ = true;
      return;
    }
    out_ = TextOf(calls_[asked_++].arguments) + '\n';
    sent_ = 0;
  }

  const std::span<const HiddenCall> calls_;
  const bool one_number_;
  const Fd socket_;
  std::string out_;
  std::size_t sent_ = 0;
  std::string received_;
  std::size_t asked_ = 0;
  bool over_ = false;
  bool passed_ = false;
  std::optional<std::string> wrong_;
};

}  // namespace

absl::StatusOr<std::pair<Fd, Fd>> SocketPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return absl::UnavailableError("no socket pair");
  }
  return std::pair<Fd, Fd>(Fd(ends[0]), Fd(ends[1]));
}

absl::StatusOr<FunctionalVerdict> TalkCalls(
    const FunctionalCase& functional_case, std::string opening, Fd socket,
    std::unique_ptr<sandbox::Process> process, milliseconds timeout) {
  const auto begin = Clock::now();
  Talk talk(functional_case, std::move(opening), std::move(socket));
  auto deadline = begin + timeout;
  bool out_of_time = false;
  while (!out_of_time && !talk.Run(deadline)) {
    deadline = sandbox::ExtendedDeadline(begin, timeout, process->Starved());
    out_of_time = deadline <= Clock::now() + milliseconds(1);
  }
  FunctionalVerdict verdict;
  verdict.wall_time = std::chrono::duration_cast<std::chrono::microseconds>(
      Clock::now() - begin);
  // One that went away by itself tells how.
  const bool gone = !out_of_time && !talk.passed() && !talk.wrong().has_value();
  if (!gone) process->Kill();
  const auto end = process->Wait();
  if (!end.ok()) return end.status();
  verdict.tier = end->tier;
  verdict.cpu_time = end->cpu_time;
  if (talk.passed()) {
    verdict.result = FunctionalResult::kPassed;
  } else if (out_of_time || end->ending == Ending::kCpuTime ||
             end->ending == Ending::kWallTime) {
    verdict.result = FunctionalResult::kTimedOut;
  } else {
    verdict.result = FunctionalResult::kFailed;
    verdict.detail = talk.wrong().value_or(talk.GoneWords());
    if (gone && end->ending == Ending::kSignalled) {
      verdict.detail += fmt::format(", by signal {}", end->signal);
    }
  }
  return verdict;
}

std::string ShortWords(std::string_view words) {
  std::string plain;
  for (const char c : words.substr(0, kLongestWords)) {
    plain += c >= 0x20 && c < 0x7f ? c : ' ';
  }
  const auto last = plain.find_last_not_of(' ');
  plain.resize(last == plain.npos ? 0 : last + 1);
  return plain;
}

FunctionalVerdict InfrastructureVerdict(std::string_view tier,
                                        const absl::Status& status) {
  FunctionalVerdict verdict;
  verdict.tier = tier;
  verdict.detail = ShortWords(std::string(status.message()));
  return verdict;
}

sandbox::Limits ProgramLimits(milliseconds timeout) {
  sandbox::Limits limits;
  limits.cpu_time = timeout;
  // The talk has the clock; this is for one that hangs up and goes on.
  limits.wall_time = timeout + std::chrono::seconds(1);
  limits.address_space = 0;
  limits.writable_memory = std::int64_t{512} << 20;
  limits.processes = 32;
  return limits;
}

}  // namespace evalloop::scorer
