// The whole way: outbox row, relay, Kafka, transactional consumer, effect; with
// engines that fail and processes that die in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "platform/delivery/outbox_relay.h"
#include "platform/delivery/transactional_consumer.h"
#include "platform/kafka/consumer.h"
#include "platform/kafka/mock_cluster.h"
#include "platform/kafka/producer.h"
#include "platform/postgres/outbox.h"
#include "platform/postgres/transactor.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"
#include "platform/testing/test_topics.h"

namespace evalloop::delivery {
namespace {

using ::evalloop::testing::IsOk;
using ::evalloop::testing::TestDatabase;
using ::evalloop::testing::TestTopics;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{60};

void Quiet(std::string_view) {}

// Appends each record's payload to table `effect`.
class EffectHandler final : public BatchHandler {
 public:
  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override {
    return postgres::Guard([&] {
      for (const auto* record : fresh) {
        postgres::Of(work).exec_params(
            "INSERT INTO effect (key, what) VALUES ($1, $2)", record->key,
            record->payload);
      }
    });
  }
};

// Kills its process at the commit of that number, just before or just after.
class DeadlyTransactor final : public base::Transactor {
 public:
  DeadlyTransactor(base::Transactor& inner, int commits, bool before)
      : inner_(inner), left_(commits), before_(before) {}

  absl::Status Run(
      const std::function<absl::Status(base::UnitOfWork&)>& body) override {
    const bool last = --left_ == 0;
    auto status = inner_.Run([&](base::UnitOfWork& work) {
      auto done = body(work);
      if (last && before_) kill(getpid(), SIGKILL);
      return done;
    });
    if (last) kill(getpid(), SIGKILL);
    return status;
  }

 private:
  base::Transactor& inner_;
  int left_;
  const bool before_;
};

class DeliveryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(
        database_->Execute(
            "SELECT evalloop_platform.create_service('books');"
            "CREATE TABLE books.effect (n bigserial, key text, what text)"),
        IsOk());
  }

