#ifndef EVALLOOP_SCORER_DOMAIN_CANDIDATE_H_
#define EVALLOOP_SCORER_DOMAIN_CANDIDATE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"
#include "code_analysis/measure.h"
#include "code_analysis/repository_names.h"

namespace evalloop::scorer {

// What was asked for. Decides which terms of a rubric apply.
enum class TaskKind : std::uint8_t {
  kCode,    // Code at a cursor: a completion, or a function's body.
  kReview,  // What is wrong with some code.
  kSearch,  // Where something is: places, best first.
};

// "review" and "search"; any other name is code.
TaskKind ParseTaskKind(std::string_view name);

// What is scored. Views of the caller's texts, which outlive the call.
struct Candidate {
  std::string_view text;
  // The agreed output and the other accepted variants; the best counts.
  std::vector<std::string_view> references;
  code_analysis::Language language = code_analysis::Language::kUnknown;
  // Code around the cursor; both empty where the candidate stands alone.
  std::string_view prefix;
  std::string_view suffix;
  // The code that the candidate replaces, for deltas; may be empty.
  std::optional<std::string_view> before = std::nullopt;
  // What it is called; empty: nobody told. `names` holds the names in it, null
  // where it can't be read.
  std::string_view repository = {};
  const code_analysis::RepositoryNames* names = nullptr;
  // False: there is code around the candidate, but nobody told it.
  bool surroundings_known = true;
  // The task has hidden tests, whether or not they could be run: it decides
  // which terms of a rubric apply.
  bool has_tests = false;
  // 1 where it passes them, 0 where it does not.
  code_analysis::Measure passed = code_analysis::Measure::Missing("no_tests");
  // Somebody takes or refuses what is shown, and how often they took it; also
  // a property of the task.
  bool has_outcome = false;
  code_analysis::Measure acceptance =
      code_analysis::Measure::Missing("not_asked");
  TaskKind kind = TaskKind::kCode;
  // What a judge says of the task's yes or no questions: 0 no, 1 yes to all.
  code_analysis::Measure criteria_met =
      code_analysis::Measure::Missing("no_criteria");
  // False: a tool is only asked for what the rubric takes ("not_in_rubric"),
  // since it costs a tenth of a second a candidate.
  bool all_tools = true;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_CANDIDATE_H_
