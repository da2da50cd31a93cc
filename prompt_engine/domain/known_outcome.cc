#include "prompt_engine/domain/known_outcome.h"

#include <algorithm>
#include <charconv>

#include "platform/base/crypto.h"
#include "prompt_engine/domain/scan_commit.h"
#include "replay/counted_lines.h"

namespace evalloop::prompt_engine {
namespace {

struct Spot {
  replay::AddedRun run;
  replay::AddedLine line;
};

std::optional<Spot> SpotOf(const Landing& landing) {
  for (replay::AddedRun& run :
       replay::AddedRuns(landing.file->change(), {.all_lines = true})) {
    for (const replay::AddedLine& line : run.lines) {
      if (line.number != static_cast<int>(landing.line)) continue;
      return Spot{std::move(run), line};
    }
  }
  return std::nullopt;
}

std::string_view FirstLine(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

// What stands on the landing's line before the cursor, from its first token.
std::string_view BeforeCursor(const Spot& spot, const Landing& landing) {
  const std::size_t begin = spot.line.token_starts.empty()
                                ? spot.line.begin
                                : spot.line.token_starts.front();
  if (landing.cursor <= begin) return {};
  return std::string_view(*spot.run.text).substr(begin, landing.cursor - begin);
}

// The line as it would stand with the suggestion in it.
std::string LineWith(const Watch& watch, const Spot& spot,
                     const Landing& landing) {
  if (watch.committed->kind == CommittedKind::kKept) {
    return std::string(LineText(spot.run, spot.line));
  }
  std::string line(BeforeCursor(spot, landing));
  line += FirstLine(watch.suggestion);
  if (landing.behind < spot.line.end) {
    line += std::string_view(*spot.run.text)
                .substr(landing.behind, spot.line.end - landing.behind);
  }
  return line;
}

}  // namespace

absl::StatusOr<LandingReport> Report(const Watch& watch, const Landing& landing,
                                     const CommitHeader& commit,
                                     VariantSource& source) {
  LandingReport report;
  const std::optional<Spot> spot = SpotOf(landing);
  if (!spot) return report;
  report.prefix = spot->run.PrefixAt(landing.cursor);
  report.suffix = spot->run.Suffix();
  const auto written = source.Of({.path = spot->run.path,
                                  .line = landing.line,
                                  .position = commit.position});
  if (!written.ok()) return written.status();
  report.placement = PlaceAmong(LineWith(watch, *spot, landing),
                                written->variants, spot->run.language);
  const std::string& committed = watch.committed->text;
  if (written->agreed) {
    // Only as far as it goes on from what was typed.
    const std::string_view agreed = written->variants[*written->agreed].text;
    const std::string_view before = BeforeCursor(*spot, landing);
    if (agreed.starts_with(before) &&
        agreed.substr(before.size()) != committed) {
      report.references.emplace_back(agreed.substr(before.size()));
    }
  }
  report.references.push_back(committed);
  return report;
}

bool IsSampled(std::string_view completion_id, double share) {
  const std::string hash = base::Sha256Hex(completion_id).substr(0, 13);
  std::uint64_t drawn = 0;  // 52 bits: exact in a double.
  std::from_chars(hash.data(), hash.data() + hash.size(), drawn, 16);
  return static_cast<double>(drawn) <
         share * static_cast<double>(std::uint64_t{1} << 52);
}

}  // namespace evalloop::prompt_engine
