#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_CHANGED_FILES_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_CHANGED_FILES_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "code_analysis/history.h"
#include "code_analysis/language.h"
#include "prompt_engine/domain/glyphs.h"

namespace evalloop::prompt_engine {

// One file of a commit, lexed when it is first asked for. Not thread-safe.
class LexedFile {
 public:
  explicit LexedFile(const code_analysis::FileChange& change);

  const code_analysis::FileChange& change() const { return *change_; }
  code_analysis::Language language() const { return language_; }
  // Of the new text.
  const GlyphText& glyphs() const;
  // Whether the commit added line `line` (from 1) of the new text.
  bool Added(std::uint32_t line) const;
  // The hunk that added it; null: none did.
  const code_analysis::Hunk* HunkOf(std::uint32_t line) const;

  // Added lines that may have been `line` of a working tree on its way from the
  // old text to the new one, the nearest to it first: hunks above may have been
  // typed or not, and so may the lines above it in its own hunk; `slack` lines
  // more for what was typed and taken away again. At most kMostNear.
  static constexpr std::size_t kMostNear = 2000;
  std::vector<std::uint32_t> NearLines(std::uint32_t line,
                                       std::uint32_t slack) const;
  // Those of them that are it if all hunks above had been typed, or none.
  std::vector<std::uint32_t> ExactLines(std::uint32_t line) const;
  // Where a line of the old text stands in the new one; absent where a hunk
  // replaced it.
  std::optional<std::uint32_t> NewLine(std::uint32_t old_line) const;
  // The same; where a hunk replaced it, as far into the hunk.
  std::uint32_t NearestNewLine(std::uint32_t old_line) const;

 private:
  const code_analysis::FileChange* change_;
  code_analysis::Language language_;
  mutable std::optional<GlyphText> glyphs_;
};

// The files of a commit that the lexer knows and somebody writes by hand, in
// path order. `changes` outlives it. Not thread-safe.
class ChangedFiles {
 public:
  explicit ChangedFiles(const code_analysis::CommitChanges& changes);

  const std::vector<LexedFile>& files() const { return files_; }
  // By the path before the commit, or for a new file by its path; null: not
  // touched.
  const LexedFile* Find(std::string_view path) const;

 private:
  std::vector<LexedFile> files_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_CHANGED_FILES_H_
