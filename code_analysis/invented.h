#ifndef EVALLOOP_CODE_ANALYSIS_INVENTED_H_
#define EVALLOOP_CODE_ANALYSIS_INVENTED_H_

#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"
#include "code_analysis/repository_names.h"
#include "code_analysis/trees.h"

namespace evalloop::code_analysis {

// Names that a candidate uses and that exist nowhere.
struct InventedSymbols {
  // "helper", "os.pathh", each once, in the order of their first use.
  std::vector<std::string> names;
  std::string_view reason;  // Not empty: not looked at.
};

// Names in `candidate` that exist neither in its own text nor in the code
// around it, nor in the repository, nor in the language's builtins and standard
// library. Looked at are
//   - functions that are called by a bare name (and classes: `new X`),
//   - members of standard modules and, in JavaScript, of standard objects,
//     where the code says by an import which module a name is,
//   - what is imported from standard modules, and, where the repository is
//     known, modules that nothing in it names.
// A name counts only where it is sure: one that is used in any other way than
// being called, a star import, a module that is not of the standard library,
// or in Go without `repository` any bare name (others of its package may
// define it) is not counted. So is any attribute of a value.
// `repository` may be null. Missing: "no_rules" for languages other than
// Python, JavaScript, TypeScript and Go; else as SyntaxErrors. Total on any
// bytes, thread-safe.
InventedSymbols FindInvented(std::string_view candidate, Surroundings around,
                             Language language,
                             const RepositoryNames* repository);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_INVENTED_H_
