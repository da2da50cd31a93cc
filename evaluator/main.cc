#include "evaluator/config.h"
#include "evaluator/domain/baselines.h"
#include "evaluator/domain/benchmarks.h"
#include "evaluator/domain/gatekeeper.h"
#include "evaluator/domain/loop.h"
#include "evaluator/domain/questions.h"
#include "evaluator/domain/runs.h"
#include "evaluator/peers/prompt_engine_client.h"
#include "evaluator/service/evaluator_service.h"
#include "evaluator/store/postgres_benchmark_store.h"
#include "evaluator/store/postgres_gate_store.h"
#include "evaluator/store/postgres_model_store.h"
#include "evaluator/store/postgres_outcome_store.h"
#include "evaluator/store/postgres_row_queries.h"
#include "evaluator/store/postgres_run_store.h"
#include "evaluator/stream/events.h"
#include "evaluator/stream/model_handler.h"
#include "evaluator/stream/oracle_handler.h"
#include "evaluator/stream/score_handler.h"
#include "platform/base/sleep.h"
#include "platform/rpc/channel.h"
#include "platform/runtime/host.h"
#include "platform/runtime/topics.h"
#include "platform/telemetry/log.h"
#include "protos/topics.h"

namespace evalloop::evaluator {
namespace {

constexpr std::chrono::milliseconds kDecideInterval{300};
constexpr std::chrono::seconds kBaselineInterval{30};

// Looks again and again for gates whose runs have ended.
void KeepDeciding(Gatekeeper& gatekeeper, std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (const auto decided = gatekeeper.DecideDue(); !decided.ok()) {
      telemetry::LogWarning("gates wait for a decision",
                            {{"why", decided.status().ToString()}});
    }
    base::SleepUnlessStopped(stop, kDecideInterval);
  }
}

void KeepBaselines(Baselines& baselines, std::stop_token stop) {
  while (!stop.stop_requested()) {
    base::SleepUnlessStopped(stop, kBaselineInterval);
    if (stop.stop_requested()) return;
    const auto started = baselines.Refresh();
    if (!started.ok()) {
      telemetry::LogWarning("production is not measured anew",
                            {{"why", started.status().ToString()}});
    } else if (*started > 0) {
      telemetry::LogInfo("production is measured anew", {{"runs", *started}});
    }
  }
}

absl::Status Serve(const EvaluatorConfig& config) {
  auto host = runtime::Host::Start(
      config.host,
      runtime::SpecsOf(v1topics::kTopics, config.host.topic_prefix));
  if (!host.ok()) return host.status();
  runtime::Host& h = **host;

  PromptEngineClient library(
      rpc::NewChannel({.target = config.prompt_engine_address,
                       .auth_token = config.host.auth_token,
                       .ca_file = config.host.grpc_ca_file,
                       .wait_for_ready = true}));
  PostgresBenchmarkStore benchmarks(h.pool(), h.transactor());
  PostgresRunStore run_store(h.pool(), h.transactor());
  PostgresGateStore gates(h.pool(), h.transactor());
  PostgresOutcomeStore outcomes(h.pool());
  PostgresRowQueries row_queries(h.pool());
  OutboxEvents events(h.outbox(), h.clock(), config.host.topic_prefix);
  PostgresModelStore models(h.pool());
  Runs runs(library, benchmarks, models, run_store, events, h.transactor(),
            h.clock());
  Gatekeeper gatekeeper(library, runs, run_store, gates, h.clock());
  Loop loop(library, gatekeeper, run_store, gates, events, h.transactor(),
            h.clock());
  Questions questions(library, benchmarks, runs, run_store, row_queries);
  Benchmarks makers(library, benchmarks, events, h.transactor());
  ScoreHandler scores(run_store);
  OracleHandler oracles(benchmarks);
  ModelHandler registered(models);
  EvaluatorServiceImpl service({.executor = h.executor(),
                                .library = library,
                                .benchmarks = benchmarks,
                                .run_store = run_store,
                                .outcomes = outcomes,
                                .gates = gates,
                                .makers = makers,
                                .runs = runs,
                                .gatekeeper = gatekeeper,
                                .loop = loop,
                                .questions = questions});

  h.Follow("evaluator-scores", {{h.Topic(v1topics::kScoreRecorded), &scores},
                                {h.Topic(v1topics::kOracleChecked), &oracles}});
  h.Follow("evaluator-models",
           {{h.Topic(v1topics::kServingModel), &registered}});
  h.Background("gates", [&gatekeeper](std::stop_token stop) {
    KeepDeciding(gatekeeper, stop);
  });
  Baselines baselines(library, runs, benchmarks, gates, h.clock(),
                      config.baseline_age);
  if (config.baseline_age > absl::ZeroDuration()) {
    h.Background("baselines", [&baselines](std::stop_token stop) {
      KeepBaselines(baselines, stop);
    });
  }
  return h.Serve({&service});
}

}  // namespace
}  // namespace evalloop::evaluator

int main(int argc, char** argv) {
  using evalloop::evaluator::EvaluatorConfig;
  EvaluatorConfig config;
  return evalloop::runtime::Main(
      argc, argv, "evaluator",
      [&](auto& env) { config = EvaluatorConfig::FromEnv(env); },
      [&] { return evalloop::evaluator::Serve(config); });
}
