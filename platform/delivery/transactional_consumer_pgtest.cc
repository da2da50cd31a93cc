// Effect exactly once, on a real Postgres and a consumer that plays a script.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "platform/delivery/inbox_pruner.h"
#include "platform/delivery/transactional_consumer.h"
#include "platform/postgres/transactor.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"

namespace evalloop::delivery {
namespace {

using ::evalloop::testing::IsOk;
using ::evalloop::testing::TestDatabase;
using std::chrono::milliseconds;
using ::testing::ElementsAre;

// Hands out `batches`, assigning `partitions` first; when all are handed out,
// asks `stop` to stop.
class ScriptedConsumer final : public kafka::Consumer {
 public:
  ScriptedConsumer(kafka::RebalanceListener& listener,
                   std::vector<kafka::TopicPartition> partitions,
                   std::deque<std::vector<kafka::Record>> batches,
                   std::stop_source stop)
      : listener_(listener),
        partitions_(std::move(partitions)),
        batches_(std::move(batches)),
        stop_(std::move(stop)) {}

  absl::StatusOr<std::vector<kafka::Record>> PollBatch(std::size_t,
                                                       milliseconds) override {
    if (!assigned_) listener_.OnAssigned(partitions_);
    assigned_ = true;
    if (batches_.empty()) {
      stop_.request_stop();
      return std::vector<kafka::Record>();
    }
    auto next = std::move(batches_.front());
    batches_.pop_front();
    return next;
  }
  std::string ClusterId(milliseconds) override { return cluster; }
  std::string cluster = "one";
  void CommitHint(std::span<const kafka::PartitionOffset>) override {}

 private:
  kafka::RebalanceListener& listener_;
  const std::vector<kafka::TopicPartition> partitions_;
  std::deque<std::vector<kafka::Record>> batches_;
  std::stop_source stop_;
  bool assigned_ = false;
};

// Writes each record's payload into table `effect`; refuses payload "poison".
class EffectHandler final : public BatchHandler {
 public:
  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override {
    if (before) {
      if (auto status = before(); !status.ok()) return status;
    }
    for (const auto* record : fresh) {
      const auto status = postgres::Guard([&] {
        postgres::Of(work).exec_params("INSERT INTO effect (what) VALUES ($1)",
                                       record->payload);
      });
      if (!status.ok()) return status;
      if (record->payload == "poison") {
        return absl::InvalidArgumentError("cannot be read");
      }
    }
    return absl::OkStatus();
  }
  std::function<absl::Status()> before;
};

kafka::Record At(std::int64_t offset, std::string payload,
                 std::int32_t partition = 0) {
  return {.topic = "t",
          .partition = partition,
          .offset = offset,
          .key = "k",
          .payload = payload,
          .headers = {{std::string(kafka::kEventIdHeader), "id-" + payload}}};
}

void Quiet(std::string_view) {}

// For a consumer whose rebalances nobody hears of.
class DeafListener final : public kafka::RebalanceListener {
 public:
  std::vector<kafka::PartitionOffset> OnAssigned(
      std::span<const kafka::TopicPartition>) override {
    return {};
  }
  void OnRevoked(std::span<const kafka::TopicPartition>) override {}
};

class TransactionalConsumerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = TestDatabase::CreateOrDie({});
    ASSERT_THAT(
        database_->Execute(
            "SELECT evalloop_platform.create_service('books');"
            "CREATE TABLE books.effect (n bigserial, what text NOT NULL)"),
        IsOk());
  }
  static void TearDownTestSuite() { database_.reset(); }
  void SetUp() override { ASSERT_THAT(database_->Clear("books"), IsOk()); }

  std::vector<std::string> Column(const std::string& sql) {
    auto values = postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
      std::vector<std::string> found;
      for (const auto& row : tx.exec(sql)) {
        found.push_back(row[0].as<std::string>());
      }
      return found;
    });
    EXPECT_THAT(values, IsOk());
    return values.ok() ? *std::move(values) : std::vector<std::string>();
  }
  std::vector<std::string> Effects() {
    return Column("SELECT what FROM effect ORDER BY n");
  }
  std::unique_ptr<TransactionalConsumer> NewConsumer() {
    return std::make_unique<TransactionalConsumer>(
        TransactionalConsumerOptions{.consumer = "reader",
                                     .first_backoff = milliseconds(1),
                                     .max_backoff = milliseconds(20)},
        transactor_, std::map<std::string, BatchHandler*>{{"t", &handler_}},
        Quiet);
  }
  // Runs `consumer` on `batches` until all are handed out.
  void RunOn(TransactionalConsumer& consumer,
             std::deque<std::vector<kafka::Record>> batches,
             std::vector<kafka::TopicPartition> partitions = {{"t", 0}}) {
    std::stop_source stop;
    EXPECT_THAT(
        consumer.Run(stop.get_token(),
                     [&](kafka::RebalanceListener& listener)
                         -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
                       return std::make_unique<ScriptedConsumer>(
                           listener, partitions, std::move(batches), stop);
                     }),
        IsOk());
  }

  static std::unique_ptr<TestDatabase> database_;
  postgres::Pool pool_{database_->Options("books")};
  postgres::PostgresTransactor transactor_{pool_};
  EffectHandler handler_;
  DeafListener deaf_;
};
std::unique_ptr<TestDatabase> TransactionalConsumerTest::database_;

