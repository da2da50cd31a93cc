#include "scorer/execution/sandboxed_code_tools.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace evalloop::scorer {
namespace {

std::string Words(const std::vector<ToolReport>& found) {
  std::string words;
  for (const auto& [measure, findings] : found) {
    if (!words.empty()) words += ' ';
    words += measure.value.has_value()
                 ? std::to_string(static_cast<int>(*measure.value))
                 : std::string(measure.reason);
  }
  return words;
}

TEST(SandboxedCodeToolsTest, MypyCountsTypeErrorsOfManyFilesAtOnce) {
  LocalCodeTools tools;
  const std::vector<std::string> files = {
      "def f(x: int) -> str:\n    return x\n",
      "import nosuch\nx: int = \"a\"\ny: str = 1\n",
      "def f(:\n",
      "",
      "# mypy: ignore-errors\nx: int = \"a\"  # type: ignore\n",
      "def f():\n    return 1 + \"a\"\n",
      std::string(300'000, '#'),
      "x = 1\n",
      "import evalloop_0000\nevalloop_0000.nothing\n",
  };
  EXPECT_EQ(Words(tools.Findings(CodeTool::kTypes, files)),
            "1 2 not_parsed 0 1 1 too_long 0 1");
}

TEST(SandboxedCodeToolsTest, BanditCountsSecurityFindings) {
  LocalCodeTools tools;
  const std::vector<std::string> files = {
      "import subprocess\nsubprocess.call(x, shell=True)\n",
      "import pickle\npickle.loads(b'')  # nosec\n",
      "x = 1\n",
      "def f(:\n",
      "match x:\n    case 1:\n        eval(x)\n",
  };
  EXPECT_EQ(Words(tools.Findings(CodeTool::kSecurity, files)),
            "2 2 0 not_parsed 1");
}

TEST(SandboxedCodeToolsTest, FindingsHaveARuleAndALine) {
  LocalCodeTools tools;
  const std::vector<std::string> files = {
      "import pickle\n\nx: int = \"a\"\nx = pickle.loads(b\"\")\n"};
  const auto types = tools.Findings(CodeTool::kTypes, files);
  ASSERT_EQ(types[0].findings.size(), 1u);
  EXPECT_EQ(types[0].findings[0].rule, "assignment");
  EXPECT_EQ(types[0].findings[0].line, 3u);
  const auto security = tools.Findings(CodeTool::kSecurity, files);
  ASSERT_EQ(security[0].findings.size(), 2u);
  EXPECT_EQ(security[0].findings[1].rule, "B301");
  EXPECT_EQ(security[0].findings[1].line, 4u);
}

class BrokenSandbox final : public sandbox::Sandbox {
 public:
  std::string_view tier() const override { return "broken"; }
  absl::StatusOr<sandbox::JobResult> Run(const sandbox::Job& job) override {
    ++runs;
    if (status.ok()) {
      sandbox::JobResult result;
      // The file that holds "bomb" takes its whole process along.
      for (const sandbox::File& file : job.files) {
        if (file.content == "bomb") result.ending = sandbox::Ending::kCpuTime;
      }
      for (std::size_t i = 1; i < job.files.size(); ++i) {
        result.stdout_text += "7\n";
      }
      return result;
    }
    return status;
  }
  absl::StatusOr<std::unique_ptr<sandbox::Process>> Start(
      const sandbox::Job&, const std::vector<int>&) override {
    return absl::UnavailableError("broken");
  }
  absl::StatusOr<std::unique_ptr<sandbox::PythonTemplate>> Prepare(
      std::string_view) override {
    return absl::UnavailableError("broken");
  }

  absl::Status status;
  int runs = 0;
};

TEST(SandboxedCodeToolsTest, OneFileDoesNotTakeTheOthersAlong) {
  BrokenSandbox sandbox;
  SandboxedCodeTools tools(sandbox);
  const std::vector<std::string> files = {"a", "bomb", "b", "c"};
  EXPECT_EQ(Words(tools.Findings(CodeTool::kTypes, files)), "7 timeout 7 7");
  EXPECT_EQ(sandbox.runs, 5);
}

TEST(SandboxedCodeToolsTest, TroubleOfTheSandboxIsNoNumber) {
  BrokenSandbox sandbox;
  sandbox.status = absl::UnavailableError("broken");
  SandboxedCodeTools tools(sandbox);
  const std::vector<std::string> files = {"a", "b"};
  EXPECT_EQ(Words(tools.Findings(CodeTool::kTypes, files)),
            "no_sandbox no_sandbox");
  EXPECT_TRUE(tools.Findings(CodeTool::kTypes, {}).empty());
}

}  // namespace
}  // namespace evalloop::scorer
