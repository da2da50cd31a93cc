#ifndef EVALLOOP_CODE_ANALYSIS_UTF8_H_
#define EVALLOOP_CODE_ANALYSIS_UTF8_H_

#include <string>
#include <string_view>

namespace evalloop::code_analysis {

// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool IsValidUtf8(std::string_view text);

// The code points of well-formed UTF-8; of anything else its bytes, one a
// point.
std::u32string CodePoints(std::string_view text);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_UTF8_H_
