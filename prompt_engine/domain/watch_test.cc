#include "prompt_engine/domain/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "prompt_engine/testing/small_history.h"

namespace evalloop::prompt_engine {
namespace {

constexpr char kBefore[] =
    "def load(path):\n"
    "    file = open(path)\n"
    "    return file\n";

// kBefore with `line` between its last two.
std::string With(const std::string& line) {
  return "def load(path):\n    file = open(path)\n" + line +
         "\n    return file\n";
}

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() { history_.Add({{"a.py", kBefore}}); }

  // Offered behind the indent of line 3 of a.py, on commit c0.
  static Outcome Offered(const std::string& suggestion) {
    Outcome outcome;
    outcome.completion_id = "cmpl-1";
    outcome.repository = "/repo";
    outcome.path = "a.py";
    outcome.language = "python";
    outcome.commit = "c0";
    outcome.line = 3;
    outcome.column = 4;
    outcome.shown = true;
    outcome.shown_text = outcome.raw_text = suggestion;
    outcome.serve_time = SmallHistory::Day(0.5);
    return outcome;
  }

  // Followed through all of the history.
  Watch Followed(const Outcome& outcome) {
    Watch watch = *WatchOf(outcome);
    Begin(watch, 1, "c0");
    for (std::size_t i = 1; i < history_.commits().size(); ++i) {
      const auto& commit = history_.commits()[i];
      const ChangedFiles files(commit.changes);
      Advance(watch, commit.header, files);
      if (watch.stage == WatchStage::kClosed) break;
    }
    return watch;
  }
  CommittedOutcome Committed(const Outcome& outcome) {
    const Watch watch = Followed(outcome);
    EXPECT_TRUE(watch.Known());
    return watch.committed.value_or(CommittedOutcome());
  }

  SmallHistory history_;
};

TEST_F(WatchTest, WhatWasCommittedAsItWasOfferedIsKept) {
  history_.Add({{"a.py", With("    logger.info(\"loaded\", path)")}});
  const auto committed = Committed(Offered("logger.info(\"loaded\", path)"));
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.commit, "c1");
  EXPECT_EQ(committed.path, "a.py");
  EXPECT_EQ(committed.line, 3U);
  EXPECT_EQ(committed.text, "logger.info(\"loaded\", path)");
  EXPECT_EQ(committed.similarity, 1);
}

TEST_F(WatchTest, ABeginningOfTheLineIsKeptAndTheTextGoesToTheLinesEnd) {
  history_.Add({{"a.py", With("    logger.info(\"loaded\", path)  # why")}});
  const auto committed = Committed(Offered("logger.info("));
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.text, "logger.info(\"loaded\", path)  # why");
}

TEST_F(WatchTest, ABeginningOfAWordIsNotKept) {
  history_.Add({{"a.py", With("    logger_two = 1")}});
  EXPECT_EQ(Committed(Offered("logger")).kind, CommittedKind::kDropped);
}

TEST_F(WatchTest, WhatWasTypedBeforeIsNotPartOfIt) {
  history_.Add({{"a.py", With("    logger.info(path)")}});
  Outcome outcome = Offered("info(path)");
  outcome.typed_characters = 7;
  const auto committed = Committed(outcome);
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.text, "info(path)");
}

TEST_F(WatchTest, ALineThatWasBrokenWithinWhatWasTypedIsKept) {
  history_.Add({{"a.py", With("    send(first,\n        second, third)")}});
  Outcome outcome = Offered("third)");
  outcome.typed_characters = 18;  // send(first, second,
  const auto committed = Committed(outcome);
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.line, 4U);
}

TEST_F(WatchTest, WordsThatAModelForesawForALaterLineWereNotTakenHere) {
  history_.Add({{"a.py", With("    one = compute(path)\n"
                              "    logger.info(\"loaded\", path)")}});
  const auto committed = Committed(Offered("logger.info(\"loaded\", path)"));
  EXPECT_EQ(committed.kind, CommittedKind::kDropped);
  EXPECT_EQ(committed.text, "one = compute(path)");
}

TEST_F(WatchTest, BlanksQuotesAndIndentDoNotMatter) {
  history_.Add({{"a.py", With("        logger.info( 'loaded' , path )")}});
  EXPECT_EQ(Committed(Offered("logger.info(\"loaded\", path)")).kind,
            CommittedKind::kKept);
}

