#include "bench/outcomes/traffic.h"

#include <algorithm>
#include <optional>
#include <set>

#include "code_analysis/lexer.h"
#include "prompt_engine/domain/glyphs.h"
#include "prompt_engine/testing/small_history.h"
#include "replay/counted_lines.h"

namespace evalloop::bench {
namespace {

namespace ca = code_analysis;
namespace pe = prompt_engine;

// Diffs of larger texts take too long for a bench.
constexpr std::size_t kMostLines = 3000;

struct Spot {
  std::size_t file = 0;  // Of the changes.
  const ca::Hunk* hunk = nullptr;
  replay::AddedRun run;
  replay::AddedLine line;
};

std::string_view LineText(const Spot& spot) {
  const std::string_view text = *spot.run.text;
  return text.substr(spot.line.begin, spot.line.end - spot.line.begin);
}

std::vector<Spot> SpotsOf(const ca::CommitChanges& changes) {
  std::vector<Spot> spots;
  for (std::size_t i = 0; i < changes.files.size(); ++i) {
    const ca::FileChange& change = changes.files[i];
    for (const replay::AddedRun& run : replay::AddedRuns(change, {})) {
      for (const replay::AddedLine& line : run.lines) {
        if (!line.counted) continue;
        const auto number = static_cast<std::uint32_t>(line.number);
        for (const ca::Hunk& hunk : change.hunks) {
          if (number >= hunk.new_start &&
              number < hunk.new_start + hunk.new_lines) {
            spots.push_back({i, &hunk, run, line});
          }
        }
      }
    }
  }
  return spots;
}

// The line's number in a working tree.
std::uint32_t WorkingLine(const ca::FileChange& change, const Spot& spot,
                          Typed typed, base::Random& random) {
  std::int64_t line = spot.line.number;
  for (const ca::Hunk& hunk : change.hunks) {
    if (&hunk == spot.hunk) break;
    const bool there = typed == Typed::kTopDown ||
                       (typed == Typed::kAnyOrder && random.Below(2) == 0);
    if (!there) {
      line -= static_cast<std::int64_t>(hunk.new_lines) - hunk.old_lines;
    }
  }
  return static_cast<std::uint32_t>(std::max<std::int64_t>(1, line));
}

std::uint32_t NonBlank(std::string_view text) {
  return static_cast<std::uint32_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return c != ' ' && c != '\t' && (c & 0xC0) != 0x80; }));
}

// `rest` with up to a third of its tokens changed; nothing for short ones.
std::optional<std::string> Changed(std::string_view rest, ca::Language language,
                                   base::Random& random) {
  const auto tokens = ca::Lex(rest, language);
  if (tokens.size() < 4) return std::nullopt;
  const std::size_t most = std::min<std::size_t>(tokens.size() / 3, 4);
  const std::size_t count = 1 + random.Below(most);
  std::set<std::size_t> places;
  while (places.size() < count) places.insert(random.Below(tokens.size()));
  std::string text;
  std::size_t at = 0;
  for (const std::size_t place : places) {
    if (tokens[place].kind == ca::TokenKind::kString) return std::nullopt;
    text += rest.substr(at, tokens[place].offset - at);
    text += tokens[place].kind == ca::TokenKind::kOperator ? "@" : "other";
    at = tokens[place].offset + tokens[place].text.size();
  }
  return text + std::string(rest.substr(at));
}

double LikenessOf(std::string_view a, std::string_view b,
                  ca::Language language) {
  const pe::GlyphText left = pe::GlyphsOf(a, language);
  const pe::GlyphText right = pe::GlyphsOf(b, language);
  return pe::LikestFrom(left, right, 0, right.tokens.size()).similarity;
}

// The end of a line that is written elsewhere: half of them in the same commit,
// as a model that runs ahead would say.
std::optional<std::string> Other(const std::vector<Spot>& spots,
                                 const Spot& spot, std::string_view rest,
                                 base::Random& random) {
  const ca::Language language = spot.run.language;
  for (int tries = 0; tries < 8; ++tries) {
    std::string_view line;
    if (random.Below(2) == 0) {
      line = LineText(spots[random.Below(spots.size())]);
    } else {
      const auto lines = pe::LinesOf(*spot.run.text);
      line = lines[random.Below(lines.size())];
    }
    const auto tokens = ca::Lex(line, language);
    if (tokens.size() < 3) continue;
    const std::size_t from = tokens[random.Below(2)].offset;
    std::string text(line.substr(from));
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    if (LikenessOf(text, rest, language) >= pe::kLeastLikeness) continue;
    return text;
  }
  return std::nullopt;
}

