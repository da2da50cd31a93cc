#ifndef EVALLOOP_CODE_ANALYSIS_CONVENTIONS_H_
#define EVALLOOP_CODE_ANALYSIS_CONVENTIONS_H_

#include <string_view>

#include "code_analysis/language.h"
#include "code_analysis/measure.h"
#include "code_analysis/trees.h"

namespace evalloop::code_analysis {

// How far code reads like the code around it: in [0, 1].
//
// The code around shows habits, each as a distribution over its choices; the
// candidate is asked the same. A habit agrees to the share of what the
// candidate does that the code around does too: the sum, over the candidate's
// choices, of their share in it times how often the code around makes that
// choice relative to its favourite one. So code that follows the favourite
// scores 1, and so does nobody's odd choice where the code around is divided.
// The score is the mean of the habits that both sides show, weighted:
//   identifier case: of names that are called or in lower case at their start
//     (snake_case, camelCase), and of names with a capital at their start
//     (PascalCase, UPPER_CASE), 3
//   quotes: ' or ", where the language has both for one thing, 2
//   indentation: tabs or blanks, 2
//   braces: on the line of what they belong to or on their own, 1
//   statement ends: with a semicolon or without, where both are code, 1
//   blanks: around "=", after ",", 1 each
//   line length: candidate's lines within what 19 of 20 lines around keep, 1
// Names and keywords that single words give no choice for are left out.
//
// Missing: "no_context" where the code around shows no habit that the candidate
// shows; "no_grammar" for an unknown language. Linear time, total on any bytes.
Measure ConventionScore(std::string_view candidate, Surroundings around,
                        Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CONVENTIONS_H_
