#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/names.h"
#include "cli/prompt_engine_peer.h"

namespace evalloop::cli {
namespace {

// "12.5 %", or "-" of nothing.
std::string Share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) /
                                     static_cast<double>(whole));
}

// "0.512 [0.480, 0.540] of 120".
std::string Figure(bool known, const v1::Estimate& figure, std::uint64_t rows) {
  if (!known) return "-";
  const std::string bounds =
      figure.has_lower()
          ? fmt::format(" [{:.3f}, {:.3f}]", figure.lower(), figure.upper())
          : "";
  return fmt::format("{:.3f}{} of {}", figure.value(), bounds, rows);
}

std::string Text(const v1::SummariseOutcomesResponse& response) {
  std::vector<std::vector<std::string>> rows = {
      {"revision", "model", "served", "shown", "accepted", "kept", "edited",
       "dropped", "pending", "alive 7 d", "alive 30 d", "at least median",
       "live score"}};
  for (const v1::OutcomeSummary& one : response.summaries()) {
    const std::uint64_t known = one.kept() + one.edited() + one.dropped();
    rows.push_back(
        {RevisionName(one.prompt(), one.revision_version()), one.model(),
         fmt::format("{}", one.completions()), fmt::format("{}", one.shown()),
         Share(one.accepted(), one.accepted() + one.rejected()),
         Share(one.kept(), known), Share(one.edited(), known),
         Share(one.dropped(), known), fmt::format("{}", one.pending()),
         Share(one.alive_7_days(), one.judged_7_days()),
         Share(one.alive_30_days(), one.judged_30_days()),
         Figure(one.has_at_least_median(), one.at_least_median(), one.placed()),
         Figure(one.has_composite(), one.composite(), one.scored())});
  }
  return Table(rows);
}

}  // namespace

Outcome Outcomes(Session& session, const OutcomesFlags& flags) {
  v1::SummariseOutcomesRequest request;
  v1::OutcomeFilter& filter = *request.mutable_filter();
  filter.set_prompt(flags.prompt);
  filter.set_session(flags.session);
  filter.set_repository(flags.repository);
  filter.set_model(flags.model);
  const auto response =
      Call(session.peers, &Prompts::SummariseOutcomes, request);
  if (!response.ok()) return response.status();
  session.terminal.Data(session.terminal.json()
                            ? ToJson(*response, /*pretty=*/false)
                            : Text(*response));
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