// A third, so that what is typed on stays on the line.
std::string BeginningOf(std::string_view rest, ca::Language language,
                        base::Random& random) {
  const auto tokens = ca::Lex(rest, language);
  if (tokens.size() < 3 || random.Below(3) != 0) return std::string(rest);
  const auto& last = tokens[1 + random.Below(tokens.size() - 1)];
  return std::string(rest.substr(0, last.offset + last.text.size()));
}

struct Rewritten {
  std::string text;
  std::uint32_t line = 0;  // Where the suggestion then begins.
};

std::string IndentOf(std::string_view line) {
  return std::string(line.substr(0, line.find_first_not_of(" \t")));
}

// The new text with line `number` rewritten; `cursor` is a byte of it.
std::optional<Rewritten> Rewrite(const std::string& text, std::uint32_t number,
                                 std::size_t cursor, ca::Language language,
                                 Later later, base::Random& random) {
  std::vector<std::string> lines;
  for (const std::string_view line : pe::LinesOf(text))
    lines.emplace_back(line);
  std::string& line = lines[number - 1];
  Rewritten rewritten{"", number};
  const std::string indent = IndentOf(line);
  switch (later) {
    case Later::kReindented:
      line = random.Below(2) == 0 ? "  " + line
                                  : "\t" + line.substr(indent.size());
      break;
    case Later::kRequoted:
      if (line.find('\'') != std::string::npos &&
          line.find('"') == std::string::npos) {
        std::replace(line.begin(), line.end(), '\'', '"');
      } else if (line.find('"') != std::string::npos &&
                 line.find('\'') == std::string::npos) {
        std::replace(line.begin(), line.end(), '"', '\'');
      } else {
        return std::nullopt;
      }
      break;
    case Later::kSplit: {
      const auto tokens = ca::Lex(line, language);
      std::vector<std::size_t> breaks;
      for (std::size_t i = 1; i < tokens.size(); ++i) {
        if (tokens[i - 1].text == "(" || tokens[i - 1].text == ",") {
          breaks.push_back(tokens[i].offset);
        }
      }
      if (breaks.empty()) return std::nullopt;
      const std::size_t at = breaks[random.Below(breaks.size())];
      if (at <= cursor) ++rewritten.line;
      line = line.substr(0, at) + "\n" + indent + "        " + line.substr(at);
      break;
    }
    case Later::kJoined: {
      if (number < 2) return std::nullopt;
      std::string& above = lines[number - 2];
      if (above.find_first_not_of(" \t\r\n") == std::string::npos ||
          above.find('#') != std::string::npos ||
          above.find("//") != std::string::npos) {
        return std::nullopt;
      }
      above.erase(above.find_last_not_of("\r\n") + 1);
      line = above + " " + line.substr(indent.size());
      above.clear();
      --rewritten.line;
      break;
    }
    default:
      break;
  }
  for (const std::string& one : lines) rewritten.text += one;
  return rewritten;
}

ca::CommitChanges With(const ca::CommitChanges& changes, std::size_t file,
                       std::string text) {
  ca::CommitChanges made = changes;
  const ca::FileChange& change = changes.files[file];
  made.files[file] = pe::ChangeOf(change.old_path, change.new_path,
                                  change.old_text, std::move(text));
  return made;
}

// The line taken out and put behind another file's end, or into a new one.
std::optional<std::uint32_t> Move(const Spot& spot, base::Random& random,
                                  ca::CommitChanges& changes,
                                  std::string& path) {
  const ca::FileChange& from = changes.files[spot.file];
  std::string left;
  std::string moved;
  std::uint32_t number = 0;
  for (const std::string_view line : pe::LinesOf(from.new_text)) {
    (++number == static_cast<std::uint32_t>(spot.line.number) ? moved : left) +=
        line;
  }
  if (moved.empty() || moved.back() != '\n') return std::nullopt;
  const std::size_t ending = from.new_path.find_last_of('.');
  if (ending == std::string::npos) return std::nullopt;
  const std::string dot = from.new_path.substr(ending);
  std::size_t to = random.Below(changes.files.size());
  std::string before;
  std::string old_path;
  path = "moved/elsewhere" + dot;
  if (to != spot.file && changes.files[to].new_path.ends_with(dot) &&
      pe::LinesOf(changes.files[to].new_text).size() < kMostLines &&
      changes.files[to].new_text.ends_with('\n')) {
    const ca::FileChange target = changes.files[to];
    path = target.new_path;
    const auto line =
        static_cast<std::uint32_t>(pe::LinesOf(target.new_text).size() + 1);
    changes.files[to] = pe::ChangeOf(target.old_path, target.new_path,
                                     target.old_text, target.new_text + moved);
    const ca::FileChange source = changes.files[spot.file];
    changes.files[spot.file] =
        pe::ChangeOf(source.old_path, source.new_path, source.old_text, left);
    return line;
  }
  const ca::FileChange source = changes.files[spot.file];
  changes.files[spot.file] =
      pe::ChangeOf(source.old_path, source.new_path, source.old_text, left);
  changes.files.push_back(pe::ChangeOf("", path, "", "\n" + moved));
  return 2;
}

