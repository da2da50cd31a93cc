#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_CODE_NAMES_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_CODE_NAMES_H_

#include <cstdint>
#include <set>
#include <span>
#include <string_view>

#include "code_analysis/language.h"
#include "code_analysis/lexer.h"

namespace evalloop::prompt_engine {

// The function or type that a line declares, by its tokens ("def NAME", "class
// NAME", "func (r T) NAME", "int NAME(...) {"); empty for none. Points into
// `line`.
std::string_view DeclaredName(std::string_view line,
                              code_analysis::Language language);

// Hash of what a line calls first and of all that stands before, names alike:
// "x = a.get(1, y)" and "v = b.get(2)" have one, "return a.get(1)" and
// "@a.get(1)" have others. 0 without a call.
std::uint64_t CallKey(std::string_view line, code_analysis::Language language);

// Hash of the tokens that a formatter leaves alone: quotes, trailing commas,
// the ends of lines and where a long string is cut are its own affair.
std::uint64_t LayoutFreeKey(std::span<const code_analysis::Token> tokens);
std::uint64_t LayoutFreeKey(std::string_view code,
                            code_analysis::Language language);

// Names, numbers and strings of a text. Views point into it.
struct WordsOf {
  WordsOf(std::string_view text, code_analysis::Language language);

  std::set<std::string_view> names;      // All of them.
  std::set<std::string_view> free;       // Not a member of something.
  std::set<std::string_view> variables;  // Free ones that are not called.
  std::set<std::string_view> assigned;   // Free ones left of the first "=".
  std::set<std::string_view> literals;
  std::set<std::string_view> keywords;
  // That compute or compare; not brackets, commas and the like.
  std::multiset<std::string_view> operators;
  std::string_view end;  // The last token, if it is an operator; else empty.
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_CODE_NAMES_H_
