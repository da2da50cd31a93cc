// Why a gate is not green, for the one who has to mend it.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/domain/changes.h"
#include "evaluator/domain/gatekeeper.h"

namespace evalloop::evaluator {

RegressionReport Gatekeeper::Report(const Gate& gate, const RunPair& pair,
                                    const GateOutcome& outcome) {
  RegressionReport report;
  report.notes = pair.notes;
  report.failing_groups = FailingGroups(outcome.decision, outcome.comparison);
  const std::vector<FailingRow> rows =
      RowsToShow(outcome.decision, outcome.comparison);
  report.failing_row_count = static_cast<std::int64_t>(rows.size());
  std::map<std::string, const FailingRow*> by_id;
  std::vector<std::string> ids;
  for (const FailingRow& row : rows) {
    if (ids.size() == kMaxFailingRows) break;
    ids.push_back(row.item_id);
    by_id[row.item_id] = &row;
  }
  std::map<std::string, const RowSignOff*> taken;
  for (const RowSignOff& row : gate.sign_offs) {
    if (taken.emplace(row.item_id, &row).second) ids.push_back(row.item_id);
  }
  report.failing_rows = DescribeRows(pair.before, pair.after, ids, pair.facts);
  for (RowDelta& row : report.failing_rows) {
    if (const auto found = by_id.find(row.item_id); found != by_id.end()) {
      row.failed_metrics = found->second->metrics;
      row.confirmation = found->second->confirmation;
    }
    if (const auto found = taken.find(row.item_id); found != taken.end()) {
      row.accepted_reason = found->second->reason;
    }
  }
  const bool green = outcome.decision.verdict == Verdict::kPassed &&
                     report.failing_rows.empty();
  if (green) return report;
  Run since = pair.baseline;
  const auto last =
      gates_.LastPassed(gate.prompt, pair.candidate.benchmark, gate.start_time);
  if (!last.ok()) {
    report.notes.push_back("the last passed gate could not be found: " +
                           std::string(last.status().message()));
  } else if (last->has_value()) {
    const auto run = run_store_.Get((*last)->candidate_run);
    if (run.ok()) {
      since = *run;
      report.last_passed_gate = (*last)->id;
      report.last_passed_run = run->id;
      report.last_passed_version = (*last)->candidate_version;
      report.last_passed_time = (*last)->decide_time;
    }
  }
  ChangeFinder changes(library_, runs_, run_store_);
  report.changes = changes.Find(since, pair.candidate, report.notes);
  return report;
}

}  // namespace evalloop::evaluator
