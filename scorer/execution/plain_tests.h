#ifndef EVALLOOP_SCORER_EXECUTION_PLAIN_TESTS_H_
#define EVALLOOP_SCORER_EXECUTION_PLAIN_TESTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalloop::scorer {

// One assertion of a test: a call of the candidate with literal arguments, and
// what it must give.
struct PlainTest {
  // `[[argument ...],[]]` as a candidate's process reads it
  // (execution/python/plain_values.py).
  std::string call;
  // The value as a candidate's process writes it.
  std::string expected;
  // Only whether the answer is true or false counts.
  bool truth = false;
  // Where set, the answer must be a number less than this from `expected`.
  std::optional<double> within;
  std::string words;  // Of the assertion; empty without.
};

// The assertions of a Python test script, where all it does is
//
//   METADATA = LITERAL
//   def check(candidate):
//       assert candidate(LITERAL ...) == LITERAL, "words" ...
//
// or `assert candidate(...)`, `assert not candidate(...)`, `assert True` and
// `assert abs(candidate(...) - NUMBER) < NUMBER`. Nothing for any other script,
// and for what of Python's grammar is not known here for sure: such a one must
// be run. Pure; linear in its length.
std::optional<std::vector<PlainTest>> ParsePlainTests(std::string_view tests);

enum class Agreement {
  kYes,      // Python finds the answer equal to what is expected.
  kNo,       // It does not.
  kUnknown,  // Not decided here: only running the tests tells.
};

// `answer` is the value as a candidate's process wrote it; it may be anything.
Agreement Agrees(const PlainTest& test, std::string_view answer);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_PLAIN_TESTS_H_
