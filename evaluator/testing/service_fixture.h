#ifndef EVALLOOP_EVALUATOR_TESTING_SERVICE_FIXTURE_H_
#define EVALLOOP_EVALUATOR_TESTING_SERVICE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "evaluator/service/evaluator_service.h"
#include "evaluator/testing/fake_outcome_store.h"
#include "evaluator/testing/fake_row_queries.h"
#include "evaluator/testing/fakes.h"
#include "platform/base/reason.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::evaluator {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;
using Stub = v1::EvaluatorService::Stub;

inline constexpr int kItems = 4;

// The whole service over ports in memory. Calls come one after another, which
// is what the fakes allow.
class EvaluatorServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<Item> items;
    for (int i = 0; i < kItems; ++i) {
      Item item;
      item.id = "item" + std::to_string(i);
      item.commit = "commit" + std::to_string(i);
      item.agreed = "x";
      items.push_back(item);
    }
    ASSERT_THAT(benchmarks_.Add(Describe("gate", items), items, {}), IsOk());
    auto server = rpc::Server::Start({}, executor_, {&service_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = std::make_unique<Stub>(rpc::NewChannel(
        {.target = "127.0.0.1:" + std::to_string(server_->port())}));
  }

  template <class Request, class Method>
  auto Call(Method method, const Request& request) {
    return rpc::CallUnary(*stub_, method, request, seconds(20));
  }

  v1::StartRunRequest Asked(std::uint32_t version, std::string request_id) {
    v1::StartRunRequest request;
    request.mutable_revision()->set_prompt("complete-line");
    request.mutable_revision()->set_version(version);
    request.set_benchmark("gate");
    request.set_mode(v1::RUN_MODE_ONCE);
    request.set_request_id(std::move(request_id));
    return request;
  }

  // A run of that revision, all of its rows scored with `value`.
  std::string Finished(std::uint32_t version, double value) {
    const auto started =
        Call(&Stub::StartRun, Asked(version, "of " + std::to_string(version)));
    EXPECT_THAT(started, IsOk());
    if (!started.ok()) return "";
    Finish(started->run().run_id(), value);
    return started->run().run_id();
  }

  void Finish(const std::string& run_id, double value) {
    for (evaluator::Run& run : run_store_.runs) {
      if (run.id != run_id) continue;
      run.state = RunState::kFinished;
      run.scorer_digest = "digest";
      run.scored = run.rows;
    }
    for (int i = 0; i < kItems; ++i) {
      Row row;
      row.run_id = run_id;
      row.item_id = "item" + std::to_string(i);
      row.commit = "commit" + std::to_string(i);
      row.scored = true;
      row.metrics = {{"exact_match", value, ""}};
      row.composite = value;
      run_store_.rows[run_id].push_back(row);
    }
  }

  telemetry::Registry registry_;
  rpc::Executor executor_{{.threads = 1}, registry_};
  testing::FakeClock clock_;
  testing::FakeTransactor transactor_;
  FakePromptLibrary library_;
  FakeBenchmarkStore benchmarks_;
  FakeRunStore run_store_;
  FakeGateStore gates_{run_store_};
  FakeOutcomeStore outcomes_{run_store_};
  FakeEvents events_;
  FakeModelStore models_;
  Runs runs_{library_, benchmarks_, models_, run_store_,
             events_,  transactor_, clock_};
  Benchmarks makers_{library_, benchmarks_, events_, transactor_};
  Gatekeeper gatekeeper_{library_, runs_, run_store_, gates_, clock_};
  Loop loop_{library_, gatekeeper_, run_store_, gates_,
             events_,  transactor_, clock_};
  FakeRowQueries row_queries_{run_store_};
  Questions questions_{library_, benchmarks_, runs_, run_store_, row_queries_};
  EvaluatorServiceImpl service_{{.executor = executor_,
                                 .library = library_,
                                 .benchmarks = benchmarks_,
                                 .run_store = run_store_,
                                 .outcomes = outcomes_,
                                 .gates = gates_,
                                 .makers = makers_,
                                 .runs = runs_,
                                 .gatekeeper = gatekeeper_,
                                 .loop = loop_,
                                 .questions = questions_}};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TESTING_SERVICE_FIXTURE_H_
