// The whole service on real Postgres and Kafka, asked over gRPC.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "evalloop/v1/events.pb.h"
#include "evalloop/v1/prompt_engine.grpc.pb.h"
#include "platform/base/clock.h"
#include "platform/base/reason.h"
#include "platform/delivery/outbox_relay.h"
#include "platform/kafka/compacted_reader.h"
#include "platform/kafka/producer.h"
#include "platform/postgres/outbox.h"
#include "platform/postgres/transactor.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/server.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"
#include "platform/testing/test_topics.h"
#include "prompt_engine/domain/local_history.h"
#include "prompt_engine/service/content_codec.h"
#include "prompt_engine/service/prompt_engine_service.h"
#include "prompt_engine/store/postgres_commit_store.h"
#include "prompt_engine/store/postgres_library_store.h"
#include "prompt_engine/store/postgres_outcome_store.h"
#include "prompt_engine/stream/library_events.h"
#include "prompt_engine/testing/git_folder.h"
#include "protos/topics.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using evalloop::testing::TestDatabase;
using evalloop::testing::TestTopics;
using namespace std::chrono_literals;

std::vector<kafka::TopicSpec> Topics() {
  std::vector<kafka::TopicSpec> topics(2);
  topics[0].name = v1topics::kPromptRevision;
  topics[0].compacted = true;
  topics[1].name = v1topics::kPromptLabel;
  topics[1].compacted = true;
  return topics;
}

// What compacted topics say, by key.
class Followed {
 public:
  void Take(const kafka::Record& record) {
    v1::Event event;
    ASSERT_TRUE(event.ParseFromString(record.payload));
    std::lock_guard lock(mu_);
    events_[record.key] = event;
    changed_.notify_all();
  }
  // The key's event once `test` holds of it.
  template <typename Test>
  bool Wait(const std::string& key, Test test) {
    std::unique_lock lock(mu_);
    return changed_.wait_for(lock, 20s, [&] {
      const auto found = events_.find(key);
      return found != events_.end() && test(found->second);
    });
  }

 private:
  std::mutex mu_;
  std::condition_variable changed_;
  std::map<std::string, v1::Event> events_;
};

class PromptEngineIntegrationTest : public ::testing::Test {
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
    return rpc::CallUnary(*stub_, method, request, 30s);
  }
  using Stub = v1::PromptEngineService::Stub;

  absl::StatusOr<v1::PushRevisionResponse> Push(std::uint32_t max_tokens) {
    v1::PushRevisionRequest request;
    request.set_prompt("complete/line");
    request.set_message("try");
    request.set_author("ann");
    v1::RevisionContent& content = *request.mutable_content();
    content.mutable_template_()->set_form(v1::Template::FORM_PREFIX_SUFFIX);
    content.mutable_model()->set_name("ngram");
    content.mutable_sampling()->set_max_tokens(max_tokens);
    content.mutable_sampling()->add_stop("\n");
    return Call(&Stub::PushRevision, request);
  }

  std::vector<v1::IngestRepositoryResponse> Ingest(const std::string& path,
                                                   std::uint32_t most = 0) {
    v1::IngestRepositoryRequest request;
    request.set_repository(path);
    request.set_max_commits(most);
    grpc::ClientContext context;
    const auto reader = stub_->IngestRepository(&context, request);
    std::vector<v1::IngestRepositoryResponse> progress(1);
    while (reader->Read(&progress.back())) progress.emplace_back();
    progress.pop_back();
    EXPECT_TRUE(reader->Finish().ok());
    return progress;
  }

  std::vector<v1::MinedItem> Mine(const v1::MineItemsRequest& request) {
    grpc::ClientContext context;
    const auto reader = stub_->MineItems(&context, request);
    std::vector<v1::MinedItem> items;
    v1::MineItemsResponse response;
    while (reader->Read(&response)) items.push_back(response.item());
    const auto status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return items;
  }

  absl::StatusOr<std::int64_t> IdOf(const std::string& repository) {
    std::int64_t id = 0;
    const auto status =
        transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
          const auto found = commits_.FindRepository(work, repository);
          if (found.ok() && *found) id = (*found)->id;
          return found.status();
        });
    if (!status.ok()) return status;
    return id;
  }

  GitFolder copies_;
  std::unique_ptr<TestDatabase> database_ =
      TestDatabase::CreateOrDie({"prompt_engine/store/migrations"});
  std::unique_ptr<TestTopics> topics_ = TestTopics::CreateOrDie(Topics());
  telemetry::Registry registry_;
  base::SystemClock clock_;
  postgres::Pool pool_{database_->Options("prompt_engine")};
  postgres::PostgresTransactor transactor_{pool_};
  postgres::PostgresOutbox outbox_{"prompt_engine"};
  ProtoContentCodec codec_;
  PostgresLibraryStore library_store_;
  OutboxLibraryEvents events_{outbox_, topics_->Name(v1topics::kPromptRevision),
                              topics_->Name(v1topics::kPromptLabel)};
  Library library_{transactor_, library_store_, events_, codec_, clock_};
  PostgresCommitStore commits_{pool_};
  Ingestor ingestor_{
      transactor_, commits_, clock_, {.folder = copies_.path() + "/copies"}};
  rpc::Executor executor_{{}, registry_};
  PostgresOutcomeStore outcomes_;
  Proposer proposer_{transactor_, outcomes_, library_};
  PromptEngineService service_{
      {library_, ingestor_, proposer_, transactor_, commits_, outcomes_},
      executor_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::PromptEngineService::Stub> stub_;
};

