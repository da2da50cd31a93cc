// Ingestion and mining on real Postgres, asked over gRPC.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "platform/testing/status_matchers.h"
#include "prompt_engine/domain/local_history.h"
#include "prompt_engine/domain/written_history.h"
#include "prompt_engine/testing/served_prompt_engine.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;

class MiningIntegrationTest : public ServedPromptEngine {
 protected:
  std::vector<v1::IngestRepositoryResponse> Ingest(const std::string& path,
                                                   std::uint32_t most = 0) {
    v1::IngestRepositoryRequest request;
    request.set_repository(path);
    request.set_max_commits(most);
    grpc::ClientContext context;
    const auto reader = stub_->IngestRepository(&context, request);
    std::vector<v1::IngestRepositoryResponse> progress(1);
    while (reader->Read(&progress.back())) progress.emplace_back();
    progress.pop_back();
    EXPECT_TRUE(reader->Finish().ok());
    return progress;
  }

  std::vector<v1::MinedItem> Mine(const v1::MineItemsRequest& request) {
    grpc::ClientContext context;
    const auto reader = stub_->MineItems(&context, request);
    std::vector<v1::MinedItem> items;
    v1::MineItemsResponse response;
    while (reader->Read(&response)) items.push_back(response.item());
    const auto status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return items;
  }

  absl::StatusOr<std::int64_t> IdOf(const std::string& repository) {
    std::int64_t id = 0;
    const auto status =
        transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
          const auto found = commits_.FindRepository(work, repository);
          if (found.ok() && *found) id = (*found)->id;
          return found.status();
        });
    if (!status.ok()) return status;
    return id;
  }
};

TEST_F(MiningIntegrationTest, IngestingAgainAddsNewCommitsOnly) {
  GitFolder git;
  git.Commit("ann", "import os\n\nvalue = compute(os.path, 1)\n");
  git.Commit("bob", "import os\n\nvalue = compute(os.path, 2)\n");
  auto progress = Ingest(git.path());
  EXPECT_TRUE(progress.back().done());
  EXPECT_EQ(progress.back().commits_total(), 2U);
  git.Commit("ann",
             "import os\n\nvalue = compute(os.path, 2)\nother = value + 1\n");
  progress = Ingest(git.path());
  EXPECT_EQ(progress.back().commits_done(), 3U);
  EXPECT_EQ(progress.back().lines(), 1U);

  v1::ListCommitsRequest request;
  request.set_repository(git.path());
  ASSERT_OK_AND_ASSIGN(const auto commits, Call(&Stub::ListCommits, request));
  ASSERT_EQ(commits.commits_size(), 3);
  EXPECT_EQ(commits.commits(0).parent(), "");
  EXPECT_EQ(commits.commits(1).position(), 1U);
  EXPECT_EQ(commits.commits(1).counted_lines(), 1U);
  EXPECT_NE(commits.commits(0).author(), commits.commits(1).author());
  EXPECT_EQ(commits.commits(0).author(), commits.commits(2).author());
  EXPECT_THAT(commits.commits(0).author(), ::testing::StartsWith("dev-"));
}

TEST_F(MiningIntegrationTest, MinesWhatDevelopersAgreeOn) {
  GitFolder git;
  git.Commit("ann", "import os\n\nstart = 1\n");
  git.Commit("ann",
             "import os\n\nstart = 1\nresult = compute(os.path, start, 10)\n");
  git.Commit("bob",
             "import os\n\nstart = 1\nresult = compute(os.path, start, 20)\n");
  git.Commit("cid",
             "import os\n\nstart = 1\nresult = compute(os.path, start, 20)\n"
             "done = True and result\n");
  Ingest(git.path());
  v1::MineItemsRequest request;
  request.set_repository(git.path());
  const auto items = Mine(request);
  ASSERT_EQ(items.size(), 3U);  // The root's lines have no parent.
  EXPECT_EQ(items[0].committed(), "result = compute(os.path, start, 10)");
  EXPECT_EQ(items[0].prefix(), "import os\n\nstart = 1\n");
  ASSERT_EQ(items[0].variants_size(), 2);
  EXPECT_TRUE(items[0].has_agreement());
  EXPECT_FALSE(items[0].contested());
  // Another value is no other way to write it: 20 is not in what ann wrote.
  EXPECT_EQ(items[0].agreed(), "result = compute(os.path, start, 10)");
  EXPECT_EQ(items[0].class_(), "line");
  EXPECT_EQ(items[0].task(), "completion");
  EXPECT_THAT(items[0].explanation(), ::testing::HasSubstr("2 developers"));
  EXPECT_THAT(items[0].canary(), ::testing::StartsWith("evalloop-canary-"));
  EXPECT_THAT(items[0].tags(), ::testing::Contains("unseen"));
  EXPECT_GT(items[1].variants(0).survival_days(), 0.5);
  EXPECT_TRUE(items[1].variants(0).alive());
  EXPECT_FALSE(items[0].variants(0).alive());
  EXPECT_FALSE(items[0].seen());
  EXPECT_EQ(items[2].variants_size(), 1);
  EXPECT_EQ(items[2].agreed(), "done = True and result");

  const auto again = Mine(request);
  ASSERT_EQ(again.size(), items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(again[i].SerializeAsString(), items[i].SerializeAsString());
  }
  request.set_max_items(1);
  EXPECT_EQ(Mine(request).size(), 1U);
}

