#include "scorer/domain/findings.h"

#include <algorithm>
#include <cstdint>

#include "code_analysis/invented.h"
#include "code_analysis/licences.h"
#include "code_analysis/secrets.h"
#include "code_analysis/security.h"
#include "code_analysis/trees.h"
#include "scorer/domain/static_metrics.h"

namespace evalloop::scorer {
namespace {

constexpr std::size_t kLongestRule = 80;

std::uint32_t LinesBefore(std::string_view text, std::size_t end) {
  return static_cast<std::uint32_t>(std::count(
      text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
}

// The finding, where `offset` lies in the text that begins at `start` of
// `whole`.
void AddAt(std::string_view metric, std::string_view rule,
           std::string_view whole, std::size_t offset, std::size_t start,
           std::size_t length, std::vector<Finding>& findings) {
  if (offset < start || offset >= start + length ||
      findings.size() >= kMostFindings) {
    return;
  }
  findings.push_back(
      {.metric = std::string(metric),
       .rule = std::string(rule.substr(0, kLongestRule)),
       .line = LinesBefore(whole.substr(start), offset - start) + 1});
}

// Of the candidate's text with its first and last line whole, where its own
// text begins.
std::size_t StartInLine(const Candidate& candidate) {
  const std::size_t end = candidate.prefix.rfind('\n');
  return end == std::string_view::npos ? candidate.prefix.size()
                                       : candidate.prefix.size() - end - 1;
}

}  // namespace

std::vector<Finding> ExplainSecurity(const Candidate& candidate) {
  const code_analysis::Surroundings around{.prefix = candidate.prefix,
                                           .suffix = candidate.suffix};
  const std::string code = code_analysis::Put(candidate.text, around);
  const std::size_t start =
      code_analysis::Put("", {.prefix = candidate.prefix, .suffix = ""}).size();
  std::vector<Finding> findings;
  for (const auto& found :
       code_analysis::FindWeaknesses(code, candidate.language).findings) {
    AddAt("security_delta", found.rule->id, code, found.offset, start,
          candidate.text.size(), findings);
  }
  return findings;
}

std::vector<Finding> ExplainSecrets(const Candidate& candidate) {
  const std::string lines = LinesWith(candidate, candidate.text);
  std::vector<Finding> findings;
  for (const auto& found : code_analysis::FindSecrets(lines)) {
    AddAt("secrets_delta", found.rule, lines, found.offset,
          StartInLine(candidate), candidate.text.size(), findings);
  }
  return findings;
}

std::vector<Finding> ExplainLicences(const Candidate& candidate) {
  const std::string lines = LinesWith(candidate, candidate.text);
  std::vector<Finding> findings;
  for (const auto& found : code_analysis::FindLicences(lines)) {
    // What a tag says may be any text.
    const bool plain =
        std::all_of(found.licence.begin(), found.licence.end(),
                    [](unsigned char c) { return c > ' ' && c < 0x7f; });
    AddAt("licence_headers_delta", plain ? found.licence : "unknown", lines,
          found.offset, StartInLine(candidate), candidate.text.size(),
          findings);
  }
  return findings;
}

std::vector<Finding> ExplainInvented(const Candidate& candidate) {
  std::vector<Finding> findings;
  const auto invented = code_analysis::FindInvented(
      candidate.text, {.prefix = candidate.prefix, .suffix = candidate.suffix},
      candidate.language, candidate.names);
  for (const std::string& name : invented.names) {
    if (findings.size() >= kMostFindings) break;
    const std::size_t dot = name.rfind('.');
    const std::size_t at = candidate.text.find(
        dot == std::string::npos ? name : name.substr(dot + 1));
    findings.push_back({.metric = "invented_symbols",
                        .rule = name.substr(0, kLongestRule),
                        .line = at == std::string_view::npos
                                    ? 0
                                    : LinesBefore(candidate.text, at) + 1});
  }
  return findings;
}

std::vector<Finding> InCandidate(std::string_view metric,
                                 const Candidate& candidate,
                                 std::span<const ToolFinding> found) {
  const std::uint32_t before =
      LinesBefore(candidate.prefix, candidate.prefix.size());
  // A line break at its end ends its last line and begins none.
  const std::uint32_t lines =
      LinesBefore(candidate.text, candidate.text.size()) +
      (candidate.text.ends_with('\n') ? 0 : 1);
  std::vector<Finding> findings;
  for (const ToolFinding& one : found) {
    if (one.line <= before || one.line > before + lines) continue;
    findings.push_back({.metric = std::string(metric),
                        .rule = one.rule.substr(0, kLongestRule),
                        .line = one.line - before});
  }
  return findings;
}

}  // namespace evalloop::scorer
