#include "scorer/execution/compiled_program.h"

#include <fmt/format.h>

#include <utility>

#include "scorer/execution/calls_talk.h"

namespace evalloop::scorer {
namespace {

using sandbox::Ending;

constexpr std::chrono::seconds kCompilerCpuTime{30};
constexpr std::int64_t kLargestProgram = std::int64_t{32} << 20;

// The first complaint, without the place where it was found.
std::string Complaint(std::string_view said, std::string_view mark) {
  while (!said.empty()) {
    const auto end = std::min(said.find('\n'), said.size());
    const std::string_view line = said.substr(0, end);
    const auto at = line.find(mark);
    if (at != line.npos) return ShortWords(line.substr(at + mark.size()));
    said.remove_prefix(std::min(end + 1, said.size()));
  }
  return "";
}

bool IsWordCharacter(char c, bool first, NameForm form) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (form.dollar && c == '$') || (!first && c >= '0' && c <= '9');
}

}  // namespace

sandbox::Limits CompilerLimits() {
  sandbox::Limits limits;
  limits.cpu_time = kCompilerCpuTime;
  limits.wall_time = kCompileTime;
  limits.address_space = 0;
  limits.writable_memory = std::int64_t{1} << 30;
  limits.file_size = 2 * kLargestProgram;
  limits.scratch_space = 4 * kLargestProgram;
  limits.output = kLargestProgram;
  limits.processes = 32;
  return limits;
}

Compiled Compile(const sandbox::Job& job, std::string_view error_mark,
                 sandbox::Sandbox& sandbox) {
  auto result = sandbox.Run(job);
  if (!result.ok()) {
    return {.verdict = InfrastructureVerdict(sandbox.tier(), result.status())};
  }
  if (result->ending == Ending::kExited && result->exit_code == 0 &&
      result->stdout_text.starts_with("\x7f"
                                      "ELF")) {
    return {.program = std::move(result->stdout_text)};
  }
  FunctionalVerdict verdict;
  verdict.tier = result->tier;
  verdict.cpu_time = result->cpu_time;
  verdict.wall_time = result->wall_time;
  verdict.result = FunctionalResult::kFailed;
  if (result->ending == Ending::kCpuTime ||
      result->ending == Ending::kWallTime) {
    verdict.result = FunctionalResult::kTimedOut;
  } else if (result->ending == Ending::kOutput) {
    verdict.detail = "does not compile: too much output";
  } else {
    const std::string words = Complaint(result->stderr_text, error_mark);
    verdict.detail = words.empty() ? "does not compile: the compiler broke off"
                                   : ShortWords("does not compile: " + words);
  }
  return {.verdict = std::move(verdict)};
}

FunctionalVerdict RunCompiled(std::string program,
                              std::vector<std::string> environment,
                              const FunctionalCase& functional_case,
                              std::chrono::milliseconds timeout,
                              sandbox::Sandbox& sandbox) {
  const auto broken = [&](const absl::Status& status) {
    return InfrastructureVerdict(sandbox.tier(), status);
  };
  auto pair = SocketPair();
  if (!pair.ok()) return broken(pair.status());
  sandbox::Job job;
  job.argv = {"/box/program"};
  job.environment = std::move(environment);
  job.files.push_back({.path = "/box/program",
                       .content = std::move(program),
                       .executable = true});
  job.limits = ProgramLimits(timeout);
  auto process = sandbox.Start(job, {pair->second.get()});
  if (!process.ok()) return broken(process.status());
  pair->second.Close();  // Or its end would never be seen.
  auto verdict = TalkCalls(functional_case, "", std::move(pair->first),
                           *std::move(process), timeout);
  return verdict.ok() ? *std::move(verdict) : broken(verdict.status());
}

bool IsName(std::string_view text, NameForm form) {
  bool first = true;
  while (!text.empty()) {
    if (form.qualified && !first && text.starts_with("::")) {
      text.remove_prefix(2);
      first = true;
      continue;
    }
    if (!IsWordCharacter(text[0], first, form)) return false;
    text.remove_prefix(1);
    first = false;
  }
  return !first;
}

}  // namespace evalloop::scorer
