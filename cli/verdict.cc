#include "cli/verdict.h"

namespace evalloop::cli {

std::string VerdictName(v1::VerdictKind verdict) {
  switch (verdict) {
    case v1::VERDICT_KIND_PASSED:
      return "passed";
    case v1::VERDICT_KIND_REGRESSED:
      return "regressed";
    case v1::VERDICT_KIND_INCONCLUSIVE:
      return "inconclusive";
    case v1::VERDICT_KIND_OVERRIDDEN:
      return "overridden";
    default:
      return "undecided";
  }
}

ExitCode ExitCodeOf(const v1::Gate& gate) {
  switch (gate.verdict()) {
    case v1::VERDICT_KIND_PASSED:
    case v1::VERDICT_KIND_OVERRIDDEN:
      return ExitCode::kPassed;
    case v1::VERDICT_KIND_REGRESSED:
      return ExitCode::kFailedGate;
    default:
      return gate.warns() ? ExitCode::kPassed : ExitCode::kInconclusive;
  }
}

}  // namespace evalloop::cli
