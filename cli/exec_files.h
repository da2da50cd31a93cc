#ifndef EVALLOOP_CLI_EXEC_FILES_H_
#define EVALLOOP_CLI_EXEC_FILES_H_

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "scorer/domain/functional.h"

namespace evalloop::cli {

// A problem as openai/human-eval writes it, or with calls instead of a test
// script (docs/formats/exec-problem.schema.json).
struct Problem {
  std::string prompt;
  std::string tests;
  std::vector<scorer::HiddenCall> calls;
  std::string entry_point;
  std::string language;  // "python" where the file doesn't say.
};
using Problems = std::map<std::string, Problem, std::less<>>;  // By task_id.

// A sample and what came of it.
struct Sample {
  boost::json::object row;  // As read.
  std::string task_id;
  std::string completion;
  std::int64_t completion_id;  // Counts the samples of one task, from 0.
  scorer::FunctionalVerdict verdict;
};

// The lines of a text file, or of one packed by gzip; blank ones left out.
absl::StatusOr<std::vector<std::string>> ReadLines(const std::string& path);

// INVALID_ARGUMENT names the line that is wrong.
absl::StatusOr<Problems> ParseProblems(const std::vector<std::string>& lines);

// INVALID_ARGUMENT names the line that is wrong or whose task is unknown.
absl::StatusOr<std::vector<Sample>> ParseSamples(
    const std::vector<std::string>& lines, const Problems& problems);

// The row as read with passed, result, completion_id and tier.
std::string ResultLine(const Sample& sample);

// {"pass@1": ...} for each k that no task has fewer samples than, pass^k
// likewise, and counts. Samples that infrastructure kept from a verdict count
// nowhere but in "infrastructure".
boost::json::object Summary(const std::vector<Sample>& samples,
                            const std::vector<std::int64_t>& ks);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_EXEC_FILES_H_
