#include "scorer/execution/sandboxed_code_tools.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "fmt/format.h"
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

// A line a file: a number or "-". False where that is not what was said.
bool ReadCounts(std::string_view said, std::span<Measure* const> found) {
  std::size_t next = 0;
  while (!said.empty()) {
    const std::size_t end = said.find('\n');
    if (end == std::string_view::npos || next == found.size()) return false;
    const std::string line(said.substr(0, end));
    said.remove_prefix(end + 1);
    if (line == "-") {
      *found[next++] = Measure::Missing("not_parsed");
    } else if (!line.empty() && line.size() < 9 &&
               line.find_first_not_of("0123456789") == std::string::npos) {
      *found[next++] = Measure::Of(std::strtod(line.c_str(), nullptr));
    } else {
      return false;
    }
  }
  return next == found.size();
}

void AllMissing(std::span<Measure* const> found, std::string_view reason) {
  for (Measure* const measure : found) *measure = Measure::Missing(reason);
}

}  // namespace

std::vector<Measure> SandboxedCodeTools::Findings(
    CodeTool tool, std::span<const std::string> files) {
  std::vector<Measure> found(files.size());
  std::vector<const std::string*> wanted;
  std::vector<Measure*> places;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].size() > kMaxFileBytes) {
      found[i] = Measure::Missing("too_long");
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
                              std::span<Measure* const> found,
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
      ReadCounts(result->stdout_text, found)) {
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

std::vector<Measure> LocalCodeTools::Findings(
    CodeTool tool, std::span<const std::string> files) {
  if (files.empty()) return {};
  const std::shared_ptr<Opened> opened = Open();
  if (opened == nullptr) {
    return std::vector<Measure>(files.size(), Measure::Missing("no_sandbox"));
  }
  return opened->tools.Findings(tool, files);
}

}  // namespace evalloop::scorer
