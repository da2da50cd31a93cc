// Items that a commit makes as a whole: reviews and searches.
#include "prompt_engine/domain/change_items.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "platform/testing/status_matchers.h"
#include "prompt_engine/domain/commit_words.h"
#include "prompt_engine/testing/git_folder.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kBefore =
    "import os\n"
    "\n"
    "\n"
    "def read(path, limit):\n"
    "    \"\"\"Reads at most limit bytes of a file.\"\"\"\n"
    "    with open(path) as file:\n"
    "        return file.read(limit)\n"
    "\n"
    "\n"
    "def size(path):\n"
    "    # In bytes.\n"
    "    return os.stat(path, \"a\" \"b\").st_size\n";

class ChangeItemsTest : public ::testing::Test {
 protected:
  // The changes of a commit that puts `now` in the place of `was`.
  code_analysis::CommitChanges Change(std::string_view was,
                                      std::string_view now) {
    std::string text(kBefore);
    git_.Commit("ann", text);
    text.replace(text.find(was), was.size(), now);
    git_.Commit("bob", text);
    const auto git = code_analysis::Repository::Open(git_.path());
    EXPECT_THAT(git, IsOk());
    const auto head = git->ResolveCommit("HEAD");
    EXPECT_THAT(head, IsOk());
    auto changes = git->Changes(*head);
    EXPECT_THAT(changes, IsOk());
    return *std::move(changes);
  }

  std::optional<MinedItem> Review(std::string_view was, std::string_view now) {
    return ReviewItem({}, {}, "Fix a crash of odd files", Change(was, now));
  }

  GitFolder git_;
};

TEST_F(ChangeItemsTest, AFixIsReviewedAtItsFirstLineOfCode) {
  const auto item = Review(
      "    \"\"\"Reads at most limit bytes of a file.\"\"\"\n"
      "    with open(path) as file:\n"
      "        return file.read(limit)\n",
      "    \"\"\"Reads at most limit bytes.\"\"\"\n"
      "    with open(path) as file:\n"
      "        return file.read(max(0, limit))\n");
  ASSERT_TRUE(item);
  EXPECT_EQ(item->symbol, "read");
  EXPECT_EQ(item->line, 7U);
  EXPECT_THAT(item->prefix, ::testing::StartsWith("def read"));
  EXPECT_EQ(item->committed,
            "--- a.py\n+++ a.py\n@@ -7,1 +7,1 @@\n"
            "-        return file.read(limit)\n"
            "+        return file.read(max(0, limit))\n");
  EXPECT_THAT(item->criteria[0], HasSubstr("`read` at line 7 of a.py"));
}

TEST_F(ChangeItemsTest, WordsAndLayoutAreNoFix) {
  EXPECT_FALSE(Review("at most limit bytes", "up to limit bytes"));
  EXPECT_FALSE(Review("# In bytes.", "# Bytes, not kilobytes."));
  EXPECT_FALSE(Review("\"a\" \"b\"", "'ab'"));
  // The next change is one, so the test can tell.
  EXPECT_TRUE(Review("\"a\" \"b\"", "'abc'"));
}

TEST_F(ChangeItemsTest, AFixOfTwoFunctionsIsNotAskedOfOne) {
  EXPECT_FALSE(
      Review("file.read(limit)\n\n\ndef size(path):\n    # In bytes.\n"
             "    return os.stat(",
             "file.read(0)\n\n\ndef size(path):\n    # In bytes.\n"
             "    return os.lstat("));
  // An import may change for its sake.
  const std::string_view head = kBefore.substr(0, kBefore.find("    \"\"\""));
  const auto item =
      Review(std::string(head),
             "import os\nimport sys\n\n\ndef read(path, limit=sys.maxsize):\n");
  ASSERT_TRUE(item);
  EXPECT_EQ(item->symbol, "read");
  // A new function below is not a fix of the one above.
  EXPECT_FALSE(Review("        return file.read(limit)\n",
                      "        return file.read(limit)\n\n\n"
                      "def write(path):\n    return os.open(path)\n"));
}

TEST_F(ChangeItemsTest, ASearchIsForTheCodeThatChanged) {
  const auto changes = Change("os.stat(", "os.lstat(");
  const auto item =
      SearchItem({}, {}, "Look at links, not through them (#12)", changes);
  ASSERT_TRUE(item);
  EXPECT_EQ(item->prefix, "Look at links, not through them");
  EXPECT_EQ(item->committed, "a.py:size");
  EXPECT_THAT(item->tags, Contains("query:describes-it"));
  EXPECT_FALSE(SearchItem({}, {}, "Look at links, not through them",
                          Change("# In bytes.", "# Bytes.")));
}

TEST(CommitWordsTest, TellFaultsOfTheCodeFromOthers) {
  EXPECT_TRUE(SaysFix("Fix a crash of read for negative limits"));
  EXPECT_TRUE(SaysFix("Prevent overflow in the parser"));
  EXPECT_FALSE(SaysFix("Fix typo"));
  EXPECT_FALSE(SaysFix("type hint fix for send_file"));
  EXPECT_FALSE(SaysFix("Fix broken directives in docstrings"));
  EXPECT_FALSE(SaysFix("fix string concats left over by black"));
  EXPECT_FALSE(SaysFix("[pre-commit.ci] auto fixes from pre-commit.com hooks"));
  EXPECT_FALSE(SaysFix("Add a parser of dates"));
}

TEST(CommitWordsTest, TellWhatCanBeAskedFor) {
  EXPECT_TRUE(SaysWhat("Close idle connections after a minute"));
  EXPECT_FALSE(SaysWhat("Refactor parser"));
  EXPECT_FALSE(SaysWhat("document that headers must be set before streaming"));
  EXPECT_FALSE(SaysWhat("Merge pull request #1 from x/y"));
  EXPECT_EQ(QueryOf("Close idle connections (#123)."),
            "Close idle connections");
  EXPECT_TRUE(SaysWeakness("Fix CVE-2024-1234: heap overflow"));
  EXPECT_FALSE(SaysWeakness("Escape the key in HELP"));
}

}  // namespace
}  // namespace evalloop::prompt_engine
