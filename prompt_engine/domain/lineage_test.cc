#include "prompt_engine/domain/lineage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalloop::prompt_engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LineEnd End(std::uint32_t position, std::string path, std::uint32_t line,
            std::string next_path = "", std::uint32_t next_line = 0) {
  return {position, std::move(path), line, std::move(next_path), next_line};
}

// A new file of `lines` lines, all of them stored.
LineageStep Added(std::string path, std::uint32_t lines) {
  LineageStep step;
  step.path = std::move(path);
  step.new_lines = lines;
  step.hunks = {{0, 0, 1, lines}};
  for (std::uint32_t i = 1; i <= lines; ++i) step.stored.push_back(i);
  return step;
}

LineageStep Changed(std::string path, std::uint32_t old_lines,
                    std::uint32_t new_lines, code_analysis::Hunk hunk) {
  LineageStep step;
  step.path = step.old_path = std::move(path);
  step.old_lines = old_lines;
  step.new_lines = new_lines;
  step.hunks = {hunk};
  for (std::uint32_t i = 0; i < hunk.new_lines; ++i) {
    step.stored.push_back(hunk.new_start + i);
  }
  return step;
}

TEST(LineageTest, KnowsWhichCommitEndedALineAndWhatCameInItsPlace) {
  Lineage lineage;
  EXPECT_THAT(lineage.Apply(0, {Added("a", 4)}), IsEmpty());
  // Line 2 is replaced, then it and line 3 go.
  EXPECT_THAT(lineage.Apply(1, {Changed("a", 4, 4, {2, 1, 2, 1})}),
              ElementsAre(End(0, "a", 2, "a", 2)));
  EXPECT_THAT(lineage.Apply(2, {Changed("a", 4, 2, {2, 2, 1, 0})}),
              ElementsAre(End(0, "a", 3), End(1, "a", 2)));
}

TEST(LineageTest, FollowsARename) {
  Lineage lineage;
  lineage.Apply(0, {Added("a", 3)});
  LineageStep rename = Changed("b", 3, 4, {3, 0, 4, 1});
  rename.old_path = "a";
  lineage.Apply(1, {rename});
  EXPECT_THAT(lineage.Apply(2, {Changed("b", 4, 3, {1, 1, 0, 0})}),
              ElementsAre(End(0, "a", 1)));
}

TEST(LineageTest, AMovedLineLivesOnWhereItIs) {
  Lineage lineage;
  lineage.Apply(0, {Added("a", 3), Added("b", 1)});
  // Line 2 of a goes to the end of b.
  LineageStep from = Changed("a", 3, 2, {2, 1, 1, 0});
  LineageStep to = Changed("b", 1, 2, {1, 0, 2, 1});
  to.moves = {{2, 0, 2}};
  EXPECT_THAT(lineage.Apply(1, {from, to}), IsEmpty());
  LineageStep gone;
  gone.old_path = "b";
  gone.old_lines = 2;
  EXPECT_THAT(lineage.Apply(2, {gone}),
              ElementsAre(End(0, "a", 2), End(0, "b", 1)));
}

TEST(LineageTest, AFileThatWasOutOfSightHasLinesOfUnknownOrigin) {
  Lineage lineage;
  EXPECT_THAT(lineage.Apply(5, {Changed("a", 10, 9, {3, 1, 2, 0})}), IsEmpty());
  EXPECT_THAT(lineage.Apply(6, {Changed("a", 20, 19, {3, 1, 2, 0})}),
              IsEmpty());
}

TEST(LineageTest, GoesOnFromWhatWasSaved) {
  std::map<std::string, std::string> saved;
  const auto load = [&](std::string_view path) -> std::optional<std::string> {
    const auto found = saved.find(std::string(path));
    if (found == saved.end()) return std::nullopt;
    return found->second;
  };
  {
    Lineage lineage(load);
    lineage.Apply(0, {Added("a", 300)});
    lineage.Apply(1, {Changed("a", 300, 301, {150, 0, 151, 1})});
    saved = lineage.TakeChanged();
    EXPECT_THAT(lineage.TakeChanged(), IsEmpty());
  }
  Lineage lineage(load);
  EXPECT_THAT(
      lineage.Apply(2, {Changed("a", 301, 298, {150, 3, 149, 0})}),
      ElementsAre(End(0, "a", 150), End(0, "a", 151), End(1, "a", 151)));
  LineageStep gone;
  gone.old_path = "a";
  gone.old_lines = 298;
  EXPECT_EQ(lineage.Apply(3, {gone}).size(), 298U);
  EXPECT_THAT(lineage.TakeChanged(), ElementsAre(std::pair("a", "")));
}

TEST(LineageTest, TwoFilesMaySwapTheirNames) {
  Lineage lineage;
  lineage.Apply(0, {Added("a", 2), Added("b", 3)});
  LineageStep first;
  first.old_path = "b";
  first.path = "a";
  first.old_lines = first.new_lines = 3;
  LineageStep second;
  second.old_path = "a";
  second.path = "b";
  second.old_lines = second.new_lines = 2;
  lineage.Apply(1, {first, second});
  EXPECT_THAT(lineage.Apply(2, {Changed("a", 3, 2, {3, 1, 2, 0})}),
              ElementsAre(End(0, "b", 3)));
}

}  // namespace
}  // namespace evalloop::prompt_engine
