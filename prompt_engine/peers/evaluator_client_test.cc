#include "prompt_engine/peers/evaluator_client.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/reason.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/handler.h"
#include "platform/rpc/server.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::StatusIs;
using ::testing::HasSubstr;

// An evaluator with one gate.
class OneGate final : public v1::EvaluatorService::CallbackService {
 public:
  explicit OneGate(rpc::Executor& executor) : executor_(executor) {}
  grpc::ServerUnaryReactor* GetGate(grpc::CallbackServerContext* context,
                                    const v1::GetGateRequest* request,
                                    v1::GetGateResponse* response) override {
    return rpc::Unary(context, executor_, request, response,
                      [this](const v1::GetGateRequest& in,
                             v1::GetGateResponse& out) -> absl::Status {
                        if (!answer.ok()) return answer;
                        if (in.gate_id() != gate.gate_id()) {
                          return absl::NotFoundError("no such gate");
                        }
                        *out.mutable_gate() = gate;
                        return absl::OkStatus();
                      });
  }

  v1::Gate gate;
  absl::Status answer;

 private:
  rpc::Executor& executor_;
};

class EvaluatorClientTest : public ::testing::Test {
 protected:
  EvaluatorClientTest() {
    service_.gate.set_gate_id("g");
    service_.gate.set_prompt("complete");
    service_.gate.set_candidate_version(7);
    auto server = rpc::Server::Start({}, executor_, {&service_});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    client_ = std::make_unique<EvaluatorClient>(
        rpc::NewChannel({.target = fmt::format("127.0.0.1:{}", server_->port()),
                         .auth_token = {},
                         .max_attempts = 1}));
  }

  telemetry::Registry registry_;
  rpc::Executor executor_{{}, registry_};
  OneGate service_{executor_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<EvaluatorClient> client_;
};

TEST_F(EvaluatorClientTest, TellsWhatTheGateJudgedAndHowItEnded) {
  const std::map<v1::VerdictKind, Verdict> verdicts = {
      {v1::VERDICT_KIND_UNSPECIFIED, Verdict::kNone},
      {v1::VERDICT_KIND_PASSED, Verdict::kPassed},
      {v1::VERDICT_KIND_REGRESSED, Verdict::kRegressed},
      {v1::VERDICT_KIND_INCONCLUSIVE, Verdict::kInconclusive},
      {v1::VERDICT_KIND_OVERRIDDEN, Verdict::kOverridden}};
  for (const auto& [kind, verdict] : verdicts) {
    service_.gate.set_verdict(kind);
    service_.gate.set_warns(kind == v1::VERDICT_KIND_INCONCLUSIVE);
    service_.gate.set_override_reason("why");
    ASSERT_OK_AND_ASSIGN(const GateResult gate, client_->Get("g"));
    EXPECT_EQ(gate.prompt, "complete");
    EXPECT_EQ(gate.version, 7U);
    EXPECT_EQ(gate.verdict, verdict);
    EXPECT_EQ(gate.warns, verdict == Verdict::kInconclusive);
    EXPECT_EQ(gate.override_reason, "why");
  }
}

TEST_F(EvaluatorClientTest, KnowsAnUnknownGateFromAnEvaluatorThatCannotSay) {
  EXPECT_THAT(client_->Get("other"), StatusIs(absl::StatusCode::kNotFound));
  service_.answer = absl::InternalError("broken");
  EXPECT_THAT(client_->Get("g"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("gate g")));
  service_.answer = absl::PermissionDeniedError("not you");
  const auto denied = client_->Get("g");
  EXPECT_THAT(denied, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(base::ReasonOf(denied.status()), "EVALUATOR_UNAVAILABLE");
  server_.reset();
  EXPECT_THAT(client_->Get("g"), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace evalloop::prompt_engine
