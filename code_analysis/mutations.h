#ifndef EVALLOOP_CODE_ANALYSIS_MUTATIONS_H_
#define EVALLOOP_CODE_ANALYSIS_MUTATIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// A program with one small mistake in it. Tests that let it pass say little.
struct Mutant {
  std::string text;
  std::uint32_t line = 0;  // Of the change, from 1.
  std::string change;      // In words, for example "< to <=".
};

// Whether MutantsOf knows the language. Python only.
bool CanMutate(Language language);

// Mutants of `source` in the order of their places, at most `most` of them,
// spread evenly over all there are. One change each: an arithmetic, comparing,
// bitwise or logical operator for its neighbour; `not` dropped; True for False;
// break for continue; a whole number one greater; a condition of if, elif or
// while turned round; what is returned for None; an assignment or a call left
// out. Strings stay: most are messages, which no test looks at. Some mutants
// mean the same as the source, so no tests need catch all of them. Linear in
// source and mutants; empty where CanMutate is false.
std::vector<Mutant> MutantsOf(std::string_view source, Language language,
                              std::size_t most);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_MUTATIONS_H_
