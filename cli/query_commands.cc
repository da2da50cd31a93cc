#include <string>
#include <string_view>

#include "cli/commands.h"
#include "cli/evaluator_peer.h"
#include "cli/names.h"
#include "cli/query_output.h"
#include "platform/base/reason.h"

namespace evalloop::cli {
namespace {

// The answer as JSON, or as `text_of` tells it.
template <class Response, class TextOf>
Outcome Tell(Terminal& terminal, const absl::StatusOr<Response>& answer,
             TextOf text_of) {
  if (!answer.ok()) return answer.status();
  if (terminal.json()) {
    terminal.Json(*answer);
  } else {
    terminal.Data(text_of(*answer));
  }
  return ExitCode::kPassed;
}

}  // namespace

Outcome RunList(Session& session, const RunListFlags& flags) {
  v1::ListRunsRequest request;
  request.set_filter(flags.filter);
  request.set_order_by(flags.order_by);
  request.mutable_page()->set_page_size(flags.limit);
  return Tell(session.terminal,
              Call(session.peers, &Evaluations::ListRuns, request), RunsText);
}

Outcome RunAggregate(Session& session, const RunAggregateFlags& flags) {
  v1::AggregateRowsRequest request;
  request.set_filter(flags.filter);
  for (const std::string& name : flags.group_by) request.add_group_by(name);
  for (const std::string& name : flags.metrics) request.add_metrics(name);
  request.set_order_by(flags.order_by);
  request.set_max_groups(flags.max_groups);
  return Tell(session.terminal,
              Call(session.peers, &Evaluations::AggregateRows, request),
              AggregateText);
}

Outcome RunRegressions(Session& session, const RunRegressionsFlags& flags) {
  v1::FindRegressionsRequest request;
  request.set_prompt(flags.prompt);
  request.set_since_version(flags.since);
  request.set_until_version(flags.until);
  request.set_benchmark(flags.benchmark);
  request.set_max_rows(flags.rows);
  return Tell(session.terminal,
              Call(session.peers, &Evaluations::FindRegressions, request),
              RegressionsText);
}

Outcome RunFlips(Session& session, const RunFlipsFlags& flags) {
  const auto revision = ParseRevision(flags.revision);
  if (!revision.ok()) return revision.status();
  if (!revision->label().empty()) {
    return base::FieldError("prompt", "names a label",
                            "write NAME for production, or NAME@VERSION");
  }
  const auto benchmark = ParseBenchmark(flags.benchmark);
  if (!benchmark.ok()) return benchmark.status();
  v1::ListFlipsRequest request;
  request.set_prompt(revision->prompt());
  request.set_version(revision->version());
  request.set_benchmark(benchmark->name);
  request.set_benchmark_version(benchmark->version);
  request.set_metric(flags.metric);
  request.mutable_page()->set_page_size(flags.limit);
  return Tell(session.terminal,
              Call(session.peers, &Evaluations::ListFlips, request), FlipsText);
}

}  // namespace evalloop::cli
