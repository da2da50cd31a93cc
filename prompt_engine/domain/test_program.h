#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_TEST_PROGRAM_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_TEST_PROGRAM_H_

#include <map>
#include <string>
#include <string_view>

namespace evalloop::prompt_engine {

// A file of a repository, to be imported where there is no repository.
struct PythonFile {
  std::string path;
  std::string text;  // Valid UTF-8.
  bool package = false;
};

// By module name, e.g. "app.sizes".
using PythonFiles = std::map<std::string, PythonFile, std::less<>>;

// What a test program is made of.
struct TestProgramParts {
  std::string_view module;    // That the function under test is of.
  std::string_view package;   // That the module is in; empty: none.
  std::string_view function;  // At the module's margin.
  std::string_view tests;     // The module of the tests.
  // What the function's module imports of the repository.
  const PythonFiles& shared;
  // The function's module as committed, the tests, and what they import
  // besides.
  const PythonFiles& of_tests;
  bool needs_pytest = false;  // `tests` imports it: TakesPytest of it holds.
};

// Hidden tests in one text, as scorer/README.md has their form: a shared part,
// which the candidate's process runs, too, and check(candidate). The candidate
// takes the place of the function in its module as it was committed; then those
// of the repository's tests run that name the function: functions test_*,
// classes Test* and unittest's cases. A test that needs a fixture is left out;
// where none is left, check fails.
std::string TestProgram(const TestProgramParts& parts);

// Whether a test file uses no more of pytest than a test program brings along:
// pytest.raises(kind, match=) in a with, and pytest.mark.parametrize(names,
// rows).
bool TakesPytest(std::string_view text);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_TEST_PROGRAM_H_
