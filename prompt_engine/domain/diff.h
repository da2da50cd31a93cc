#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_DIFF_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_DIFF_H_

#include <string>
#include <vector>

#include "prompt_engine/domain/revision.h"

namespace evalloop::prompt_engine {

// One difference between two contents.
struct RevisionChange {
  // template, model, system_prompt, tools, sampling, rubric, context_policy or
  // output_policy.
  std::string kind;
  std::string field;  // E.g. sampling.temperature.
  std::string from;   // Empty where absent.
  std::string to;
  std::string diff;  // Unified, where one of them has several lines.
};

// All differences, in the order of the fields. Long lists (weights) are told by
// their length and digest. An include is of the kind of the text that names it,
// and of both kinds where both do; one that nobody names is a template's. Pure.
std::vector<RevisionChange> Diff(const RevisionContent& from,
                                 const RevisionContent& to);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_DIFF_H_
