#include "prompt_engine/domain/revision_cache.h"

#include <gtest/gtest.h>

#include <thread>

#include "platform/testing/fake_clock.h"

namespace evalloop::prompt_engine {
namespace {

Revision Of(std::string prompt, std::uint32_t version) {
  Revision revision;
  revision.prompt = std::move(prompt);
  revision.version = version;
  revision.content.bytes = std::string(100, 'x');
  return revision;
}

class RevisionCacheTest : public ::testing::Test {
 protected:
  // 0: not known.
  std::uint32_t Found(const RevisionSelector& selector) {
    const auto found = cache_.Find(selector);
    return found == nullptr ? 0 : found->version;
  }

  evalloop::testing::FakeClock clock_;
  RevisionCache cache_{clock_,
                       {.max_revisions = 8,
                        .max_bytes = 1000,
                        .max_names = 8,
                        .max_label_age = absl::Seconds(5)}};
};

TEST_F(RevisionCacheTest, KnowsARevisionByEveryNameItWasAskedBy) {
  cache_.Put({"p", 0, "canary", ""}, Of("p", 3), cache_.Now());
  EXPECT_EQ(Found({"p", 0, "canary", ""}), 3U);
  EXPECT_EQ(Found({"p", 3, "", ""}), 3U);
  EXPECT_EQ(Found({"p", 0, "", ""}), 0U);
  cache_.Put({"", 0, "", "abc"}, Of("p", 3), cache_.Now());
  EXPECT_EQ(Found({"", 0, "", "abc"}), 3U);
  EXPECT_EQ(Found({"p", 0, "", "abc"}), 0U);
  EXPECT_EQ(Found({"q", 3, "", ""}), 0U);
}

TEST_F(RevisionCacheTest, ForgetsWhatMoved) {
  cache_.Put({"p", 0, "", ""}, Of("p", 3), cache_.Now());
  cache_.ForgetLabel("p", "production");
  EXPECT_EQ(Found({"p", 0, "", ""}), 0U);
  EXPECT_EQ(Found({"p", 3, "", ""}), 3U);
  cache_.Put({"p", 0, "latest", ""}, Of("p", 3), cache_.Now());
  cache_.ForgetRevision("p", 4);
  EXPECT_EQ(Found({"p", 0, "latest", ""}), 0U);
  cache_.ForgetRevision("p", 3);
  EXPECT_EQ(Found({"p", 3, "", ""}), 0U);
}

// A reader that was slow must not bring back what was moved meanwhile.
TEST_F(RevisionCacheTest, TakesNothingThatWasReadBeforeAMove) {
  const auto ticket = cache_.Now();
  cache_.ForgetLabel("p", "production");
  cache_.Put({"p", 0, "", ""}, Of("p", 3), ticket);
  EXPECT_EQ(Found({"p", 0, "", ""}), 0U);
  EXPECT_EQ(Found({"p", 3, "", ""}), 0U);
}

TEST_F(RevisionCacheTest, LooksLabelsUpAgainAfterAWhile) {
  cache_.Put({"p", 0, "", ""}, Of("p", 3), cache_.Now());
  cache_.Put({"", 0, "", "abc"}, Of("p", 3), cache_.Now());
  clock_.Advance(absl::Seconds(6));
  EXPECT_EQ(Found({"p", 0, "", ""}), 0U);
  EXPECT_EQ(Found({"", 0, "", "abc"}), 3U);
}

TEST_F(RevisionCacheTest, BeginsAnewWhenFull) {
  for (std::uint32_t version = 1; version <= 100; ++version) {
    cache_.Put({"p", version, "", ""}, Of("p", version), cache_.Now());
    ASSERT_EQ(Found({"p", version, "", ""}), version);
  }
  int known = 0;
  for (std::uint32_t version = 1; version <= 100; ++version) {
    known += Found({"p", version, "", ""}) != 0 ? 1 : 0;
  }
  EXPECT_LE(known, 8);
  Revision huge = Of("p", 200);
  huge.content.bytes.assign(2000, 'x');
  cache_.Put({"p", 200, "", ""}, huge, cache_.Now());
  EXPECT_EQ(Found({"p", 200, "", ""}), 0U);
  EXPECT_EQ(Found({"p", 100, "", ""}), 100U);
}

TEST_F(RevisionCacheTest, IsReadWhileItIsWritten) {
  std::jthread writer([&] {
    for (std::uint32_t i = 0; i < 2000; ++i) {
      cache_.Put({"p", 0, "", ""}, Of("p", 1 + i % 3), cache_.Now());
      if (i % 5 == 0) cache_.ForgetLabel("p", "production");
    }
  });
  for (int i = 0; i < 2000; ++i) EXPECT_LE(Found({"p", 0, "", ""}), 3U);
}

}  // namespace
}  // namespace evalloop::prompt_engine
