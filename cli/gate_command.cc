#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "cli/ci_output.h"
#include "cli/commands.h"
#include "cli/evaluator_peer.h"
#include "cli/gate_files.h"
#include "cli/message_file.h"
#include "cli/names.h"
#include "cli/report_text.h"
#include "cli/run_output.h"
#include "cli/verdict.h"
#include "platform/base/reason.h"

namespace evalloop::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kGatePatience{7200};
constexpr std::chrono::milliseconds kPoll{500};

absl::StatusOr<std::pair<std::string, double>> ParseTolerance(
    std::string_view flag, const std::string& text) {
  const std::size_t equals = text.find('=');
  const char* const number =
      equals == std::string::npos ? "" : text.c_str() + equals + 1;
  char* end = nullptr;
  const double value = std::strtod(number, &end);
  if (equals == 0 || end == number || *end != '\0') {
    return base::FieldError(flag, fmt::format("\"{}\"", text),
                            "write METRIC=NUMBER");
  }
  return std::make_pair(text.substr(0, equals), value);
}

absl::Status FillPolicy(const GateFlags& flags, v1::StartGateRequest& request) {
  if (!flags.policy.empty()) {
    const auto read = ReadMessageFile(flags.policy, request.mutable_policy());
    if (!read.ok()) return read;
  }
  std::map<std::string, v1::MetricTolerance> metrics;
  for (const std::string& text : flags.row_tolerance) {
    const auto tolerance = ParseTolerance("row-tolerance", text);
    if (!tolerance.ok()) return tolerance.status();
    metrics[tolerance->first].set_row_tolerance(tolerance->second);
  }
  for (const std::string& text : flags.average_tolerance) {
    const auto tolerance = ParseTolerance("avg-tolerance", text);
    if (!tolerance.ok()) return tolerance.status();
    metrics[tolerance->first].set_average_tolerance(tolerance->second);
  }
  for (auto& [metric, tolerance] : metrics) {
    tolerance.set_metric(metric);
    *request.mutable_policy()->add_tolerances() = tolerance;
  }
  if (flags.on_inconclusive == "warn") {
    request.mutable_policy()->set_on_inconclusive(v1::ON_INCONCLUSIVE_WARN);
  } else if (flags.on_inconclusive == "sample_more") {
    request.mutable_policy()->set_on_inconclusive(
        v1::ON_INCONCLUSIVE_SAMPLE_MORE);
  } else if (flags.on_inconclusive == "block") {
    request.mutable_policy()->set_on_inconclusive(v1::ON_INCONCLUSIVE_BLOCK);
  }
  return absl::OkStatus();
}

// A run where there is one of that id, else a version, else a label.
absl::Status FillBaseline(Session& session, const std::string& baseline,
                          const std::string& prompt,
                          v1::StartGateRequest& request) {
  const std::string text = baseline.empty() ? "production" : baseline;
  v1::GetRunRequest run;
  run.set_run_id(text);
  const auto found = Call(session.peers, &Evaluations::GetRun, run);
  if (found.ok()) {
    request.set_baseline_run_id(text);
    return absl::OkStatus();
  }
  if (found.status().code() != absl::StatusCode::kNotFound &&
      found.status().code() != absl::StatusCode::kInvalidArgument) {
    return found.status();
  }
  const auto revision = ParseRevision(
      text.find('@') == std::string::npos ? prompt + "@" + text : text);
  if (!revision.ok()) return revision.status();
  *request.mutable_baseline_revision() = *revision;
  return absl::OkStatus();
}

absl::StatusOr<v1::Gate> Await(Session& session, v1::Gate gate) {
  v1::GetGateRequest request;
  request.set_gate_id(gate.gate_id());
  const auto deadline = Clock::now() + kGatePatience;
  while (gate.verdict() == v1::VERDICT_KIND_UNSPECIFIED) {
    if (Clock::now() > deadline) {
      return absl::DeadlineExceededError(
          fmt::format("gate {} has no verdict after {}", gate.gate_id(),
                      Readable(kGatePatience)));
    }
    std::string words = fmt::format("gate {} is judging", gate.gate_id());
    if (gate.looks() > 1) words += fmt::format(", look {}", gate.looks());
    if (!gate.candidate_confirm_run_id().empty()) {
      words += ", failing rows are asked again";
    }
    session.terminal.Progress(words, 0, 0);
    std::this_thread::sleep_for(kPoll);
    const auto polled = Call(session.peers, &Evaluations::GetGate, request);
    if (!polled.ok()) return polled.status();
    gate = polled->gate();
  }
  session.terminal.EndProgress();
  return gate;
}

absl::StatusOr<v1::Gate> Override(Session& session, const std::string& gate_id,
                                  const std::string& item,
                                  const std::string& reason) {
  v1::OverrideGateRequest request;
  request.set_gate_id(gate_id);
  request.set_item_id(item);
  request.set_reason(reason);
  request.set_author(Author());
  const auto answer = Call(session.peers, &Evaluations::OverrideGate, request);
  if (!answer.ok()) return answer.status();
  return answer->gate();
}

}  // namespace

Outcome Gate(Session& session, const GateFlags& flags) {
  const auto revision = ParseRevision(flags.revision);
  if (!revision.ok()) return revision.status();
  const auto benchmark = ParseBenchmark(flags.benchmark);
  if (!benchmark.ok()) return benchmark.status();
  const auto subset = ParseSubset(flags.subset);
  if (!subset.ok()) return subset.status();
  v1::StartGateRequest request;
  *request.mutable_candidate() = *revision;
  request.set_benchmark(benchmark->name);
  request.set_benchmark_version(benchmark->version);
  request.set_subset(*subset);
  request.set_mode(flags.typed ? v1::RUN_MODE_TYPED : v1::RUN_MODE_ONCE);
  request.set_samples(flags.samples);
  request.set_author(Author());
  auto status = FillPolicy(flags, request);
  if (!status.ok()) return status;
  status = FillBaseline(session, flags.baseline, revision->prompt(), request);
  if (!status.ok()) return status;
  const CiJob job = DetectCiJob(ProcessVariables());
  request.set_request_id(
      RequestIdOf(job, flags.request_id, request.SerializeAsString()));

  const auto started = Call(session.peers, &Evaluations::StartGate, request);
  if (!started.ok()) return started.status();
  auto gate = Await(session, started->gate());
  for (const std::string& row : flags.accept_rows) {
    if (!gate.ok()) break;
    const std::size_t equals = row.find('=');
    if (equals == std::string::npos || equals + 1 == row.size()) {
      return base::FieldError("accept-row", fmt::format("\"{}\"", row),
                              "write ITEM=\"reason\"");
    }
    gate = Override(session, gate->gate_id(), row.substr(0, equals),
                    row.substr(equals + 1));
  }
  if (gate.ok() && !flags.override_reason.empty() &&
      gate->verdict() != v1::VERDICT_KIND_PASSED) {
    gate = Override(session, gate->gate_id(), "", flags.override_reason);
  }
  if (!gate.ok()) return gate.status();

  status = WriteGateFiles(session, flags, job, *gate);
  if (!status.ok()) return status;
  if (session.terminal.json()) {
    session.terminal.Json(*gate);
  } else {
    const std::string text = GateText(*gate);
    session.terminal.Data(job.github ? WorkflowLog(text) : Visible(text));
  }
  if (gate->warns() && gate->verdict() == v1::VERDICT_KIND_INCONCLUSIVE) {
    session.terminal.Talk(
        "inconclusive, which the policy lets pass with this warning");
  }
  return ExitCodeOf(*gate);
}

}  // namespace evalloop::cli
