#ifndef EVALLOOP_CODE_ANALYSIS_SECURITY_RULES_H_
#define EVALLOOP_CODE_ANALYSIS_SECURITY_RULES_H_

#include <span>
#include <string_view>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// How one language shows one weakness: a tree-sitter pattern. What it captures
// as @at is where the finding stands. Besides #eq? and #any-of? (on a node's
// text, quotes left out) it may ask, of a capture:
//   #has? @x "a" "b"     its text holds one of these, whatever the case
//   #dynamic? @x         it is not made of literals alone
//   #built? @x           a text put together of literals and other parts
//   #sql? @x             a literal in it begins as a statement of SQL
//   #credential? @n @v   a name that tells of a secret, and a literal for it
//   #no-literal? @x      it is no literal at all
struct SecurityPattern {
  std::string_view rule;  // Id in SecurityRules().
  std::string_view pattern;
};

// C++ also has C's, TypeScript and TSX have JavaScript's.
std::span<const SecurityPattern> PatternsOf(Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_SECURITY_RULES_H_
