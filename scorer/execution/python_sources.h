#ifndef EVALLOOP_SCORER_EXECUTION_PYTHON_SOURCES_H_
#define EVALLOOP_SCORER_EXECUTION_PYTHON_SOURCES_H_

#include <string_view>

namespace evalloop::scorer {

// The texts of execution/python/, built in; each is a whole program with a
// main().
std::string_view CandidateSource();
std::string_view CheckSource();
std::string_view CallsSource();
std::string_view CodeToolsSource();  // Started as a program.

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_PYTHON_SOURCES_H_
