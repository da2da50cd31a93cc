// The pool, transactions, values, outbox and delivery tables on a real
// Postgres.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <thread>

#include "platform/postgres/arrays.h"
#include "platform/postgres/delivery_tables.h"
#include "platform/postgres/outbox.h"
#include "platform/postgres/pool.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"

namespace evalloop::postgres {
namespace {

using ::evalloop::testing::IsOk;
using ::evalloop::testing::StatusIs;
using ::evalloop::testing::TestDatabase;
using std::chrono::milliseconds;
using ::testing::ElementsAre;

class PostgresTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = TestDatabase::CreateOrDie({});
    ASSERT_THAT(
        database_->Execute("SELECT evalloop_platform.create_service('books')"),
        IsOk());
    ASSERT_THAT(database_->Execute(
                    "CREATE TABLE books.page (n int PRIMARY KEY, words text)"),
                IsOk());
  }
  static void TearDownTestSuite() { database_.reset(); }
  void SetUp() override { ASSERT_THAT(database_->Clear("books"), IsOk()); }

  std::int64_t Count(const std::string& table) {
    const auto count = ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
      return tx.exec("SELECT count(*) FROM " + table)[0][0].as<std::int64_t>();
    });
    EXPECT_THAT(count, IsOk());
    return count.value_or(-1);
  }
  absl::Status InsertPage(base::UnitOfWork& work, int n) {
    return Guard(
        [&] { Of(work).exec_params("INSERT INTO page (n) VALUES ($1)", n); });
  }

  static std::unique_ptr<TestDatabase> database_;
  Pool pool_{database_->Options("books")};
  PostgresTransactor transactor_{pool_};
};
std::unique_ptr<TestDatabase> PostgresTest::database_;

