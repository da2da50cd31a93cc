#include "prompt_engine/domain/changed_files.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace evalloop::prompt_engine {
namespace {

using code_analysis::Hunk;

std::int64_t GrowthOf(const Hunk& hunk) {
  return static_cast<std::int64_t>(hunk.new_lines) - hunk.old_lines;
}

// The first old line that stands below the hunk.
std::uint32_t OldEnd(const Hunk& hunk) {
  return hunk.old_lines == 0 ? hunk.old_start + 1
                             : hunk.old_start + hunk.old_lines;
}

}  // namespace

LexedFile::LexedFile(const code_analysis::FileChange& change)
    : change_(&change),
      language_(code_analysis::LanguageOfPath(
          change.new_path.empty() ? change.old_path : change.new_path)) {}

const GlyphText& LexedFile::glyphs() const {
  if (!glyphs_) glyphs_ = GlyphsOf(change_->new_text, language_);
  return *glyphs_;
}

const Hunk* LexedFile::HunkOf(std::uint32_t line) const {
  const auto& hunks = change_->hunks;
  const auto after = std::upper_bound(
      hunks.begin(), hunks.end(), line,
      [](std::uint32_t at, const Hunk& hunk) { return at < hunk.new_start; });
  // A hunk that only deletes names the line above it and holds none; the one
  // before may end there.
  for (auto hunk = after; hunk != hunks.begin();) {
    --hunk;
    if (hunk->new_lines == 0) continue;
    return line < hunk->new_start + hunk->new_lines ? &*hunk : nullptr;
  }
  return nullptr;
}

bool LexedFile::Added(std::uint32_t line) const {
  return HunkOf(line) != nullptr;
}

std::vector<std::uint32_t> LexedFile::NearLines(std::uint32_t line,
                                                std::uint32_t slack) const {
  std::vector<std::uint32_t> near;
  std::int64_t longer = 0;
  std::int64_t shorter = 0;
  const std::int64_t wanted = line;
  for (const Hunk& hunk : change_->hunks) {
    // Line `at` may have stood from (at - longer - lines above it in the hunk)
    // to (at - shorter + lines that the hunk replaced).
    const std::int64_t first = hunk.new_start - longer - slack;
    if (wanted >= first) {
      for (std::uint32_t i = 0; i < hunk.new_lines; ++i) {
        const std::uint32_t at = hunk.new_start + i;
        if (wanted <= at - shorter + hunk.old_lines + slack) near.push_back(at);
      }
    }
    (GrowthOf(hunk) > 0 ? longer : shorter) += GrowthOf(hunk);
  }
  std::stable_sort(near.begin(), near.end(),
                   [wanted](std::int64_t a, std::int64_t b) {
                     return std::abs(a - wanted) < std::abs(b - wanted);
                   });
  if (near.size() > kMostNear) near.resize(kMostNear);
  return near;
}

std::vector<std::uint32_t> LexedFile::ExactLines(std::uint32_t line) const {
  std::vector<std::uint32_t> exact;
  if (Added(line)) exact.push_back(line);
  std::int64_t shift = 0;
  for (const Hunk& hunk : change_->hunks) {
    const std::int64_t at = line + shift;
    if (shift != 0 && at >= hunk.new_start &&
        at < std::int64_t{hunk.new_start} + hunk.new_lines) {
      exact.push_back(static_cast<std::uint32_t>(at));
    }
    shift += GrowthOf(hunk);
  }
  return exact;
}

std::optional<std::uint32_t> LexedFile::NewLine(std::uint32_t old_line) const {
  std::int64_t shift = 0;
  for (const Hunk& hunk : change_->hunks) {
    if (OldEnd(hunk) <= old_line) {
      shift += GrowthOf(hunk);
      continue;
    }
    if (hunk.old_lines > 0 && hunk.old_start <= old_line) return std::nullopt;
    break;
  }
  return static_cast<std::uint32_t>(old_line + shift);
}

std::uint32_t LexedFile::NearestNewLine(std::uint32_t old_line) const {
  if (const auto line = NewLine(old_line)) return *line;
  for (const Hunk& hunk : change_->hunks) {
    if (OldEnd(hunk) <= old_line) continue;
    if (hunk.new_lines == 0) return hunk.new_start + 1;
    return hunk.new_start +
           std::min(old_line - hunk.old_start, hunk.new_lines - 1);
  }
  return old_line;  // Not reached: a hunk replaced it.
}

ChangedFiles::ChangedFiles(const code_analysis::CommitChanges& changes) {
  for (const code_analysis::FileChange& change : changes.files) {
    if (!change.valid_utf8) continue;
    const bool gone = change.new_path.empty();
    if (code_analysis::IsGeneratedOrVendored(
            gone ? change.old_path : change.new_path,
            gone ? change.old_text : change.new_text)) {
      continue;
    }
    files_.emplace_back(change);
  }
}

const LexedFile* ChangedFiles::Find(std::string_view path) const {
  for (const LexedFile& file : files_) {
    if (file.change().old_path == path) return &file;
  }
  for (const LexedFile& file : files_) {
    if (file.change().old_path.empty() && file.change().new_path == path) {
      return &file;
    }
  }
  return nullptr;
}

}  // namespace evalloop::prompt_engine
