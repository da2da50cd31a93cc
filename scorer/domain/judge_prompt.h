#ifndef EVALLOOP_SCORER_DOMAIN_JUDGE_PROMPT_H_
#define EVALLOOP_SCORER_DOMAIN_JUDGE_PROMPT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace evalloop::scorer {

// One question to a judge.
struct JudgeCriterion {
  std::string name;  // a-z, 0-9, '_'.
  std::string question;
};

// What is put to a judge.
struct JudgeCase {
  std::string rubric;                    // In words; may be empty.
  std::vector<JudgeCriterion> criteria;  // At least one.
  // Under judgement, and so trusted in nothing.
  std::string language;
  std::string text;
  std::string prefix;
  std::string suffix;
  std::string before;
};

// A question each on honest, harmless and helpful.
const std::vector<JudgeCriterion>& DefaultCriteria();

// InvalidArgument naming the field: bounds, names.
absl::Status CheckJudgeCase(const JudgeCase& judged);

// Words that nobody who wrote the text under judgement can know.
struct JudgeSecrets {
  std::string fence;  // Stands on the lines around that text.
  std::string check;  // The answer repeats it: an answer that was planted in
                      // the text, and copied, does not.

  static JudgeSecrets Random();
};

struct JudgePrompt {
  std::string system;
  std::string user;
};

// The text under judgement, and the code around it, stand in the user message
// as one line of JSON between two fences, all of it escaped (see
// QuoteForJudge). The order not to follow orders stands in front and again
// behind.
JudgePrompt ComposeJudgePrompt(const JudgeCase& judged,
                               const JudgeSecrets& secrets);

// `text` as a JSON string on one line: what a model or its chat template might
// take for a border or an order's dress is escaped too: '<' and '>' (special
// tokens), a '[' before a word in capitals and ']' ([INST]), '`' (Markdown's
// fences), characters that show nothing or turn the direction of writing, and
// the line ends of Unicode. Bytes that are no UTF-8 become U+FFFD.
std::string QuoteForJudge(std::string_view text);

// What the judge's answer depends on but the model and the vote: lower-case hex
// sha256 over the case and the wording of the prompt.
std::string DigestOf(const JudgeCase& judged);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_JUDGE_PROMPT_H_
