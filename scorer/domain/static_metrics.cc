#include "scorer/domain/static_metrics.h"

#include "code_analysis/complexity.h"
#include "code_analysis/conventions.h"
#include "code_analysis/invented.h"
#include "code_analysis/licences.h"
#include "code_analysis/secrets.h"
#include "code_analysis/security.h"
#include "code_analysis/trees.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Measure;

// `of(text)` of the candidate minus that of what it replaces.
template <typename Of>
Measure SinceBefore(const Candidate& candidate, Of of) {
  if (!candidate.before.has_value()) return Measure::Missing("no_before");
  if (!candidate.surroundings_known) return Measure::Missing("no_context");
  const Measure now = of(candidate.text);
  return now.value.has_value() ? Delta(now, of(*candidate.before)) : now;
}

Measure ComplexityWith(const Candidate& candidate, std::string_view text) {
  if (text.size() > code_analysis::kMaxParsedBytes) {
    return Measure::Missing("too_long");
  }
  return code_analysis::Complexity(
      code_analysis::Put(
          text, {.prefix = candidate.prefix, .suffix = candidate.suffix}),
      candidate.language);
}

constexpr std::string_view kBlanks = " \t\r\n";

// The last line that holds more than blanks, without those behind it.
std::string_view LastLine(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
  const std::size_t start = text.rfind('\n');
  return start == std::string_view::npos ? text : text.substr(start + 1);
}

// From the first line that holds more than blanks on.
std::string_view FirstWrittenLine(std::string_view text) {
  const std::size_t at = text.find_first_not_of(kBlanks);
  if (at == std::string_view::npos) return "";
  const std::size_t start = text.rfind('\n', at);
  return start == std::string_view::npos ? text : text.substr(start + 1);
}

std::size_t IndentOf(std::string_view line) {
  const std::size_t indent = line.find_first_not_of(" \t");
  return indent == std::string_view::npos ? 0 : indent;
}

}  // namespace

std::string LinesWith(const Candidate& candidate, std::string_view text) {
  const std::size_t start = candidate.prefix.rfind('\n');
  std::string lines(start == std::string_view::npos
                        ? candidate.prefix
                        : candidate.prefix.substr(start + 1));
  lines += text;
  lines += candidate.suffix.substr(0, candidate.suffix.find('\n'));
  return lines;
}

std::string FileWith(const Candidate& candidate, std::string_view text) {
  std::string file;
  file.reserve(candidate.prefix.size() + text.size() + candidate.suffix.size());
  file.append(candidate.prefix).append(text).append(candidate.suffix);
  return file;
}

Measure Delta(const Measure& now, const Measure& before) {
  if (!now.value.has_value()) return now;
  if (!before.value.has_value()) return before;
  return Measure::Of(*now.value - *before.value);
}

std::string_view CodeBefore(std::string_view prefix, std::string_view suffix,
                            code_analysis::Language language) {
  if (language != code_analysis::Language::kPython) return "";
  const std::string_view opener = LastLine(prefix);
  if (opener.empty() || opener.back() != ':') return "";
  return IndentOf(FirstWrittenLine(suffix)) > IndentOf(opener) ? "" : "pass";
}

Measure ToolDelta(const Measure& now, const Measure& before) {
  if (now.reason == "not_parsed" && before.value.has_value()) {
    return Measure::Of(1);
  }
  return Delta(now, before);
}

Measure ComplexityDelta(const Candidate& candidate,
                        std::optional<std::string_view> /*reference*/) {
  return SinceBefore(candidate, [&](std::string_view text) {
    return ComplexityWith(candidate, text);
  });
}

Measure ComplexityVersusReference(const Candidate& candidate,
                                  std::optional<std::string_view> reference) {
  if (!candidate.surroundings_known) return Measure::Missing("no_context");
  const Measure own = ComplexityWith(candidate, candidate.text);
  return own.value.has_value()
             ? Delta(own, ComplexityWith(candidate, *reference))
             : own;
}

Measure SecurityDelta(const Candidate& candidate,
                      std::optional<std::string_view> /*reference*/) {
  return SinceBefore(candidate, [&](std::string_view text) {
    if (text.size() > code_analysis::kMaxParsedBytes) {
      return Measure::Missing("too_long");
    }
    const auto report = code_analysis::FindWeaknesses(
        code_analysis::Put(
            text, {.prefix = candidate.prefix, .suffix = candidate.suffix}),
        candidate.language);
    if (!report.reason.empty()) return Measure::Missing(report.reason);
    return Measure::Of(static_cast<double>(report.findings.size()));
  });
}

Measure InventedSymbols(const Candidate& candidate,
                        std::optional<std::string_view> /*reference*/) {
  if (!candidate.surroundings_known) return Measure::Missing("no_context");
  if (!candidate.repository.empty() && candidate.names == nullptr) {
    return Measure::Missing("no_repository");
  }
  const auto invented = code_analysis::FindInvented(
      candidate.text, {.prefix = candidate.prefix, .suffix = candidate.suffix},
      candidate.language, candidate.names);
  if (!invented.reason.empty()) return Measure::Missing(invented.reason);
  return Measure::Of(static_cast<double>(invented.names.size()));
}

Measure Convention(const Candidate& candidate,
                   std::optional<std::string_view> /*reference*/) {
  if (!candidate.surroundings_known) return Measure::Missing("no_context");
  return code_analysis::ConventionScore(
      candidate.text, {.prefix = candidate.prefix, .suffix = candidate.suffix},
      candidate.language);
}

Measure SecretsDelta(const Candidate& candidate,
                     std::optional<std::string_view> /*reference*/) {
  return SinceBefore(candidate, [&](std::string_view text) {
    return Measure::Of(static_cast<double>(
        code_analysis::FindSecrets(LinesWith(candidate, text)).size()));
  });
}

Measure LicencesDelta(const Candidate& candidate,
                      std::optional<std::string_view> /*reference*/) {
  return SinceBefore(candidate, [&](std::string_view text) {
    return Measure::Of(static_cast<double>(
        code_analysis::FindLicences(LinesWith(candidate, text)).size()));
  });
}

}  // namespace evalloop::scorer
