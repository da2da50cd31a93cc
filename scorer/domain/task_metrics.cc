#include "scorer/domain/task_metrics.h"

#include <algorithm>
#include <cctype>

namespace evalloop::scorer {
namespace {

using code_analysis::Measure;

constexpr std::size_t kShortList = 5;
constexpr std::size_t kLongList = 10;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void DropWhile(std::string_view& text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

// Without bullet, number, quotes and blanks.
std::string_view Bare(std::string_view line) {
  DropWhile(line, " \t*-");
  const std::size_t digits = std::min(
      line.size(),
      static_cast<std::size_t>(
          std::find_if_not(line.begin(), line.end(), IsDigit) - line.begin()));
  if (digits > 0 && digits < line.size() &&
      (line[digits] == '.' || line[digits] == ')')) {
    line.remove_prefix(digits + 1);
  }
  DropWhile(line, " \t*`\"'");
  if (line.starts_with("./")) line.remove_prefix(2);
  return line;
}

bool IsPath(std::string_view word) {
  const std::size_t mark = word.find_first_of("./", 1);
  return word.size() > 2 && mark != std::string_view::npos &&
         mark + 1 < word.size();
}

std::optional<Place> PlaceOf(std::string_view line) {
  line = Bare(line);
  const std::size_t end = line.find_first_of(" \t\r:#`\"',");
  const std::string_view path = line.substr(0, end);
  if (!IsPath(path)) return std::nullopt;
  Place place{.path = std::string(path), .symbol = ""};
  if (end == std::string_view::npos) return place;
  line.remove_prefix(end);
  DropWhile(line, " \t:#`\"',");
  const std::string_view symbol =
      line.substr(0, line.find_first_of(" \t\r`\"',(:"));
  // A line's number is no symbol.
  if (!symbol.empty() && !IsDigit(symbol.front())) place.symbol = symbol;
  return place;
}

// "App.handle" is meant by "App.handle" and by "handle".
bool Names(std::string_view said, std::string_view symbol) {
  return said == symbol || (symbol.size() > said.size() && !said.empty() &&
                            symbol.ends_with(said) &&
                            symbol[symbol.size() - said.size() - 1] == '.');
}

bool IsRight(const Place& said, const Place& right) {
  return said.path == right.path &&
         (right.symbol.empty() || Names(said.symbol, right.symbol));
}

// The rank of the first right place, from 1; nothing: none of them.
std::optional<std::size_t> RankOf(const std::vector<Place>& places,
                                  const Place& right) {
  const auto found =
      std::find_if(places.begin(), places.end(),
                   [&](const Place& said) { return IsRight(said, right); });
  if (found == places.end()) return std::nullopt;
  return static_cast<std::size_t>(found - places.begin()) + 1;
}

Place RightPlace(std::string_view reference) {
  const std::size_t colon = reference.rfind(':');
  if (colon == std::string_view::npos) {
    return {.path = std::string(reference), .symbol = ""};
  }
  return {.path = std::string(reference.substr(0, colon)),
          .symbol = std::string(reference.substr(colon + 1))};
}

Measure HitWithin(const Candidate& candidate, const Place& right) {
  const auto places = PlacesIn(candidate.text, kShortList);
  return Measure::Of(RankOf(places, right).has_value() ? 1.0 : 0.0);
}

}  // namespace

TaskKind ParseTaskKind(std::string_view name) {
  if (name == "review") return TaskKind::kReview;
  return name == "search" ? TaskKind::kSearch : TaskKind::kCode;
}

std::vector<Place> PlacesIn(std::string_view answer, std::size_t most) {
  std::vector<Place> places;
  while (!answer.empty() && places.size() < most) {
    const std::size_t end = answer.find('\n');
    const auto place = PlaceOf(answer.substr(0, end));
    if (place.has_value() &&
        std::find(places.begin(), places.end(), *place) == places.end()) {
      places.push_back(*place);
    }
    if (end == std::string_view::npos) break;
    answer.remove_prefix(end + 1);
  }
  return places;
}

Measure HitAt5(const Candidate& candidate,
               std::optional<std::string_view> reference) {
  if (candidate.kind != TaskKind::kSearch)
    return Measure::Missing("other_task");
  return HitWithin(candidate, RightPlace(*reference));
}

Measure FileHitAt5(const Candidate& candidate,
                   std::optional<std::string_view> reference) {
  if (candidate.kind != TaskKind::kSearch)
    return Measure::Missing("other_task");
  Place right = RightPlace(*reference);
  right.symbol.clear();
  return HitWithin(candidate, right);
}

Measure ReciprocalRank(const Candidate& candidate,
                       std::optional<std::string_view> reference) {
  if (candidate.kind != TaskKind::kSearch)
    return Measure::Missing("other_task");
  const auto rank =
      RankOf(PlacesIn(candidate.text, kLongList), RightPlace(*reference));
  return Measure::Of(rank.has_value() ? 1.0 / static_cast<double>(*rank) : 0.0);
}

Measure CriteriaMet(const Candidate& candidate,
                    std::optional<std::string_view>) {
  return candidate.criteria_met;
}

}  // namespace evalloop::scorer
