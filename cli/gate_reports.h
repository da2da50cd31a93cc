#ifndef EVALLOOP_CLI_GATE_REPORTS_H_
#define EVALLOOP_CLI_GATE_REPORTS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evalloop/v1/evaluator.pb.h"

// A decided gate as the files that CI systems show. Pure; texts from outside
// are made harmless by report_text.h. Every list is bounded and says what it
// leaves out.

namespace evalloop::cli {

// One row of the candidate's run, failing or not.
struct GatedRow {
  std::string item_id;
  std::uint32_t sample = 0;
  // Why there is no answer; empty: there is one.
  std::string infrastructure_error;
};

// Rows that count against the candidate, worst first: those of the regression
// report, or of the comparison where there is no report.
std::vector<v1::RowDelta> FailingRows(const v1::Gate& gate);

// For people: verdict, demands, categories, failing rows as diffs, what changed
// since the last passed gate, the commands that come next. At most 512 KiB.
std::string GateMarkdown(const v1::Gate& gate);

// JUnit XML: a suite with a test a demand, and a suite with a test a row, with
// run ids as properties. In a gate that passes no test fails: rows that are
// worse and let pass are skipped, with the reason.
std::string GateJunit(const v1::Gate& gate, std::span<const GatedRow> rows);

// GitLab's code quality report: a JSON array with an issue a failed demand (at
// `prompt_file`, which may be empty: they are left out) and a failing row (at
// its place in the repository). Fingerprints stay the same from run to run.
std::string GateCodeQuality(const v1::Gate& gate, std::string_view prompt_file);

// GitHub's workflow commands, one a line: failed demands at `prompt_file`, then
// failing rows; at most 10, which is all that a step shows.
std::vector<std::string> GateAnnotations(const v1::Gate& gate,
                                         std::string_view prompt_file);

// name=value lines with gate and run ids, verdict and revision, for
// $GITHUB_OUTPUT (small letters) and GitLab's dotenv report (capitals, with
// "EVALLOOP_" before).
std::string GateOutputs(const v1::Gate& gate);
std::string GateDotenv(const v1::Gate& gate);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_GATE_REPORTS_H_
