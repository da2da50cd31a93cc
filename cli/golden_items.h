#ifndef EVALLOOP_CLI_GOLDEN_ITEMS_H_
#define EVALLOOP_CLI_GOLDEN_ITEMS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// Items of a benchmark that people wrote by hand, from lines of JSON or from a
// YAML file with a list `items` (docs/formats/golden-set.schema.json).
// InvalidArgument names the line and the field that is wrong.
absl::StatusOr<std::vector<v1::Item>> GoldenItems(
    const std::vector<std::string>& lines);
absl::StatusOr<std::vector<v1::Item>> GoldenItemsOfYaml(
    const std::string& path);

// Items of a file, whatever of these it is: a golden set as YAML (.yaml, .yml),
// or lines of JSON (also packed by gzip) of a golden set or in the form of
// openai/human-eval. Items without a date are given `date`, if there is one.
absl::StatusOr<std::vector<v1::Item>> ReadItemsFile(
    const std::string& path, std::optional<absl::Time> date);

// "HumanEval" for "data/HumanEval.jsonl.gz".
std::string BenchmarkNameOf(const std::string& path);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_GOLDEN_ITEMS_H_
