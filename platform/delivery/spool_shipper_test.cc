#include "platform/delivery/spool_shipper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

#include "platform/base/ids.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::delivery {
namespace {

using ::evalloop::testing::IsOk;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
namespace fs = std::filesystem;

// Answers with `script`, one status a record, then OK; remembers what it took.
class ScriptedProducer final : public kafka::Producer {
 public:
  explicit ScriptedProducer(std::deque<absl::Status> script = {})
      : script_(std::move(script)) {}

  std::vector<absl::Status> Send(std::span<const kafka::OutgoingRecord> records,
                                 milliseconds, std::stop_token) override {
    std::vector<absl::Status> statuses;
    std::lock_guard lock(mu_);
    for (const auto& record : records) {
      statuses.push_back(script_.empty() ? absl::OkStatus() : script_.front());
      if (!script_.empty()) script_.pop_front();
      if (statuses.back().ok()) taken_.push_back(record.payload);
    }
    changed_.notify_all();
    return statuses;
  }
  std::vector<std::string> WaitFor(std::size_t count) {
    std::unique_lock lock(mu_);
    changed_.wait_for(lock, std::chrono::seconds(30),
                      [&] { return taken_.size() >= count; });
    return taken_;
  }

 private:
  std::mutex mu_;
  std::condition_variable changed_;
  std::deque<absl::Status> script_;
  std::vector<std::string> taken_;
};

class SpoolShipperTest : public ::testing::Test {
 protected:
  SpoolShipperTest()
      : directory_(fs::temp_directory_path() / ("ship-" + base::RandomId())) {}
  ~SpoolShipperTest() override { fs::remove_all(directory_); }
  std::unique_ptr<base::Spool> Open() {
    auto spool = base::Spool::Open({.directory = directory_});
    EXPECT_THAT(spool, IsOk());
    return *std::move(spool);
  }
  static void Append(base::Spool& spool, const std::string& payload) {
    EXPECT_THAT(AppendEvent(spool, {"id-" + payload, "t", "k", payload}),
                IsOk());
  }
  // Runs a shipper until `producer` has taken `count` records.
  static std::vector<std::string> Ship(base::Spool& spool,
                                       ScriptedProducer& producer,
                                       std::size_t count) {
    SpoolShipper shipper({.first_backoff = milliseconds(1)}, spool, producer,
                         [](std::string_view) {});
    std::jthread thread(
        [&](std::stop_token stop) { shipper.Run(stop, milliseconds(0)); });
    return producer.WaitFor(count);
  }

  const fs::path directory_;
};

TEST_F(SpoolShipperTest, AnEventComesBackFromItsEntry) {
  const base::OutgoingEvent event = {"id", "topic", "",
                                     std::string("\0\xff", 2)};
  const std::string entry = EncodeEvent(event);
  const auto decoded = DecodeEvent(entry);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->event_id, event.event_id);
  EXPECT_EQ(decoded->key, event.key);
  EXPECT_EQ(decoded->payload, event.payload);
  for (std::size_t size = 0; size < entry.size(); ++size) {
    EXPECT_EQ(DecodeEvent(entry.substr(0, size)), std::nullopt);
  }
  EXPECT_EQ(DecodeEvent(entry + "x"), std::nullopt);
}

TEST_F(SpoolShipperTest, ShipsInOrderAndNothingTwiceWhenAllGoesWell) {
  ScriptedProducer producer;
  {
    auto spool = Open();
    for (const char* payload : {"a", "b", "c"}) Append(*spool, payload);
    EXPECT_THAT(Ship(*spool, producer, 3), ElementsAre("a", "b", "c"));
  }
  auto spool = Open();
  Append(*spool, "d");
  EXPECT_THAT(Ship(*spool, producer, 4), ElementsAre("a", "b", "c", "d"));
}

TEST_F(SpoolShipperTest, SendsAgainFromTheFirstFailure) {
  ScriptedProducer producer(
      {absl::OkStatus(), absl::UnavailableError("down"), absl::OkStatus()});
  auto spool = Open();
  for (const char* payload : {"a", "b", "c"}) Append(*spool, payload);
  EXPECT_THAT(Ship(*spool, producer, 4), ElementsAre("a", "c", "b", "c"));
}

TEST_F(SpoolShipperTest, DropsOnlyWhatKafkaWillNeverTake) {
  ScriptedProducer producer(
      {absl::OkStatus(), absl::InvalidArgumentError("too large")});
  auto spool = Open();
  for (const char* payload : {"a", "b", "c"}) Append(*spool, payload);
  EXPECT_THAT(Ship(*spool, producer, 2), ElementsAre("a", "c"));
}

TEST_F(SpoolShipperTest, SendsWhatIsLeftAfterStop) {
  ScriptedProducer producer;
  auto spool = Open();
  Append(*spool, "last words");
  SpoolShipper shipper({}, *spool, producer, [](std::string_view) {});
  std::stop_source stop;
  stop.request_stop();
  shipper.Run(stop.get_token(), std::chrono::seconds(30));
  EXPECT_THAT(producer.WaitFor(1), ElementsAre("last words"));
  EXPECT_EQ(spool->stats().pending_bytes, 0u);
}

}  // namespace
}  // namespace evalloop::delivery
