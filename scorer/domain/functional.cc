#include "scorer/domain/functional.h"

#include <fmt/format.h>

namespace evalloop::scorer {

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
