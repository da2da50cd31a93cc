// The gateway's own promises, on real engines and the program itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "platform/http/client.h"
#include "platform/http/sse.h"
#include "platform/rpc/channel.h"
#include "platform/testing/status_matchers.h"
#include "protos/topics.h"
#include "tests/gateway/gateway_stack.h"

namespace evalloop::serving {
namespace {

namespace json = boost::json;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::StatusIs;

class GatewayIntegrationTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { stack_ = new GatewayStack; }
  static void TearDownTestSuite() {
    delete stack_;
    stack_ = nullptr;
  }

  static http::ClientRequest Post(std::string_view path, std::string body) {
    http::ClientRequest request;
    request.method = "POST";
    request.url = stack_->base_url() + std::string(path);
    request.headers = {{"content-type", "application/json"}};
    request.body = std::move(body);
    return request;
  }
  http::ClientResponse Fetch(http::ClientRequest request) {
    auto response = client_.Fetch(std::move(request));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *std::move(response) : http::ClientResponse();
  }
  http::ClientResponse Complete(std::string_view model) {
    return Fetch(Post("/completions", R"({"prompt":"x = ","model":")" +
                                          std::string(model) +
                                          R"(","metadata":{"path":"a.py"}})"));
  }
  static std::string IdOf(const http::ClientResponse& response) {
    return json::value_to<std::string>(json::parse(response.body).at("id"));
  }
  static std::string TextOf(const http::ClientResponse& response) {
    return json::value_to<std::string>(
        json::parse(response.body).at("choices").at(0).at("text"));
  }
  http::ClientResponse Tell(const std::string& id, std::string_view event) {
    return Fetch(Post("/feedback", R"({"completion_id":")" + id +
                                       R"(","event":")" + std::string(event) +
                                       R"(","text":"return a + b"})"));
  }
  absl::StatusOr<v1::GetCompletionResponse> Get(const std::string& id) {
    v1::GetCompletionRequest request;
    request.set_completion_id(id);
    return rpc::CallUnary(stack_->stub(),
                          &v1::ServingService::Stub::GetCompletion, request,
                          seconds(10));
  }
  // The intent is a row before its result is.
  bool HasResult(const std::string& id) {
    const auto stored = Get(id);
    return stored.ok() && stored->completion().error() != "no_result";
  }
  // The settled events of one completion, when the first has come.
  std::vector<v1::Event> SettledOf(const std::string& id) {
    std::vector<v1::Event> found;
    Eventually([&] {
      found.clear();
      for (const v1::Event& event :
           stack_->Events(v1topics::kCompletionSettled, 0, seconds(0))) {
        if (event.subject() == id) found.push_back(event);
      }
      return !found.empty();
    });
    return found;
  }

  static GatewayStack* stack_;
  http::Client client_;
};

GatewayStack* GatewayIntegrationTest::stack_ = nullptr;

TEST_F(GatewayIntegrationTest, SettlesACompletionOnceWithItsFirstFate) {
  const auto answer = Complete("evalloop/complete");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(TextOf(answer), "return a + b");
  const std::string id = IdOf(answer);
  EXPECT_EQ(Tell(id, "shown").status, 200);
  EXPECT_EQ(Tell(id, "accepted").status, 200);
  EXPECT_EQ(Tell(id, "accepted").status, 200);
  EXPECT_EQ(Tell(id, "edited").status, 200);

  ASSERT_TRUE(Eventually([&] {
    const auto stored = Get(id);
    return stored.ok() && stored->feedback_size() == 3;
  })) << "three different events, the repeated one once";
  const auto settled = SettledOf(id);
  ASSERT_THAT(settled, SizeIs(1));
  const v1::CompletionSettled& payload = settled[0].completion_settled();
  EXPECT_EQ(payload.feedback().kind(), v1::FeedbackGiven::KIND_ACCEPTED);
  EXPECT_EQ(payload.completion().raw_text(), "return a + b");
  EXPECT_EQ(payload.completion().location().path(), "a.py");
  EXPECT_EQ(payload.completion().tokens_size(), 4);
}

TEST_F(GatewayIntegrationTest, RefusesForgedIdsAndUnknownNames) {
  EXPECT_EQ(Tell("cmpl-AAAAAAAA", "accepted").status, 404);
  EXPECT_EQ(Complete("evalloop/none").status, 404);
  EXPECT_EQ(Complete("none").status, 404);
}

