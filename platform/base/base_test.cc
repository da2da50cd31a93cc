// The small parts of platform/base: worker pool, backoff, configuration,
// digests, ids.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <map>
#include <thread>

#include "platform/base/backoff.h"
#include "platform/base/crc32c.h"
#include "platform/base/crypto.h"
#include "platform/base/env.h"
#include "platform/base/ids.h"
#include "platform/base/signals.h"
#include "platform/base/sleep.h"
#include "platform/base/worker_pool.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::base {
namespace {

using ::evalloop::testing::IsOk;
using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(WorkerPoolTest, RefusesAJobWhenItsQueueIsFull) {
  std::latch release(1);
  std::latch started(1);
  WorkerPool pool(1, 1);
  ASSERT_TRUE(pool.TrySubmit([&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_FALSE(pool.TrySubmit([] {}));
  EXPECT_EQ(pool.queued(), 1u);
  release.count_down();
}

TEST(WorkerPoolTest, RunsEverythingItAcceptedBeforeItGoes) {
  std::atomic<int> done{0};
  {
    WorkerPool pool(3, 100);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(pool.TrySubmit([&] { ++done; }));
    }
  }
  EXPECT_EQ(done, 100);
}

TEST(BackoffTest, StaysUnderADoublingCeiling) {
  Backoff backoff(milliseconds(100), milliseconds(350), 7);
  for (const int ceiling : {100, 200, 350, 350}) {
    const auto wait = backoff.Next();
    EXPECT_GE(wait.count(), 1);
    EXPECT_LE(wait.count(), ceiling);
  }
  backoff.Reset();
  EXPECT_LE(backoff.Next().count(), 100);
}

TEST(SleepTest, EndsAtOnceWhenStopIsRequested) {
  std::stop_source stop;
  stop.request_stop();
  const auto start = std::chrono::steady_clock::now();
  SleepUnlessStopped(stop.get_token(), std::chrono::hours(1));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::minutes(1));
}

TEST(TerminationSignalsTest, TriggerWakesWaitFromAnotherThread) {
  TerminationSignals signals;
  std::jthread trigger([] { TerminationSignals::Trigger(); });
  EXPECT_EQ(signals.Wait(), SIGTERM);
}

EnvReader Env(std::map<std::string, std::string> variables) {
  return EnvReader([variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt
                                    : std::optional(found->second);
  });
}

TEST(EnvReaderTest, ReadsEveryTypeAndIgnoresWhatItIsNotAskedFor) {
  auto env = Env({{"A", "text"},
                  {"B", "42"},
                  {"C", "0.5"},
                  {"D", "off"},
                  {"E", "5s"},
                  {"F", " x, ,y"},
                  {"EVALLOOP_OTHER", "?"}});
  EXPECT_EQ(env.String("A", ""), "text");
  EXPECT_EQ(env.Int("B", 1, 0, 100), 42);
  EXPECT_EQ(env.Double("C", 1, 0, 1), 0.5);
  EXPECT_FALSE(env.Bool("D", true));
  EXPECT_EQ(
      env.Duration("E", milliseconds(1), milliseconds(0), milliseconds(10'000)),
      milliseconds(5'000));
  EXPECT_THAT(env.List("F", ""), ElementsAre("x", "y"));
  EXPECT_EQ(env.Int("ABSENT", 7, 0, 9), 7);
  EXPECT_THAT(env.Done(), IsOk());
}

TEST(EnvReaderTest, NamesEveryBadVariableInOneError) {
  auto env = Env({{"B", "400"}, {"C", "nan"}, {"E", "5"}, {"G", "blue"}});
  EXPECT_EQ(env.Int("B", 1, 0, 100), 1);
  env.Double("C", 1, 0, 1);
  env.Duration("E", milliseconds(1), milliseconds(0), milliseconds(10'000));
  env.OneOf("G", "red", {"red", "green"});
  env.Required("MISSING");
  EXPECT_THAT(std::string(env.Done().message()),
              AllOf(HasSubstr("B "), HasSubstr("C "), HasSubstr("E "),
                    HasSubstr("G "), HasSubstr("MISSING is not set")));
}

TEST(EnvReaderTest, MasksSecretsWhenItDescribesItself) {
  auto env = Env({{"KEY", "hunter2"}, {"URL", "postgresql://u:pw1@h/d"}});
  EXPECT_EQ(env.Secret("KEY"), "hunter2");
  EXPECT_EQ(env.String("URL", ""), "postgresql://u:pw1@h/d");
  EXPECT_THAT(env.Describe(),
              AllOf(Not(HasSubstr("hunter2")), Not(HasSubstr("pw1")),
                    HasSubstr("URL=postgresql://u:***@h/d")));
}

TEST(CryptoTest, AgreesWithPublishedVectors) {
  // FIPS 180-2 "abc"; RFC 4231 case 2; RFC 3720 B.4.
  EXPECT_EQ(Sha256Hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(Crc32c("56789", Crc32c("1234")), 0xe3069283U);
}

TEST(CryptoTest, Base64UrlComesBackAndHasOneSpelling) {
  EXPECT_EQ(Base64UrlEncode("\xfb\xff"), "-_8");
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string bytes = RandomBytes(size);
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
  }
  EXPECT_EQ(Base64UrlDecode("-_9"), std::nullopt);  // Stray low bits.
  EXPECT_EQ(Base64UrlDecode("-_8="), std::nullopt);
  EXPECT_EQ(Base64UrlDecode("abcde"), std::nullopt);
}

TEST(CryptoTest, ComparesSecretsWhole) {
  EXPECT_TRUE(ConstantTimeEquals("same", "same"));
  EXPECT_FALSE(ConstantTimeEquals("same", "sama"));
  EXPECT_FALSE(ConstantTimeEquals("same", "sam"));
}

TEST(IdsTest, ADerivedIdIsAFunctionOfCauseAndKind) {
  EXPECT_EQ(DerivedId("event", "settled"), DerivedId("event", "settled"));
  EXPECT_NE(DerivedId("event", "settled"), DerivedId("event", "scored"));
  EXPECT_NE(DerivedId("ab", "c"), DerivedId("a", "bc"));
  EXPECT_EQ(DerivedId("a", "b").size(), 32u);
  EXPECT_NE(RandomId(), RandomId());
}

}  // namespace
}  // namespace evalloop::base
