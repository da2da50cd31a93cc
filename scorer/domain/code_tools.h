#ifndef EVALLOOP_SCORER_DOMAIN_CODE_TOOLS_H_
#define EVALLOOP_SCORER_DOMAIN_CODE_TOOLS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "code_analysis/measure.h"

namespace evalloop::scorer {

// A tool of others that reads code and counts what is wrong in it.
enum class CodeTool : std::uint8_t {
  kTypes,     // mypy: type errors of Python code.
  kSecurity,  // bandit: security findings of Python code.
};

// Runs such tools where nobody need trust what they read. Thread-safe.
class CodeTools {
 public:
  virtual ~CodeTools() = default;

  // What `tool` finds in each of `files`, which know nothing of each other; in
  // their order, one each. Missing: "no_sandbox", "timeout", "too_long",
  // "not_parsed" (the tool can't read that file). Takes seconds: ask for many
  // files at once.
  virtual std::vector<code_analysis::Measure> Findings(
      CodeTool tool, std::span<const std::string> files) = 0;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_CODE_TOOLS_H_