Later Draw(base::Random& random) {
  // Half of what is committed is committed as it was typed.
  constexpr Later kOthers[] = {Later::kReindented, Later::kRequoted,
                               Later::kSplit, Later::kJoined, Later::kMoved};
  return random.Below(2) == 0 ? Later::kAsTyped : kOthers[random.Below(5)];
}

}  // namespace

std::string_view NameOf(Offer offer) {
  constexpr std::string_view kNames[] = {"right", "changed", "other"};
  return kNames[static_cast<int>(offer)];
}
std::string_view NameOf(Later later) {
  constexpr std::string_view kNames[] = {"as typed", "reindented", "requoted",
                                         "split",    "joined",     "moved"};
  return kNames[static_cast<int>(later)];
}
std::string_view NameOf(Typed typed) {
  constexpr std::string_view kNames[] = {"top down", "bottom up", "any order"};
  return kNames[static_cast<int>(typed)];
}

std::vector<Case> CaseOf(const ca::CommitChanges& changes,
                         base::Random& random) {
  const std::vector<Spot> spots = SpotsOf(changes);
  if (spots.empty()) return {};
  const Spot& spot = spots[random.Below(spots.size())];
  const ca::FileChange& change = changes.files[spot.file];
  if (pe::LinesOf(change.new_text).size() > kMostLines) return {};
  const ca::Language language = spot.run.language;
  const auto& starts = spot.line.token_starts;
  const std::size_t cursor = starts[random.Below(starts.size() - 1)];
  const std::string_view line = LineText(spot);
  const std::size_t column = cursor - spot.line.begin;
  std::string_view rest = line.substr(column);
  rest = rest.substr(0, rest.find_last_not_of(" \t") + 1);

  Case made;
  made.offer = static_cast<Offer>(random.Below(3));
  made.later = Draw(random);
  made.typed = static_cast<Typed>(random.Below(3));
  std::optional<std::string> said;
  switch (made.offer) {
    case Offer::kRight:
      said = BeginningOf(rest, language, random);
      made.truth.kind = pe::CommittedKind::kKept;
      break;
    case Offer::kChanged:
      said = Changed(rest, language, random);
      made.truth.kind = pe::CommittedKind::kEdited;
      break;
    case Offer::kOther:
      said = Other(spots, spot, rest, random);
      break;
  }
  if (!said) return {};
  made.truth.path = change.new_path;
  made.truth.line = static_cast<std::uint32_t>(spot.line.number);
  made.changes = changes;
  if (made.later == Later::kMoved) {
    const auto moved = Move(spot, random, made.changes, made.truth.path);
    if (!moved) return {};
    made.truth.line = *moved;
  } else if (made.later != Later::kAsTyped) {
    auto rewritten = Rewrite(change.new_text, made.truth.line, column, language,
                             made.later, random);
    if (!rewritten) return {};
    made.truth.line = rewritten->line;
    made.changes = With(changes, spot.file, std::move(rewritten->text));
  }
  pe::Outcome& outcome = made.outcome;
  outcome.path = change.old_path.empty() ? change.new_path : change.old_path;
  outcome.language = ca::NameOf(language);
  outcome.line = WorkingLine(change, spot, made.typed, random);
  outcome.column = static_cast<std::uint32_t>(column);
  outcome.typed_characters = NonBlank(line.substr(0, column));
  outcome.shown = true;
  outcome.shown_text = outcome.raw_text = *said;
  outcome.text = std::string(rest);
  std::vector<Case> cases;
  cases.push_back(std::move(made));
  return cases;
}

}  // namespace evalloop::bench
