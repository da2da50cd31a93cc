#ifndef EVALLOOP_CLI_BENCHMARK_OUTPUT_H_
#define EVALLOOP_CLI_BENCHMARK_OUTPUT_H_

#include <string>

#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// Benchmarks and items as people read them.

// A version with its manifest.
std::string BenchmarkText(const v1::Benchmark& benchmark);
std::string BenchmarksText(const v1::ListBenchmarksResponse& list);
std::string ItemsText(const v1::ListItemsResponse& list);

// An item that explains itself: what is asked, what counts as right, who (by
// pseudonym) wrote which variant, and why this one was chosen.
std::string ItemText(const v1::Item& item);

// Which rows of a run or comparison count; empty where all do and nothing is to
// be said.
std::string ValidityText(const v1::Validity& validity);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_BENCHMARK_OUTPUT_H_
