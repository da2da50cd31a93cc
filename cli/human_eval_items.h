#ifndef EVALLOOP_CLI_HUMAN_EVAL_ITEMS_H_
#define EVALLOOP_CLI_HUMAN_EVAL_ITEMS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// Items of a benchmark from lines as openai/human-eval writes its problems
// (task_id, prompt, canonical_solution, test, entry_point; `language` where it
// is not Python). INVALID_ARGUMENT names the line that is wrong.
absl::StatusOr<std::vector<v1::Item>> HumanEvalItems(
    const std::vector<std::string>& lines);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_HUMAN_EVAL_ITEMS_H_
