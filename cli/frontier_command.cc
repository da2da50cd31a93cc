#include <fmt/format.h>

#include <cmath>

#include "cli/commands.h"
#include "cli/evaluator_peer.h"
#include "cli/frontier_report.h"
#include "cli/names.h"
#include "cli/run_output.h"
#include "platform/base/reason.h"

namespace evalloop::cli {
namespace {

// Reading every row of fifty runs takes its time.
constexpr std::chrono::seconds kDeadline{300};
// Of the currency; what no correction costs.
constexpr double kDearest = 1e9;

}  // namespace

Outcome ModelFrontier(Session& session, const FrontierFlags& flags) {
  const auto benchmark = ParseBenchmark(flags.benchmark);
  if (!benchmark.ok()) return benchmark.status();
  const auto subset = ParseSubset(flags.subset);
  if (!subset.ok()) return subset.status();
  if (!(flags.correction_cost >= 0 && flags.correction_cost <= kDearest)) {
    return base::FieldError("correction-cost",
                            fmt::format("is {:g}", flags.correction_cost),
                            "use what one correction costs, 0 or more");
  }
  v1::GetFrontierRequest request;
  request.set_benchmark(benchmark->name);
  request.set_benchmark_version(benchmark->version);
  request.set_subset(*subset);
  request.set_metric(flags.metric);
  for (const std::string& prompt : flags.prompts) request.add_prompts(prompt);
  if (flags.completed_at.has_value()) {
    request.set_completed_at(*flags.completed_at);
  }
  request.set_correction_micros(std::llround(flags.correction_cost * 1e6));
  request.set_near_share(flags.near_share);
  const auto frontier =
      Call(session.peers, &Evaluations::GetFrontier, request, kDeadline);
  if (!frontier.ok()) return frontier.status();
  if (session.terminal.json()) {
    session.terminal.Json(*frontier);
  } else {
    session.terminal.Data(FrontierText(request, *frontier));
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
