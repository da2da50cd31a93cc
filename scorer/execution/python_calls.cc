#include "scorer/execution/python_calls.h"

#include <fmt/format.h>

#include <string>

#include "scorer/execution/calls_talk.h"
#include "scorer/execution/python_sources.h"

namespace evalloop::scorer {
namespace {

PlainValue StringValue(std::string_view text) {
  PlainValue value;
  value.kind = PlainValue::Kind::kString;
  value.text = text;
  return value;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PythonCalls>> PythonCalls::Open(
    sandbox::Sandbox& sandbox) {
  auto candidates = sandbox.Prepare(CallsSource());
  if (!candidates.ok()) return candidates.status();
  return std::unique_ptr<PythonCalls>(
      new PythonCalls(sandbox, *std::move(candidates)));
}

absl::StatusOr<FunctionalVerdict> PythonCalls::Check(
    const FunctionalCase& functional_case, std::chrono::milliseconds timeout) {
  PlainValue opening;
  opening.kind = PlainValue::Kind::kArray;
  opening.items = {StringValue(fmt::format("{}{}\n", functional_case.prompt,
                                           functional_case.completion)),
                   StringValue(functional_case.entry_point)};
  auto pair = SocketPair();
  if (!pair.ok()) return InfrastructureVerdict(tier(), pair.status());
  sandbox::Limits limits;
  limits.cpu_time = timeout;
  limits.wall_time = ProgramLimits(timeout).wall_time;
  auto process = candidates_->Start({pair->second.get()}, limits);
  if (!process.ok()) return InfrastructureVerdict(tier(), process.status());
  pair->second.Close();  // Or its end would never be seen.
  auto verdict =
      TalkCalls(functional_case, TextOf(opening) + '\n', std::move(pair->first),
                *std::move(process), timeout);
  if (!verdict.ok()) return InfrastructureVerdict(tier(), verdict.status());
  return verdict;
}

}  // namespace evalloop::scorer
