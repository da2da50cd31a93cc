#include "scorer/execution/sandboxed_code_tools.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "scorer/domain/findings.h"
#include "scorer/execution/python_sources.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Measure;

constexpr std::size_t kBatch = 64;
constexpr std::size_t kMaxFileBytes = std::size_t{256} << 10;
constexpr int kNotInstalled = 3;
constexpr std::chrono::minutes kMostTime(4);

sandbox::Job JobFor(CodeTool tool, std::span<const std::string* const> files) {
  sandbox::Job job;
  job.argv = {"/usr/bin/python3", "-I", "/box/code_tools.py",
              tool == CodeTool::kTypes ? "types" : "security", "/box/files"};
  job.files.push_back({.path = "/box/code_tools.py",
                       .content = std::string(CodeToolsSource())});
  for (std::size_t i = 0; i < files.size(); ++i) {
    job.files.push_back(
        {.path = fmt::format("/box/files/{:04}.py", i), .content = *files[i]});
  }
  // A start takes a second or two, a file hundredths.
  const std::chrono::seconds cpu(20 + files.size() / 2);
  job.limits.cpu_time = cpu;
  job.limits.wall_time = 3 * cpu;
  job.limits.address_space = std::int64_t{2} << 30;
  return job;
}

// "arg-type:3": rules are of letters, digits and '-'.
std::optional<ToolFinding> ReadFinding(std::string_view word) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 60) {
    return std::nullopt;
  }
  const auto usable = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-';
  };
  const std::string_view rule = word.substr(0, colon);
  const std::string_view line = word.substr(colon + 1);
  ToolFinding finding{.rule = std::string(rule)};
  const auto [end, error] =
      std::from_chars(line.data(), line.data() + line.size(), finding.line);
  if (!std::all_of(rule.begin(), rule.end(), usable) || error != std::errc() ||
      end != line.data() + line.size()) {
    return std::nullopt;
  }
  return finding;
}

// "2 arg-type:3 index:7", or "-". False where that is not what was said.
bool ReadReport(std::string_view line, ToolReport& report) {
  if (line == "-") {
    report.count = Measure::Missing("not_parsed");
    return true;
  }
  const std::string_view number = line.substr(0, line.find(' '));
  std::uint32_t count = 0;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), count);
  if (error != std::errc() || end != number.data() + number.size()) {
    return false;
  }
  report.count = Measure::Of(count);
  line.remove_prefix(number.size());
  while (!line.empty()) {
    line.remove_prefix(1);
    const std::string_view word = line.substr(0, line.find(' '));
    auto finding = ReadFinding(word);
    if (!finding.has_value() || report.findings.size() == kMostFindings) {
      return false;
    }
    report.findings.push_back(*std::move(finding));
    line.remove_prefix(word.size());
  }
  return true;
}

// A line a file.
bool ReadReports(std::string_view said, std::span<ToolReport* const> found) {
  std::size_t next = 0;
  while (!said.empty()) {
    const std::size_t end = said.find('\n');
    if (end == std::string_view::npos || next == found.size()) return false;
    *found[next] = {};
    if (!ReadReport(said.substr(0, end), *found[next++])) return false;
    said.remove_prefix(end + 1);
  }
  return next == found.size();
}

void AllMissing(std::span<ToolReport* const> found, std::string_view reason) {
  for (ToolReport* const report : found) {
    *report = {.count = Measure::Missing(reason), .findings = {}};
  }
}

}  // namespace

std::vector<ToolReport> SandboxedCodeTools::Findings(
    CodeTool tool, std::span<const std::string> files) {
  std::vector<ToolReport> found(files.size());
  std::vector<const std::string*> wanted;
  std::vector<ToolReport*> places;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].size() > kMaxFileBytes) {
      found[i].count = Measure::Missing("too_long");
    } else {
      wanted.push_back(&files[i]);
      places.push_back(&found[i]);
    }
  }
  const auto end = std::chrono::steady_clock::now() + kMostTime;
  for (std::size_t at = 0; at < wanted.size(); at += kBatch) {
    const std::size_t count = std::min(kBatch, wanted.size() - at);
    Look(tool, std::span(wanted).subspan(at, count),
         std::span(places).subspan(at, count), end);
  }
  return found;
}

void SandboxedCodeTools::Look(CodeTool tool,
                              std::span<const std::string* const> files,
                              std::span<ToolReport* const> found,
                              std::chrono::steady_clock::time_point end) {
  if (std::chrono::steady_clock::now() >= end) {
    return AllMissing(found, "timeout");
  }
  const auto result = sandbox_.Run(JobFor(tool, files));
  if (!result.ok()) return AllMissing(found, "no_sandbox");
  const bool exited = result->ending == sandbox::Ending::kExited;
  if (exited && result->exit_code == kNotInstalled) {
    return AllMissing(found, "no_tool");
  }
  if (exited && result->exit_code == 0 &&
      ReadReports(result->stdout_text, found)) {
    return;
  }
  if (files.size() == 1) {
    return AllMissing(found, exited ? "not_parsed" : "timeout");
  }
  const std::size_t half = files.size() / 2;
  Look(tool, files.first(half), found.first(half), end);
  Look(tool, files.subspan(half), found.subspan(half), end);
}

struct LocalCodeTools::Opened {
  explicit Opened(std::unique_ptr<sandbox::Sandbox> opened)
      : sandbox(std::move(opened)), tools(*sandbox) {}

  std::unique_ptr<sandbox::Sandbox> sandbox;
  SandboxedCodeTools tools;
};

std::shared_ptr<LocalCodeTools::Opened> LocalCodeTools::Open() {
  const std::lock_guard lock(mutex_);
  if (!tried_) {
    tried_ = true;
    auto sandbox = sandbox::OpenSandbox("");
    if (sandbox.ok()) opened_ = std::make_shared<Opened>(*std::move(sandbox));
  }
  return opened_;
}

std::vector<ToolReport> LocalCodeTools::Findings(
    CodeTool tool, std::span<const std::string> files) {
  if (files.empty()) return {};
  const std::shared_ptr<Opened> opened = Open();
  if (opened == nullptr) {
    return std::vector<ToolReport>(
        files.size(),
        {.count = Measure::Missing("no_sandbox"), .findings = {}});
  }
  return opened->tools.Findings(tool, files);
}

}  // namespace evalloop::scorer