TEST_F(GatewayIntegrationTest, ServesAMovedLabelWithinASecond) {
  stack_->PushRevision(7, "good");
  stack_->MoveLabel(7, 70);
  const auto moved = std::chrono::steady_clock::now();
  ASSERT_TRUE(Eventually([&] {
    return Complete("evalloop/complete").headers.Find("x-evalloop-revision") ==
           "complete@7";
  }));
  EXPECT_LT(std::chrono::steady_clock::now() - moved, seconds(1));
}

TEST_F(GatewayIntegrationTest, LosesNoAnsweredCompletionWhenKilled) {
  std::set<std::string> ids;
  for (int i = 0; i < 50; ++i) {
    const auto answer = Complete("evalloop/complete");
    ASSERT_EQ(answer.status, 200) << answer.body;
    ids.insert(IdOf(answer));
  }
  const std::string last = *ids.begin();
  EXPECT_EQ(Tell(last, "rejected").status, 200);
  stack_->Kill();
  stack_->StartGateway();
  EXPECT_THAT(ids, SizeIs(50));
  for (const std::string& id : ids) {
    ASSERT_TRUE(Eventually([&] { return HasResult(id); })) << id;
    EXPECT_EQ(Get(id)->completion().error(), "");
  }
  EXPECT_THAT(SettledOf(last), SizeIs(1));
  EXPECT_EQ(Complete("evalloop/complete").status, 200)
      << "models and labels are back";
}

TEST_F(GatewayIntegrationTest, HidesWhatComesTooLateAndLetsGoOfTheProvider) {
  stack_->PushRevision(8, "stall");
  const int abandoned = stack_->model_server().abandoned();
  const auto answer = Complete("evalloop/complete@8");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.headers.Find("x-evalloop-shown"), "false");
  EXPECT_EQ(TextOf(answer), "");
  EXPECT_TRUE(Eventually(
      [&] { return stack_->model_server().abandoned() > abandoned; }));
  ASSERT_TRUE(Eventually([&] { return HasResult(IdOf(answer)); }));
  EXPECT_EQ(Get(IdOf(answer))->completion().hidden_reason(), "late");
}

TEST_F(GatewayIntegrationTest, CancelsTheProviderWhenTheClientGoes) {
  const std::size_t calls = stack_->model_server().calls().size();
  const int abandoned = stack_->model_server().abandoned();
  const auto call =
      client_.Send(Post("/completions", R"({"model":"stall","prompt":"x"})"),
                   {.on_chunk = {}, .on_done = [](auto) {}});
  ASSERT_TRUE(Eventually(
      [&] { return stack_->model_server().calls().size() > calls; }));
  call->Cancel();
  EXPECT_TRUE(
      Eventually([&] { return stack_->model_server().abandoned() > abandoned; },
                 seconds(5)));
}

TEST_F(GatewayIntegrationTest, PassesAProvidersLimitOn) {
  const auto answer = Complete("limited");
  EXPECT_EQ(answer.status, 429) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("slow down"));
  EXPECT_EQ(answer.headers.Find("retry-after"), "7");
}

TEST_F(GatewayIntegrationTest, StreamsWholeEventsWhateverTheProviderCuts) {
  const auto answer = Fetch(
      Post("/completions", R"({"model":"good","prompt":"x","stream":true})"));
  EXPECT_EQ(answer.status, 200);
  std::string text;
  http::SseParser parser;
  ASSERT_TRUE(
      parser
          .Feed(answer.body,
                [&text](const http::SseEvent& event) {
                  if (event.data == "[DONE]") return;
                  text += json::value_to<std::string>(
                      json::parse(event.data).at("choices").at(0).at("text"));
                })
          .ok());
  EXPECT_EQ(text, "return a + b");
  EXPECT_TRUE(answer.body.ends_with("data: [DONE]\n\n")) << answer.body;
}

TEST_F(GatewayIntegrationTest, TellsInTheStreamThatTheProviderBrokeOff) {
  const auto answer = Fetch(
      Post("/completions", R"({"model":"cut","prompt":"x","stream":true})"));
  EXPECT_THAT(answer.body, HasSubstr(R"({"error":)"));
  EXPECT_FALSE(answer.body.ends_with("data: [DONE]\n\n"));
}

