#include "prompt_engine/domain/tuning_data.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "code_analysis/lexer.h"

namespace evalloop::prompt_engine {
namespace {

// How many bytes of `suggestion` are tokens of `truth`, from its start.
std::size_t RightBytes(std::string_view suggestion, std::string_view truth,
                       code_analysis::Language language) {
  constexpr code_analysis::LexOptions kAll{.comments = true, .newlines = true};
  const auto offered = code_analysis::Lex(suggestion, language, kAll);
  const auto typed = code_analysis::Lex(truth, language, kAll);
  std::size_t right = 0;
  for (std::size_t i = 0; i < std::min(offered.size(), typed.size()); ++i) {
    if (offered[i].text != typed[i].text) break;
    right = offered[i].offset + offered[i].text.size();
  }
  return right;
}

CursorRecord RecordOf(const Outcome& outcome, std::size_t at,
                      const completion_policy::OutputPolicy& policy) {
  CursorRecord record;
  record.at = at;
  record.raw_text = outcome.raw_text;
  completion_policy::CursorContext cursor;
  cursor.language = code_analysis::ParseLanguage(outcome.language);
  cursor.typed_tokens = outcome.typed_tokens;
  cursor.typed_characters = outcome.typed_characters;
  const std::size_t right =
      RightBytes(outcome.raw_text, *outcome.text, cursor.language);
  for (const completion_policy::Candidate& candidate :
       completion_policy::Candidates(outcome.raw_text, outcome.tokens,
                                     cursor.language, policy.extent,
                                     policy.max_characters)) {
    if (!candidate.log_probability) continue;
    LengthOption& option = record.options.emplace_back();
    option.bytes = candidate.bytes;
    option.characters = candidate.characters;
    option.model_probability = std::exp(*candidate.log_probability);
    option.right = candidate.bytes <= right;
    option.features = completion_policy::FeaturesV1(candidate, cursor);
  }
  return record;
}

using LineKey =
    std::tuple<std::string, std::string, std::string, std::uint32_t>;

// One line's outcomes by column; a later answer at the same column wins.
using ByColumn = std::map<std::uint32_t, const Outcome*>;

void AddLine(const ByColumn& outcomes,
             const completion_policy::OutputPolicy& policy, TuningData& data) {
  const Outcome& first = *outcomes.begin()->second;
  LineRecord line;
  line.commit = first.commit;
  line.path = first.path;
  line.language = code_analysis::ParseLanguage(first.language);
  line.number = first.line;
  line.text = *first.text;
  for (const auto& [column, outcome] : outcomes) {
    const std::size_t at = column - first.column;
    if (at > line.text.size() ||
        std::string_view(line.text).substr(at) != *outcome->text) {
      continue;
    }
    CursorRecord record = RecordOf(*outcome, at, policy);
    ++data.outcomes;
    if (record.options.empty() && outcome->tokens.empty() &&
        !outcome->raw_text.empty()) {
      ++data.without_probabilities;
    }
    line.cursors.push_back(std::move(record));
  }
  data.cursors += line.cursors.size();
  data.lines.push_back(std::move(line));
}

}  // namespace

TuningData PrepareTuningData(const std::vector<Outcome>& outcomes,
                             const completion_policy::OutputPolicy& policy) {
  std::vector<ByColumn> lines;
  std::map<LineKey, std::size_t> places;
  for (const Outcome& outcome : outcomes) {
    if (!outcome.text) continue;
    const LineKey key{outcome.session, outcome.commit, outcome.path,
                      outcome.line};
    const auto [place, added] = places.try_emplace(key, lines.size());
    if (added) lines.emplace_back();
    lines[place->second][outcome.column] = &outcome;
  }
  TuningData data;
  for (const ByColumn& line : lines) AddLine(line, policy, data);
  return data;
}

}  // namespace evalloop::prompt_engine
