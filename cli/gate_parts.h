#ifndef EVALLOOP_CLI_GATE_PARTS_H_
#define EVALLOOP_CLI_GATE_PARTS_H_

#include <string>

#include "evalloop/v1/evaluator.pb.h"

// What the reports of a gate say alike. Pure; results may be hostile text
// still: each report escapes them for its format.

namespace evalloop::cli {

// "complete-line@3", and the baseline's: "complete-line@2" or a run's id.
std::string CandidateName(const v1::Gate& gate);
std::string BaselineName(const v1::Gate& gate);

// Whether the job is to go on.
bool Blocks(const v1::Gate& gate);

// Whether the demand failed and counts.
bool Failed(const v1::GateFinding& finding);

// "chrf average", "chrf category class=call".
std::string DemandName(const v1::GateFinding& finding);

// "item-1" or, of several samples, "item-1 sample 2" (from 0).
std::string RowLabel(const std::string& item_id, std::uint32_t sample);

// "chrf -31.2 (80 to 48.8)" a metric, failed ones first; "no answer" where the
// candidate has none.
std::string RowDeltas(const v1::RowDelta& row);

// The stored diff, or both texts line by line with - and +; at most 40 lines
// and 4 KiB.
std::string RowDiff(const v1::RowDelta& row);

// "+0.0123 [-0.0100, 0.0300]"
std::string SignedEstimate(const v1::Estimate& estimate);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_GATE_PARTS_H_
