#include "scorer/domain/functional.h"

#include <fmt/format.h>

#include <utility>

namespace evalloop::scorer {

absl::StatusOr<HiddenCall> MakeHiddenCall(std::string_view arguments,
                                          std::string_view expected,
                                          double tolerance) {
  const auto trouble = [](std::string_view what, std::string_view why) {
    return absl::InvalidArgumentError(fmt::format("{}: {}", what, why));
  };
  HiddenCall call;
  auto given = ParsePlainValue(arguments);
  if (!given.ok()) {
    return trouble("arguments", std::string(given.status().message()));
  }
  if (given->kind != PlainValue::Kind::kArray) {
    return trouble("arguments", "not an array");
  }
  auto wanted = ParsePlainValue(expected);
  if (!wanted.ok()) {
    return trouble("expected", std::string(wanted.status().message()));
  }
  if (!(tolerance >= 0 && tolerance <= 1)) {
    return trouble("tolerance", "not within 0 to 1");
  }
  call.arguments = *std::move(given);
  call.expected = *std::move(wanted);
  call.tolerance = tolerance;
  return call;
}

bool IsCompiled(code_analysis::Language language) {
  return language == code_analysis::Language::kCpp ||
         language == code_analysis::Language::kGo;
}

std::string ResultText(const FunctionalVerdict& verdict) {
  switch (verdict.result) {
    case FunctionalResult::kPassed:
      return "passed";
    case FunctionalResult::kFailed:
      return fmt::format("failed: {}", verdict.detail);
    case FunctionalResult::kTimedOut:
      return "timed out";
    case FunctionalResult::kInfrastructure:
      break;
  }
  return fmt::format("infrastructure: {}", verdict.detail);
}

double PassAtK(std::int64_t n, std::int64_t c, std::int64_t k) {
  if (n - c < k) return 1.0;
  double none = 1.0;
  for (std::int64_t i = n - c + 1; i <= n; ++i) {
    none *= 1.0 - static_cast<double>(k) / static_cast<double>(i);
  }
  return 1.0 - none;
}

double PassHatK(std::int64_t n, std::int64_t c, std::int64_t k) {
  if (c < k) return 0.0;
  double all = 1.0;
  for (std::int64_t i = 0; i < k; ++i) {
    all *= static_cast<double>(c - i) / static_cast<double>(n - i);
  }
  return all;
}

}  // namespace evalloop::scorer
