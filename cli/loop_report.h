#ifndef EVALLOOP_CLI_LOOP_REPORT_H_
#define EVALLOOP_CLI_LOOP_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evalloop/v1/evaluator.pb.h"
#include "evalloop/v1/events.pb.h"
#include "replay/replayer.h"
#include "replay/windows.h"

namespace evalloop::cli {

// What one turn of the loop came to, before it is written down.
struct LoopReport {
  std::string repository;
  std::string prompt;
  std::int64_t lines = 0;  // Of history that the turn used.
  std::int64_t seconds = 0;
  std::uint64_t seed = 1;
  replay::Windows windows;
  v1::Benchmark benchmark;
  std::uint32_t before_version = 0;
  std::vector<replay::CommitTally> before;
  // Absent where no threshold could be proposed.
  std::optional<std::uint32_t> threshold_version;
  std::vector<replay::CommitTally> threshold_only;
  std::uint32_t after_version = 0;
  std::vector<replay::CommitTally> after;
  std::vector<v1::Run> runs;
  std::vector<v1::LoopDecision> changes;
  std::vector<std::string> next;  // What is worth doing, a sentence each.
};

// docs/formats/run-report.schema.json, on one line.
std::string LoopReportJson(const LoopReport& report);

// The same for people: the three policies with their intervals, the gains, the
// changes with their reasons, and what is next.
std::string LoopReportText(const LoopReport& report);

// Corrects the report window to the commits that were typed, where the time was
// too short for all of it, and says so among the shortfalls.
void NoteTyped(const std::vector<replay::CommitTally>& typed,
               replay::Windows& windows);

// What is worth doing after this turn, a sentence each.
std::vector<std::string> NextSteps(const LoopReport& report);

// Where the report goes: `flag`, or report.json in EVALLOOP_HOME (which is made
// where it isn't there).
std::string LoopReportPath(const std::string& flag);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_LOOP_REPORT_H_