TEST_F(WatchTest, ALineThatAFormatterSplitIsKept) {
  history_.Add({{"a.py", With("    logger.info(\n        \"loaded\",\n"
                              "        path,\n    )")}});
  const auto committed = Committed(Offered("logger.info(\"loaded\", path)"));
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.line, 3U);
  EXPECT_EQ(committed.end_line, 6U);
}

TEST_F(WatchTest, ALineThatWasBrokenBeforeTheCursorIsKept) {
  history_.Add({{"a.py", With("    result = (\n"
                              "        compute(file, path, 1)\n    )")}});
  Outcome outcome = Offered("compute(file, path, 1)");
  outcome.typed_characters = 7;
  const auto committed = Committed(outcome);
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.line, 4U);
}

TEST_F(WatchTest, LinesThatWereJoinedAreKept) {
  history_.Add({{"a.py", With("    x = 1; logger.info(\"loaded\", path, x)")}});
  EXPECT_EQ(Committed(Offered("logger.info(\"loaded\", path, x)")).kind,
            CommittedKind::kKept);
}

TEST_F(WatchTest, ABlockOfSeveralLinesIsKeptWhole) {
  history_.Add(
      {{"a.py", With("    if file is None:\n        raise Lost(path)")}});
  const auto committed =
      Committed(Offered("if file is None:\n        raise Lost(path)"));
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.end_line, 4U);
}

TEST_F(WatchTest, AThirdOfTheTokensChangedIsEditedAndMoreIsDropped) {
  history_.Add({{"a.py", With("    send(one, two, six)")}});
  const auto edited = Committed(Offered("send(one, two, three)"));
  EXPECT_EQ(edited.kind, CommittedKind::kEdited);
  EXPECT_NEAR(edited.similarity, 7.0 / 8, 1e-9);
  const auto dropped = Committed(Offered("post(a, b, six, c + d)"));
  EXPECT_EQ(dropped.kind, CommittedKind::kDropped);
  EXPECT_EQ(dropped.commit, "c1");
  EXPECT_EQ(dropped.text, "send(one, two, six)");
  EXPECT_GT(dropped.similarity, 0);
  EXPECT_FALSE(dropped.alive_7_days.has_value());
}

TEST_F(WatchTest, ASuggestionThatIsWrittenOnTheNextLineWasNotTakenHere) {
  history_.Add({{"a.py", With("    first = path\n    x = 2")}});
  EXPECT_EQ(Committed(Offered("x = 2")).kind, CommittedKind::kDropped);
}

TEST_F(WatchTest, LinesTypedAboveLaterDoNotHideIt) {
  history_.Add({{"a.py", "import sys\nimport os\n" +
                             With("    logger.info(\"loaded\", path)")}});
  const auto committed = Committed(Offered("logger.info(\"loaded\", path)"));
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.line, 5U);
}

TEST_F(WatchTest, CommitsOfOthersShiftThePlace) {
  history_.Add({{"a.py", std::string("import sys\nimport os\n") + kBefore}});
  history_.Add({{"b.py", "x = 1\n"}});
  history_.Add({{"a.py", "import sys\nimport os\n" + With("    y = 2")}});
  const auto committed = Committed(Offered("y = 2"));
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.commit, "c3");
  EXPECT_EQ(committed.line, 5U);
}

TEST_F(WatchTest, ARenamedFileIsFollowed) {
  history_.Add({}, -1, {{"a.py", "src/b.py"}});
  history_.Add({{"src/b.py", With("    y = 2")}});
  const auto committed = Committed(Offered("y = 2"));
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.path, "src/b.py");
}

TEST_F(WatchTest, ALineThatWasMovedToAnotherFileIsKept) {
  history_.Add({{"b.py", "import a\n\nlogger.info(\"loaded\", path)\n"}});
  const auto committed = Committed(Offered("logger.info(\"loaded\", path)"));
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.path, "b.py");
  EXPECT_EQ(committed.line, 3U);
}

