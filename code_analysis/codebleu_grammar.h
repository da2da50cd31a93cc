#ifndef EVALLOOP_CODE_ANALYSIS_CODEBLEU_GRAMMAR_H_
#define EVALLOOP_CODE_ANALYSIS_CODEBLEU_GRAMMAR_H_

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// What codebleu 0.7.0 knows of one language: node types that mean something to
// its data flow, and the keywords of its weighted n-grams.
struct CodeBleuGrammar {
  using Types = std::unordered_set<std::string_view>;

  // How the branches of an if are told apart.
  enum class Branches : std::uint8_t {
    kClauses,   // Python: children that are a clause start from before.
    kNested,    // Ruby: those that are themselves an if do.
    kFromThen,  // All from the first such one on do.
  };
  // Which state an if leaves behind, besides those of its branches.
  enum class Merge : std::uint8_t {
    kUnlessElse,
    kUnlessElseAndBefore,
    kBefore
  };
  enum class Definition : std::uint8_t { kFields, kTwoChildren, kSecondChild };

  std::string_view name;  // As codebleu calls the language.
  Types definition;
  Definition definition_form = Definition::kFields;
  std::string_view definition_value = "value";
  Types assignment;
  bool many_targets = false;  // a, b = c, d: pair by pair.
  Types increment;
  Types branch;
  Branches branches = Branches::kFromThen;
  Merge merge = Merge::kUnlessElse;
  Types loop;                   // for
  std::string_view loop_start;  // The child after which it goes round again.
  Types each;                   // for each
  std::string_view each_name = "left";
  std::string_view each_value = "right";
  Types repeat;         // while
  Types first;          // Children that are gone through before their siblings.
  bool shared = false;  // Ruby: a callee writes to its caller's states.
  Types keywords;
};

// Null for a language that codebleu does not have.
const CodeBleuGrammar* CodeBleuGrammarOf(Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CODEBLEU_GRAMMAR_H_
