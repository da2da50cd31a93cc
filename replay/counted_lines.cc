#include "replay/counted_lines.h"

#include <algorithm>
#include <utility>

#include "code_analysis/lexer.h"

namespace evalloop::replay {
namespace {

constexpr std::size_t kLeastTokens = 3;
constexpr std::string_view kBlanks = " \t\v\f\r\n";

using code_analysis::LexedLines;
using code_analysis::TokenKind;

bool IsContinuationByte(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// The line of a lexed file as one that may be typed. Of a line that starts
// above `from`, only what stands behind it.
AddedLine MakeLine(std::string_view text, const LexedLines& lexed,
                   std::size_t index, std::size_t from, bool all_lines) {
  const code_analysis::Line& line = lexed.lines[index];
  AddedLine added;
  added.number = static_cast<int>(index) + 1;
  added.begin = std::max(line.offset, from);
  added.end = std::max(line.offset + line.text.size(), added.begin);
  while (added.end > added.begin && text[added.end - 1] == '\r') --added.end;
  bool identifier = false;
  for (const code_analysis::Token& token : lexed.TokensOf(line)) {
    if (token.offset < added.begin) continue;
    added.token_starts.push_back(token.offset);
    identifier = identifier || token.kind == TokenKind::kIdentifier;
  }
  if (all_lines) {
    const std::size_t first = text.find_first_not_of(kBlanks, added.begin);
    added.counted = first < added.end;
    if (added.counted && added.token_starts.empty()) {
      added.token_starts.push_back(first);
    }
  } else {
    added.counted = added.token_starts.size() >= kLeastTokens && identifier &&
                    !line.in_comment && !line.in_docstring;
  }
  return added;
}

// Where line `number` (1-based) of `text` starts; its end where it has fewer.
std::size_t LineStart(std::string_view text, std::uint32_t number) {
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  return at;
}

std::uint64_t Mix(std::uint64_t hash, std::string_view text) {
  for (const char c : text) {  // FNV-1a
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  hash ^= hash >> 32;
  return hash * 0x9e3779b97f4a7c15;
}

}  // namespace

std::int64_t AddedRun::counted_lines() const {
  return std::count_if(lines.begin(), lines.end(),
                       [](const AddedLine& line) { return line.counted; });
}

std::string_view AddedRun::PrefixAt(std::size_t cursor) const {
  const std::string_view above = std::string_view(*text).substr(0, cursor);
  if (above.size() <= kPrefixBytes) return above;
  std::size_t from = above.size() - kPrefixBytes;
  if (above[from - 1] != '\n') {
    const std::size_t end = above.find('\n', from);
    if (end != std::string_view::npos) {
      from = end + 1;
    } else {
      while (from < above.size() && IsContinuationByte(above[from])) ++from;
    }
  }
  return above.substr(from);
}

std::string_view AddedRun::Suffix() const {
  if (old_text == nullptr) return {};
  const std::string_view below = std::string_view(*old_text).substr(
      std::min(suffix_begin, old_text->size()));
  if (below.size() <= kSuffixBytes) return below;
  std::size_t size = kSuffixBytes;
  const std::size_t end = below.rfind('\n', size - 1);
  if (end != std::string_view::npos) {
    size = end + 1;
  } else {
    while (size > 0 && IsContinuationByte(below[size])) --size;
  }
  return below.substr(0, size);
}

std::vector<AddedRun> AddedRuns(const code_analysis::FileChange& change,
                                const CountedLineOptions& options) {
  std::vector<AddedRun> runs;
  if (change.new_path.empty() || change.hunks.empty() || !change.valid_utf8 ||
      code_analysis::IsGeneratedOrVendored(change.new_path, change.new_text)) {
    return runs;
  }
  const code_analysis::Language language =
      code_analysis::LanguageOfPath(change.new_path);
  if (language == code_analysis::Language::kUnknown && !options.all_lines) {
    return runs;
  }
  const auto text = std::make_shared<const std::string>(change.new_text);
  const auto old_text = std::make_shared<const std::string>(change.old_text);
  const LexedLines lexed = code_analysis::LexLines(*text, language);
  for (const code_analysis::Hunk& hunk : change.hunks) {
    AddedRun run;
    run.path = change.new_path;
    run.language = language;
    run.text = text;
    run.old_text = old_text;
    // A hunk that replaces nothing names the line above it.
    run.suffix_begin = LineStart(
        *old_text, hunk.old_lines > 0 ? hunk.old_start + hunk.old_lines
                                      : hunk.old_start + 1);
    for (std::uint32_t i = 0; i < hunk.new_lines; ++i) {
      const std::size_t index = hunk.new_start - 1 + i;
      if (index >= lexed.lines.size()) break;
      run.lines.push_back(MakeLine(*text, lexed, index, 0, options.all_lines));
    }
    if (run.counted_lines() > 0) runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<AddedRun> AddedRuns(const code_analysis::CommitChanges& changes,
                                const CountedLineOptions& options) {
  std::vector<AddedRun> runs;
  for (const code_analysis::FileChange& change : changes.files) {
    for (AddedRun& run : AddedRuns(change, options)) {
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

AddedRun RunOf(std::string_view path, code_analysis::Language language,
               std::string_view prefix, std::string_view committed,
               std::string_view suffix) {
  AddedRun run;
  run.path = path;
  run.language = language;
  run.text = std::make_shared<const std::string>(std::string(prefix) +
                                                 std::string(committed));
  run.old_text = std::make_shared<const std::string>(suffix);
  const LexedLines lexed = code_analysis::LexLines(*run.text, language);
  for (const bool all_lines : {false, true}) {
    run.lines.clear();
    for (std::size_t i = 0; i < lexed.lines.size(); ++i) {
      const code_analysis::Line& line = lexed.lines[i];
      const bool above = line.offset + line.text.size() <= prefix.size() &&
                         line.offset < prefix.size();
      if (above) continue;
      run.lines.push_back(
          MakeLine(*run.text, lexed, i, prefix.size(), all_lines));
    }
    if (run.counted_lines() > 0) break;
  }
  return run;
}

void SampleLines(std::int64_t keep, std::uint64_t seed,
                 std::vector<AddedRun>& runs) {
  struct Draw {
    std::uint64_t hash;
    AddedLine* line;
  };
  std::vector<Draw> draws;
  for (AddedRun& run : runs) {
    const std::uint64_t place = Mix(seed ^ 0xcbf29ce484222325, run.path);
    for (AddedLine& line : run.lines) {
      if (!line.counted) continue;
      const std::string_view text =
          std::string_view(*run.text).substr(line.begin, line.end - line.begin);
      const auto number = static_cast<std::uint64_t>(line.number);
      draws.push_back({Mix(place ^ (number << 20), text), &line});
    }
  }
  if (keep < 0 || static_cast<std::uint64_t>(keep) >= draws.size()) return;
  std::stable_sort(
      draws.begin(), draws.end(),
      [](const Draw& a, const Draw& b) { return a.hash < b.hash; });
  for (std::size_t i = static_cast<std::size_t>(keep); i < draws.size(); ++i) {
    draws[i].line->counted = false;
  }
  std::erase_if(runs,
                [](const AddedRun& run) { return run.counted_lines() == 0; });
}

}  // namespace evalloop::replay
