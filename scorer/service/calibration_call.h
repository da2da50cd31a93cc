#ifndef EVALLOOP_SCORER_SERVICE_CALIBRATION_CALL_H_
#define EVALLOOP_SCORER_SERVICE_CALIBRATION_CALL_H_

#include "absl/status/status.h"
#include "evalloop/v1/scorer.pb.h"
#include "scorer/domain/score_store.h"
#include "scorer/domain/scorer.h"

namespace evalloop::scorer {

// The body of ScorerService.GetCalibration; see the proto. `in_force`: the
// scorer that an empty digest means.
absl::Status GetCalibration(ScoreStore& store, const Scorer& in_force,
                            const v1::GetCalibrationRequest& request,
                            v1::GetCalibrationResponse& response);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_SERVICE_CALIBRATION_CALL_H_
