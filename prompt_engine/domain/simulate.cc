#include "prompt_engine/domain/simulate.h"

#include <map>
#include <memory>

#include "code_analysis/lexer.h"
#include "replay/counted_lines.h"
#include "replay/typed_line.h"

namespace evalloop::prompt_engine {
namespace {

// Answers with what the model said when the line was really typed.
class RecordedSuggester final : public replay::Suggester {
 public:
  RecordedSuggester(const LineRecord& line,
                    const std::vector<std::vector<double>>& probabilities,
                    const ShowRule& rule)
      : line_(line), probabilities_(probabilities), rule_(rule) {}

  absl::StatusOr<replay::Suggestion> Suggest(
      const replay::Cursor& cursor) override {
    replay::Suggestion suggestion;
    const auto at = static_cast<std::size_t>(cursor.column);
    // Requests come in column order.
    while (next_ < line_.cursors.size() && line_.cursors[next_].at < at) {
      ++next_;
    }
    if (next_ == line_.cursors.size() || line_.cursors[next_].at != at) {
      return suggestion;
    }
    const CursorRecord& record = line_.cursors[next_];
    const auto shown = Shown(record, probabilities_[next_], rule_);
    if (!shown) return suggestion;
    suggestion.shown = true;
    suggestion.text = record.raw_text.substr(0, record.options[*shown].bytes);
    return suggestion;
  }
  absl::Status Report(const replay::TypingEvent&) override {
    return absl::OkStatus();
  }

 private:
  const LineRecord& line_;
  const std::vector<std::vector<double>>& probabilities_;
  const ShowRule& rule_;
  std::size_t next_ = 0;
};

replay::AddedRun RunOf(const LineRecord& line) {
  replay::AddedRun run;
  run.path = line.path;
  run.language = line.language;
  run.text = std::make_shared<const std::string>(line.text);
  run.old_text = std::make_shared<const std::string>();
  replay::AddedLine added;
  added.number = static_cast<int>(line.number);
  added.end = line.text.size();
  for (const auto& token : code_analysis::Lex(line.text, line.language)) {
    added.token_starts.push_back(token.offset);
  }
  added.counted = true;
  run.lines.push_back(std::move(added));
  return run;
}

}  // namespace

Probabilities ModelProbabilities(const TuningData& data) {
  Probabilities all;
  for (const LineRecord& line : data.lines) {
    auto& of_line = all.emplace_back();
    for (const CursorRecord& cursor : line.cursors) {
      auto& of_cursor = of_line.emplace_back();
      for (const LengthOption& option : cursor.options) {
        of_cursor.push_back(option.model_probability);
      }
    }
  }
  return all;
}

std::optional<std::size_t> Shown(const CursorRecord& cursor,
                                 std::span<const double> probabilities,
                                 const ShowRule& rule) {
  std::vector<completion_policy::ScoredLength> lengths;
  lengths.reserve(cursor.options.size());
  for (std::size_t i = 0; i < cursor.options.size(); ++i) {
    lengths.push_back({probabilities[i], cursor.options[i].characters});
  }
  return completion_policy::ChooseLength(lengths, rule.threshold,
                                         rule.min_characters);
}

absl::StatusOr<std::vector<CommitTally>> Simulate(
    const TuningData& data, const Probabilities& probabilities,
    const ShowRule& rule) {
  std::vector<CommitTally> tallies;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < data.lines.size(); ++i) {
    const LineRecord& line = data.lines[i];
    RecordedSuggester suggester(line, probabilities[i], rule);
    const auto tally = replay::TypeRun(RunOf(line), suggester);
    if (!tally.ok()) return tally.status();
    const auto [place, added] = places.try_emplace(line.commit, tallies.size());
    if (added) tallies.push_back({line.commit, {}});
    tallies[place->second].tally += *tally;
  }
  return tallies;
}

}  // namespace evalloop::prompt_engine
