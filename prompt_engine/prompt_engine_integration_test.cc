// The prompt library on real Postgres and Kafka, asked over gRPC.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "evalloop/v1/events.pb.h"
#include "platform/base/reason.h"
#include "platform/delivery/outbox_relay.h"
#include "platform/kafka/compacted_reader.h"
#include "platform/kafka/producer.h"
#include "platform/testing/status_matchers.h"
#include "prompt_engine/stream/library_feed.h"
#include "prompt_engine/testing/served_prompt_engine.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using namespace std::chrono_literals;

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

class PromptEngineIntegrationTest : public ServedPromptEngine {
 protected:
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
  reader_options.topics = {topics_->Name(kRevisionTopic),
                           topics_->Name(kLabelTopic)};
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

// Two replicas over one database: what one moves and publishes the other
// answers with as soon as it is told, though it had the old answer in memory.
TEST_F(PromptEngineIntegrationTest, AnotherReplicaHearsOfChanges) {
  kafka::ProducerOptions producer_options;
  producer_options.brokers = topics_->brokers();
  ASSERT_OK_AND_ASSIGN(auto producer, kafka::NewProducer(producer_options));
  delivery::OutboxRelayOptions relay_options;
  relay_options.database = database_->Options("prompt_engine");
  delivery::OutboxRelay relay(relay_options, *producer,
                              [](std::string_view) {});
  std::jthread relaying([&](std::stop_token stop) { relay.Run(stop); });

  RevisionCache cache(clock_, {.max_label_age = absl::Hours(1)});
  Library other(
      {transactor_, library_store_, events_, codec_, gates_, cache, clock_});
  kafka::CompactedReaderOptions reader_options;
  reader_options.brokers = topics_->brokers();
  reader_options.topics = {topics_->Name(kRevisionTopic),
                           topics_->Name(kLabelTopic)};
  std::mutex mu;
  std::condition_variable told;
  ASSERT_OK_AND_ASSIGN(auto reader,
                       kafka::StartCompactedReader(
                           reader_options, [&](const kafka::Record& record) {
                             EXPECT_THAT(ForgetChanged(record, cache), IsOk());
                             std::lock_guard lock(mu);
                             told.notify_all();
                           }));
  ASSERT_THAT(reader->WaitCaughtUp(20s), IsOk());
  const auto until = [&](const std::function<bool()>& is_so) {
    std::unique_lock lock(mu);
    return told.wait_for(lock, 20s, is_so);
  };

  for (std::uint32_t tokens = 1; tokens <= 2; ++tokens) {
    ASSERT_THAT(Push(tokens), IsOk());
  }
  const RevisionSelector canary{"complete/line", 0, "canary", ""};
  const auto move = [&](std::uint32_t version) {
    EXPECT_THAT(
        library_.Move({"complete/line", "canary", version, "try", "ann", 0}),
        IsOk());
  };
  move(1);
  ASSERT_OK_AND_ASSIGN(const Revision first, other.Resolve(canary));
  EXPECT_EQ(first.version, 1U);
  move(2);
  EXPECT_EQ(library_.Resolve(canary)->version, 2U);
  EXPECT_TRUE(until([&] { return other.Resolve(canary)->version == 2; }));
  ASSERT_THAT(
      library_.RollBack({"complete/line", "canary", 0, "bad", "ann", 0}),
      IsOk());
  EXPECT_EQ(library_.Resolve(canary)->version, 1U);
  EXPECT_TRUE(until([&] { return other.Resolve(canary)->version == 1; }));

  const RevisionSelector draft{"complete/line", 2, "", ""};
  ASSERT_FALSE(other.Resolve(draft)->publication);
  gates_.gates["g"] = {"complete/line", 2, Verdict::kPassed, false, ""};
  ASSERT_THAT(library_.Publish({"complete/line", 2, "g", "", "ann"}), IsOk());
  EXPECT_TRUE(
      until([&] { return other.Resolve(draft)->publication.has_value(); }));
  EXPECT_EQ(other.Resolve(draft)->publication->verdict, Verdict::kPassed);
  EXPECT_EQ(other.Resolve(draft)->publication->gate_id, "g");
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

}  // namespace
}  // namespace evalloop::prompt_engine
