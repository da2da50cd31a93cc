#include "model_server/domain/held_out.h"

#include <algorithm>
#include <cstddef>
#include <random>
#include <utility>

#include "code_analysis/language.h"
#include "model_server/domain/index_builder.h"

namespace evalloop::model_server {
namespace {

using code_analysis::CommitChanges;
using code_analysis::FileChange;
using code_analysis::Hunk;
using code_analysis::LexedLines;
using code_analysis::Line;
using code_analysis::Token;
using code_analysis::TokenKind;

struct AddedLine {
  std::size_t file = 0;
  std::size_t line = 0;           // Into the file's LexedLines.
  std::uint32_t suffix_line = 0;  // First line of the old text behind the hunk.
};

bool IsCounted(const LexedLines& lexed, const Line& line) {
  if (line.in_comment || line.in_docstring || line.token_count < 3) {
    return false;
  }
  const auto tokens = lexed.TokensOf(line);
  return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return token.kind == TokenKind::kIdentifier;
  });
}

// The text from its 1-based line `number` on.
std::string_view FromLine(std::string_view text, std::uint32_t number) {
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < number; ++line) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) return {};
    ++at;
  }
  return text.substr(at);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const IndexSnapshot>> WalkHeldOut(
    const code_analysis::Repository& repository,
    std::shared_ptr<const IndexSnapshot> index,
    std::span<const code_analysis::CommitInfo> commits, HeldOutOptions options,
    absl::FunctionRef<bool(const IndexSnapshot&, const HeldOutLine&)> visit) {
  std::mt19937_64 random(options.seed);
  int visited = 0;
  for (const code_analysis::CommitInfo& commit : commits) {
    auto changes = repository.Changes(commit.sha, IsModelled);
    if (!changes.ok()) return changes.status();
    std::vector<LexedLines> lexed(changes->files.size());
    std::vector<AddedLine> added;
    for (std::size_t f = 0; f < changes->files.size(); ++f) {
      const FileChange& file = changes->files[f];
      if (file.hunks.empty() || file.new_path.empty() || !file.valid_utf8 ||
          !IsModelled(file.new_path) ||
          code_analysis::IsGeneratedOrVendored(file.new_path, file.new_text)) {
        continue;
      }
      lexed[f] = code_analysis::LexLines(
          file.new_text, code_analysis::LanguageOfPath(file.new_path));
      for (const Hunk& hunk : file.hunks) {
        const std::uint32_t behind = hunk.old_lines > 0
                                         ? hunk.old_start + hunk.old_lines
                                         : hunk.old_start + 1;
        for (std::size_t line = hunk.new_start;
             line < std::size_t{hunk.new_start} + hunk.new_lines; ++line) {
          if (line >= 1 && line <= lexed[f].lines.size() &&
              IsCounted(lexed[f], lexed[f].lines[line - 1])) {
            added.push_back({f, line - 1, behind});
          }
        }
      }
    }
    std::vector<AddedLine> drawn;
    std::sample(added.begin(), added.end(), std::back_inserter(drawn),
                options.lines_per_commit, random);
    for (const AddedLine& one : drawn) {
      const FileChange& file = changes->files[one.file];
      const Line& line = lexed[one.file].lines[one.line];
      const auto tokens = lexed[one.file].TokensOf(line);
      const std::size_t start = tokens.front().offset;
      const std::string_view text = file.new_text;
      const HeldOutLine seen{
          .path = file.new_path,
          .prefix = text.substr(0, start),
          .line = text.substr(start, line.offset + line.text.size() - start),
          .suffix = FromLine(file.old_text, one.suffix_line),
          .tokens = tokens};
      if (!visit(*index, seen) || ++visited >= options.max_lines) return index;
    }
    auto next = MoveIndex(repository, *index, commit.sha);
    if (!next.ok()) return next.status();
    index = *std::move(next);
  }
  return index;
}

}  // namespace evalloop::model_server
