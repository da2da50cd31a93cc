#include "scorer/execution/local_checkouts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace evalloop::scorer {
namespace {

class LocalCheckoutsTest : public ::testing::Test {
 protected:
  LocalCheckoutsTest()
      : folder_(std::filesystem::temp_directory_path() /
                ("checkouts-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_ / "inside");
    std::filesystem::create_directories(folder_ / "outside");
    Write("inside/a.py", "def helper(): pass\n");
    Write("outside/b.py", "def secret(): pass\n");
  }
  ~LocalCheckoutsTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& path, std::string_view text) {
    std::ofstream(folder_ / path) << text;
  }
  std::string At(const std::string& path) const { return folder_ / path; }

  const std::filesystem::path folder_;
};

TEST_F(LocalCheckoutsTest, KnowsTheNamesOfACheckout) {
  LocalCheckouts checkouts({At("inside")});
  const auto names = checkouts.NamesIn(At("inside"));
  ASSERT_NE(names, nullptr);
  EXPECT_TRUE(names->Has("helper"));
  EXPECT_FALSE(names->Has("other"));
}

TEST_F(LocalCheckoutsTest, ReadsNothingOutsideOfItsRoots) {
  LocalCheckouts checkouts({At("inside")});
  EXPECT_EQ(checkouts.NamesIn(At("outside")), nullptr);
  EXPECT_EQ(checkouts.NamesIn(At("inside/../outside")), nullptr);
  std::filesystem::create_directory_symlink(At("outside"), At("inside/link"));
  EXPECT_EQ(checkouts.NamesIn(At("inside/link")), nullptr);
  EXPECT_EQ(LocalCheckouts({}).NamesIn(At("inside")), nullptr);
  EXPECT_EQ(checkouts.NamesIn(""), nullptr);
}

TEST_F(LocalCheckoutsTest, ReadsACheckoutAgainWhenItIsOld) {
  LocalCheckouts kept({At("inside")});
  LocalCheckouts renewed({At("inside")}, std::chrono::seconds(0));
  ASSERT_NE(kept.NamesIn(At("inside")), nullptr);
  ASSERT_NE(renewed.NamesIn(At("inside")), nullptr);
  Write("inside/c.py", "def fresh(): pass\n");
  EXPECT_FALSE(kept.NamesIn(At("inside"))->Has("fresh"));
  EXPECT_TRUE(renewed.NamesIn(At("inside"))->Has("fresh"));
}

}  // namespace
}  // namespace evalloop::scorer
