// The scorer: what was answered comes in over Kafka, its score goes out; the
// same code answers over gRPC.

#include <chrono>
#include <stop_token>
#include <string>
#include <utility>

#include "platform/base/sleep.h"
#include "platform/runtime/host.h"
#include "platform/runtime/topics.h"
#include "platform/telemetry/log.h"
#include "protos/topics.h"
#include "scorer/config.h"
#include "scorer/domain/judge.h"
#include "scorer/domain/rating.h"
#include "scorer/domain/rubrics.h"
#include "scorer/execution/local_checkouts.h"
#include "scorer/execution/local_tests.h"
#include "scorer/execution/sandboxed_code_tools.h"
#include "scorer/peers/gateway_judge.h"
#include "scorer/service/scorer_service.h"
#include "scorer/store/postgres_judge_cache.h"
#include "scorer/store/postgres_rubric_store.h"
#include "scorer/store/postgres_score_store.h"
#include "scorer/stream/oracle_handler.h"
#include "scorer/stream/score_handler.h"

namespace evalloop::scorer {
namespace {

// How old the rubric may be by which questions are answered, when another
// replica was told.
constexpr std::chrono::milliseconds kFollowInterval{1'000};

// Tests and tools of so many answers fit many times into that interval.
constexpr std::size_t kRunRowsAtOnce = 64;
constexpr std::size_t kMostRunRowsAtOnce = 256;
constexpr std::size_t kOraclesAtOnce = 4;
constexpr std::chrono::milliseconds kRunPoll{900'000};

// Another replica may have put another rubric in force.
void FollowRubrics(Rubrics& rubrics, const std::stop_token& stop) {
  bool reached = true;
  while (!stop.stop_requested()) {
    base::SleepUnlessStopped(stop, kFollowInterval);
    const auto status = rubrics.Refresh();
    if (!status.ok() && reached) {
      telemetry::LogWarning("the rubric in force could not be read",
                            {{"error", std::string(status.message())}});
    }
    reached = status.ok();
  }
}

absl::Status Serve(Config config) {
  auto topics = runtime::SpecsOf(v1topics::kTopics, config.host.topic_prefix);
  auto started =
      runtime::Host::Start(std::move(config.host), std::move(topics));
  if (!started.ok()) return started.status();
  runtime::Host& host = **started;
  PostgresScoreStore store(host.pool());
  PostgresRubricStore rubric_store(host.pool());
  Rubrics rubrics(rubric_store, host.transactor());
  if (auto status = rubrics.Refresh(); !status.ok()) return status;
  host.Background("rubrics", [&rubrics](std::stop_token stop) {
    FollowRubrics(rubrics, stop);
  });
  LocalCodeTools tools;
  LocalTests tests;
  LocalCheckouts checkouts(config.checkout_roots);
  GatewayJudge judges(config.gateway_url, host.config().auth_token,
                      host.config().http_ca_file);
  PostgresJudgeCache votes(host.pool(), host.transactor());
  Judge judge(judges, votes);
  ScoreHandler handler(
      store, rubrics, host.outbox(), host.clock(),
      host.Topic(v1topics::kScoreRecorded),
      {.tools = &tools,
       .tests = &tests,
       .checkouts = &checkouts,
       .judge = {.judge = config.judge_model.empty() ? nullptr : &judge,
                 .model = config.judge_model}});
  Rater rater;
  ScorerServiceImpl service(store, rubric_store, rubrics, judge, rater,
                            host.executor(), &tools);
  service.RunTestsBy(tests);
  OracleHandler oracles(tests, host.outbox(), host.clock(),
                        host.Topic(v1topics::kOracleChecked));
  host.Follow("scorer.oracles", {{host.Topic(v1topics::kOracleTask), &oracles}},
              {.max_batch = kOraclesAtOnce, .max_poll_interval = kRunPoll});
  // Apart: programs that run until their time is up keep no live score waiting.
  host.Follow("scorer.runs", {{host.Topic(v1topics::kRunAnswered), &handler}},
              {.max_batch = kMostRunRowsAtOnce,
               .first_batch = kRunRowsAtOnce,
               .max_poll_interval = kRunPoll});
  host.Follow("scorer.outcomes",
              {{host.Topic(v1topics::kOutcomeKnown), &handler}},
              {.max_batch = kMostRunRowsAtOnce,
               .first_batch = kRunRowsAtOnce,
               .max_poll_interval = kRunPoll});
  host.Follow("scorer", {{host.Topic(v1topics::kCompletionSettled), &handler}});
  return host.Serve({&service});
}

}  // namespace
}  // namespace evalloop::scorer

int main(int argc, char** argv) {
  using namespace evalloop;
  scorer::Config config;
  return runtime::Main(
      argc, argv, "scorer",
      [&](base::EnvReader& env) { config = scorer::ReadConfig(env); },
      [&] { return scorer::Serve(config); });
}