TEST_F(GatewayIntegrationTest, AnswersRunTasksOnce) {
  v1::Event event;
  event.set_event_id("task-event");
  event.set_subject("run/item");
  v1::RunTask& task = *event.mutable_run_task();
  task.set_run_id("run");
  task.set_item_id("item");
  task.set_prefix("def f(a, b):\n    ");
  task.add_references("return a + b");
  task.set_mode(v1::RUN_MODE_TYPED);
  task.mutable_location()->set_path("a.py");
  task.mutable_location()->set_language("python");
  v1::RevisionContent& content = *task.mutable_revision()->mutable_content();
  content.mutable_template_()->set_form(v1::Template::FORM_PREFIX_SUFFIX);
  content.mutable_model()->set_name("good");
  content.mutable_sampling()->set_max_tokens(32);
  stack_->Send(v1topics::kRunTask, event);
  stack_->Send(v1topics::kRunTask, event);  // Delivered twice.
  v1::Event other = event;
  other.set_event_id("task-event-2");
  other.mutable_run_task()->set_mode(v1::RUN_MODE_ONCE);
  stack_->Send(v1topics::kRunTask, other);

  const auto events = stack_->Events(v1topics::kRunAnswered, 2, seconds(30));
  ASSERT_THAT(events, SizeIs(2));
  const v1::RunAnswered& typed = events[0].run_answered();
  EXPECT_EQ(typed.infrastructure_error(), "");
  EXPECT_EQ(typed.raw_text(), "return a + b");
  EXPECT_EQ(typed.tally().accepted(), 1u);
  EXPECT_FALSE(events[1].run_answered().has_tally());
}

TEST_F(GatewayIntegrationTest, RefusesToRegisterAModelThatDoesNotAnswer) {
  v1::RegisterModelRequest request;
  v1::Model& model = *request.mutable_model();
  model.set_name("nobody");
  model.set_provider(v1::Model::PROVIDER_OPENAI_COMPATIBLE);
  model.set_base_url("http://127.0.0.1:1/v1");
  model.set_model_id("x");
  EXPECT_THAT(
      rpc::CallUnary(stack_->stub(), &v1::ServingService::Stub::RegisterModel,
                     request, seconds(10)),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("start the model server")));
}

TEST_F(GatewayIntegrationTest, ListsModelsAndCompletionsInPages) {
  v1::ListModelsRequest models;
  models.mutable_page()->set_page_size(2);
  ASSERT_OK_AND_ASSIGN(
      const v1::ListModelsResponse first,
      rpc::CallUnary(stack_->stub(), &v1::ServingService::Stub::ListModels,
                     models, seconds(10)));
  EXPECT_EQ(first.models_size(), 2);
  EXPECT_FALSE(first.next_page_token().empty());

  for (int i = 0; i < 3; ++i) Complete("evalloop/complete");
  v1::ListCompletionsRequest completions;
  completions.set_prompt("complete");
  completions.mutable_page()->set_page_size(2);
  std::set<std::string> seen;
  ASSERT_TRUE(Eventually([&] {
    seen.clear();
    completions.mutable_page()->clear_page_token();
    for (int page = 0; page < 2; ++page) {
      const auto answer = rpc::CallUnary(
          stack_->stub(), &v1::ServingService::Stub::ListCompletions,
          completions, seconds(10));
      if (!answer.ok()) return false;
      for (const auto& one : answer->completions()) {
        seen.insert(one.completion_id());
      }
      completions.mutable_page()->set_page_token(answer->next_page_token());
    }
    return seen.size() >= 3;
  }));
}

TEST_F(GatewayIntegrationTest, StreamsOverGrpcWithTheCompletionLast) {
  grpc::ClientContext context;
  v1::StreamCompleteRequest request;
  request.mutable_request()->mutable_revision()->set_prompt("complete");
  request.mutable_request()->set_prefix("x = ");
  const auto reader = stack_->stub().StreamComplete(&context, request);
  v1::StreamCompleteResponse message;
  std::string text;
  bool completed = false;
  while (reader->Read(&message)) {
    text += message.text();
    completed = message.has_completion();
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(text, "return a + b");
  EXPECT_TRUE(completed);
}

}  // namespace
}  // namespace evalloop::serving
