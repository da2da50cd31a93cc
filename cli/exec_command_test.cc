#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace evalloop::cli {
namespace {

class ExecTest : public ::testing::Test {
 protected:
  // The samples' results; empty where the command failed.
  std::vector<std::string> Results(const std::string& problems,
                                   const std::string& samples) {
    std::ofstream(problems_) << problems;
    std::ofstream(samples_) << samples;
    std::ofstream(out_, std::ios::trunc);
    Terminal terminal;
    ExecFlags flags;
    flags.problems = problems_;
    flags.samples = samples_;
    flags.out = out_;
    flags.timeout = 10;
    flags.workers = 2;
    outcome_ = Exec(terminal, flags);
    std::vector<std::string> results;
    std::ifstream file(out_);
    for (std::string line; std::getline(file, line);) {
      const auto row = boost::json::parse(line).as_object();
      results.emplace_back(row.at("result").as_string());
      EXPECT_EQ(row.at("passed").as_bool(), results.back() == "passed");
      EXPECT_FALSE(row.at("tier").as_string().empty());
    }
    return results;
  }

  const std::string problems_ = ::testing::TempDir() + "exec_problems.jsonl";
  const std::string samples_ = ::testing::TempDir() + "exec_samples.jsonl";
  const std::string out_ = ::testing::TempDir() + "exec_out.jsonl";
  Outcome outcome_ = ExitCode::kPassed;
};

TEST_F(ExecTest, ProblemsOfThreeLanguagesInBothForms) {
  const auto results = Results(
      R"({"task_id":"py/script","prompt":"def f(x):\n","entry_point":"f",)"
      R"("test":"def check(candidate):\n    assert candidate(2) == 4\n"})"
      "\n"
      R"({"task_id":"py","prompt":"def f(x):\n","entry_point":"f",)"
      R"("calls":[{"arguments":[2],"expected":4},)"
      R"({"arguments":[2.0],"expected":4.0}]})"
      "\n"
      R"({"task_id":"js/script","language":"javascript","entry_point":"f",)"
      R"("prompt":"const two = 2;\nconst f = (x) => {\n",)"
      R"-("test":"console.assert(f(two) === 4);\nconsole.assert(f(3) === 6)"})-"
      "\n"
      R"({"task_id":"js","language":"js","prompt":"const f = (x) => {\n",)"
      R"("entry_point":"f","calls":[{"arguments":[2],"expected":4}]})"
      "\n"
      R"({"task_id":"cc","language":"cpp","prompt":"double f(double x) {\n",)"
      R"("entry_point":"f","calls":[{"arguments":[2],"expected":4.0},)"
      R"({"arguments":[0.1],"expected":0.2000001,"tolerance":1e-6}]})"
      "\n",
      R"({"task_id":"py/script","completion":"    return 2 * x\n"})"
      "\n"
      R"({"task_id":"py/script","completion":"    return x\n"})"
      "\n"
      R"({"task_id":"py","completion":"    return 2 * x\n"})"
      "\n"
      R"({"task_id":"py","completion":"    return 4\n"})"
      "\n"
      R"({"task_id":"js/script","completion":"  return 2 * x;\n}\n"})"
      "\n"
      R"({"task_id":"js/script","completion":"  return 4;\n}\n"})"
      "\n"
      R"({"task_id":"js","completion":"  return 2 * x;\n}\n"})"
      "\n"
      R"({"task_id":"js","completion":"  return '4';\n}\n"})"
      "\n"
      R"({"task_id":"cc","completion":"  return 2 * x;\n}\n"})"
      "\n"
      R"({"task_id":"cc","completion":"  return 2 * x\n}\n"})"
      "\n");
  if (absl::IsUnavailable(outcome_.status()) &&
      std::string(outcome_.status().message()).find("not installed") !=
          std::string::npos) {
    GTEST_SKIP() << outcome_.status().message();
  }
  ASSERT_TRUE(outcome_.ok()) << outcome_.status();
  const std::vector<std::string> expected = {
      "passed", "failed: AssertionError",
      "passed", "failed: call 2 of 2: another answer than expected",
      "passed", "failed: AssertionError:",
      "passed", "failed: call 1 of 1: another answer than expected",
      "passed", results.empty() ? "" : results.back()};
  EXPECT_EQ(results, expected);
  EXPECT_TRUE(results.back().starts_with("failed: does not compile: "))
      << results.back();
}

TEST_F(ExecTest, AScriptThatCouldBeForgedIsBadInputAndSaysWhatToDo) {
  Results(R"({"task_id":"cc","language":"cpp","prompt":"","entry_point":"f",)"
          R"("test":"int main() { return f() != 4; }"})",
          R"({"task_id":"cc","completion":"int f() { return 4; }"})");
  EXPECT_EQ(outcome_.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(outcome_.status().message()).find("give calls"),
            std::string::npos)
      << outcome_.status();
}

}  // namespace
}  // namespace evalloop::cli
