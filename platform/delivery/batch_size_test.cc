#include "platform/delivery/batch_size.h"

#include <gtest/gtest.h>

namespace evalloop::delivery {
namespace {

using std::chrono::milliseconds;

TEST(BatchSizeTest, GrowsWhileFullBatchesAreQuickAndShrinksWhereTheyAreSlow) {
  BatchSize size(32, 100);
  EXPECT_EQ(size.now(), 32u);
  size.Took(31, milliseconds(1));  // There was no more: it tells nothing.
  EXPECT_EQ(size.now(), 32u);
  size.Took(32, milliseconds(1));
  EXPECT_EQ(size.now(), 64u);
  size.Took(64, milliseconds(1));
  EXPECT_EQ(size.now(), 100u);
  size.Took(100, milliseconds(1'000));
  EXPECT_EQ(size.now(), 100u);
  for (int i = 0; i < 3; ++i) size.Took(100, milliseconds(3'000));
  EXPECT_EQ(size.now(), 32u);
}

TEST(BatchSizeTest, WithoutAFirstSizeIsAlwaysTheSame) {
  BatchSize size(0, 500);
  size.Took(500, milliseconds(60'000));
  EXPECT_EQ(size.now(), 500u);
}

}  // namespace
}  // namespace evalloop::delivery
