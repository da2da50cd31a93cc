#ifndef EVALLOOP_SCORER_DOMAIN_TASK_METRICS_H_
#define EVALLOOP_SCORER_DOMAIN_TASK_METRICS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/measure.h"
#include "scorer/domain/candidate.h"

namespace evalloop::scorer {

// Metrics of tasks that are no code at a cursor.

// A place that an answer to a search names.
struct Place {
  std::string path;
  std::string symbol;  // Empty: none was named.

  bool operator==(const Place&) const = default;
};

// The places that an answer names, one a line, best first, each once, at most
// `most`. A line is "path:symbol", "path symbol", "path#symbol" or "path", also
// behind "1." or "-" and between backticks; a line that names no path (its
// first word has no '.' or '/' inside) is talk and no place.
std::vector<Place> PlacesIn(std::string_view answer, std::size_t most);

// Of a search (else missing as "other_task"), `reference` being "path:symbol"
// or "path": 1 where one of the first five places is it, else 0. Without a
// symbol in the reference the path decides; "handle" names "App.handle".
code_analysis::Measure HitAt5(const Candidate& candidate,
                              std::optional<std::string_view> reference);
// The right file alone: a near miss counts.
code_analysis::Measure FileHitAt5(const Candidate& candidate,
                                  std::optional<std::string_view> reference);
// One over the rank of the first right place of the first ten, else 0; its mean
// over searches is the mean reciprocal rank (Voorhees 1999).
code_analysis::Measure ReciprocalRank(
    const Candidate& candidate, std::optional<std::string_view> reference);

// What a judge made of the task's criteria.
code_analysis::Measure CriteriaMet(const Candidate& candidate,
                                   std::optional<std::string_view> reference);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_TASK_METRICS_H_