TEST_F(PromptEngineIntegrationTest, APushedAndLabelledRevisionIsOnTheTopics) {
  kafka::ProducerOptions producer_options;
  producer_options.brokers = topics_->brokers();
  ASSERT_OK_AND_ASSIGN(auto producer, kafka::NewProducer(producer_options));
  delivery::OutboxRelayOptions relay_options;
  relay_options.database = database_->Options("prompt_engine");
  delivery::OutboxRelay relay(relay_options, *producer,
                              [](std::string_view) {});
  Followed followed;
  kafka::CompactedReaderOptions reader_options;
  reader_options.brokers = topics_->brokers();
  reader_options.topics = {topics_->Name(v1topics::kPromptRevision),
                           topics_->Name(v1topics::kPromptLabel)};
  ASSERT_OK_AND_ASSIGN(auto reader,
                       kafka::StartCompactedReader(
                           reader_options, [&](const kafka::Record& record) {
                             followed.Take(record);
                           }));
  std::jthread relaying([&](std::stop_token stop) { relay.Run(stop); });

  ASSERT_OK_AND_ASSIGN(const auto pushed, Push(32));
  EXPECT_TRUE(pushed.created());
  EXPECT_EQ(pushed.revision().version(), 1U);
  ASSERT_OK_AND_ASSIGN(const auto again, Push(32));
  EXPECT_FALSE(again.created());
  EXPECT_EQ(again.revision().digest(), pushed.revision().digest());

  v1::MoveLabelRequest move;
  move.set_prompt("complete/line");
  move.set_label("production");
  move.set_version(1);
  move.set_reason("first");
  const auto draft = Call(&Stub::MoveLabel, move);
  EXPECT_THAT(draft, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(base::ReasonOf(draft.status()), "NOT_PUBLISHED");

  v1::PublishRevisionRequest publish;
  publish.set_prompt("complete/line");
  publish.set_version(1);
  publish.set_override_reason("the first revision has no baseline");
  ASSERT_OK_AND_ASSIGN(const auto published,
                       Call(&Stub::PublishRevision, publish));
  EXPECT_TRUE(published.revision().has_publish_time());
  EXPECT_EQ(published.staging().version(), 1U);
  ASSERT_THAT(Call(&Stub::MoveLabel, move), IsOk());

  v1::GetRevisionRequest get;
  get.mutable_revision()->set_prompt("complete/line");
  ASSERT_OK_AND_ASSIGN(const auto resolved, Call(&Stub::GetRevision, get));
  EXPECT_EQ(resolved.revision().digest(), pushed.revision().digest());
  EXPECT_EQ(resolved.revision().content().sampling().max_tokens(), 32U);

  EXPECT_TRUE(followed.Wait("complete/line/1", [&](const v1::Event& event) {
    return event.revision_pushed().revision().has_publish_time() &&
           event.revision_pushed().revision().digest() ==
               pushed.revision().digest();
  }));
  EXPECT_TRUE(
      followed.Wait("complete/line/production", [](const v1::Event& event) {
        return event.label_moved().version() == 1 &&
               event.label_moved().sequence() == 1;
      }));
}

TEST_F(PromptEngineIntegrationTest, LabelsRollBackAndHistorySaysWhy) {
  for (std::uint32_t tokens = 1; tokens <= 3; ++tokens) {
    ASSERT_OK_AND_ASSIGN(const auto pushed, Push(tokens));
    v1::MoveLabelRequest move;
    move.set_prompt("complete/line");
    move.set_label("canary");
    move.set_version(pushed.revision().version());
    move.set_reason(fmt::format("try {}", tokens));
    ASSERT_THAT(Call(&Stub::MoveLabel, move), IsOk());
  }
  v1::RollBackLabelRequest back;
  back.set_prompt("complete/line");
  back.set_label("canary");
  back.set_reason("worse");
  ASSERT_OK_AND_ASSIGN(const auto first, Call(&Stub::RollBackLabel, back));
  EXPECT_EQ(first.label().version(), 2U);
  ASSERT_OK_AND_ASSIGN(const auto second, Call(&Stub::RollBackLabel, back));
  EXPECT_EQ(second.label().version(), 1U);

  v1::ListHistoryRequest request;
  request.set_prompt("complete/line");
  request.mutable_page()->set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const auto page, Call(&Stub::ListHistory, request));
  ASSERT_EQ(page.entries_size(), 2);
  EXPECT_EQ(page.entries(0).act(), "rolled_back");
  EXPECT_EQ(page.entries(0).to_version(), 1U);
  EXPECT_EQ(page.entries(0).reason(), "worse");
  request.mutable_page()->set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto next, Call(&Stub::ListHistory, request));
  EXPECT_EQ(next.entries(0).act(), "moved");

  ASSERT_OK_AND_ASSIGN(const auto prompts,
                       Call(&Stub::ListPrompts, v1::ListPromptsRequest()));
  ASSERT_EQ(prompts.prompts_size(), 1);
  EXPECT_EQ(prompts.prompts(0).latest_version(), 3U);
  EXPECT_EQ(prompts.prompts(0).labels(0).version(), 1U);
}

