#ifndef EVALLOOP_SCORER_EXECUTION_NATIVE_SOURCES_H_
#define EVALLOOP_SCORER_EXECUTION_NATIVE_SOURCES_H_

#include <string_view>

namespace evalloop::scorer {

// The texts of execution/native/ and execution/javascript/, built in.
std::string_view CppCallsSource();
std::string_view CppJsonSource();
std::string_view GoCallsSource();
std::string_view GoJsonSource();
std::string_view JavaScriptCallsSource();
std::string_view JavaScriptCandidateSource();
std::string_view JavaScriptCheckSource();

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_NATIVE_SOURCES_H_
