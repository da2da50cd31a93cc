#include <cmath>

#include "cli/commands.h"
#include "cli/evaluator_peer.h"
#include "cli/frontier_text.h"
#include "cli/names.h"
#include "cli/run_output.h"

namespace evalloop::cli {

Outcome ModelFrontier(Session& session, const FrontierFlags& flags) {
  const auto benchmark = ParseBenchmark(flags.benchmark);
  if (!benchmark.ok()) return benchmark.status();
  const auto subset = ParseSubset(flags.subset);
  if (!subset.ok()) return subset.status();
  v1::GetFrontierRequest request;
  request.set_benchmark(benchmark->name);
  request.set_benchmark_version(benchmark->version);
  request.set_subset(*subset);
  request.set_metric(flags.metric);
  for (const std::string& prompt : flags.prompts) request.add_prompts(prompt);
  if (flags.completed_at) request.set_completed_at(*flags.completed_at);
  request.set_correction_micros(std::llround(flags.correction_cost * 1e6));
  request.set_near_share(flags.near / 100);
  const auto found = Call(session.peers, &Evaluations::GetFrontier, request);
  if (!found.ok()) return found.status();
  if (session.terminal.json()) {
    session.terminal.Json(*found);
  } else {
    session.terminal.Data(FrontierText(*found));
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
