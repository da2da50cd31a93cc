#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_JOIN_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_JOIN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "code_analysis/language.h"
#include "prompt_engine/domain/changed_files.h"
#include "prompt_engine/domain/glyphs.h"

namespace evalloop::prompt_engine {

// A suggestion counts as edited, and as still alive, while at most a third of
// its tokens were changed: "mostly unchanged", the bound by which editors'
// telemetry measures persistence. Beyond it the developer wrote something else.
inline constexpr double kLeastLikeness = 1.0 - 1.0 / 3.0;

// What an editor told. It only adds: an outcome is told by commits alone.
enum class Told : std::uint8_t {
  kNothing,
  kTaken,    // Accepted, or accepted and edited.
  kRefused,  // Rejected, dismissed, or something else was typed.
};

// What is looked for in a commit.
struct Suggested {
  GlyphText text;
  std::uint32_t typed_characters = 0;  // Non-blank, before it on its line.
  Told told = Told::kNothing;
  // What stood from the cursor to the line's end in the editor; may be empty.
  std::optional<GlyphText> typed;
};

// Where it was offered, as the file before the commit has it.
struct Place {
  std::string path;
  std::uint32_t line = 0;
};

// A stretch of a changed file's new text.
struct Found {
  const LexedFile* file = nullptr;
  std::size_t begin = 0;  // Glyphs.
  std::size_t end = 0;
  double similarity = 0;  // To what was looked for; 1: nothing was changed.

  std::uint32_t line() const { return file->glyphs().lines[begin]; }
  std::uint32_t end_line() const { return file->glyphs().lines[end - 1]; }
  // The stretch as it stands, and that with what follows on its last line.
  std::string_view Text() const;
  std::string_view TextToLineEnd() const;
};

// The suggestion where it was offered, or near it, in one piece or with at most
// a third of its tokens changed. Nearer is better than more alike: a line that
// is where the cursor stood is asked first, and what stands elsewhere must say
// more to be believed.
std::optional<Found> FindHere(const ChangedFiles& files, const Place& place,
                              const Suggested& suggested);

// The text on an added line of any file, once and in one piece, when it says
// enough to be no chance: less is enough where it stands behind as much code as
// was typed before it.
std::optional<Found> FindMoved(const ChangedFiles& files,
                               const GlyphText& wanted,
                               std::optional<std::uint32_t> typed_characters);

// What a commit put where a suggestion was offered: from the cursor to the
// line's end, or the whole line where it begins in another way. May be empty.
struct Instead {
  const LexedFile* file = nullptr;
  std::uint32_t line = 0;
  std::size_t begin = 0;  // Glyphs.

  std::string_view Text() const;
};
// Nothing: the commit did not touch the place.
std::optional<Instead> FindInstead(const ChangedFiles& files,
                                   const Place& place,
                                   const Suggested& suggested);

// Where the suggestion was moved to, though `instead` stands in its place: all
// of it, in another file, behind exactly as much code as was typed before it.
// In the same file it is more likely a later line, which a model may foresee.
std::optional<Found> FindMovedAway(const ChangedFiles& files,
                                   const Instead& instead,
                                   const Suggested& suggested);

// A text that stood at lines `place.line` to `end_line` before the commit.
struct Standing {
  Place place;
  std::uint32_t end_line = 0;
};
// Where it stands after the commit; it is looked for like a suggestion.
// Nothing: it went.
std::optional<Standing> Follow(const ChangedFiles& files,
                               const Standing& standing, const GlyphText& text);
// Where a text that went stands again near its old place; nothing: nowhere.
std::optional<Standing> FindAgain(const ChangedFiles& files,
                                  const Standing& standing,
                                  const GlyphText& text);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_JOIN_H_