TEST_F(PostgresTest, CommitsOnOkAndRollsBackOnAnyOtherStatus) {
  ASSERT_THAT(transactor_.Run([&](auto& work) { return InsertPage(work, 1); }),
              IsOk());
  EXPECT_THAT(transactor_.Run([&](auto& work) {
    EXPECT_THAT(InsertPage(work, 2), IsOk());
    return absl::NotFoundError("second thoughts");
  }),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(Count("page"), 1);
}

TEST_F(PostgresTest, RunsTheLoserOfADeadlockAgain) {
  for (const int n : {1, 2}) {
    ASSERT_THAT(
        transactor_.Run([&](auto& work) { return InsertPage(work, n); }),
        IsOk());
  }
  std::atomic<int> attempts{0};
  std::atomic<int> holding{0};
  const auto update = [&](int first, int second) {
    return transactor_.Run([&](base::UnitOfWork& work) {
      ++attempts;
      return Guard([&] {
        Of(work).exec_params("UPDATE page SET words = 'x' WHERE n = $1", first);
        // Both hold one row before either asks for the other's.
        ++holding;
        while (holding < 2) std::this_thread::yield();
        Of(work).exec_params("UPDATE page SET words = 'x' WHERE n = $1",
                             second);
      });
    });
  };
  std::jthread other([&] { EXPECT_THAT(update(2, 1), IsOk()); });
  EXPECT_THAT(update(1, 2), IsOk());
  other.join();
  EXPECT_EQ(attempts, 3);
}

TEST_F(PostgresTest, LeavesADomainsOwnAbortedAlone) {
  int runs = 0;
  EXPECT_THAT(transactor_.Run([&](auto&) {
    ++runs;
    return absl::AbortedError("version conflict");
  }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(runs, 1);
}

TEST_F(PostgresTest, TellsTheKindsOfErrorApart) {
  const auto run = [&](const std::string& sql) {
    return transactor_.Run(
        [&](auto& work) { return Guard([&] { Of(work).exec(sql); }); });
  };
  ASSERT_THAT(run("INSERT INTO page VALUES (1)"), IsOk());
  EXPECT_THAT(run("INSERT INTO page VALUES (1)"),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(run("SELECT * FROM nowhere"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(run("SELECT 'x'::int"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(run("SET LOCAL statement_timeout = 10; SELECT pg_sleep(60)"),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(run("SELECT pg_terminate_backend(pg_backend_pid())"),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(PostgresTest, SaysUnavailableWhenNobodyListens) {
  Pool nowhere({.url = "postgresql://127.0.0.1:1/x"});
  EXPECT_THAT(Guard([&] { nowhere.Acquire(); }),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(nowhere.in_use(), 0u);
}

TEST_F(PostgresTest, ThePoolIsBoundedAndGivesBackWhatIsReturned) {
  auto options = database_->Options("books");
  options.max_connections = 1;
  options.acquire_timeout = milliseconds(20);
  Pool small(options);
  EXPECT_THAT(Guard([&] {
                auto lease = small.Acquire();
                EXPECT_THAT(Guard([&] { small.Acquire(); }),
                            StatusIs(absl::StatusCode::kResourceExhausted));
              }),
              IsOk());
  EXPECT_THAT(Guard([&] { small.Acquire(); }), IsOk());
}

TEST_F(PostgresTest, AReadSurvivesTheDeathOfItsIdleConnection) {
  EXPECT_EQ(Count("page"), 0);
  ASSERT_THAT(database_->Execute(
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE datname = current_database() "
                  "AND pid <> pg_backend_pid()"),
              IsOk());
  EXPECT_EQ(Count("page"), 0);
}

TEST_F(PostgresTest, ArraysComeBackAsTheyWere) {
  const std::vector<std::string> texts = {"",
                                          "plain",
                                          "NULL",
                                          "a,b{c}\"d\\e",
                                          " spaced ",
                                          "\n\t",
                                          "\xc3\xa9\xe2\x82\xac",
                                          "'; DROP TABLE page; --",
                                          "\\x41"};
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) {
    every_byte.push_back(static_cast<char>(byte));
  }
  const std::vector<std::string> bytes = {"", every_byte, "\\", "\"{},"};
  const std::vector<double> doubles = {0.1,
                                       -1e-300,
                                       1e300,
                                       std::numeric_limits<double>::infinity(),
                                       std::numeric_limits<double>::quiet_NaN(),
                                       5e-324};
  const auto status = ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const auto read_texts =
        tx.exec_params("SELECT * FROM unnest($1::text[])", TextArray(texts));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      EXPECT_EQ(read_texts[i][0].as<std::string>(), texts[i]);
    }
    const auto read_bytes =
        tx.exec_params("SELECT * FROM unnest($1::bytea[])", BytesArray(bytes));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      EXPECT_EQ(BytesOf(read_bytes[i][0]), bytes[i]);
    }
    const std::vector<std::string> none;
    EXPECT_TRUE(
        tx.exec_params("SELECT * FROM unnest($1::bytea[])", BytesArray(none))
            .empty());
    const auto read_doubles = tx.exec_params(
        "SELECT * FROM unnest($1::float8[])", DoubleArray(doubles));
    for (std::size_t i = 0; i < doubles.size(); ++i) {
      const auto value = read_doubles[i][0].as<double>();
      EXPECT_TRUE(value == doubles[i] ||
                  (std::isnan(value) && std::isnan(doubles[i])));
    }
    return tx.exec_params("SELECT $1::bytea", Bytes(every_byte))[0][0].size();
  });
  EXPECT_THAT(status, IsOk());
}

TEST_F(PostgresTest, ArraysAreReadElementByElement) {
  const std::vector<std::string> texts = {
      ";",  ");", "a;b", "",     "NULL", "null",      "a,b",   "{x}",
      "\"", "\\", " ",   "\n  ", "\t",   "K\u00f6ln", "'x'\\n"};
  const std::vector<std::optional<double>> numbers = {-0.5, std::nullopt, 3};
  const auto read = ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const auto row = tx.exec_params1(
        "SELECT $1::text[], $2::float8[], '{}'::text[], NULL::text[], "
        "'{7,-8}'::bigint[]",
        TextArray(texts), DoubleArray(numbers));
    EXPECT_EQ(TextsOf(row[0]), texts);
    EXPECT_EQ(DoublesOf(row[1]), numbers);
    EXPECT_EQ(TextsOf(row[2]), std::vector<std::string>());
    EXPECT_EQ(TextsOf(row[3]), std::vector<std::string>());
    EXPECT_EQ(IntsOf(row[4]), (std::vector<std::int64_t>{7, -8}));
    EXPECT_THROW(TextsOf(row[1]), pqxx::conversion_error);  // It has a NULL.
    return true;
  });
  EXPECT_THAT(read, IsOk());
}

TEST_F(PostgresTest, AnAbsentValueIsNull) {
  const std::vector<std::optional<double>> values = {1.5, std::nullopt};
  const std::vector<std::optional<std::string>> texts = {std::nullopt, "NULL"};
  const auto status = ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const auto rows =
        tx.exec_params("SELECT * FROM unnest($1::float8[], $2::text[])",
                       DoubleArray(values), TextArray(texts));
    EXPECT_EQ(rows[0][0].as<std::optional<double>>(), 1.5);
    EXPECT_EQ(rows[1][0].as<std::optional<double>>(), std::nullopt);
    EXPECT_TRUE(rows[0][1].is_null());
    EXPECT_EQ(rows[1][1].as<std::string>(), "NULL");
    return rows.size();
  });
  EXPECT_THAT(status, IsOk());
}

TEST_F(PostgresTest, TimestampsKeepTheirMicroseconds) {
  const absl::Time time = absl::FromUnixMicros(1'767'225'600'123'456);
  const auto read = ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    return TimeOf(
        tx.exec_params("SELECT $1::timestamptz", Timestamp(time))[0][0]);
  });
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, time);
  EXPECT_THAT(ParseTimestamp("yesterday"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PostgresTest, TheOutboxKeepsOrderAndOneRowPerEvent) {
  PostgresOutbox outbox("books");
  const std::vector<base::OutgoingEvent> events = {
      {"e1", "t", "k", std::string("\0\xff", 2)},
      {"e2", "t", "k", "two"},
      {"e1", "t", "k", "again"}};
  ASSERT_THAT(
      transactor_.Run([&](auto& work) { return outbox.Add(work, events); }),
      IsOk());
  const auto ids = ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    std::vector<std::string> found;
    for (const auto& row : tx.exec("SELECT event_id FROM outbox ORDER BY id")) {
      found.push_back(row[0].as<std::string>());
    }
    return found;
  });
  ASSERT_THAT(ids, IsOk());
  EXPECT_THAT(*ids, ElementsAre("e1", "e2"));
}

TEST_F(PostgresTest, AnOutboxRowGoesWithItsTransaction) {
  PostgresOutbox outbox("books");
  const std::vector<base::OutgoingEvent> events = {{"e1", "t", "k", "p"}};
  EXPECT_FALSE(transactor_
                   .Run([&](auto& work) {
                     EXPECT_THAT(outbox.Add(work, events), IsOk());
                     return absl::InternalError("effect failed");
                   })
                   .ok());
  EXPECT_EQ(Count("outbox"), 0);
}

TEST_F(PostgresTest, TheInboxTellsFreshFromSeenPerConsumer) {
  const std::vector<std::string> first = {"a", "b", "a"};
  const std::vector<std::string> second = {"b", "c"};
  const auto mark = [&](const std::string& consumer, const auto& ids) {
    std::vector<bool> fresh;
    EXPECT_THAT(transactor_.Run([&](auto& work) -> absl::Status {
      auto marked = MarkReceived(work, consumer, ids);
      if (!marked.ok()) return marked.status();
      fresh = *marked;
      return absl::OkStatus();
    }),
                IsOk());
    return fresh;
  };
  EXPECT_THAT(mark("reader", first), ElementsAre(true, true, false));
  EXPECT_THAT(mark("reader", second), ElementsAre(false, true));
  EXPECT_THAT(mark("other", second), ElementsAre(true, true));
}

TEST_F(PostgresTest, PruningForgetsOldInboxRowsOnly) {
  ASSERT_THAT(transactor_.Run([&](auto& work) {
    return Guard([&] {
      Of(work).exec(
          "INSERT INTO inbox VALUES ('c', 'old', now() - interval '9 days'), "
          "('c', 'new', now())");
    });
  }),
              IsOk());
  ASSERT_THAT(transactor_.Run([&](auto& work) -> absl::Status {
    const auto pruned =
        PruneInbox(work, absl::Now() - absl::Hours(24 * 8), 1000);
    EXPECT_THAT(pruned, IsOk());
    EXPECT_EQ(pruned.value_or(0), 1);
    return pruned.status();
  }),
              IsOk());
  EXPECT_EQ(Count("inbox"), 1);
}

TEST_F(PostgresTest,
       AClaimFencesTheEarlierEpochAndForgetsAnotherClustersOffset) {
  const auto claim = [&](const std::string& cluster) {
    Claim taken;
    EXPECT_THAT(transactor_.Run([&](auto& work) -> absl::Status {
      auto claimed = ClaimPartition(work, "c", "t", 0, cluster);
      if (!claimed.ok()) return claimed.status();
      taken = *claimed;
      return absl::OkStatus();
    }),
                IsOk());
    return taken;
  };
  const auto advance = [&](std::int64_t epoch, std::int64_t next) {
    return transactor_.Run([&](auto& work) -> absl::Status {
      const auto lost = AdvanceOffsets(
          work, "c", std::vector<Advance>{{"t", 0, epoch, next}});
      if (!lost.ok()) return lost.status();
      return lost->has_value() ? absl::FailedPreconditionError("fenced")
                               : absl::OkStatus();
    });
  };
  const Claim mine = claim("one");
  EXPECT_EQ(mine.next_offset, std::nullopt);
  EXPECT_THAT(advance(mine.epoch, 7), IsOk());
  const Claim theirs = claim("one");
  EXPECT_EQ(theirs.next_offset, 7);
  EXPECT_THAT(advance(mine.epoch, 9),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(advance(theirs.epoch, 8), IsOk());
  EXPECT_EQ(claim("").next_offset, 8);  // The cluster is not known just now.
  EXPECT_EQ(claim("two").next_offset, std::nullopt);
}

TEST_F(PostgresTest, PoisonOfAnyBytesIsKeptOnce) {
  const PoisonRecord record = {.event_id = std::string("\0\xff", 2),
                               .topic = "t",
                               .partition = 1,
                               .offset = 5,
                               .key = "\xfe",
                               .payload = std::string("\0x", 2),
                               .reason = "bad \xff bytes"};
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(transactor_.Run(
                    [&](auto& work) { return PutPoison(work, "c", record); }),
                IsOk());
  }
  EXPECT_EQ(Count("poison"), 1);
}

TEST_F(PostgresTest, AServicesRoleSeesItsOwnSchemaAlone) {
  ASSERT_THAT(
      database_->Execute("SELECT evalloop_platform.create_service('films')"),
      IsOk());
  EXPECT_THAT(database_->Execute("SET ROLE evalloop_books;"
                                 "INSERT INTO books.page VALUES (1);"
                                 "SELECT * FROM books.outbox"),
              IsOk());
  EXPECT_THAT(
      database_->Execute("SET ROLE evalloop_books; SELECT * FROM films.outbox"),
      StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace evalloop::postgres
