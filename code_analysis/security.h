#ifndef EVALLOOP_CODE_ANALYSIS_SECURITY_H_
#define EVALLOOP_CODE_ANALYSIS_SECURITY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

enum class Severity : std::uint8_t { kLow, kMedium, kHigh };

// A kind of weakness.
struct SecurityRule {
  std::string_view id;    // "command-injection"
  std::uint32_t cwe = 0;  // Of MITRE's Common Weakness Enumeration.
  Severity severity = Severity::kMedium;
  std::string_view message;
};

struct SecurityFinding {
  const SecurityRule* rule = nullptr;  // Static lifetime.
  std::size_t offset = 0;              // Bytes.
  std::uint32_t line = 0;              // From 1.
};

struct SecurityReport {
  std::vector<SecurityFinding> findings;  // In source order.
  std::string_view reason;  // Not empty: not looked at, as in SyntaxErrors.
};

// Weaknesses that the syntax tree of `text` shows, by the queries of
// security_rules.cc. A rule fires where what it names stands there, not where
// it might be reached: a constant command or a constant SQL text is no finding.
// Python has no rules here ("no_rules"): bandit looks at it. Total on any
// bytes, bounded in time as a parse is, thread-safe.
SecurityReport FindWeaknesses(std::string_view text, Language language);

// All rules, in a fixed order.
std::span<const SecurityRule> SecurityRules();

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_SECURITY_H_
