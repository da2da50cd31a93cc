#ifndef EVALLOOP_CODE_ANALYSIS_CODEBLEU_CLEANING_H_
#define EVALLOOP_CODE_ANALYSIS_CODEBLEU_CLEANING_H_

#include <string>
#include <string_view>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// What codebleu 0.7.0 parses of a text: its `remove_comments_and_docstrings`,
// quirks included. Python goes through a port of Python 3.11's tokenize (and
// comes back unchanged where that raises); Ruby comes back as it is; in every
// other language a regular expression for C's comments and strings turns each
// comment into a blank and blank lines go. Linear time.
std::u32string CleanForCodeBleu(std::u32string_view source, Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CODEBLEU_CLEANING_H_
