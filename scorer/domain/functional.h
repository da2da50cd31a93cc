#ifndef EVALLOOP_SCORER_DOMAIN_FUNCTIONAL_H_
#define EVALLOOP_SCORER_DOMAIN_FUNCTIONAL_H_

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "code_analysis/language.h"
#include "scorer/domain/plain_value.h"

namespace evalloop::scorer {

// One hidden test as data: what the candidate's function is called with, and
// what it is to answer.
struct HiddenCall {
  PlainValue arguments;  // An array.
  PlainValue expected;
  double tolerance = 0;  // As Closeness's.
};

// Bounds of a case's calls.
inline constexpr std::size_t kMostHiddenCalls = 10'000;

// INVALID_ARGUMENT names the part that is wrong: arguments is no JSON array,
// expected no JSON, tolerance not within 0 to 1.
absl::StatusOr<HiddenCall> MakeHiddenCall(std::string_view arguments,
                                          std::string_view expected,
                                          double tolerance);

// Languages whose programs are compiled before they run.
bool IsCompiled(code_analysis::Language language);

// What compiling may take at most, besides a check's timeout.
inline constexpr std::chrono::seconds kCompileTime{60};

// A candidate and its hidden tests. Views of the caller's texts.
struct FunctionalCase {
  code_analysis::Language language = code_analysis::Language::kUnknown;
  // What the candidate was asked to continue: the program is prompt, then
  // completion. The tests may use what the prompt alone defines.
  std::string_view prompt;
  std::string_view completion;
  // A program that says by errors what is wrong. Python: defines
  // check(candidate), or functions test_*, or asserts as it runs. JavaScript:
  // defines check(candidate), or asserts as it runs. No other language has
  // this form: a script that is compiled with the candidate can be forged.
  // Python: from a first line "# evalloop: shared" to a line "# evalloop:
  // tests" the script is also run before the program, in the candidate's
  // process and in its namespace: the modules that both import, and what the
  // program's own is called.
  std::string_view tests;
  // Instead of `tests`, in any language: at most kMostHiddenCalls.
  std::span<const HiddenCall> calls;
  // The function under test.
  std::string_view entry_point;
};

enum class FunctionalResult {
  kPassed,
  kFailed,
  kTimedOut,
  // Trouble of ours: says nothing about the candidate.
  kInfrastructure,
};

// What a candidate's tests came to.
struct FunctionalVerdict {
  FunctionalResult result = FunctionalResult::kInfrastructure;
  std::string detail;  // Printable ASCII, one short line; empty when passed.
  std::string tier;    // The sandbox's.
  std::chrono::microseconds cpu_time{0};
  std::chrono::microseconds wall_time{0};
};

// "passed", "failed: ...", "timed out", "infrastructure: ..."
std::string ResultText(const FunctionalVerdict& verdict);

// Runs hidden tests. Thread-safe; a call blocks until its verdict.
class FunctionalTests {
 public:
  virtual ~FunctionalTests() = default;
  // The sandbox's tier.
  virtual std::string_view tier() const = 0;
  // At most `timeout` of CPU time for the candidate and for its tests, and as
  // much wall time in all (time in which the machine was busy with others is
  // given back); compiling comes on top, at most kCompileTime.
  // INVALID_ARGUMENT: a language without tests or without this form of them, no
  // entry point; FAILED_PRECONDITION: the language's tools are not installed
  // here, and which.
  virtual absl::StatusOr<FunctionalVerdict> Check(
      const FunctionalCase& functional_case,
      std::chrono::milliseconds timeout) = 0;
};

// The chance that of k samples, drawn without putting back from n of which c
// passed, at least one passes (Chen et al. 2021, unbiased). 1 <= k <= n,
// 0 <= c <= n.
double PassAtK(std::int64_t n, std::int64_t c, std::int64_t k);

// The chance that all k pass: C(c, k) / C(n, k).
double PassHatK(std::int64_t n, std::int64_t c, std::int64_t k);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_FUNCTIONAL_H_
