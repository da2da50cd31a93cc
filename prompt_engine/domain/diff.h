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
};

// All differences, in the order of the fields. Long lists (weights) are told by
// their length and digest. Pure.
std::vector<RevisionChange> Diff(const RevisionContent& from,
                                 const RevisionContent& to);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_DIFF_H_
