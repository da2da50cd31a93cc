#ifndef EVALLOOP_SCORER_DOMAIN_HIDDEN_TESTS_H_
#define EVALLOOP_SCORER_DOMAIN_HIDDEN_TESTS_H_

#include <chrono>
#include <span>
#include <vector>

#include "code_analysis/measure.h"
#include "scorer/domain/functional.h"

namespace evalloop::scorer {

struct HiddenTestOptions {
  std::chrono::milliseconds timeout{3'000};  // For each check.
  int parallel = 2;
  // How often a check is made about which only infrastructure has a say.
  int attempts = 3;
};

// pass_at_1 of each case, in order: 1 passed, 0 failed or out of time. Missing:
// "no_sandbox"; "no_tool" (the language's, not installed); "no_test_runner"
// (for the language, or for this form of tests); "infrastructure", after all
// attempts: that says nothing about the candidate. Blocks until all are
// checked.
std::vector<code_analysis::Measure> RunHiddenTests(
    FunctionalTests& tests, std::span<const FunctionalCase> cases,
    const HiddenTestOptions& options = {});

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_HIDDEN_TESTS_H_
