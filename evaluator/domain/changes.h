#ifndef EVALLOOP_EVALUATOR_DOMAIN_CHANGES_H_
#define EVALLOOP_EVALUATOR_DOMAIN_CHANGES_H_

#include <string>
#include <vector>

#include "evaluator/domain/ports.h"
#include "evaluator/domain/runs.h"

namespace evalloop::evaluator {

// Finds what is not as it was between two runs. Thread-safe.
class ChangeFinder {
 public:
  // All references outlive this object.
  ChangeFinder(PromptLibrary& library, Runs& runs, RunStore& run_store)
      : library_(library), runs_(runs), run_store_(run_store) {}

  // Changes of the revision (each with the version on the way from one to the
  // other that brought it, its author, time and message), of the rubric, the
  // benchmark, the index and what the provider says that answers. What could
  // not be found out is added to `notes`.
  std::vector<ChangeSince> Find(const Run& from, const Run& to,
                                std::vector<std::string>& notes);

 private:
  std::vector<ChangeSince> OfRevision(const RevisionRef& from,
                                      const RevisionRef& to,
                                      std::vector<std::string>& notes);

  PromptLibrary& library_;
  Runs& runs_;
  RunStore& run_store_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_CHANGES_H_
