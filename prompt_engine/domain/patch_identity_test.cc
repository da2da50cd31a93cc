#include "prompt_engine/domain/patch_identity.h"

#include <gtest/gtest.h>

namespace evalloop::prompt_engine {
namespace {

code_analysis::CommitChanges Change(std::string before, std::string after,
                                    code_analysis::Hunk hunk) {
  code_analysis::FileChange file;
  file.old_path = file.new_path = "a.py";
  file.old_text = std::move(before);
  file.new_text = std::move(after);
  file.hunks = {hunk};
  code_analysis::CommitChanges changes;
  changes.files.push_back(std::move(file));
  return changes;
}

const std::string kOld = "one\ntwo = compute(first, second, 3)\n";
const std::string kNew = "one\ntwo = compute(first, second, 4)\n";

TEST(PatchIdentityTest, IsOfTheChangeAloneAndKnowsItsInverse) {
  const auto patch = IdentifyPatch(Change(kOld, kNew, {2, 1, 2, 1}));
  const auto elsewhere =
      IdentifyPatch(Change("x\n" + kOld, "x\n" + kNew, {3, 1, 3, 1}));
  const auto back = IdentifyPatch(Change(kNew, kOld, {2, 1, 2, 1}));
  EXPECT_NE(patch.forward, 0);
  EXPECT_EQ(patch.forward, elsewhere.forward);
  EXPECT_EQ(patch.inverse, back.forward);
  EXPECT_EQ(patch.forward, back.inverse);
  EXPECT_NE(patch.forward, patch.inverse);
}

TEST(PatchIdentityTest, BlanksDoNotCountAndSmallChangesHaveNone) {
  const auto patch = IdentifyPatch(Change(kOld, kNew, {2, 1, 2, 1}));
  const auto indented = IdentifyPatch(
      Change("one\n  two = compute(first,second, 3)\n",
             "one\n  two = compute(first,second, 4)\n", {2, 1, 2, 1}));
  EXPECT_EQ(patch.forward, indented.forward);
  EXPECT_EQ(IdentifyPatch(Change("a\n", "b\n", {1, 1, 1, 1})).forward, 0);
  EXPECT_EQ(IdentifyPatch({}).forward, 0);
}

TEST(SeenPatchesTest, TellsRevertsAndCherryPicksFromOwnWork) {
  SeenPatches seen;
  CommitHeader header;
  header.patch_id = 5;
  header.inverse_patch_id = 7;
  EXPECT_EQ(seen.Take(header), CommitKind::kOwn);
  EXPECT_EQ(seen.Take(header), CommitKind::kCherryPick);
  std::swap(header.patch_id, header.inverse_patch_id);
  EXPECT_EQ(seen.Take(header), CommitKind::kRevert);
  EXPECT_EQ(SeenPatches().Take(header), CommitKind::kOwn);
}

TEST(KindByMessageTest, BelievesWhatGitWrites) {
  EXPECT_EQ(KindByMessage("Revert \"Add x\"\n\nThis reverts commit 12ab.\n"),
            CommitKind::kRevert);
  EXPECT_EQ(KindByMessage("Add x\n\n(cherry picked from commit 12ab)\n"),
            CommitKind::kCherryPick);
  EXPECT_EQ(KindByMessage("Revert to the old parser by hand"),
            CommitKind::kOwn);
}

}  // namespace
}  // namespace evalloop::prompt_engine