TEST_F(WatchTest, ALineWasMovedWithWhatWasTypedOfItThoughAnotherStandsThere) {
  Outcome outcome = Offered("join(path, \"x\")");
  outcome.typed_characters = 4;  // "out=".
  history_.Add({{"a.py", With("    z = 3")},
                {"b.py", "import a\nout = join(path, 'x')\n"}});
  const auto committed = Committed(outcome);
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.path, "b.py");
  outcome.typed_characters = 5;
  EXPECT_EQ(Committed(outcome).kind, CommittedKind::kDropped);
  outcome.typed_characters = 4;
  outcome.kind = FeedbackKind::kTyped;
  EXPECT_EQ(Committed(outcome).kind, CommittedKind::kDropped);
}

TEST_F(WatchTest, WhatStandsTwiceElsewhereOrIsShortSaysNothing) {
  history_.Add({{"b.py",
                 "logger.info(\"loaded\", path)\n"
                 "logger.info(\"loaded\", path)\nreturn x\n"}});
  EXPECT_FALSE(Followed(Offered("logger.info(\"loaded\", path)")).Known());
  EXPECT_FALSE(Followed(Offered("return x")).Known());
}

TEST_F(WatchTest, WhatWasRefusedAndWrittenElsewhereIsNotMoved) {
  history_.Add({{"b.py", "logger.info(\"loaded\", path)\n"}});
  Outcome outcome = Offered("logger.info(\"loaded\", path)");
  outcome.kind = FeedbackKind::kRejected;
  EXPECT_FALSE(Followed(outcome).Known());
}

TEST_F(WatchTest, WhoeverTookItMayCommitItLaterThanOthersTouchThePlace) {
  history_.Add({{"a.py", With("    z = 3")}});
  history_.Add(
      {{"a.py", With("    z = 3\n    logger.info(\"loaded\", path)")}});
  Outcome outcome = Offered("logger.info(\"loaded\", path)");
  EXPECT_EQ(Committed(outcome).kind, CommittedKind::kDropped);
  outcome.kind = FeedbackKind::kAccepted;
  const auto committed = Committed(outcome);
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.commit, "c2");
}

TEST_F(WatchTest, WhatTheEditorSawTypedShowsWhichLineItWas) {
  history_.Add({{"a.py", "import os\n" + With("    one = 1\n    two = 2")}});
  Outcome outcome = Offered("two = 3");
  outcome.kind = FeedbackKind::kTyped;
  outcome.text = "two = 2";
  const auto committed = Committed(outcome);
  EXPECT_EQ(committed.kind, CommittedKind::kEdited);
  EXPECT_EQ(committed.line, 5U);
}

TEST_F(WatchTest, APlaceThatNobodyTouchesIsDroppedWhenItsTimeIsOver) {
  history_.Add({{"b.py", "x = 1\n"}});
  history_.Add({{"b.py", "x = 2\n"}}, 14);
  EXPECT_FALSE(Followed(Offered("y = 2")).Known());
  history_.Add({{"b.py", "x = 3\n"}}, 15.5);
  const auto committed = Committed(Offered("y = 2"));
  EXPECT_EQ(committed.kind, CommittedKind::kDropped);
  EXPECT_EQ(committed.commit, "");
  EXPECT_EQ(committed.text, "");
}

TEST_F(WatchTest, NoMoreThanABoundedNumberOfCommitsIsSearched) {
  for (std::uint32_t i = 0; i <= kSearchCommits; ++i) {
    history_.Add({{"b.py", fmt::format("x = {}\n", i)}}, 1);
  }
  EXPECT_FALSE(Followed(Offered("y = 2")).Known());
  history_.Add({{"b.py", "x = -1\n"}}, 1);
  EXPECT_TRUE(Followed(Offered("y = 2")).Known());
}

TEST_F(WatchTest, ReplayedHistoryIsSearchedFromItsOwnTime) {
  history_.Add({{"a.py", With("    y = 2")}}, 1);
  history_.Add({{"b.py", "x = 1\n"}}, 60);
  Outcome outcome = Offered("y = 2");
  outcome.serve_time = SmallHistory::Day(900);
  const auto committed = Committed(outcome);
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.alive_30_days, true);
}

TEST_F(WatchTest, LooksAreTakenOnceHistoryIsThatOld) {
  history_.Add({{"a.py", With("    y = 2")}}, 1);
  history_.Add({{"b.py", "x = 1\n"}}, 7.5);
  EXPECT_FALSE(Committed(Offered("y = 2")).alive_7_days.has_value());
  history_.Add({{"b.py", "x = 2\n"}}, 8);
  const auto committed = Committed(Offered("y = 2"));
  EXPECT_EQ(committed.alive_7_days, true);
  EXPECT_FALSE(committed.alive_30_days.has_value());
}

