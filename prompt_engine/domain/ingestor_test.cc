#include "prompt_engine/domain/ingestor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "code_analysis/history.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "prompt_engine/domain/miner.h"
#include "prompt_engine/testing/fake_commit_store.h"
#include "prompt_engine/testing/git_folder.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;

class IngestorTest : public ::testing::Test {
 protected:
  absl::Status Ingest(std::uint32_t most = 0) {
    return ingestor_.Ingest({git_.path(), "", most},
                            [&](const IngestProgress& progress) {
                              last_ = progress;
                              return true;
                            });
  }
  WrittenHistory History() {
    WrittenHistory history;
    EXPECT_THAT(store_.ReadHistory(0, "",
                                   [&](const IngestedCommit& commit) {
                                     history.Add(commit);
                                     return absl::OkStatus();
                                   }),
                IsOk());
    history.Finish();
    return history;
  }
  std::vector<CommitHeader> Commits() { return History().commits(); }

  GitFolder git_;
  evalloop::testing::FakeTransactor transactor_;
  evalloop::testing::FakeClock clock_;
  FakeCommitStore store_;
  Ingestor ingestor_{transactor_, store_, clock_, {}};
  IngestProgress last_;
};

TEST_F(IngestorTest, GoesOnAfterAFailureToTheSameRows) {
  for (int i = 0; i < 3; ++i) {
    git_.Commit("ann", "first = call(1)\n" + std::string(i, '\n') +
                           "last = call(" + std::to_string(i) + ")\n");
  }
  store_.FailAfter(0);
  EXPECT_THAT(Ingest(), StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_THAT(Ingest(), IsOk());
  EXPECT_TRUE(last_.done);
  EXPECT_EQ(last_.commits_done, 3U);
  const auto commits = Commits();
  ASSERT_EQ(commits.size(), 3U);
  EXPECT_EQ(commits[0].position, 0U);
  EXPECT_EQ(commits[2].parent, commits[1].sha);
  ASSERT_THAT(Ingest(), IsOk());
  EXPECT_EQ(last_.lines, 0U);
  EXPECT_EQ(Commits().size(), 3U);
}

TEST_F(IngestorTest, TakesTheNewestAndLaterTheOlderOnes) {
  for (int i = 0; i < 4; ++i) {
    git_.Commit("ann", "x = call(" + std::to_string(i) + ")\n");
  }
  ASSERT_THAT(Ingest(2), IsOk());
  ASSERT_EQ(Commits().size(), 2U);
  EXPECT_EQ(Commits()[0].position, 2U);
  ASSERT_THAT(Ingest(), IsOk());
  ASSERT_EQ(Commits().size(), 4U);
  EXPECT_EQ(Commits()[0].position, 0U);
}

TEST_F(IngestorTest, ForgetsCommitsThatHistoryNoLongerHas) {
  git_.Commit("ann", "x = call(1)\n");
  git_.Commit("ann", "x = call(2)\n");
  ASSERT_THAT(Ingest(), IsOk());
  const std::string gone = Commits()[1].sha;
  git_.Git("reset -q --hard HEAD~1");
  git_.Commit("bob", "x = call(3)\n");
  ASSERT_THAT(Ingest(), IsOk());
  ASSERT_EQ(Commits().size(), 2U);
  EXPECT_NE(Commits()[1].sha, gone);
}

TEST_F(IngestorTest, SaysWhatIsWrongWithThePlace) {
  EXPECT_THAT(Ingest(), StatusIs(absl::StatusCode::kFailedPrecondition));
  const auto ingest = [&](const std::string& path) {
    return ingestor_.Ingest({path, "", 0},
                            [](const IngestProgress&) { return true; });
  };
  EXPECT_THAT(ingest("/nowhere"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ingest(""), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(IngestorTest, MinedItemsKnowWhatStoodBefore) {
  git_.Commit("ann", "import os\nvalue = call(os, 1)\n");
  git_.Commit("bob",
              "import os\nvalue = call(os, 1)\nother = call(os, 2)\n"
              "value = call(os, 1)\n");
  ASSERT_THAT(Ingest(), IsOk());
  const auto git = code_analysis::Repository::Open(git_.path());
  ASSERT_THAT(git, IsOk());
  std::vector<MinedItem> items;
  const WrittenHistory history = History();
  MineRequest request;
  request.repository = git_.path();
  ASSERT_THAT(MineItems(request, *git, history,
                        {[&](MinedItem item) {
                           items.push_back(std::move(item));
                           return true;
                         },
                         {}}),
              IsOk());
  ASSERT_EQ(items.size(), 2U);
  EXPECT_FALSE(items[0].seen);
  EXPECT_EQ(items[0].prefix, "import os\nvalue = call(os, 1)\n");
  EXPECT_EQ(items[0].committed, "other = call(os, 2)");
  EXPECT_TRUE(items[1].seen);
  request.after_commit = "feed";
  EXPECT_THAT(MineItems(request, *git, history,
                        {[](const MinedItem&) { return true; }, {}}),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace evalloop::prompt_engine
