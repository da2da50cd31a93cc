#include "prompt_engine/domain/join.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace evalloop::prompt_engine {
namespace {

constexpr std::string_view kBlanks = " \t\v\f\r";

// Lines that may have been typed above a place and taken away again.
constexpr std::uint32_t kSlack = 5;
// What is found where the cursor need not have stood must say this much, or it
// is there by chance: `return None` is everywhere.
constexpr std::size_t kLeastTokens = 4;
constexpr std::size_t kLeastGlyphs = 12;
// Behind as much code as was typed before it, this much.
constexpr std::size_t kLeastAligned = 6;
// And with changes be this much alike.
constexpr double kLeastLikenessNearby = 0.8;

bool SaysEnough(const GlyphText& text) {
  return text.tokens.size() >= kLeastTokens &&
         text.glyphs.size() >= kLeastGlyphs;
}

std::size_t WindowFor(const GlyphText& wanted) {
  return 2 * wanted.tokens.size() + 8;
}

// Whether all of `wanted` stands at `begin` and ends with a token.
bool StandsAt(const GlyphText& text, const GlyphText& wanted,
              std::size_t begin) {
  return text.glyphs.compare(begin, wanted.glyphs.size(), wanted.glyphs) == 0 &&
         text.TokenBeginsAt(begin + wanted.glyphs.size());
}

Found Whole(const LexedFile& file, const GlyphText& wanted, std::size_t begin) {
  return {&file, begin, begin + wanted.glyphs.size(), 1};
}

std::size_t EndOf(const GlyphText& text, const Likeness& likeness) {
  const std::size_t behind = likeness.first + likeness.count;
  return behind < text.tokens.size() ? text.tokens[behind] : text.glyphs.size();
}

// All of `wanted` behind what was typed on `line`.
std::optional<Found> WholeAt(const LexedFile& file, std::uint32_t line,
                             const Suggested& suggested) {
  const GlyphText& text = file.glyphs();
  if (line > text.line_count()) return std::nullopt;
  const std::size_t begin = text.Behind(line, suggested.typed_characters);
  if (begin == std::string::npos || !StandsAt(text, suggested.text, begin) ||
      !file.Added(text.lines[begin])) {
    return std::nullopt;
  }
  return Whole(file, suggested.text, begin);
}

// The same with changes.
std::optional<Found> LikeAt(const LexedFile& file, std::uint32_t line,
                            const Suggested& suggested, double least) {
  const GlyphText& text = file.glyphs();
  if (line > text.line_count()) return std::nullopt;
  const std::size_t begin = text.Behind(line, suggested.typed_characters);
  if (begin == std::string::npos || begin == text.glyphs.size() ||
      !file.Added(text.lines[begin])) {
    return std::nullopt;
  }
  const std::size_t from = text.TokenAt(begin);
  const Likeness like =
      LikestFrom(suggested.text, text, from, WindowFor(suggested.text));
  if (like.count == 0 || like.similarity < least) return std::nullopt;
  const std::size_t end = EndOf(text, like);
  // Something may have come before it that leaves it whole: a bracket of a
  // formatter's, another statement.
  for (std::size_t token = from; token < like.first + like.count; ++token) {
    const std::size_t at = text.tokens[token];
    if (at + suggested.text.glyphs.size() > end) break;
    if (StandsAt(text, suggested.text, at)) {
      return Whole(file, suggested.text, at);
    }
  }
  return Found{&file, text.tokens[like.first], end, like.similarity};
}

// All of `wanted` on one of `lines`, behind whatever: a formatter broke the
// line before it, or joined it with the one above.
std::optional<Found> WholeWithin(const LexedFile& file, std::uint32_t line,
                                 const GlyphText& wanted) {
  const GlyphText& text = file.glyphs();
  if (line > text.line_count()) return std::nullopt;
  for (std::size_t token = text.TokenAt(text.LineBegin(line));
       token < text.tokens.size() && text.tokens[token] < text.LineEnd(line);
       ++token) {
    if (StandsAt(text, wanted, text.tokens[token])) {
      return Whole(file, wanted, text.tokens[token]);
    }
  }
  return std::nullopt;
}

// All of `wanted` behind other code on the line above: a formatter joined them.
// Not the whole of that line, which a model may repeat.
std::optional<Found> JoinedAbove(const LexedFile& file, std::uint32_t line,
                                 const GlyphText& wanted) {
  if (line < 2 || !file.Added(line - 1)) return std::nullopt;
  auto found = WholeWithin(file, line - 1, wanted);
  if (found && found->begin == file.glyphs().LineBegin(line - 1)) {
    return std::nullopt;
  }
  return found;
}

// Of `near`, the line that goes on behind the cursor as the editor told.
std::optional<std::uint32_t> LineAsTyped(const LexedFile& file,
                                         const std::vector<std::uint32_t>& near,
                                         const Suggested& suggested) {
  if (!suggested.typed || suggested.typed->glyphs.empty()) return std::nullopt;
  const GlyphText& text = file.glyphs();
  for (const std::uint32_t line : near) {
    if (line > text.line_count()) continue;
    const std::size_t begin = text.Behind(line, suggested.typed_characters);
    if (begin != std::string::npos && StandsAt(text, *suggested.typed, begin)) {
      return line;
    }
  }
  return std::nullopt;
}

std::string_view Slice(const LexedFile& file, std::size_t from,
                       std::size_t to) {
  return std::string_view(file.change().new_text).substr(from, to - from);
}

// From byte `from` to its line's end, without the blanks there.
std::string_view ToLineEnd(const LexedFile& file, std::size_t from) {
  const std::string_view text = file.change().new_text;
  const std::string_view line =
      text.substr(from, std::min(text.find('\n', from), text.size()) - from);
  return line.substr(0, line.find_last_not_of(kBlanks) + 1);
}

// The best of a hunk's new lines and `around` lines above and below them.
std::optional<Found> LikeWithin(const LexedFile& file,
                                const code_analysis::Hunk& hunk,
                                std::uint32_t around, const GlyphText& wanted) {
  const GlyphText& text = file.glyphs();
  const std::uint32_t first = std::max<std::uint32_t>(
      1, hunk.new_start - std::min(hunk.new_start, around));
  const std::uint32_t last =
      std::min(hunk.new_start + hunk.new_lines + around, text.line_count() + 1);
  if (first >= last) return std::nullopt;
  const std::size_t from = text.TokenAt(text.LineBegin(first));
  const std::size_t until = text.TokenAt(text.LineEnd(last - 1));
  const Likeness like = LikestWithin(wanted, text, from, until);
  if (like.count == 0 || like.similarity < kLeastLikeness) return std::nullopt;
  return Found{&file, text.tokens[like.first], EndOf(text, like),
               like.similarity};
}

Standing StandingAt(const Found& found) {
  return {{found.file->change().new_path, found.line()}, found.end_line()};
}

}  // namespace

