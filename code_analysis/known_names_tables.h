#ifndef EVALLOOP_CODE_ANALYSIS_KNOWN_NAMES_TABLES_H_
#define EVALLOOP_CODE_ANALYSIS_KNOWN_NAMES_TABLES_H_

#include <string_view>

namespace evalloop::code_analysis {

// The texts of known_names/, built in.
std::string_view PythonNamesTable();
std::string_view JavascriptNamesTable();
std::string_view GoNamesTable();

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_KNOWN_NAMES_TABLES_H_
