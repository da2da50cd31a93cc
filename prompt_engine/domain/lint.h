#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_LINT_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_LINT_H_

#include <string>
#include <vector>

#include "prompt_engine/domain/revision.h"

namespace evalloop::prompt_engine {

// What is wrong, where, and what to do.
struct LintFinding {
  std::string field;  // As in the API, e.g. sampling.max_tokens.
  std::string problem;
  std::string remedy;
  bool blocks = false;  // Keeps the revision from being published.
};

// Everything that is wrong with `content`, in the order of its fields. Pure.
std::vector<LintFinding> Lint(const RevisionContent& content);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_LINT_H_
