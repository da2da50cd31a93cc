#include "platform/base/env.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "platform/base/text.h"

namespace evalloop::base {
namespace {

using std::chrono::milliseconds;

std::optional<std::string> FromProcess(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

// "postgresql://user:word@host/db" -> "postgresql://user:***@host/db".
std::string MaskPassword(std::string_view value) {
  const auto scheme = value.find("://");
  const auto at = value.find('@');
  if (scheme == std::string_view::npos || at == std::string_view::npos) {
    return std::string(value);
  }
  const auto colon = value.find(':', scheme + 3);
  if (colon == std::string_view::npos || colon > at) return std::string(value);
  return fmt::format("{}***{}", value.substr(0, colon + 1), value.substr(at));
}

std::optional<milliseconds> ParseDuration(std::string_view text) {
  constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos || digits == 0) return std::nullopt;
  std::int64_t count = 0;
  if (!absl::SimpleAtoi(A(text.substr(0, digits)), &count)) return std::nullopt;
  for (const auto& [unit, factor] : kUnits) {
    if (text.substr(digits) != unit) continue;
    if (count > INT64_MAX / factor) return std::nullopt;
    return milliseconds(count * factor);
  }
  return std::nullopt;
}

}  // namespace

EnvReader::EnvReader() : EnvReader(FromProcess) {}

EnvReader::EnvReader(Lookup variables) : lookup_(std::move(variables)) {}

std::optional<std::string> EnvReader::Read(std::string_view name) {
  auto value = lookup_(std::string(name));
  if (value.has_value() && value->empty()) return std::nullopt;
  return value;
}

void EnvReader::Complain(std::string_view name, std::string_view reason) {
  complaints_.push_back(fmt::format("{} {}", name, reason));
}

void EnvReader::Note(std::string_view name, std::string_view value) {
  seen_.push_back(fmt::format("{}={}", name, value));
}

std::string EnvReader::String(std::string_view name,
                              std::string_view fallback) {
  std::string value = Read(name).value_or(std::string(fallback));
  Note(name, MaskPassword(value));
  return value;
}

std::string EnvReader::Required(std::string_view name) {
  auto value = Read(name);
  if (!value.has_value()) Complain(name, "is not set");
  Note(name, MaskPassword(value.value_or("")));
  return value.value_or("");
}

std::string EnvReader::OneOf(std::string_view name, std::string_view fallback,
                             const std::vector<std::string>& allowed) {
  std::string value = String(name, fallback);
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) {
    return value;
  }
  Complain(name, fmt::format("must be one of {}, not \"{}\"",
                             fmt::join(allowed, ", "), value));
  return std::string(fallback);
}

std::int64_t EnvReader::Int(std::string_view name, std::int64_t fallback,
                            std::int64_t min, std::int64_t max) {
  std::int64_t value = fallback;
  if (const auto text = Read(name)) {
    if (!absl::SimpleAtoi(*text, &value) || value < min || value > max) {
      Complain(name, fmt::format("must be a whole number in [{}, {}], not "
                                 "\"{}\"",
                                 min, max, *text));
      value = fallback;
    }
  }
  Note(name, std::to_string(value));
  return value;
}

double EnvReader::Double(std::string_view name, double fallback, double min,
                         double max) {
  double value = fallback;
  if (const auto text = Read(name)) {
    // Negated, so that a NaN is out of range.
    if (!absl::SimpleAtod(*text, &value) || !(value >= min && value <= max)) {
      Complain(name, fmt::format("must be a number in [{}, {}], not \"{}\"",
                                 min, max, *text));
      value = fallback;
    }
  }
  Note(name, fmt::format("{}", value));
  return value;
}

bool EnvReader::Bool(std::string_view name, bool fallback) {
  bool value = fallback;
  if (const auto text = Read(name)) {
    const std::string lower = absl::AsciiStrToLower(*text);
    if (lower == "on" || lower == "off") {
      value = lower == "on";
    } else if (!absl::SimpleAtob(lower, &value)) {
      Complain(name, fmt::format("must be true or false, not \"{}\"", *text));
      value = fallback;
    }
  }
  Note(name, value ? "true" : "false");
  return value;
}

milliseconds EnvReader::Duration(std::string_view name, milliseconds fallback,
                                 milliseconds min, milliseconds max) {
  milliseconds value = fallback;
  if (const auto text = Read(name)) {
    const auto parsed = ParseDuration(*text);
    if (!parsed.has_value() || *parsed < min || *parsed > max) {
      Complain(name, fmt::format("must be a duration (like 250ms, 5s, 10m, 1h) "
                                 "from {}ms to {}ms, not \"{}\"",
                                 min.count(), max.count(), *text));
    } else {
      value = *parsed;
    }
  }
  Note(name, fmt::format("{}ms", value.count()));
  return value;
}

std::vector<std::string> EnvReader::List(std::string_view name,
                                         std::string_view fallback) {
  const std::string text = String(name, fallback);
  std::vector<std::string> items;
  for (const absl::string_view item : absl::StrSplit(text, ',')) {
    const absl::string_view stripped = absl::StripAsciiWhitespace(item);
    if (!stripped.empty()) items.emplace_back(stripped);
  }
  return items;
}

std::string EnvReader::Secret(std::string_view name) {
  std::string value;
  const std::string file_variable = std::string(name) + "_FILE";
  if (const auto path = Read(file_variable)) {
    std::ifstream file(*path, std::ios::binary);
    value.assign(std::istreambuf_iterator<char>(file), {});
    if (!file) {
      Complain(file_variable,
               fmt::format("names an unreadable file: {}", *path));
    }
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) {
      value.pop_back();
    }
  } else {
    value = Read(name).value_or("");
  }
  Note(name, value.empty() ? "" : "***");
  return value;
}

absl::Status EnvReader::Done() const {
  if (complaints_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("bad configuration: {}", fmt::join(complaints_, "; ")));
}

std::string EnvReader::Describe() const {
  return fmt::format("{}\n", fmt::join(seen_, "\n"));
}

}  // namespace evalloop::base
