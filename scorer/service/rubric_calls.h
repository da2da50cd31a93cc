#ifndef EVALLOOP_SCORER_SERVICE_RUBRIC_CALLS_H_
#define EVALLOOP_SCORER_SERVICE_RUBRIC_CALLS_H_

#include "absl/status/status.h"
#include "evalloop/v1/scorer.pb.h"
#include "scorer/domain/rubrics.h"

namespace evalloop::scorer {

// The bodies of ScorerService's calls about rubrics; see the proto.
absl::Status PushRubric(Rubrics& rubrics, const v1::PushRubricRequest& request,
                        v1::PushRubricResponse& response);
absl::Status UseRubric(Rubrics& rubrics, const v1::UseRubricRequest& request,
                       v1::UseRubricResponse& response);
absl::Status ListRubrics(Rubrics& rubrics, RubricStore& store,
                         const v1::ListRubricsRequest& request,
                         v1::ListRubricsResponse& response);

// The rubric of `scorer`, which is in force.
void WriteInForce(const Scorer& scorer, v1::Rubric& out);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_SERVICE_RUBRIC_CALLS_H_
