#ifndef EVALLOOP_PROMPT_ENGINE_TESTING_SERVED_PROMPT_ENGINE_H_
#define EVALLOOP_PROMPT_ENGINE_TESTING_SERVED_PROMPT_ENGINE_H_

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "platform/base/clock.h"
#include "platform/postgres/outbox.h"
#include "platform/postgres/transactor.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/server.h"
#include "platform/testing/test_database.h"
#include "platform/testing/test_topics.h"
#include "prompt_engine/service/prompt_engine_service.h"
#include "prompt_engine/store/postgres_commit_store.h"
#include "prompt_engine/store/postgres_library_store.h"
#include "prompt_engine/store/postgres_outcome_records.h"
#include "prompt_engine/store/postgres_outcome_store.h"
#include "prompt_engine/stream/library_events.h"
#include "prompt_engine/testing/fake_gates.h"
#include "prompt_engine/testing/git_folder.h"
#include "prompt_engine/translate/content_codec.h"

namespace evalloop::prompt_engine {

inline constexpr char kRevisionTopic[] = "revision";
inline constexpr char kLabelTopic[] = "label";

inline std::vector<kafka::TopicSpec> LibraryTopics() {
  std::vector<kafka::TopicSpec> topics(2);
  topics[0].name = kRevisionTopic;
  topics[0].compacted = true;
  topics[1].name = kLabelTopic;
  topics[1].compacted = true;
  return topics;
}

// prompt_engine served on real Postgres, with topics of its own on real Kafka.
class ServedPromptEngine : public ::testing::Test {
 protected:
  void SetUp() override {
    rpc::ServerOptions options;
    auto server = rpc::Server::Start(options, executor_, {&service_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    rpc::ChannelOptions to;
    to.target = fmt::format("127.0.0.1:{}", server_->port());
    stub_ = v1::PromptEngineService::NewStub(rpc::NewChannel(to));
  }

  template <typename Method, typename Request>
  auto Call(Method method, const Request& request) {
    return rpc::CallUnary(*stub_, method, request, std::chrono::seconds(30));
  }
  using Stub = v1::PromptEngineService::Stub;

  GitFolder copies_;
  std::unique_ptr<testing::TestDatabase> database_ =
      testing::TestDatabase::CreateOrDie({"prompt_engine/store/migrations"});
  std::unique_ptr<testing::TestTopics> topics_ =
      testing::TestTopics::CreateOrDie(LibraryTopics());
  telemetry::Registry registry_;
  base::SystemClock clock_;
  postgres::Pool pool_{database_->Options("prompt_engine")};
  postgres::PostgresTransactor transactor_{pool_};
  postgres::PostgresOutbox outbox_{"prompt_engine"};
  ProtoContentCodec codec_;
  PostgresLibraryStore library_store_;
  OutboxLibraryEvents events_{outbox_, topics_->Name(kRevisionTopic),
                              topics_->Name(kLabelTopic)};
  FakeGates gates_;
  RevisionCache cache_{clock_};
  Library library_{
      {transactor_, library_store_, events_, codec_, gates_, cache_, clock_}};
  PostgresCommitStore commits_{pool_};
  Ingestor ingestor_{
      transactor_, commits_, clock_, {.folder = copies_.path() + "/copies"}};
  rpc::Executor executor_{{}, registry_};
  PostgresOutcomeStore outcomes_;
  PostgresOutcomeRecords records_;
  Proposer proposer_{transactor_, outcomes_, library_};
  PromptEngineService service_{
      {library_, ingestor_, proposer_, transactor_, commits_, records_},
      executor_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::PromptEngineService::Stub> stub_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TESTING_SERVED_PROMPT_ENGINE_H_