  absl::Status Emit(const std::string& topic, const std::string& key, int from,
                    int to) {
    std::vector<base::OutgoingEvent> events;
    for (int i = from; i < to; ++i) {
      const std::string number = std::to_string(i);
      events.push_back({key + "-" + number, topic, key, number});
    }
    return transactor_.Run(
        [&](base::UnitOfWork& work) { return outbox_.Add(work, events); });
  }
  std::unique_ptr<kafka::Producer> Producer(const std::string& brokers) {
    auto producer = kafka::NewProducer({.brokers = brokers});
    EXPECT_THAT(producer, IsOk());
    return *std::move(producer);
  }
  OutboxRelay NewRelay(kafka::Producer& producer) {
    return OutboxRelay({.database = database_->Options("books"),
                        .max_batch = 7,
                        .poll_interval = milliseconds(50),
                        .send_timeout = milliseconds(2'000),
                        .first_backoff = milliseconds(5),
                        .max_backoff = milliseconds(100)},
                       producer, Quiet);
  }
  // A group of its own each time: what is kept of the dead one is in Postgres.
  void RunConsumer(std::stop_token stop, const TestTopics& topics,
                   const std::string& topic, const std::string& group,
                   base::Transactor& transactor) {
    EffectHandler handler;
    TransactionalConsumer consumer({.consumer = "reader", .max_batch = 5},
                                   transactor, {{topic, &handler}}, Quiet);
    EXPECT_THAT(consumer.Run(stop,
                             [&](kafka::RebalanceListener& listener) {
                               return kafka::NewConsumer(
                                   {.brokers = topics.brokers(),
                                    .group_id = topics.prefix() + group,
                                    .topics = {topic}},
                                   listener);
                             }),
                IsOk());
  }
  void DieInConsumer(const TestTopics& topics, const std::string& topic,
                     int commits, bool before_commit) {
    postgres::Pool pool(database_->Options("books"));
    postgres::PostgresTransactor inner(pool);
    DeadlyTransactor transactor(inner, commits, before_commit);
    RunConsumer({}, topics, topic, std::to_string(getpid()), transactor);
  }
  absl::Status CutConnections() {
    return database_->Execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }
  std::vector<std::string> Column(const std::string& sql) {
    auto values = postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
      std::vector<std::string> found;
      for (const auto& row : tx.exec(sql)) {
        found.push_back(row[0].as<std::string>());
      }
      return found;
    });
    return values.ok() ? *std::move(values) : std::vector<std::string>{"?"};
  }
  // Polls, as the effect comes from another thread or process.
  bool Eventually(const std::string& sql, const std::string& value) {
    const auto deadline = Steady::now() + kPatience;
    while (Steady::now() < deadline) {
      const auto found = Column(sql);
      if (found.size() == 1 && found[0] == value) return true;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
  }
  // A relay counts a moment after its rows are gone.
  static bool EventuallyHandled(const OutboxRelay& relay, std::int64_t count) {
    const auto deadline = Steady::now() + kPatience;
    while (relay.counters().handled != count) {
      if (Steady::now() > deadline) return false;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return true;
  }
  static std::vector<std::string> Numbers(int to) {
    std::vector<std::string> numbers;
    for (int i = 0; i < to; ++i) numbers.push_back(std::to_string(i));
    return numbers;
  }

  const std::unique_ptr<TestDatabase> database_ = TestDatabase::CreateOrDie({});
  postgres::Pool pool_{database_->Options("books")};
  postgres::PostgresTransactor transactor_{pool_};
  postgres::PostgresOutbox outbox_{"books"};
};

TEST_F(DeliveryTest, EveryOutboxRowHasItsEffectOnceAndInOrderPerKey) {
  const auto topics = TestTopics::CreateOrDie({{.name = "t"}});
  const std::string topic = topics->Name("t");
  const auto producer = Producer(topics->brokers());
  OutboxRelay relay = NewRelay(*producer);
  std::jthread relaying([&](std::stop_token stop) { relay.Run(stop); });
  std::jthread consuming([&](std::stop_token stop) {
    RunConsumer(stop, *topics, topic, "", transactor_);
  });
  for (const char* key : {"a", "b", "c"}) {
    ASSERT_THAT(Emit(topic, key, 0, 20), IsOk());
  }
  ASSERT_TRUE(Eventually("SELECT count(*) FROM effect", "60"));
  EXPECT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
  for (const std::string key : {"a", "b", "c"}) {
    EXPECT_EQ(
        Column("SELECT what FROM effect WHERE key = '" + key + "' ORDER BY n"),
        Numbers(20));
  }
}

TEST_F(DeliveryTest, TheRelayKeepsRowsWhileTheBrokerIsDownAndShipsThemAfter) {
  const auto cluster = kafka::MockCluster::Start();
  ASSERT_THAT(cluster, IsOk());
  ASSERT_THAT((*cluster)->CreateTopic("t", 1), IsOk());
  const auto producer = Producer((*cluster)->brokers());
  OutboxRelay relay = NewRelay(*producer);
  std::jthread relaying([&](std::stop_token stop) { relay.Run(stop); });
  ASSERT_THAT(Emit("t", "a", 0, 3), IsOk());
  ASSERT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
  (*cluster)->SetDown();
  ASSERT_THAT(Emit("t", "a", 3, 6), IsOk());
  while (relay.counters().retries == 0) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_THAT(Column("SELECT count(*) FROM outbox"), ElementsAre("3"));
  (*cluster)->SetUp();
  (*cluster)->FailProduceRequests(2);
  EXPECT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
  EXPECT_TRUE(EventuallyHandled(relay, 6));
}

TEST_F(DeliveryTest, TheRelayComesBackAfterPostgresDropsItsConnection) {
  const auto cluster = kafka::MockCluster::Start();
  ASSERT_THAT(cluster, IsOk());
  ASSERT_THAT((*cluster)->CreateTopic("t", 1), IsOk());
  const auto producer = Producer((*cluster)->brokers());
  OutboxRelay relay = NewRelay(*producer);
  std::jthread relaying([&](std::stop_token stop) { relay.Run(stop); });
  ASSERT_THAT(Emit("t", "a", 0, 1), IsOk());
  ASSERT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
  ASSERT_THAT(CutConnections(), IsOk());
  // The first use of a dropped connection fails; the caller retries.
  while (!Emit("t", "a", 1, 2).ok()) {
  }
  EXPECT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
}

TEST_F(DeliveryTest, ASecondRelayStandsByUntilTheFirstIsGone) {
  const auto cluster = kafka::MockCluster::Start();
  ASSERT_THAT(cluster, IsOk());
  ASSERT_THAT((*cluster)->CreateTopic("t", 1), IsOk());
  const auto producer = Producer((*cluster)->brokers());
  OutboxRelay first = NewRelay(*producer);
  OutboxRelay second = NewRelay(*producer);
  std::jthread leading([&](std::stop_token stop) { first.Run(stop); });
  ASSERT_THAT(Emit("t", "a", 0, 1), IsOk());
  ASSERT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
  std::jthread standing([&](std::stop_token stop) { second.Run(stop); });
  ASSERT_THAT(Emit("t", "a", 1, 50), IsOk());
  ASSERT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
  EXPECT_EQ(second.counters().handled, 0);
  leading.request_stop();
  leading.join();
  ASSERT_THAT(Emit("t", "a", 50, 51), IsOk());
  ASSERT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
  EXPECT_TRUE(EventuallyHandled(second, 1));
}

TEST_F(DeliveryTest, ARowThatKafkaRefusesGoesToPoison) {
  const auto cluster = kafka::MockCluster::Start();
  ASSERT_THAT(cluster, IsOk());
  ASSERT_THAT((*cluster)->CreateTopic("t", 1), IsOk());
  const auto producer = Producer((*cluster)->brokers());
  OutboxRelay relay = NewRelay(*producer);
  const std::vector<base::OutgoingEvent> events = {
      {"large", "t", "a", std::string(3 << 20, 'x')}, {"small", "t", "a", "1"}};
  ASSERT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
    return outbox_.Add(work, events);
  }),
              IsOk());
  std::jthread relaying([&](std::stop_token stop) { relay.Run(stop); });
  ASSERT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
  EXPECT_THAT(Column("SELECT event_id FROM poison"), ElementsAre("large"));
}

