// The scorer: what was answered comes in over Kafka, its score goes out; the
// same code answers over gRPC.

#include <utility>

#include "platform/runtime/host.h"
#include "platform/runtime/topics.h"
#include "protos/topics.h"
#include "scorer/config.h"
#include "scorer/execution/sandboxed_code_tools.h"
#include "scorer/service/scorer_service.h"
#include "scorer/store/postgres_score_store.h"
#include "scorer/stream/score_handler.h"

namespace evalloop::scorer {
namespace {

absl::Status Serve(runtime::HostConfig config) {
  auto topics = runtime::SpecsOf(v1topics::kTopics, config.topic_prefix);
  auto started = runtime::Host::Start(std::move(config), std::move(topics));
  if (!started.ok()) return started.status();
  runtime::Host& host = **started;
  PostgresScoreStore store(host.pool());
  ScoreHandler handler(store, host.outbox(), host.clock(),
                       host.Topic(v1topics::kScoreRecorded));
  LocalCodeTools tools;
  ScorerServiceImpl service(store, host.executor(), &tools);
  host.Follow("scorer", {{host.Topic(v1topics::kRunAnswered), &handler},
                         {host.Topic(v1topics::kCompletionSettled), &handler}});
  return host.Serve({&service});
}

}  // namespace
}  // namespace evalloop::scorer

int main(int argc, char** argv) {
  using namespace evalloop;
  runtime::HostConfig config;
  return runtime::Main(
      argc, argv, "scorer",
      [&](base::EnvReader& env) { config = scorer::ReadConfig(env); },
      [&] { return scorer::Serve(config); });
}
