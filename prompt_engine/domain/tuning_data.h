#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_TUNING_DATA_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_TUNING_DATA_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "code_analysis/language.h"
#include "completion_policy/features.h"
#include "completion_policy/output_policy.h"
#include "prompt_engine/domain/outcome.h"

namespace evalloop::prompt_engine {

// A length at which a suggestion could have been shown.
struct LengthOption {
  std::size_t bytes = 0;
  int characters = 0;            // Non-blank.
  double model_probability = 0;  // The model's own.
  bool right = false;            // Its tokens are what was really typed.
  std::vector<completion_policy::Feature> features;
};

// What the model said at one cursor.
struct CursorRecord {
  std::size_t at = 0;  // Offset in the line's text, bytes.
  std::string raw_text;
  std::vector<LengthOption> options;  // Shortest first.
};

// A line as it was typed, with every cursor at which the model was asked.
struct LineRecord {
  std::string commit;  // Lines of one commit stand or fall together.
  std::string path;
  code_analysis::Language language = code_analysis::Language::kUnknown;
  std::uint32_t number = 0;
  std::string text;  // From the first cursor to the line's end.
  std::vector<CursorRecord> cursors;  // In column order.
};

// Lines in the order in which they were typed.
struct TuningData {
  std::vector<LineRecord> lines;
  std::uint64_t outcomes = 0;  // Usable ones: the truth is known.
  std::uint64_t cursors = 0;
  std::uint64_t without_probabilities = 0;
};

// Puts outcomes (in the order served) together by session, commit, path and
// line. Left out: those without the truth, and those whose text does not fit
// the line's. `policy` gives extent and max_characters; its show rule is
// ignored. Pure.
TuningData PrepareTuningData(const std::vector<Outcome>& outcomes,
                             const completion_policy::OutputPolicy& policy);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_TUNING_DATA_H_
