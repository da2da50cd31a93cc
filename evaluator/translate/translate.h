#ifndef EVALLOOP_EVALUATOR_TRANSLATE_TRANSLATE_H_
#define EVALLOOP_EVALUATOR_TRANSLATE_TRANSLATE_H_

#include <span>
#include <string>

#include "absl/time/time.h"
#include "evalloop/v1/evaluator.pb.h"
#include "evalloop/v1/events.pb.h"
#include "evalloop/v1/prompt_engine.pb.h"
#include "evaluator/domain/benchmark.h"
#include "evaluator/domain/comparison.h"
#include "evaluator/domain/decision.h"
#include "evaluator/domain/gate.h"
#include "evaluator/domain/ports.h"
#include "evaluator/domain/row_queries.h"
#include "evaluator/domain/run.h"
#include "evaluator/domain/selection.h"

// Domain values to and from evalloop.v1: pure, shared by service, stream and
// peers.
namespace evalloop::evaluator {

v1::Location LocationOf(const Item& item);
v1::RunMode ToProto(RunMode mode);
v1::VerdictKind ToProto(Verdict verdict);
v1::Estimate ToProto(const Estimate& estimate);
v1::TypedTally ToProto(const TypedTally& tally);
v1::Validity ToProto(const Validity& validity);
// Without its manifest.
v1::Benchmark ToProto(const Benchmark& benchmark);
void AddManifest(const Manifest& manifest, v1::Benchmark& out);
v1::Item ToProto(const Item& item);
v1::HiddenTests ToProto(const HiddenTests& tests);
v1::OracleReport ToProto(const Oracle& oracle);
// Without metrics; they are summed up from the rows.
v1::Run ToProto(const Run& run);
v1::Row ToProto(const Row& row);
void AddDetails(const RunDetails& details, v1::Run& out);
// All of an answer but its task.
void PutAnswer(const Row& row, v1::RunAnswered& out);
v1::MetricSummary ToProto(const MetricSummary& summary);
v1::Comparison ToProto(const Comparison& comparison);
v1::ChangeSince ToProto(const ChangeSince& change);
// Keys: the dimensions as they were asked for, then the scorer digest.
v1::RowGroup ToProto(const GroupTally& group,
                     std::span<const std::string> dimensions);
v1::Flip ToProto(const Flip& flip, const std::string& metric);
v1::Gate ToProto(const Gate& gate);
// Comparison and report alone: what a gate's `content` holds.
v1::Gate ToProto(const GateOutcome& outcome);
v1::MetricValue ToProto(const MetricValue& value);
Subset FromProto(v1::Subset subset);
v1::LoopDecision ToProto(const Decision& decision);
v1::GetFrontierResponse ToProto(const SelectionReport& report);

RunMode FromProto(v1::RunMode mode);
TypedTally FromProto(const v1::TypedTally& tally);
Item FromProto(const v1::MinedItem& item);
// As somebody brings it; what only we know stays unset.
Item FromProto(const v1::Item& item);
Oracle FromProto(const v1::OracleReport& report);
// A row as it was answered and scored.
Row FromProto(const v1::ScoreRecorded& score);
GatePolicy FromProto(const v1::GatePolicy& policy);
RevisionRef FromProto(const v1::Revision& revision);
RevisionName FromProto(const v1::RevisionSelector& selector);
Autopilot FromProto(const v1::AutopilotPolicy& policy);
SelectionRequest FromProto(const v1::GetFrontierRequest& request);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TRANSLATE_TRANSLATE_H_