TEST_F(DeliveryTest, AConsumerKilledInMidTransactionOrAfterItHasNoEffectTwice) {
  const auto topics = TestTopics::CreateOrDie({{.name = "t"}});
  const std::string topic = topics->Name("t");
  {
    const auto producer = Producer(topics->brokers());
    OutboxRelay relay = NewRelay(*producer);
    std::jthread relaying([&](std::stop_token stop) { relay.Run(stop); });
    ASSERT_THAT(Emit(topic, "a", 0, 100), IsOk());
    ASSERT_TRUE(Eventually("SELECT count(*) FROM outbox", "0"));
  }
  // No thread of ours runs here, so that a fork is sound.
  for (const int commits : {2, 3, 5}) {
    for (const bool before_commit : {true, false}) {
      const pid_t child = fork();
      if (child == 0) {
        DieInConsumer(*topics, topic, commits, before_commit);
        _exit(1);
      }
      int ended = 0;
      ASSERT_EQ(waitpid(child, &ended, 0), child);
      ASSERT_TRUE(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
    }
  }
  std::jthread consuming([&](std::stop_token stop) {
    RunConsumer(stop, *topics, topic, "survivor", transactor_);
  });
  ASSERT_TRUE(Eventually("SELECT count(DISTINCT what) FROM effect", "100"));
  EXPECT_EQ(Column("SELECT what FROM effect ORDER BY n"), Numbers(100));
}

TEST_F(DeliveryTest, AConsumerThatKeepsLosingPostgresHasNoEffectTwice) {
  const auto topics = TestTopics::CreateOrDie({{.name = "t"}});
  const std::string topic = topics->Name("t");
  const auto producer = Producer(topics->brokers());
  OutboxRelay relay = NewRelay(*producer);
  std::jthread relaying([&](std::stop_token stop) { relay.Run(stop); });
  ASSERT_THAT(Emit(topic, "a", 0, 300), IsOk());
  std::jthread consuming([&](std::stop_token stop) {
    RunConsumer(stop, *topics, topic, "reader", transactor_);
  });
  // The transaction at hand is rolled back, or committed without our hearing.
  for (int cut = 0; cut < 20; ++cut) {
    std::this_thread::sleep_for(milliseconds(15));
    ASSERT_THAT(CutConnections(), IsOk());
  }
  ASSERT_TRUE(Eventually("SELECT count(DISTINCT what) FROM effect", "300"));
  EXPECT_EQ(Column("SELECT what FROM effect ORDER BY n"), Numbers(300));
}

}  // namespace
}  // namespace evalloop::delivery
