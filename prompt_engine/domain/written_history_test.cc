#include "prompt_engine/domain/written_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace evalloop::prompt_engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AddedCode LineAt(std::uint32_t line, std::string text, std::int64_t key) {
  AddedCode code;
  code.path = "a.py";
  code.language = "python";
  code.line = line;
  code.text = std::move(text);
  code.counted = true;
  code.token_key = key;
  code.context_key = key + 100;
  return code;
}

AddedPiece PieceAt(ItemClass item_class, std::uint32_t first,
                   std::uint32_t last, std::string text) {
  AddedPiece piece;
  piece.item_class = item_class;
  piece.path = "a.py";
  piece.language = "python";
  piece.first_line = first;
  piece.last_line = last;
  piece.symbol = "f";
  piece.indent = "    ";
  piece.text = std::move(text);
  piece.token_key = first;
  piece.context_key = first + 200;
  return piece;
}

IngestedCommit CommitAt(std::uint32_t position) {
  IngestedCommit commit;
  commit.header.position = position;
  commit.header.sha = std::string(40, static_cast<char>('a' + position));
  return commit;
}

bool IsWithin(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() &&
         part.data() + part.size() <= whole.data() + whole.size();
}

TEST(WrittenHistoryTest, WhatStandsInAPieceIsKeptOnce) {
  IngestedCommit commit = CommitAt(0);
  commit.lines = {LineAt(1, "x = 1", 1), LineAt(3, "if y:", 3),
                  LineAt(4, "go(y)", 4), LineAt(6, "last", 6)};
  commit.pieces = {
      PieceAt(ItemClass::kBlock, 3, 5, "if y:\n        go(y)\n    end"),
      PieceAt(ItemClass::kStatement, 4, 4, "go(y)"),
      // Another text than what stands there, as a careless caller may say.
      PieceAt(ItemClass::kStatement, 5, 5, "other")};
  WrittenHistory history;
  history.Add(commit);
  history.Finish();
  ASSERT_EQ(history.size(), 7U);
  EXPECT_EQ(history[0].text, "x = 1");
  EXPECT_EQ(history[1].text, "if y:");
  EXPECT_EQ(history[2].text, "go(y)");
  EXPECT_EQ(history[3].text, "last");
  EXPECT_EQ(history[4].text, "if y:\n        go(y)\n    end");
  EXPECT_EQ(history[5].text, "go(y)");
  EXPECT_EQ(history[6].text, "other");
  EXPECT_TRUE(IsWithin(history[1].text, history[4].text));
  EXPECT_TRUE(IsWithin(history[2].text, history[4].text));
  EXPECT_TRUE(IsWithin(history[5].text, history[4].text));
  EXPECT_FALSE(IsWithin(history[3].text, history[4].text));
  EXPECT_EQ(history.PieceOf(history[5]).symbol, "f");
  EXPECT_EQ(history.PieceOf(history[5]).indent, "    ");
  EXPECT_EQ(history.PieceOf(history[0]).symbol, "");
}

TEST(WrittenHistoryTest, KnowsWhatStoodBeforeACommit) {
  IngestedCommit first = CommitAt(3);
  first.lines = {LineAt(1, "a", 11), LineAt(2, "b", 12)};
  IngestedCommit second = CommitAt(4);
  second.lines = {LineAt(3, "a", 11), LineAt(4, "c", 13)};
  WrittenHistory history;
  history.AddBefore(7);
  history.AddBefore(7);
  history.Add(first);
  history.Add(second);
  history.Finish();
  EXPECT_TRUE(history.Before(7, 3));
  EXPECT_FALSE(history.Before(7, 0));
  EXPECT_FALSE(history.Before(11, 3));
  EXPECT_TRUE(history.Before(11, 4));
  EXPECT_FALSE(history.Before(13, 4));
  EXPECT_TRUE(history.Before(13, 5));
  EXPECT_FALSE(history.Before(99, 9));
  EXPECT_EQ(history.CommitAt(2), nullptr);
  EXPECT_EQ(history.CommitAt(4)->sha, std::string(40, 'e'));
  EXPECT_EQ(history.CommitAt(5), nullptr);
  EXPECT_THAT(history.Of(5), IsEmpty());
}

TEST(WrittenHistoryTest, FindsPiecesThatAreAlikeAndNoOthers) {
  const std::string text = "result = compute(first, second, third, 4)";
  WrittenHistory history;
  for (std::uint32_t position = 0; position < 3; ++position) {
    IngestedCommit commit = CommitAt(position);
    commit.pieces = {PieceAt(
        ItemClass::kStatement, position + 1, position + 1,
        position == 1 ? "for (;;) { nothing[0] += alike / here; }" : text)};
    history.Add(commit);
  }
  history.Finish();
  EXPECT_THAT(history.CandidatesFor(history[0], 10), ElementsAre(2U));
  EXPECT_THAT(history.CandidatesFor(history[1], 10), IsEmpty());
  EXPECT_THAT(history.CandidatesFor(history[2], 10), ElementsAre(0U));
}

TEST(WrittenHistoryTest, KnowsWhereNamesWereDeclared) {
  WrittenHistory history;
  for (std::uint32_t position = 0; position < 3; ++position) {
    IngestedCommit commit = CommitAt(position);
    commit.lines = {
        LineAt(1, "def one" + std::to_string(position) + "():", position),
        LineAt(2, "def two" + std::to_string(position) + "():", position)};
    history.Add(commit);
  }
  history.Finish();
  EXPECT_TRUE(history.Declares(1, {"two1"}));
  EXPECT_TRUE(history.Declares(2, {"none", "one2"}));
  EXPECT_FALSE(history.Declares(1, {"one0", "two2"}));
  EXPECT_FALSE(history.Declares(7, {"one0"}));
  ASSERT_NE(history.DeclarationOf("two1"), nullptr);
  EXPECT_EQ(history.DeclarationOf("two1")->position, 1U);
}

TEST(GrowingArrayTest, KeepsWhatItHoldsAsItGrowsAndMoves) {
  GrowingArray<std::uint32_t> array;
  EXPECT_TRUE(array.empty());
  for (std::uint32_t i = 0; i < 1000; ++i) array.push_back(i);
  GrowingArray<std::uint32_t> moved = std::move(array);
  ASSERT_EQ(moved.size(), 1000U);
  EXPECT_EQ(moved[999], 999U);
  moved.Truncate(2);
  EXPECT_THAT(std::vector(moved.begin(), moved.end()), ElementsAre(0U, 1U));
  moved.push_back(5);
  EXPECT_THAT(std::vector(moved.begin(), moved.end()), ElementsAre(0U, 1U, 5U));
  moved.Truncate(0);
  EXPECT_TRUE(moved.empty());
  moved.push_back(6);
  EXPECT_THAT(std::vector(moved.begin(), moved.end()), ElementsAre(6U));
}

}  // namespace
}  // namespace evalloop::prompt_engine
