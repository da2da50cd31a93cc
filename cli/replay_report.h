#ifndef EVALLOOP_CLI_REPLAY_REPORT_H_
#define EVALLOOP_CLI_REPLAY_REPORT_H_

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "replay/replayer.h"
#include "replay/totals.h"

namespace evalloop::cli {

// The name of the acceptance rule in reports.
inline constexpr std::string_view kAcceptanceRule = "token-prefix";

// The contract's totals as an object.
boost::json::object TotalsObject(const replay::Totals& totals);

// The totals of all commits.
replay::Totals TotalsOf(std::span<const replay::CommitTally> commits,
                        std::uint64_t seed);

// docs/formats/replay-report.schema.json: blocks of 400 lines or a little more
// (whole commits), then the total.
boost::json::object ReplayReport(std::string_view repository,
                                 std::uint64_t seed,
                                 std::span<const replay::CommitTally> commits);

// One row of a table: lines, shown, acceptance and so on, intervals in
// brackets.
std::vector<std::string> TotalsHeading(std::string_view first);
std::vector<std::string> TotalsRow(std::string_view name,
                                   const replay::Totals& totals);

// Writes `text` to `path` whole or not at all (a temporary file beside it, then
// a rename). Errors name the path.
absl::Status WriteFile(const std::string& path, std::string_view text);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_REPLAY_REPORT_H_