TEST_F(WatchTest, AReversalEndsIt) {
  history_.Add({{"a.py", With("    y = 2")}}, 1);
  history_.Add({{"a.py", kBefore}}, 9);
  history_.Add({{"b.py", "x = 1\n"}}, 31);
  const auto committed = Committed(Offered("y = 2"));
  EXPECT_EQ(committed.kind, CommittedKind::kKept);
  EXPECT_EQ(committed.alive_7_days, true);
  EXPECT_EQ(committed.alive_30_days, false);
}

TEST_F(WatchTest, AReversalOfTheReversalBringsItBack) {
  history_.Add({{"a.py", With("    y = 2")}}, 1);
  history_.Add({{"a.py", kBefore}}, 2);
  history_.Add({{"a.py", With("    y = 2")}}, 3);
  history_.Add({{"b.py", "x = 1\n"}}, 8);
  EXPECT_EQ(Committed(Offered("y = 2")).alive_7_days, true);
}

TEST_F(WatchTest, ItLivesOnWhenReformattedMovedAndALittleChanged) {
  const std::string line = "logger.info(\"loaded\", path)";
  history_.Add({{"a.py", With("    " + line)}}, 1);
  history_.Add(
      {{"a.py", With("    logger.info(\n        'loaded', path\n    )")}}, 2);
  history_.Add({{"a.py", "import os\n" + With("    logger.info(\n        "
                                              "'loaded', file\n    )")}},
               3);
  history_.Add({}, 4, {{"a.py", "b.py"}});
  history_.Add({{"b.py", kBefore}, {"c.py", line + "\n"}}, 5);
  history_.Add({{"d.py", "x = 1\n"}}, 9);
  const Watch watch = Followed(Offered(line));
  EXPECT_EQ(watch.committed->alive_7_days, true);
  EXPECT_EQ(watch.place.path, "c.py");
}

TEST_F(WatchTest, ADeletedFileTakesItAway) {
  history_.Add({{"a.py", With("    y = 2")}}, 1);
  history_.Add({{"a.py", ""}}, 2);
  history_.Add({{"b.py", "x = 1\n"}}, 9);
  EXPECT_EQ(Committed(Offered("y = 2")).alive_7_days, false);
}

TEST_F(WatchTest, ASquashOfManyCommitsIsOneCommitThatTouchesThePlace) {
  history_.Add({{"a.py", "import os\n\nLIMIT = 10\n\n" +
                             With("    if os.path.exists(path):\n"
                                  "        count = count + LIMIT")},
                {"b.py", "import a\n"}});
  Outcome outcome = Offered("count = count + LIMIT");
  outcome.line = 4;  // The lines above the function came later.
  EXPECT_EQ(Committed(outcome).kind, CommittedKind::kKept);
}

TEST_F(WatchTest, WhatTheModelSaidIsFollowedWhereItWasHidden) {
  history_.Add({{"a.py", With("    y = 2")}});
  Outcome outcome = Offered("y = 2\n    return y");
  outcome.shown = false;
  outcome.shown_text.clear();
  EXPECT_EQ(Committed(outcome).kind, CommittedKind::kKept);
}

TEST_F(WatchTest, CommentsAreFollowedToo) {
  history_.Add({{"a.py", With("    # The file is never closed here.")}});
  Outcome outcome = Offered("never closed");
  outcome.typed_characters = 10;
  EXPECT_EQ(Committed(outcome).kind, CommittedKind::kKept);
}

TEST(WatchOfTest, NeedsAPlaceAndATextAndSaysWhichIsMissing) {
  Outcome outcome;
  EXPECT_EQ(UnwatchedReason(outcome), "no_location");
  outcome.repository = "/r";
  outcome.path = "a.py";
  outcome.commit = "c0";
  outcome.line = 1;
  EXPECT_EQ(UnwatchedReason(outcome), "nothing_said");
  EXPECT_FALSE(WatchOf(outcome).has_value());
  outcome.raw_text = "x";
  EXPECT_EQ(UnwatchedReason(outcome), "");
  EXPECT_EQ(WatchOf(outcome)->language, "python");
}

}  // namespace
}  // namespace evalloop::prompt_engine
