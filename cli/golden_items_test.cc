#include "cli/golden_items.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::StatusIs;

constexpr char kLine[] =
    R"({"id":"a","language":"python","prefix":"x = ","agreed":"1"})";

// What is said of a file whose second line is `line`, and the field.
std::pair<std::string, std::string> Wrong(const std::string& line) {
  const auto items = GoldenItems({kLine, line});
  EXPECT_THAT(items, StatusIs(absl::StatusCode::kInvalidArgument)) << line;
  return {std::string(items.status().message()),
          base::FieldOf(items.status()).value_or("")};
}

class FileTest : public ::testing::Test {
 protected:
  FileTest() { std::filesystem::create_directories(folder_); }
  ~FileTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name, const std::string& text) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / "golden-items";
};

TEST(GoldenItemsTest, ALineIsAnItemWithAllThatItSays) {
  ASSERT_OK_AND_ASSIGN(
      const auto items,
      GoldenItems(
          {R"({"id":"r1","task":"review","language":"go","path":"a/b.go",)"
           R"("line":7,"prefix":"func f() {}","agreed":"use defer",)"
           R"("criteria":["Does it say defer?"],"tags":["tier:domain-logic"],)"
           R"("class":"block","symbol":"f","date":"2026-11-01","author":"ann"})",
           R"({"id":"t","language":"python","prefix":"def f():\n",)"
           R"("tests":{"program":"assert f","entry_point":"f"}})"}));
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].task(), "review");
  EXPECT_EQ(items[0].location().path(), "a/b.go");
  EXPECT_EQ(items[0].location().line(), 7u);
  EXPECT_THAT(items[0].criteria(), ElementsAre("Does it say defer?"));
  EXPECT_THAT(items[0].tags(), ElementsAre("tier:domain-logic"));
  EXPECT_EQ(items[0].author_time().seconds(), 1'793'491'200);
  EXPECT_FALSE(items[0].has_tests());
  EXPECT_EQ(items[1].tests().entry_point(), "f");
  EXPECT_FALSE(items[1].has_author_time());
}

TEST(GoldenItemsTest, SeveralOutputsAreAllRight) {
  ASSERT_OK_AND_ASSIGN(
      const auto items,
      GoldenItems({R"({"id":"a","language":"c","prefix":"i","agreed":"++i",)"
                   R"("variants":["i++","i += 1"]})"}));
  EXPECT_TRUE(items[0].contested());
  EXPECT_EQ(items[0].agreed(), "++i");
  EXPECT_EQ(items[0].variants_size(), 2);
  EXPECT_THAT(items[0].explanation(), HasSubstr("3 outputs are right"));
}

TEST(GoldenItemsTest, NamesTheLineAndTheFieldThatIsWrong) {
  EXPECT_EQ(Wrong("{").first.substr(0, 7), "line 2:");
  EXPECT_EQ(Wrong(R"({"language":"c","prefix":"x","agreed":"y"})").second,
            "id");
  EXPECT_EQ(Wrong(R"({"id":"b","prefix":"x","agreed":"y"})").second,
            "language");
  EXPECT_EQ(Wrong(R"({"id":"b","language":"c","agreed":"y"})").second,
            "prefix");
  EXPECT_EQ(Wrong(R"({"id":"b","language":"c","prefix":"x"})").second,
            "agreed");
  const std::string rest = R"("id":"b","language":"c","prefix":"x",)";
  EXPECT_EQ(Wrong("{" + rest + R"("sufix":"y"})").second, "sufix");
  EXPECT_EQ(Wrong("{" + rest + R"("agreed":1})").second, "agreed");
  EXPECT_EQ(Wrong("{" + rest + R"("criteria":"why?"})").second, "criteria");
  EXPECT_EQ(Wrong("{" + rest + R"("criteria":[2]})").second, "criteria[0]");
  EXPECT_EQ(Wrong("{" + rest + R"("tests":{"program":"x"}})").second,
            "tests.entry_point");
  EXPECT_EQ(Wrong("{" + rest + R"("agreed":"y","date":"soon"})").second,
            "date");
  EXPECT_EQ(Wrong("{" + rest + R"("agreed":"y","line":0})").second, "line");
  EXPECT_THAT(Wrong("{" + rest + R"("agreed":1})").first,
              HasSubstr("line 2: agreed: is no text"));
}

TEST_F(FileTest, YamlNamesTheLineOfTheItem) {
  const std::string wrong = File("w.yaml",
                                 "# A golden set.\n"
                                 "items:\n"
                                 "  - {id: a, language: c, prefix: x, "
                                 "agreed: y}\n"
                                 "  - id: b\n"
                                 "    language: c\n"
                                 "    prefix: x\n");
  const auto refused = ReadItemsFile(wrong, std::nullopt);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("line 4, item 2: agreed:"));
  EXPECT_THAT(ReadItemsFile(File("e.yaml", "name: x\n"), std::nullopt),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ReadItemsFile(File("b.yaml", "items: [\n"), std::nullopt),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ReadItemsFile((folder_ / "none.yaml").string(), std::nullopt),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(FileTest, TheFormIsKnownByTheFile) {
  const std::string human_eval = File(
      "h.jsonl", R"({"task_id":"h/0","prompt":"def f():\n","entry_point":"f",)"
                 R"("canonical_solution":"  return 1\n","test":"..."})");
  ASSERT_OK_AND_ASSIGN(const auto problems,
                       ReadItemsFile(human_eval, std::nullopt));
  EXPECT_EQ(problems[0].item_id(), "h/0");
  ASSERT_OK_AND_ASSIGN(const auto golden,
                       ReadItemsFile(File("g.jsonl", kLine), std::nullopt));
  EXPECT_EQ(golden[0].item_id(), "a");
  EXPECT_FALSE(golden[0].has_author_time());
  const absl::Time date = absl::FromUnixSeconds(1'600'000'000);
  ASSERT_OK_AND_ASSIGN(const auto dated, ReadItemsFile(human_eval, date));
  EXPECT_EQ(dated[0].author_time().seconds(), 1'600'000'000);
}

// The files of docs/formats are what docs/benchmarks.md shows.
TEST(GoldenItemsTest, TheExamplesOfTheDocumentationAreRead) {
  ASSERT_OK_AND_ASSIGN(
      const auto yaml,
      ReadItemsFile("docs/formats/golden-set.example.yaml", std::nullopt));
  std::vector<std::string> tasks;
  for (const v1::Item& item : yaml) tasks.push_back(item.task());
  EXPECT_THAT(tasks,
              ElementsAre("completion", "generation", "review", "search"));
  ASSERT_OK_AND_ASSIGN(
      const auto lines,
      ReadItemsFile("docs/formats/golden-set.example.jsonl", std::nullopt));
  EXPECT_EQ(lines.size(), 2u);
}

TEST(GoldenItemsTest, ABenchmarkIsCalledAsItsFile) {
  EXPECT_EQ(BenchmarkNameOf("/data/HumanEval.jsonl.gz"), "HumanEval");
  EXPECT_EQ(BenchmarkNameOf("mine.jsonl"), "mine");
  EXPECT_EQ(BenchmarkNameOf("reviews.yaml"), "reviews");
}

}  // namespace
}  // namespace evalloop::cli