TEST_F(MiningIntegrationTest, WhatIsStoredIsWhatGitHas) {
  GitFolder git;
  git.Commit("ann", "import os\n\nstart = compute(os, 1)\n");
  git.Write("b.py",
            "import os\n\n\ndef f(a):\n    value = compute(a, 2)\n"
            "    return value + 1\n");
  git.CommitAll("bob", "more");
  git.Git("revert --no-edit HEAD", "cid");
  git.Commit("cid", "import os\n\nstart = compute(os, 1, 2)\n");
  const auto progress = Ingest(git.path());
  EXPECT_EQ(progress.back().reverts(), 1U);
  // The same from git alone, under other pseudonyms.
  ASSERT_OK_AND_ASSIGN(const auto local,
                       ReadLocalHistory({git.path(), {}, 2, {}}));
  WrittenHistory stored;
  ASSERT_OK_AND_ASSIGN(const auto id, IdOf(git.path()));
  ASSERT_THAT(commits_.ReadHistory(id, "",
                                   [&](const IngestedCommit& commit) {
                                     stored.Add(commit);
                                     return absl::OkStatus();
                                   }),
              IsOk());
  stored.Finish();
  ASSERT_EQ(stored.size(), local.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    EXPECT_EQ(stored[i].text, local[i].text);
    EXPECT_EQ(stored[i].end, local[i].end);
    EXPECT_EQ(stored[i].place, local[i].place);
    EXPECT_EQ(stored[i].own, local[i].own);
    EXPECT_EQ(stored[i].item_class, local[i].item_class);
  }
}

TEST_F(MiningIntegrationTest, LinesKeepTheirOriginsFromCallToCall) {
  GitFolder git;
  git.Commit("ann", "import os\n\nstart = compute(os, 1)\n");
  Ingest(git.path());
  git.Commit("bob",
             "import os\n\nstart = compute(os, 1)\nnext = call(start, 2)\n");
  Ingest(git.path());
  git.Commit("cid", "import os\n\nnext = call(start, 2)\n");
  Ingest(git.path());
  // Rewritten: the last commit goes, and the line that it ended stands again.
  git.Git("reset -q --hard HEAD~1");
  git.Commit("dan",
             "import os\n\nstart = compute(os, 1)\nnext = call(start, 3)\n");
  Ingest(git.path());
  ASSERT_OK_AND_ASSIGN(const auto id, IdOf(git.path()));
  std::vector<LineEnd> ends;
  ASSERT_THAT(commits_.ReadHistory(id, "",
                                   [&](const IngestedCommit& commit) {
                                     ends.insert(ends.end(),
                                                 commit.ends.begin(),
                                                 commit.ends.end());
                                     return absl::OkStatus();
                                   }),
              IsOk());
  EXPECT_THAT(ends, ::testing::ElementsAre(LineEnd{1, "a.py", 4, "a.py", 4}));
}

TEST_F(MiningIntegrationTest, TakesAUrlIntoACopyOfItsOwn) {
  GitFolder git;
  git.Commit("ann", "import os\n\nstart = compute(os, 1)\n");
  git.Commit("bob",
             "import os\n\nstart = compute(os, 1)\nnext = call(start, 2)\n");
  const std::string url = "file://" + git.path();
  EXPECT_EQ(Ingest(url).back().commits_done(), 2U);
  v1::MineItemsRequest request;
  request.set_repository(url);
  const auto items = Mine(request);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].repository(), url);
  request.add_classes("word");
  grpc::ClientContext context;
  const auto reader = stub_->MineItems(&context, request);
  v1::MineItemsResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(MiningIntegrationTest,
       OneFilesHistoryHasItsEarlierNamesAndNothingLater) {
  GitFolder git;
  const auto text = [](const std::string& number) {
    return "import os\n\nfirst = compute(os.path, " + number +
           ")\nsecond = compute(os.sep, first)\n"
           "third = compute(os.linesep, second)\n";
  };
  git.Write("other.py", "import sys\n\nvalue = compute(sys.path, 1)\n");
  git.Commit("ann", text("1"));
  git.Commit("bob", text("2"));
  git.Git("mv a.py b.py");
  git.CommitAll("ann", "another name");
  git.Write("b.py", text("3"));
  git.CommitAll("eve", "three");
  git.Write("other.py", "import sys\n\nvalue = compute(sys.path, 2)\n");
  git.CommitAll("eve", "elsewhere");
  git.Write("b.py", text("4"));
  git.CommitAll("bob", "later");
  Ingest(git.path());
  ASSERT_OK_AND_ASSIGN(const auto id, IdOf(git.path()));

  const auto read = [&](std::string_view path, std::uint32_t until) {
    std::vector<IngestedCommit> commits;
    EXPECT_THAT(commits_.ReadFileHistory(id, path, until,
                                         [&](const IngestedCommit& commit) {
                                           commits.push_back(commit);
                                           return absl::OkStatus();
                                         }),
                IsOk());
    return commits;
  };
  const auto commits = read("b.py", 4);
  std::vector<std::uint32_t> positions;
  for (const IngestedCommit& commit : commits) {
    positions.push_back(commit.header.position);
    for (const AddedCode& line : commit.lines) EXPECT_NE(line.path, "other.py");
    for (const ChangedFile& file : commit.files) {
      EXPECT_NE(file.path, "other.py");
    }
  }
  EXPECT_THAT(positions, ::testing::ElementsAre(0, 1, 2, 3));
  ASSERT_EQ(commits[1].lines.size(), 1U);
  EXPECT_EQ(commits[1].lines[0].text, "first = compute(os.path, 2)");
  // What eve ended was bob's, under the old name.
  ASSERT_EQ(commits[3].ends.size(), 1U);
  EXPECT_EQ(commits[3].ends[0].position, 1U);
  EXPECT_EQ(commits[3].ends[0].path, "a.py");
  EXPECT_EQ(read("a.py", 0).size(), 1U);
  EXPECT_TRUE(read("none.py", 5).empty());
}

}  // namespace
}  // namespace evalloop::prompt_engine
