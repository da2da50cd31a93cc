#include "replay/typed_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "replay/testing/scripted_suggester.h"

namespace evalloop::replay {
namespace {

using ::testing::ElementsAre;

AddedRun CppRun(std::string_view committed, std::string_view prefix = "",
                std::string_view suffix = "") {
  return RunOf("a.cc", code_analysis::Language::kCpp, prefix, committed,
               suffix);
}

// Shows a text at each column that has one.
ScriptedSuggester::Script Show(std::map<int, std::string> texts) {
  return [texts = std::move(texts)](
             const Cursor& cursor) -> absl::StatusOr<Suggestion> {
    const auto text = texts.find(cursor.column);
    if (text == texts.end()) return Suggestion{};
    return Suggestion{.text = text->second, .shown = true, .latency_ms = 2};
  };
}

Tally TypeWith(std::string_view line, std::map<int, std::string> texts) {
  ScriptedSuggester suggester(Show(std::move(texts)));
  const auto tally = TypeRun(CppRun(line), suggester);
  EXPECT_TRUE(tally.ok()) << tally.status();
  return tally.ok() ? *tally : Tally{};
}

TEST(TypedLineTest, AsksAtEachTokensStart) {
  ScriptedSuggester suggester(Show({}));
  const auto tally = TypeRun(CppRun("  int total = 10;\n"), suggester);
  ASSERT_TRUE(tally.ok());
  std::vector<int> columns;
  for (const SeenCursor& cursor : suggester.cursors()) {
    columns.push_back(cursor.column);
  }
  EXPECT_THAT(columns, ElementsAre(2, 6, 12, 14, 16));
  EXPECT_EQ(tally->requests, 5);
  EXPECT_EQ(tally->lines, 1);
  EXPECT_EQ(tally->shown, 0);
  EXPECT_EQ(tally->typed_characters, 12);
  EXPECT_EQ(tally->accepted_characters, 0);
}

TEST(TypedLineTest, AcceptsTheWholeRestOfTheLine) {
  const Tally tally = TypeWith("int total = 10;", {{4, "total = 10;"}});
  EXPECT_EQ(tally.shown, 1);
  EXPECT_EQ(tally.accepted, 1);
  EXPECT_EQ(tally.accepted_characters, 9);
  EXPECT_EQ(tally.typed_characters, 3);
  EXPECT_EQ(tally.requests, 2);  // Nothing is left to ask for.
}

TEST(TypedLineTest, AcceptsARightBeginningAndAsksAgainBehindIt) {
  const Tally tally =
      TypeWith("int total = Sum(a, b);", {{4, "total ="}, {12, "Sum(a, b);"}});
  EXPECT_EQ(tally.shown, 2);
  EXPECT_EQ(tally.accepted, 2);
  EXPECT_EQ(tally.requests, 3);
  EXPECT_EQ(tally.accepted_characters, 6 + 9);
  EXPECT_EQ(tally.rejected_characters, 0);
}

TEST(TypedLineTest, RejectsATextThatEndsWithinAToken) {
  const Tally tally = TypeWith("int total = 10;", {{4, "tota"}});
  EXPECT_EQ(tally.shown, 1);
  EXPECT_EQ(tally.accepted, 0);
  EXPECT_EQ(tally.rejected_characters, 4);
  EXPECT_EQ(tally.typed_characters, 12);
}

TEST(TypedLineTest, RejectsATextThatGoesOnDifferently) {
  EXPECT_EQ(TypeWith("int total = 10;", {{4, "total = 11;"}}).accepted, 0);
  EXPECT_EQ(TypeWith("int total = 10;", {{4, "total = 10; // sum"}}).accepted,
            0);
  EXPECT_EQ(TypeWith("x = y +z;", {{0, "x = y +="}}).accepted, 0);
}

TEST(TypedLineTest, IgnoresBlanksWhenComparing) {
  const Tally tally =
      TypeWith("int total = Sum(a, b);", {{4, "  total=Sum( a,b );\n"}});
  EXPECT_EQ(tally.accepted, 1);
  EXPECT_EQ(tally.accepted_characters, 15);
}

TEST(TypedLineTest, AcceptsFourSavedCharactersAndRejectsThree) {
  EXPECT_EQ(TypeWith("int sum = abc;", {{10, "abc;"}}).accepted, 1);
  const Tally three = TypeWith("int sum = abc;", {{10, "abc"}});
  EXPECT_EQ(three.shown, 1);
  EXPECT_EQ(three.accepted, 0);
  EXPECT_EQ(three.rejected_characters, 3);
  // Blanks save nothing.
  EXPECT_EQ(TypeWith("a = b + c;", {{0, "a = b"}}).accepted, 0);
}

TEST(TypedLineTest, CountsAnEmptyOrHiddenTextAsNotShown) {
  ScriptedSuggester suggester([](const Cursor&) -> absl::StatusOr<Suggestion> {
    return Suggestion{.text = "total = 10;", .shown = false};
  });
  const auto hidden = TypeRun(CppRun("int total = 10;"), suggester);
  ASSERT_TRUE(hidden.ok());
  EXPECT_EQ(hidden->shown, 0);
  EXPECT_EQ(TypeWith("int total = 10;", {{4, "   "}}).shown, 0);
}

TEST(TypedLineTest, CountsAnUnchangedRestOfASuggestionOnce) {
  // The same wrong text stays on the screen while its beginning is typed.
  const Tally tally =
      TypeWith("foo(bar, baz);",
               {{0, "foo(bar, qux);"}, {3, "(bar, qux);"}, {4, "bar, qux);"}});
  EXPECT_EQ(tally.shown, 1);
  EXPECT_EQ(tally.accepted, 0);
  EXPECT_EQ(tally.rejected_characters, 13);
}

TEST(TypedLineTest, ShowsAnewWhatChangedItsRest) {
  const Tally tally =
      TypeWith("foo(bar, baz);", {{0, "foo(bar, qux);"}, {3, "(bar, quux);"}});
  EXPECT_EQ(tally.shown, 2);
  EXPECT_EQ(tally.rejected_characters, 13 + 11);
}

TEST(TypedLineTest, ShowsAnewWhatWasGoneForARequest) {
  const Tally tally =
      TypeWith("foo(bar, baz);", {{0, "foo(bar, qux);"}, {4, "bar, qux);"}});
  EXPECT_EQ(tally.shown, 2);
}

TEST(TypedLineTest, ShowsAnewWhatTheTypedTextContradicted) {
  // The same words again, though something else was typed before them.
  const Tally tally =
      TypeWith("foo(bar, baz);", {{0, "abc(bar, qux);"}, {3, "(bar, qux);"}});
  EXPECT_EQ(tally.shown, 2);
}

TEST(TypedLineTest, TypesATrailingCommentByHand) {
  const Tally tally = TypeWith("int a = b; // why", {{4, "a = b;"}});
  EXPECT_EQ(tally.accepted_characters, 4);
  EXPECT_EQ(tally.typed_characters, 3 + 5);
}

TEST(TypedLineTest, CountsCodePointsNotBytes) {
  const Tally tally =
      TypeWith("s = \"\xC3\xA4\xC3\xB6\";", {{4, "\"\xC3\xA4\xC3\xB6\";"}});
  EXPECT_EQ(tally.accepted_characters, 5);
  EXPECT_EQ(tally.typed_characters, 2);
}

TEST(TypedLineTest, AcceptsABlockThatTheRunContinuesWith) {
  const std::string committed =
      "if (ready) {\n"
      "  start(now, here);\n"
      "  // Comments aren't counted.\n"
      "  stop(then, there);\n";
  ScriptedSuggester suggester(ShowAt(0, "if (ready) {\n  start(now, here);\n"));
  const auto tally = TypeRun(CppRun(committed), suggester);
  ASSERT_TRUE(tally.ok());
  EXPECT_EQ(tally->lines, 3);
  EXPECT_EQ(tally->accepted, 1);
  EXPECT_EQ(tally->accepted_characters, 10 + 16);
  EXPECT_EQ(tally->typed_characters, 17);
}

TEST(TypedLineTest, RejectsABlockWhoseSecondLineIsWrong) {
  const std::string committed = "if (ready) {\n  start(now, here);\n";
  ScriptedSuggester suggester(ShowAt(0, "if (ready) {\n  stop();\n"));
  const auto tally = TypeRun(CppRun(committed), suggester);
  ASSERT_TRUE(tally.ok());
  EXPECT_EQ(tally->accepted, 0);
  EXPECT_EQ(tally->rejected_characters, 10 + 7);
}

TEST(TypedLineTest, TellsTheTruthForEveryRequest) {
  ScriptedSuggester suggester(
      Show({{0, "int totals"}, {4, "total ="}, {12, "9"}}));
  ASSERT_TRUE(TypeRun(CppRun("int total = 10;"), suggester).ok());
  const auto events = suggester.events();
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].completion_id, "c1");
  EXPECT_TRUE(events[0].shown);
  EXPECT_FALSE(events[0].accepted);
  EXPECT_EQ(events[0].typed, "int total = 10;");
  EXPECT_TRUE(events[1].accepted);
  EXPECT_EQ(events[1].typed, "total = 10;");
  EXPECT_FALSE(events[2].accepted);
  EXPECT_EQ(events[2].typed, "10;");
  EXPECT_FALSE(events[3].shown);
  EXPECT_EQ(events[3].typed, ";");
}