TEST_F(PromptEngineIntegrationTest, IngestingAgainAddsNewCommitsOnly) {
  GitFolder git;
  git.Commit("ann", "import os\n\nvalue = compute(os.path, 1)\n");
  git.Commit("bob", "import os\n\nvalue = compute(os.path, 2)\n");
  auto progress = Ingest(git.path());
  EXPECT_TRUE(progress.back().done());
  EXPECT_EQ(progress.back().commits_total(), 2U);
  git.Commit("ann",
             "import os\n\nvalue = compute(os.path, 2)\nother = value + 1\n");
  progress = Ingest(git.path());
  EXPECT_EQ(progress.back().commits_done(), 3U);
  EXPECT_EQ(progress.back().lines(), 1U);

  v1::ListCommitsRequest request;
  request.set_repository(git.path());
  ASSERT_OK_AND_ASSIGN(const auto commits, Call(&Stub::ListCommits, request));
  ASSERT_EQ(commits.commits_size(), 3);
  EXPECT_EQ(commits.commits(0).parent(), "");
  EXPECT_EQ(commits.commits(1).position(), 1U);
  EXPECT_EQ(commits.commits(1).counted_lines(), 1U);
  EXPECT_NE(commits.commits(0).author(), commits.commits(1).author());
  EXPECT_EQ(commits.commits(0).author(), commits.commits(2).author());
  EXPECT_THAT(commits.commits(0).author(), ::testing::StartsWith("dev-"));
}

TEST_F(PromptEngineIntegrationTest, MinesWhatDevelopersAgreeOn) {
  GitFolder git;
  git.Commit("ann", "import os\n\nstart = 1\n");
  git.Commit("ann",
             "import os\n\nstart = 1\nresult = compute(os.path, start, 10)\n");
  git.Commit("bob",
             "import os\n\nstart = 1\nresult = compute(os.path, start, 20)\n");
  git.Commit("cid",
             "import os\n\nstart = 1\nresult = compute(os.path, start, 20)\n"
             "done = True and result\n");
  Ingest(git.path());
  v1::MineItemsRequest request;
  request.set_repository(git.path());
  const auto items = Mine(request);
  ASSERT_EQ(items.size(), 3U);  // The root's lines have no parent.
  EXPECT_EQ(items[0].committed(), "result = compute(os.path, start, 10)");
  EXPECT_EQ(items[0].prefix(), "import os\n\nstart = 1\n");
  ASSERT_EQ(items[0].variants_size(), 2);
  EXPECT_TRUE(items[0].has_agreement());
  EXPECT_FALSE(items[0].contested());
  // Another value is no other way to write it: 20 is not in what ann wrote.
  EXPECT_EQ(items[0].agreed(), "result = compute(os.path, start, 10)");
  EXPECT_EQ(items[0].class_(), "line");
  EXPECT_EQ(items[0].task(), "completion");
  EXPECT_THAT(items[0].explanation(), ::testing::HasSubstr("2 developers"));
  EXPECT_THAT(items[0].canary(), ::testing::StartsWith("evalloop-canary-"));
  EXPECT_THAT(items[0].tags(), ::testing::Contains("unseen"));
  EXPECT_GT(items[1].variants(0).survival_days(), 0.5);
  EXPECT_TRUE(items[1].variants(0).alive());
  EXPECT_FALSE(items[0].variants(0).alive());
  EXPECT_FALSE(items[0].seen());
  EXPECT_EQ(items[2].variants_size(), 1);
  EXPECT_EQ(items[2].agreed(), "done = True and result");

  const auto again = Mine(request);
  ASSERT_EQ(again.size(), items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(again[i].SerializeAsString(), items[i].SerializeAsString());
  }
  request.set_max_items(1);
  EXPECT_EQ(Mine(request).size(), 1U);
}