TEST_F(TransactionalConsumerTest, ARedeliveredRecordHasItsEffectOnce) {
  const auto consumer = NewConsumer();
  RunOn(*consumer, {{At(0, "a"), At(1, "b")},
                    {At(0, "a"), At(1, "b"), At(2, "c"), At(3, "c")}});
  EXPECT_THAT(Effects(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Column("SELECT next_offset FROM consumer_offset"),
              ElementsAre("4"));
  EXPECT_EQ(consumer->counters().handled, 3);
  EXPECT_EQ(consumer->counters().duplicates, 3);
}

TEST_F(TransactionalConsumerTest, AHandlersTransientErrorIsRetriedInPlace) {
  int failures = 2;
  handler_.before = [&] {
    return failures-- > 0 ? absl::UnavailableError("peer") : absl::OkStatus();
  };
  const auto consumer = NewConsumer();
  RunOn(*consumer, {{At(0, "a")}});
  EXPECT_THAT(Effects(), ElementsAre("a"));
  EXPECT_EQ(consumer->counters().retries, 2);
}

TEST_F(TransactionalConsumerTest, PoisonGoesToItsTableAndTheRestProceeds) {
  const auto consumer = NewConsumer();
  RunOn(*consumer, {{At(0, "a"), At(1, "poison"), At(2, "b")}, {At(3, "c")}});
  EXPECT_THAT(Effects(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Column("SELECT \"offset\" FROM poison"), ElementsAre("1"));
  EXPECT_THAT(Column("SELECT reason FROM poison"),
              ElementsAre("INVALID_ARGUMENT: cannot be read"));
  EXPECT_THAT(Column("SELECT next_offset FROM consumer_offset"),
              ElementsAre("4"));
}

TEST_F(TransactionalConsumerTest, ARecordWithAnUnusableIdIsPoison) {
  auto bad = At(0, "a");
  bad.headers[0].value = std::string("\0\xff", 2);
  const auto consumer = NewConsumer();
  RunOn(*consumer, {{bad, At(1, "b")}});
  EXPECT_THAT(Effects(), ElementsAre("b"));
  EXPECT_THAT(Column("SELECT event_id FROM poison"), ElementsAre("\\x00\\xff"));
}

TEST_F(TransactionalConsumerTest, AZombieIsFencedAndItsEffectsRolledBack) {
  const auto zombie = NewConsumer();
  const auto heir = NewConsumer();
  const std::vector<kafka::TopicPartition> both = {{"t", 0}, {"t", 1}};
  std::stop_source stop;
  EXPECT_THAT(
      zombie->Run(stop.get_token(),
                  [&](kafka::RebalanceListener& listener)
                      -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
                    listener.OnAssigned(both);
                    // Paused here, the zombie loses partition 0 without hearing
                    // of it.
                    RunOn(*heir, {{At(0, "mine", 0)}});
                    return std::make_unique<ScriptedConsumer>(
                        deaf_, both,
                        std::deque<std::vector<kafka::Record>>{
                            {At(1, "theirs", 0), At(0, "kept", 1)}},
                        stop);
                  }),
      IsOk());
  EXPECT_THAT(Effects(), ElementsAre("mine", "kept"));
  EXPECT_EQ(zombie->counters().fenced, 1);
  EXPECT_THAT(
      Column("SELECT next_offset FROM consumer_offset ORDER BY partition"),
      ElementsAre("1", "1"));
}

TEST_F(TransactionalConsumerTest, PruningTheInboxGoesOnUntilNothingIsOld) {
  ASSERT_THAT(database_->Execute(
                  "INSERT INTO books.inbox SELECT 'reader', n::text, "
                  "now() - interval '15 days' FROM generate_series(1, 25) AS n;"
                  "INSERT INTO books.inbox VALUES ('reader', 'new')"),
              IsOk());
  base::SystemClock clock;
  InboxPruner pruner({.batch = 10}, transactor_, clock, Quiet);
  const auto pruned = pruner.Prune();
  ASSERT_THAT(pruned, IsOk());
  EXPECT_EQ(*pruned, 25);
  EXPECT_THAT(Column("SELECT event_id FROM inbox"), ElementsAre("new"));
}

}  // namespace
}  // namespace evalloop::delivery
