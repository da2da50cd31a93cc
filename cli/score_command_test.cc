#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "scorer/domain/scorer.h"

namespace evalloop::cli {
namespace {

class ScoreTest : public ::testing::Test {
 protected:
  std::vector<boost::json::value> Rows(const std::string& pairs,
                                       std::vector<std::string> metrics) {
    std::ofstream(in_) << pairs;
    Terminal terminal;
    ScoreFlags flags;
    flags.pairs = in_;
    flags.metrics = std::move(metrics);
    flags.out = out_;
    flags.rubric = rubric_;
    outcome_ = Score(terminal, flags);
    std::vector<boost::json::value> rows;
    std::ifstream file(out_);
    for (std::string line; std::getline(file, line);) {
      rows.push_back(boost::json::parse(line));
    }
    return rows;
  }

  const std::string in_ = ::testing::TempDir() + "score_test_in.jsonl";
  const std::string out_ = ::testing::TempDir() + "score_test_out.jsonl";
  std::string rubric_;
  Outcome outcome_ = ExitCode::kPassed;
};

TEST_F(ScoreTest, WritesARowForEachRowInOrder) {
  const auto rows = Rows(
      R"({"id":7,"candidate":"return a - b;","reference":"return a + b;","language":"cpp"})"
      "\n"
      R"({"id":"same","candidate":"x = 1","references":["y","x = 1"],"language":"python"})"
      "\n",
      {"chrf", "exact_match"});
  ASSERT_TRUE(outcome_.ok()) << outcome_.status();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("id").to_number<int>(), 7);
  EXPECT_NEAR(rows[0].at("scores").at("chrf").to_number<double>(), 62.903439,
              1e-6);
  EXPECT_EQ(rows[0].at("scores").at("exact_match").to_number<double>(), 0);
  EXPECT_EQ(rows[1].at("id").as_string(), "same");
  EXPECT_EQ(rows[1].at("scores").at("exact_match").to_number<double>(), 1);
  EXPECT_EQ(rows[0].at("scorer_digest").as_string(),
            scorer::Scorer::BuiltIn().digest());
}

TEST_F(ScoreTest, SaysWhyAScoreIsMissing) {
  const auto rows = Rows(R"({"id":1,"candidate":"x","language":"cpp"})"
                         "\n",
                         {"chrf"});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows[0].at("scores").at("chrf").is_null());
  EXPECT_EQ(rows[0].at("reasons").at("chrf").as_string(), "no_reference");
}

TEST_F(ScoreTest, ADeltaIsToTheCodeBefore) {
  const auto rows = Rows(
      R"({"id":1,"candidate":"if a and b: pass","before":"if a: pass","language":"python"})"
      "\n"
      R"({"id":2,"candidate":"if a and b: pass","language":"python"})"
      "\n",
      {"complexity_delta"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("scores").at("complexity_delta").to_number<double>(), 1);
  EXPECT_TRUE(rows[1].at("scores").at("complexity_delta").is_null());
  EXPECT_EQ(rows[1].at("reasons").at("complexity_delta").as_string(),
            "no_before");
}

TEST_F(ScoreTest, StampsTheDigestOfTheRubricGiven) {
  rubric_ = ::testing::TempDir() + "score_test_rubric.yaml";
  std::ofstream(rubric_) << "name: mine\nversion: 3\nterms:\n"
                            "- {metric: parses, weight: 1, group: helpful}\n";
  const std::string pair = R"({"id":1,"candidate":"x","language":"python"})";
  const auto rows = Rows(pair + "\n", {"parses"});
  ASSERT_TRUE(outcome_.ok()) << outcome_.status();
  scorer::Rubric rubric;
  rubric.name = "mine";
  rubric.version = 3;
  rubric.terms.emplace_back();
  rubric.terms[0].metric = "parses";
  rubric.terms[0].weight = 1;
  rubric.terms[0].group = "helpful";
  EXPECT_EQ(rows.at(0).at("scorer_digest").as_string(),
            scorer::Scorer(rubric).digest());
  for (const char* wrong :
       {"- {metric: parses, wieght: 1}\n",
        "- {metric: parses, weight: 2, group: helpful}\n",
        "- {metric: prases, weight: 1, group: helpful}\n"}) {
    std::ofstream(rubric_, std::ios::trunc) << "name: mine\nterms:\n" << wrong;
    Rows(pair, {"parses"});
    EXPECT_EQ(outcome_.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(std::string(outcome_.status().message()).find("terms"),
              std::string::npos)
        << outcome_.status();
  }
}

TEST_F(ScoreTest, NamesTheBadLine) {
  Rows("{\"id\":1,\"candidate\":\"x\"}\n{\"id\":2}\n", {});
  EXPECT_EQ(outcome_.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(outcome_.status().message()).find("line 2"),
            std::string::npos);
}

}  // namespace
}  // namespace evalloop::cli
