#ifndef EVALLOOP_PLATFORM_BASE_TEXT_DIFF_H_
#define EVALLOOP_PLATFORM_BASE_TEXT_DIFF_H_

#include <string>
#include <string_view>

namespace evalloop::base {

// The lines of two texts as a unified diff without file names, three lines of
// context around each hunk; empty where they are equal. Between the lines that
// both begin and end with by longest common subsequence; where that is over 500
// lines on a side it is replaced as a whole.
std::string UnifiedDiff(std::string_view from, std::string_view to);

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_TEXT_DIFF_H_