std::string_view Found::Text() const {
  const GlyphText& glyphs = file->glyphs();
  return Slice(*file, glyphs.offsets[begin], glyphs.offsets[end - 1] + 1);
}

std::string_view Found::TextToLineEnd() const {
  const GlyphText& glyphs = file->glyphs();
  const std::size_t from = glyphs.offsets[begin];
  const std::string_view tail = ToLineEnd(*file, glyphs.offsets[end - 1]);
  return Slice(*file, from, glyphs.offsets[end - 1] + tail.size());
}

std::string_view Instead::Text() const {
  const GlyphText& glyphs = file->glyphs();
  if (begin == glyphs.LineEnd(line)) return {};
  return ToLineEnd(*file, glyphs.offsets[begin]);
}

std::optional<Found> FindHere(const ChangedFiles& files, const Place& place,
                              const Suggested& suggested) {
  const LexedFile* const file = files.Find(place.path);
  if (file == nullptr || file->change().new_path.empty()) return std::nullopt;
  const std::vector<std::uint32_t> near = file->NearLines(place.line, kSlack);
  std::vector<std::uint32_t> exact = file->ExactLines(place.line);
  if (const auto line = LineAsTyped(*file, near, suggested)) exact = {*line};
  for (const std::uint32_t line : exact) {
    if (auto found = WholeAt(*file, line, suggested)) return found;
  }
  for (const std::uint32_t line : exact) {
    auto found = LikeAt(*file, line, suggested, kLeastLikeness);
    if (found) return found;
  }
  const bool taken = suggested.told == Told::kTaken;
  if (suggested.told == Told::kRefused) return std::nullopt;
  if (!taken && !SaysEnough(suggested.text)) return std::nullopt;
  for (const std::uint32_t line : exact) {
    if (auto found = JoinedAbove(*file, line, suggested.text)) return found;
  }
  // Something else stands where the cursor stood: the same words on a line
  // nearby are a later line of the developer's, which a model may foresee.
  if (!taken && !exact.empty()) return std::nullopt;
  for (const std::uint32_t line : near) {
    if (auto found = WholeAt(*file, line, suggested)) return found;
  }
  for (const std::uint32_t line : near) {
    auto found = WholeWithin(*file, line, suggested.text);
    if (found) return found;
  }
  for (const std::uint32_t line : near) {
    auto found = LikeAt(*file, line, suggested,
                        taken ? kLeastLikeness : kLeastLikenessNearby);
    if (found) return found;
  }
  return std::nullopt;
}

