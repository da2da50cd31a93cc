#ifndef EVALLOOP_CODE_ANALYSIS_COMPLEXITY_H_
#define EVALLOOP_CODE_ANALYSIS_COMPLEXITY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"
#include "code_analysis/measure.h"

namespace evalloop::code_analysis {

// McCabe's cyclomatic complexity of a text: 1 + its decision points, functions
// and top-level code alike. That is a whole file's, and also that of a piece of
// one (a fragment without a decision has 1, as a function has).
//
// Python: radon 6.0.1's `total_complexity`, with its rules: if, elif, the
// conditional expression, for and while (another for their else), each except
// and a try's else, each boolean operator, each `for` and `if` of a
// comprehension, assert (whose inside does not count), match cases (one less
// with a catch-all). What it leaves out is left out: nested functions, classes
// inside of functions and classes, decorators, default arguments, `with`, and
// the handlers of `except*`.
// Others: if, else if, loops, cases (no default, no catch-all), catch or
// rescue, select cases, conditional expressions, and short-circuit operators.
//
// Missing as SyntaxErrors of trees.h. A text with syntax errors has the
// complexity of what the error-tolerant parser makes of it. Linear time.
Measure Complexity(std::string_view text, Language language);

// A function, method or class of Python code as `radon cc` lists them: a
// class's number is the mean of its methods, rounded down, and one more where
// it has several.
struct PythonBlock {
  enum class Kind : std::uint8_t { kFunction, kMethod, kClass };
  Kind kind = Kind::kFunction;
  std::string name;        // Without its class.
  std::uint32_t line = 0;  // From 1; of `def` or `class`, not of a decorator.
  std::uint32_t complexity = 0;

  bool operator==(const PythonBlock&) const = default;
};

// radon's `cc_visit(text)`: nested functions are no blocks of their own. In
// source order. Empty where there is none or the text can't be parsed.
std::vector<PythonBlock> PythonBlocks(std::string_view text);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_COMPLEXITY_H_
