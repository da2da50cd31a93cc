#ifndef EVALLOOP_SCORER_DOMAIN_STATIC_METRICS_H_
#define EVALLOOP_SCORER_DOMAIN_STATIC_METRICS_H_

#include <optional>
#include <string>
#include <string_view>

#include "code_analysis/measure.h"
#include "scorer/domain/candidate.h"

namespace evalloop::scorer {

// What can be said of code without running it, as metrics: each is computed of
// the candidate where it stands, and of what it replaces where that stood
// ("no_before" without). Where surroundings are not known: "no_context".

code_analysis::Measure ComplexityDelta(
    const Candidate& candidate, std::optional<std::string_view> reference);
code_analysis::Measure ComplexityVersusReference(
    const Candidate& candidate, std::optional<std::string_view> reference);
// Of other languages than Python, whose findings bandit counts.
code_analysis::Measure SecurityDelta(const Candidate& candidate,
                                     std::optional<std::string_view> reference);
code_analysis::Measure SecretsDelta(const Candidate& candidate,
                                    std::optional<std::string_view> reference);
code_analysis::Measure LicencesDelta(const Candidate& candidate,
                                     std::optional<std::string_view> reference);

// How many names it uses that exist nowhere. "no_repository" where a repository
// was told that could not be read.
code_analysis::Measure InventedSymbols(
    const Candidate& candidate, std::optional<std::string_view> reference);
// Does it read like the code around it; no delta.
code_analysis::Measure Convention(const Candidate& candidate,
                                  std::optional<std::string_view> reference);

// The whole file that `text` makes where the candidate stands.
std::string FileWith(const Candidate& candidate, std::string_view text);

// `text` with what stands on its first and last line around it, which is as far
// as a pattern of one line can reach.
std::string LinesWith(const Candidate& candidate, std::string_view text);

// What stands at a cursor before anything is written there: nothing, or `pass`
// where Python is not whole without a statement.
std::string_view CodeBefore(std::string_view prefix, std::string_view suffix,
                            code_analysis::Language language);

// As Delta, of a tool's findings. What the tool can't read, where it could
// before, is one finding more: nobody can vouch for it.
code_analysis::Measure ToolDelta(const code_analysis::Measure& now,
                                 const code_analysis::Measure& before);

// new - before; the first one's reason where a side has no value.
code_analysis::Measure Delta(const code_analysis::Measure& now,
                             const code_analysis::Measure& before);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_STATIC_METRICS_H_