std::optional<Found> FindMoved(const ChangedFiles& files,
                               const GlyphText& wanted,
                               std::optional<std::uint32_t> typed_characters) {
  if (wanted.glyphs.size() < kLeastAligned) return std::nullopt;
  std::optional<Found> aligned;
  std::optional<Found> any;
  bool aligned_twice = false;
  bool twice = false;
  for (const LexedFile& file : files.files()) {
    const GlyphText& text = file.glyphs();
    for (std::size_t at = text.glyphs.find(wanted.glyphs);
         at != std::string::npos;
         at = text.glyphs.find(wanted.glyphs, at + 1)) {
      if (!text.TokenBeginsAt(at) || !StandsAt(text, wanted, at) ||
          !file.Added(text.lines[at])) {
        continue;
      }
      twice = any.has_value();
      any = Whole(file, wanted, at);
      if (typed_characters.value_or(0) > 0 &&
          text.Behind(text.lines[at], *typed_characters) == at) {
        aligned_twice = aligned.has_value();
        aligned = any;
      }
    }
  }
  // Where it stands twice nobody can say which it is.
  if (aligned && !aligned_twice) return aligned;
  return twice || !SaysEnough(wanted) ? std::nullopt : any;
}

std::optional<Instead> FindInstead(const ChangedFiles& files,
                                   const Place& place,
                                   const Suggested& suggested) {
  const LexedFile* const file = files.Find(place.path);
  if (file == nullptr || file->change().new_path.empty()) return std::nullopt;
  std::vector<std::uint32_t> lines = file->ExactLines(place.line);
  if (const auto line =
          LineAsTyped(*file, file->NearLines(place.line, kSlack), suggested)) {
    lines = {*line};
  }
  const GlyphText& text = file->glyphs();
  for (const std::uint32_t line : lines) {
    if (line > text.line_count() ||
        text.LineBegin(line) == text.LineEnd(line)) {
      continue;  // A blank line may stand anywhere.
    }
    std::size_t begin = text.Behind(line, suggested.typed_characters);
    if (begin == std::string::npos || begin > text.LineEnd(line)) {
      begin = text.LineBegin(line);
    }
    return Instead{file, line, begin};
  }
  return std::nullopt;
}

std::optional<Found> FindMovedAway(const ChangedFiles& files,
                                   const Instead& instead,
                                   const Suggested& suggested) {
  const std::uint32_t typed = suggested.typed_characters;
  if (typed == 0 || !SaysEnough(suggested.text)) return std::nullopt;
  auto moved = FindMoved(files, suggested.text, typed);
  if (!moved || moved->file == instead.file ||
      moved->file->glyphs().Behind(moved->line(), typed) != moved->begin) {
    return std::nullopt;
  }
  return moved;
}

std::optional<Standing> Follow(const ChangedFiles& files,
                               const Standing& standing,
                               const GlyphText& text) {
  const LexedFile* const file = files.Find(standing.place.path);
  if (file == nullptr || file->change().old_path.empty()) return standing;
  const code_analysis::FileChange& change = file->change();
  if (!change.new_path.empty()) {
    const auto first = file->NewLine(standing.place.line);
    const auto last = file->NewLine(standing.end_line);
    if (first && last &&
        *last - *first == standing.end_line - standing.place.line) {
      return Standing{{change.new_path, *first}, *last};
    }
    for (const code_analysis::Hunk& hunk : change.hunks) {
      const std::uint32_t behind = hunk.old_start + hunk.old_lines;
      if (behind < standing.place.line || hunk.old_start > standing.end_line) {
        continue;
      }
      const auto found = LikeWithin(
          *file, hunk, standing.end_line - standing.place.line, text);
      if (found) return StandingAt(*found);
    }
  }
  if (auto moved = FindMoved(files, text, std::nullopt))
    return StandingAt(*moved);
  return std::nullopt;
}

std::optional<Standing> FindAgain(const ChangedFiles& files,
                                  const Standing& standing,
                                  const GlyphText& text) {
  const LexedFile* const file = files.Find(standing.place.path);
  if (file != nullptr && !file->change().new_path.empty()) {
    for (const std::uint32_t line :
         file->NearLines(standing.place.line, kSlack)) {
      if (auto found = WholeWithin(*file, line, text)) {
        return StandingAt(*found);
      }
    }
  }
  if (auto moved = FindMoved(files, text, std::nullopt))
    return StandingAt(*moved);
  return std::nullopt;
}

}  // namespace evalloop::prompt_engine
