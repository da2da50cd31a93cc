#include "replay/counted_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace evalloop::replay {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

code_analysis::FileChange Change(std::string path, std::string old_text,
                                 std::string new_text,
                                 std::vector<code_analysis::Hunk> hunks) {
  code_analysis::FileChange change;
  change.old_path = path;
  change.new_path = std::move(path);
  change.old_text = std::move(old_text);
  change.new_text = std::move(new_text);
  change.hunks = std::move(hunks);
  return change;
}

std::vector<int> CountedNumbers(const std::vector<AddedRun>& runs) {
  std::vector<int> numbers;
  for (const AddedRun& run : runs) {
    for (const AddedLine& line : run.lines) {
      if (line.counted) numbers.push_back(line.number);
    }
  }
  return numbers;
}

constexpr char kPython[] =
    "def add(a, b):\n"               // 1
    "    \"\"\"Adds two numbers.\n"  // 2: docstring
    "    And no more.\"\"\"\n"       // 3
    "    # a comment of words\n"     // 4
    "    1 + 2\n"                    // 5: no identifier
    "    x = 1\n"                    // 6
    "\n"                             // 7
    "    return x\n"                 // 8: two tokens
    "    total = a + b  # sum\n";    // 9

TEST(CountedLinesTest, WantsThreeTokensAndAnIdentifierOutsideComments) {
  const auto runs = AddedRuns(
      Change("a.py", "", kPython, {{.new_start = 1, .new_lines = 9}}), {});
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_THAT(CountedNumbers(runs), ElementsAre(1, 6, 9));
  EXPECT_EQ(runs[0].lines.size(), 9u);
  EXPECT_EQ(runs[0].counted_lines(), 3);
}

TEST(CountedLinesTest, TakesEveryLineThatIsNotBlankWhenAsked) {
  const auto runs =
      AddedRuns(Change("a.py", "", kPython, {{.new_start = 1, .new_lines = 9}}),
                {.all_lines = true});
  EXPECT_THAT(CountedNumbers(runs), ElementsAre(1, 2, 3, 4, 5, 6, 8, 9));
  for (const AddedLine& line : runs[0].lines) {
    EXPECT_EQ(line.counted, !line.token_starts.empty()) << line.number;
  }
}

TEST(CountedLinesTest, LeavesOutFilesThatNobodyTypesHere) {
  const std::vector<code_analysis::Hunk> hunk = {
      {.new_start = 1, .new_lines = 1}};
  const std::string line = "int a = b + c;\n";
  EXPECT_THAT(AddedRuns(Change("vendor/x/a.c", "", line, hunk), {}), IsEmpty());
  EXPECT_THAT(AddedRuns(Change("notes.txt", "", line, hunk), {}), IsEmpty());
  EXPECT_EQ(AddedRuns(Change("notes.txt", "", line, hunk), {.all_lines = true})
                .size(),
            1u);
  auto broken = Change("a.c", "", line, hunk);
  broken.valid_utf8 = false;
  EXPECT_THAT(AddedRuns(broken, {}), IsEmpty());
}

TEST(CountedLinesTest, SeesAboveWhatIsNewAndBelowWhatWasThere) {
  const std::string before = "int a = 1;\nint b = 2;\nint c = 3;\nint d = 4;\n";
  const std::string after = "int a = 1;\nint x = 7;\nint y = 8;\nint d = 4;\n";
  const auto runs = AddedRuns(
      Change(
          "a.c", before, after,
          {{.old_start = 2, .old_lines = 2, .new_start = 2, .new_lines = 2}}),
      {});
  ASSERT_EQ(runs.size(), 1u);
  const AddedLine& second = runs[0].lines[1];
  EXPECT_EQ(second.number, 3);
  EXPECT_EQ(runs[0].PrefixAt(second.begin), "int a = 1;\nint x = 7;\n");
  // Neither of the replaced lines is seen.
  EXPECT_EQ(runs[0].Suffix(), "int d = 4;\n");
}

TEST(CountedLinesTest, KeepsTheLinesBelowAnInsertion) {
  const auto runs = AddedRuns(
      Change(
          "a.c", "int a = 1;\nint d = 4;\n",
          "int a = 1;\nint x = 7;\nint d = 4;\n",
          {{.old_start = 1, .old_lines = 0, .new_start = 2, .new_lines = 1}}),
      {});
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].Suffix(), "int d = 4;\n");
}

TEST(CountedLinesTest, BoundsWhatARequestSees) {
  std::string above;
  while (above.size() < 3 * kPrefixBytes) above += "int filler = 12345;\n";
  std::string below;
  while (below.size() < 3 * kSuffixBytes) below += "int after = 12345;\n";
  const AddedRun run =
      RunOf("a.c", code_analysis::Language::kC, above, "int x = y;\n", below);
  const std::string_view prefix = run.PrefixAt(above.size());
  EXPECT_LE(prefix.size(), kPrefixBytes);
  EXPECT_GT(prefix.size(), kPrefixBytes - 100);
  EXPECT_EQ(prefix.substr(0, 10), "int filler");
  EXPECT_LE(run.Suffix().size(), kSuffixBytes);
  EXPECT_EQ(run.Suffix().substr(0, 9), "int after");
  EXPECT_EQ(run.Suffix().back(), '\n');
}

TEST(CountedLinesTest, CutsAnEndlessLineBetweenCodePoints) {
  std::string above;
  while (above.size() < 2 * kPrefixBytes + 1) above += "\xC3\xA4";
  const AddedRun run =
      RunOf("a.c", code_analysis::Language::kC, "/*" + above, "x", "");
  const std::string_view prefix = run.PrefixAt(run.text->size());
  EXPECT_NE(static_cast<unsigned char>(prefix[0]) & 0xC0, 0x80);
}

TEST(RunOfTest, TypesTheTailOfALine) {
  const AddedRun run = RunOf("a.cc", code_analysis::Language::kCpp,
                             "int a = 1;\nauto b = ", "Make(a);", "");
  ASSERT_EQ(run.lines.size(), 1u);
  EXPECT_TRUE(run.lines[0].counted);
  EXPECT_EQ(run.lines[0].number, 2);
  EXPECT_EQ(run.lines[0].begin, 20u);
  EXPECT_EQ(run.lines[0].token_starts.front(), 20u);
}

TEST(RunOfTest, CountsAShortTextAllTheSame) {
  const AddedRun run =
      RunOf("a.cc", code_analysis::Language::kCpp, "", "return;\n", "");
  EXPECT_EQ(run.counted_lines(), 1);
}

TEST(SampleLinesTest, KeepsTheSameLinesForTheSameSeed) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "int v" + std::to_string(i) + " = 1;\n";
  const auto sample = [&text](std::uint64_t seed) {
    auto runs = AddedRuns(
        Change("a.c", "", text, {{.new_start = 1, .new_lines = 50}}), {});
    SampleLines(7, seed, runs);
    return CountedNumbers(runs);
  };
  EXPECT_EQ(sample(1).size(), 7u);
  EXPECT_EQ(sample(1), sample(1));
  EXPECT_NE(sample(1), sample(2));
}

}  // namespace
}  // namespace evalloop::replay