TEST_F(PromptEngineIntegrationTest, WhatIsStoredIsWhatGitHas) {
  GitFolder git;
  git.Commit("ann", "import os\n\nstart = compute(os, 1)\n");
  git.Write("b.py",
            "import os\n\n\ndef f(a):\n    value = compute(a, 2)\n"
            "    return value + 1\n");
  git.CommitAll("bob", "more");
  git.Git("revert --no-edit HEAD", "cid");
  git.Commit("cid", "import os\n\nstart = compute(os, 1, 2)\n");
  const auto progress = Ingest(git.path());
  EXPECT_EQ(progress.back().reverts(), 1U);
  // The same from git alone, under other pseudonyms.
  ASSERT_OK_AND_ASSIGN(const auto local,
                       ReadLocalHistory({git.path(), {}, 2, {}}));
  WrittenHistory stored;
  ASSERT_OK_AND_ASSIGN(const auto id, IdOf(git.path()));
  ASSERT_THAT(commits_.ReadHistory(id, "",
                                   [&](const IngestedCommit& commit) {
                                     stored.Add(commit);
                                     return absl::OkStatus();
                                   }),
              IsOk());
  stored.Finish();
  ASSERT_EQ(stored.size(), local.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    EXPECT_EQ(stored[i].text, local[i].text);
    EXPECT_EQ(stored[i].end, local[i].end);
    EXPECT_EQ(stored[i].place, local[i].place);
    EXPECT_EQ(stored[i].own, local[i].own);
    EXPECT_EQ(stored[i].item_class, local[i].item_class);
  }
}

TEST_F(PromptEngineIntegrationTest, LinesKeepTheirOriginsFromCallToCall) {
  GitFolder git;
  git.Commit("ann", "import os\n\nstart = compute(os, 1)\n");
  Ingest(git.path());
  git.Commit("bob",
             "import os\n\nstart = compute(os, 1)\nnext = call(start, 2)\n");
  Ingest(git.path());
  git.Commit("cid", "import os\n\nnext = call(start, 2)\n");
  Ingest(git.path());
  // Rewritten: the last commit goes, and the line that it ended stands again.
  git.Git("reset -q --hard HEAD~1");
  git.Commit("dan",
             "import os\n\nstart = compute(os, 1)\nnext = call(start, 3)\n");
  Ingest(git.path());
  ASSERT_OK_AND_ASSIGN(const auto id, IdOf(git.path()));
  std::vector<LineEnd> ends;
  ASSERT_THAT(commits_.ReadHistory(id, "",
                                   [&](const IngestedCommit& commit) {
                                     ends.insert(ends.end(),
                                                 commit.ends.begin(),
                                                 commit.ends.end());
                                     return absl::OkStatus();
                                   }),
              IsOk());
  EXPECT_THAT(ends, ::testing::ElementsAre(LineEnd{1, "a.py", 4, "a.py", 4}));
}

TEST_F(PromptEngineIntegrationTest, TakesAUrlIntoACopyOfItsOwn) {
  GitFolder git;
  git.Commit("ann", "import os\n\nstart = compute(os, 1)\n");
  git.Commit("bob",
             "import os\n\nstart = compute(os, 1)\nnext = call(start, 2)\n");
  const std::string url = "file://" + git.path();
  EXPECT_EQ(Ingest(url).back().commits_done(), 2U);
  v1::MineItemsRequest request;
  request.set_repository(url);
  const auto items = Mine(request);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].repository(), url);
  request.add_classes("word");
  grpc::ClientContext context;
  const auto reader = stub_->MineItems(&context, request);
  v1::MineItemsResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace evalloop::prompt_engine
