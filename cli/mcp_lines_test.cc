#include "cli/mcp_lines.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <utility>
#include <vector>

namespace evalloop::cli::mcp {
namespace {

using Got = LineReader::Got;

// What a reader makes of `text`, sent through a pipe.
std::vector<std::pair<Got, std::string>> ReadAll(const std::string& text,
                                                 std::size_t longest) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  std::thread sender([&] {
    EXPECT_EQ(write(ends[1], text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
    close(ends[1]);
  });
  LineReader reader(ends[0], longest);
  std::vector<std::pair<Got, std::string>> all;
  do {
    all.emplace_back();
    all.back().first = reader.Next(all.back().second);
  } while (all.back().first != Got::kEnd);
  sender.join();
  close(ends[0]);
  all.pop_back();
  return all;
}

TEST(LineReaderTest, BreaksAreTakenOffAndTheLastLineNeedsNone) {
  using Lines = std::vector<std::pair<Got, std::string>>;
  EXPECT_EQ(ReadAll("a\r\n\nb", 10),
            (Lines{{Got::kLine, "a"}, {Got::kLine, ""}, {Got::kLine, "b"}}));
  EXPECT_TRUE(ReadAll("", 10).empty());
}

TEST(LineReaderTest, ALineThatIsTooLongIsSkippedWholeAndTheNextOneRead) {
  const std::string text = std::string(300'000, 'x') + "\nfits\n" +
                           std::string(11, 'y') + "\n" + std::string(10, 'z');
  const auto all = ReadAll(text, 10);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].first, Got::kTooLong);
  EXPECT_EQ(all[1], std::pair(Got::kLine, std::string("fits")));
  EXPECT_EQ(all[2].first, Got::kTooLong);
  EXPECT_EQ(all[3], std::pair(Got::kLine, std::string(10, 'z')));
}

TEST(LineReaderTest, ALineMayBeLongerThanAnyOneRead) {
  const std::string line(300'000, 'x');
  const auto all = ReadAll(line + "\n" + line + "\n", 300'000);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].second, line);
}

TEST(LineWriterTest, LinesOfManyThreadsStayWhole) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  LineWriter writer(ends[1]);
  std::vector<std::thread> threads;
  for (const char c : {'a', 'b', 'c', 'd'}) {
    threads.emplace_back([&writer, c] {
      for (int i = 0; i < 50; ++i) writer.Write(std::string(30'000, c));
    });
  }
  LineReader reader(ends[0], 30'000);
  std::string line;
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(reader.Next(line), Got::kLine);
    EXPECT_EQ(line, std::string(30'000, line.at(0)));
  }
  for (std::thread& thread : threads) thread.join();
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace evalloop::cli::mcp
