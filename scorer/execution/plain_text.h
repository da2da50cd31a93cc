#ifndef EVALLOOP_SCORER_EXECUTION_PLAIN_TEXT_H_
#define EVALLOOP_SCORER_EXECUTION_PLAIN_TEXT_H_

#include <cstdint>
#include <string>

namespace evalloop::scorer {

// Plain values as a candidate's process writes them, which is as Python's json
// does.

// Python's repr of a finite float.
std::string FloatText(double value);

// Appends a code point, escaped unless it is printable ASCII.
void AppendEscaped(std::uint32_t c, std::string& out);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_PLAIN_TEXT_H_