TEST(TypedLineTest, ReportsAnUnchangedRestAsNotShown) {
  ScriptedSuggester suggester(Show({{0, "foo(qux);"}, {3, "(qux);"}}));
  ASSERT_TRUE(TypeRun(CppRun("foo(bar);"), suggester).ok());
  EXPECT_TRUE(suggester.events()[0].shown);
  EXPECT_FALSE(suggester.events()[1].shown);
}

TEST(TypedLineTest, SeesTheFileAboveAndWhatStoodBelow) {
  ScriptedSuggester suggester(Show({}));
  const AddedRun run = CppRun("int b = 2;\n", "int a = 1;\n", "int z = 9;\n");
  ASSERT_TRUE(TypeRun(run, suggester).ok());
  const auto cursors = suggester.cursors();
  ASSERT_EQ(cursors.size(), 5u);
  EXPECT_EQ(cursors[1].prefix, "int a = 1;\nint ");
  EXPECT_EQ(cursors[1].suffix, "int z = 9;\n");
  EXPECT_EQ(cursors[1].line, 2);
  EXPECT_EQ(cursors[1].column, 4);
}

TEST(TypedLineTest, PassesTheSuggestersErrorOn) {
  ScriptedSuggester suggester([](const Cursor&) -> absl::StatusOr<Suggestion> {
    return absl::UnavailableError("gone");
  });
  EXPECT_EQ(TypeRun(CppRun("int b = 2;"), suggester).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace evalloop::replay
