#ifndef EVALLOOP_SCORER_PEERS_JUDGE_ANSWER_H_
#define EVALLOOP_SCORER_PEERS_JUDGE_ANSWER_H_

#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "scorer/domain/judge.h"

namespace evalloop::scorer {

// Reads what a judge wrote: one JSON object with the members check, criteria
// and rationale and no others, all criteria with whole grades from 1 to 5, the
// check word repeated, nothing around it but blanks. InvalidArgument says which
// of these is wrong; what the judge wrote is in no message.
absl::StatusOr<JudgeAnswer> ParseJudgeAnswer(
    std::string_view text, std::span<const JudgeCriterion> criteria,
    std::string_view check);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_PEERS_JUDGE_ANSWER_H_
