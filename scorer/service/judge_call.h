#ifndef EVALLOOP_SCORER_SERVICE_JUDGE_CALL_H_
#define EVALLOOP_SCORER_SERVICE_JUDGE_CALL_H_

#include <chrono>

#include "absl/status/status.h"
#include "evalloop/v1/scorer.pb.h"
#include "scorer/domain/judge.h"

namespace evalloop::scorer {

// The body of ScorerService.Judge; see the proto. `within`: the time that the
// client waits at most; no call takes over two minutes.
absl::Status AskJudge(Judge& judge, std::chrono::milliseconds within,
                      const v1::JudgeRequest& request,
                      v1::JudgeResponse& response);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_SERVICE_JUDGE_CALL_H_
