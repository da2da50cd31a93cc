#include "cli/names.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include "absl/time/time.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"

namespace evalloop::cli {
namespace {

std::optional<std::uint32_t> ParseVersion(std::string_view text) {
  std::uint32_t version = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc() || end != text.data() + text.size() ||
      version == 0) {
    return std::nullopt;
  }
  return version;
}

}  // namespace

absl::StatusOr<v1::RevisionSelector> ParseRevision(std::string_view text) {
  const std::size_t at = text.find('@');
  const std::string_view name = text.substr(0, at);
  if (name.empty()) {
    return base::FieldError("revision", fmt::format("\"{}\" has no name", text),
                            "write NAME, NAME@VERSION or NAME@LABEL");
  }
  v1::RevisionSelector selector;
  selector.set_prompt(std::string(name));
  if (at == std::string_view::npos) return selector;
  const std::string_view which = text.substr(at + 1);
  if (which.empty()) {
    return base::FieldError("revision", fmt::format("\"{}\" ends with @", text),
                            "write NAME, NAME@VERSION or NAME@LABEL");
  }
  if (const auto version = ParseVersion(which); version.has_value()) {
    selector.set_version(*version);
  } else {
    selector.set_label(std::string(which));
  }
  return selector;
}

std::string RevisionName(std::string_view prompt, std::uint32_t version) {
  return fmt::format("{}@{}", prompt, version);
}

absl::StatusOr<BenchmarkName> ParseBenchmark(std::string_view text) {
  const std::size_t at = text.find('@');
  BenchmarkName benchmark;
  benchmark.name = text.substr(0, at);
  if (at != std::string_view::npos) {
    const auto version = ParseVersion(text.substr(at + 1));
    if (!version.has_value()) {
      return base::FieldError("benchmark",
                              fmt::format("\"{}\" has no such version", text),
                              "write NAME or NAME@VERSION");
    }
    benchmark.version = *version;
  }
  if (benchmark.name.empty()) {
    return base::FieldError("benchmark", "it has no name",
                            "write NAME or NAME@VERSION");
  }
  return benchmark;
}

absl::StatusOr<absl::Time> ParseDate(std::string_view text) {
  absl::Time time;
  std::string error;
  for (const char* format : {"%Y-%m-%d", "%Y-%m-%d%ET%H:%M:%E*S%Ez"}) {
    if (absl::ParseTime(format, base::A(text), &time, &error)) return time;
  }
  return base::FieldError("date", fmt::format("\"{}\" is none", text),
                          "write 2024-05-31 or 2024-05-31T12:00:00Z");
}

absl::StatusOr<std::string> CanonicalRepository(std::string_view path) {
  if (path.find("://") != std::string_view::npos) return std::string(path);
  std::error_code error;
  const auto canonical = std::filesystem::canonical(path, error);
  if (error) {
    return absl::NotFoundError(
        base::A(fmt::format("no repository at {}: {}", path, error.message())));
  }
  return canonical.string();
}

}  // namespace evalloop::cli
