#ifndef EVALLOOP_CODE_ANALYSIS_COMPLEXITY_PYTHON_H_
#define EVALLOOP_CODE_ANALYSIS_COMPLEXITY_PYTHON_H_

#include <vector>

#include "code_analysis/complexity.h"
#include "code_analysis/syntax_tree.h"

namespace evalloop::code_analysis {

// radon's total_complexity of a Python tree; `blocks`, where not null, gets
// those of cc_visit.
double OfPython(const SyntaxTree& tree, std::vector<PythonBlock>* blocks);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_COMPLEXITY_PYTHON_H_
