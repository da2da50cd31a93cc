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

struct ToolFinding {
  std::string rule;        // "B307", "arg-type"
  std::uint32_t line = 0;  // From 1; 0: not told.
};

// What a tool says of one file.
struct ToolReport {
  code_analysis::Measure count;
  std::vector<ToolFinding> findings;  // The first 40.
};

// Runs such tools where nobody need trust what they read. Thread-safe.
class CodeTools {
 public:
  virtual ~CodeTools() = default;

  // What `tool` finds in each of `files`, which know nothing of each other; in
  // their order, one each. Missing: "no_sandbox", "timeout", "too_long",
  // "not_parsed" (the tool can't read that file). Takes seconds: ask for many
  // files at once.
  virtual std::vector<ToolReport> Findings(
      CodeTool tool, std::span<const std::string> files) = 0;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_CODE_TOOLS_H_
