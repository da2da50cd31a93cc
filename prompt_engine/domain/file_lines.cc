#include "prompt_engine/domain/file_lines.h"

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "code_analysis/lexer.h"
#include "code_analysis/outline.h"
#include "code_analysis/shapes.h"
#include "prompt_engine/domain/code_names.h"
#include "prompt_engine/domain/scan_commit.h"

namespace evalloop::prompt_engine {
namespace {

using code_analysis::CodePiece;
using code_analysis::PieceKind;
using code_analysis::StableHash;
using code_analysis::Token;
using code_analysis::TokenKind;

// Windows of a file that is too long to be parsed at once.
constexpr int kMostWindows = 8;
constexpr std::string_view kBlanks = " \t\v\f\r\n";

std::uint32_t LinesOf(std::string_view text) {
  return static_cast<std::uint32_t>(
             std::count(text.begin(), text.end(), '\n')) +
         (text.empty() || text.back() == '\n' ? 0 : 1);
}

// Where each line of a text starts, and where the last one ends.
class LineStarts {
 public:
  explicit LineStarts(std::string_view text) : text_(text), starts_{0} {
    for (std::size_t i = 0;
         (i = text.find('\n', i)) != std::string_view::npos;) {
      starts_.push_back(++i);
    }
    if (starts_.back() != text.size()) starts_.push_back(text.size());
  }

  // The lines [first, first + count), from 1.
  std::string_view Lines(std::uint32_t first, std::uint32_t count) const {
    const std::size_t last = starts_.size() - 1;
    const std::size_t from = std::min<std::size_t>(first - 1, last);
    const std::size_t to = std::min<std::size_t>(from + count, last);
    return text_.substr(starts_[from], starts_[to] - starts_[from]);
  }

 private:
  const std::string_view text_;
  std::vector<std::size_t> starts_;
};

std::optional<ItemClass> ClassOf(PieceKind kind) {
  switch (kind) {
    case PieceKind::kStatement:
      return ItemClass::kStatement;
    case PieceKind::kBlock:
      return ItemClass::kBlock;
    case PieceKind::kBody:
      return ItemClass::kBody;
    case PieceKind::kFunction:
      break;
  }
  return std::nullopt;
}

// Of the function's own name and the number of its parameters.
std::int64_t SignatureKey(const CodePiece& piece,
                          code_analysis::Language language) {
  if (piece.kind != PieceKind::kBody) return 0;
  const std::size_t dot = piece.symbol.rfind('.');
  const std::string_view name =
      dot == std::string::npos ? std::string_view(piece.symbol)
                               : std::string_view(piece.symbol).substr(dot + 1);
  std::size_t parameters = 0;
  int depth = 0;
  bool any = false;
  for (const char c : piece.signature) {
    if (c == '(' || c == '[' || c == '{' || c == '<') ++depth;
    if (c == ')' || c == ']' || c == '}' || c == '>') --depth;
    if (depth == 1 && c == ',') ++parameters;
    any = any || (depth >= 1 && c != '(' && c != ' ');
  }
  return static_cast<std::int64_t>(
      StableHash(name, 1000 * static_cast<std::uint64_t>(language) +
                           (any ? parameters + 1 : 0) + 1));
}

}  // namespace

FileLines::FileLines(const code_analysis::FileChange& change)
    : change_(change) {
  const std::string& path =
      change.new_path.empty() ? change.old_path : change.new_path;
  language_ = code_analysis::LanguageOfPath(path);
  generated_ = code_analysis::IsGeneratedOrVendored(
      path, change.new_path.empty() ? change.old_text : change.new_text);
  runs_ = replay::AddedRuns(change, {});
  step_.path = change.new_path;
  step_.old_path = change.old_path;
  step_.old_lines = LinesOf(change.old_text);
  step_.new_lines = LinesOf(change.new_text);
  step_.hunks = change.hunks;
  for (const replay::AddedRun& run : runs_) {
    for (const replay::AddedLine& line : run.lines) {
      if (line.token_starts.empty()) continue;
      step_.stored.push_back(static_cast<std::uint32_t>(line.number));
    }
  }
  if (generated_ || !change.valid_utf8) return;
  FindRemoved();
}

void FileLines::FindRemoved() {
  std::uint32_t removed = 0;
  for (const auto& hunk : change_.hunks) removed += hunk.old_lines;
  if (removed == 0 && runs_.empty()) return;
  for (const replay::AddedRun& run : runs_) {
    for (const replay::AddedLine& line : run.lines) {
      if (line.token_starts.empty()) continue;
      added_[static_cast<std::uint32_t>(line.number)] =
          TokenKey(LineText(run, line), language_);
    }
  }
  if (removed == 0) return;
  const LineStarts before(change_.old_text);
  const LineStarts after(change_.new_text);
  for (const auto& hunk : change_.hunks) {
    // Each line by itself: the same on both sides, whatever it stands in.
    for (std::uint32_t i = 0; i < hunk.old_lines; ++i) {
      const std::string_view line = before.Lines(hunk.old_start + i, 1);
      if (line.find_first_not_of(kBlanks) == std::string_view::npos) continue;
      removed_.push_back({hunk.old_start + i, TokenKey(line, language_)});
    }
    if (hunk.old_lines == 0 || hunk.new_lines == 0) continue;
    if (LayoutFreeKey(before.Lines(hunk.old_start, hunk.old_lines),
                      language_) !=
        LayoutFreeKey(after.Lines(hunk.new_start, hunk.new_lines), language_)) {
      continue;
    }
    for (std::uint32_t i = 0; i < hunk.new_lines; ++i) {
      if (added_.count(hunk.new_start + i) == 0) continue;
      step_.moves.push_back(
          {hunk.new_start + i, 0,
           hunk.old_start + i * hunk.old_lines / hunk.new_lines});
    }
  }
}

void FindMoves(std::vector<FileLines>& files) {
  using Place = std::pair<std::uint32_t, std::uint32_t>;  // File, old line.
  std::unordered_map<std::int64_t, std::deque<Place>> removed;
  for (std::uint32_t f = 0; f < files.size(); ++f) {
    for (auto& move : files[f].step_.moves) move.from_step = f;
    for (const auto& [line, key] : files[f].removed_) {
      removed[key].emplace_back(f, line);
    }
  }
  if (removed.empty()) return;
  for (const bool same_file : {true, false}) {
    for (std::uint32_t f = 0; f < files.size(); ++f) {
      auto& moves = files[f].step_.moves;
      std::vector<LineageStep::Move> found;
      auto known = moves.begin();
      for (const auto& [line, key] : files[f].added_) {
        while (known != moves.end() && known->line < line) ++known;
        if (known != moves.end() && known->line == line) continue;
        const auto there = removed.find(key);
        if (there == removed.end()) continue;
        auto place = there->second.begin();
        if (same_file) {
          place = std::find_if(there->second.begin(), there->second.end(),
                               [f](const Place& p) { return p.first == f; });
        }
        if (place == there->second.end()) continue;
        found.push_back({line, place->first, place->second});
        there->second.erase(place);
      }
      moves.insert(moves.end(), found.begin(), found.end());
      std::sort(moves.begin(), moves.end(),
                [](const auto& a, const auto& b) { return a.line < b.line; });
    }
  }
}

ChangedFile FileLines::Summary() const {
  ChangedFile file;
  file.path = change_.new_path.empty() ? change_.old_path : change_.new_path;
  file.generated = generated_;
  switch (change_.status) {
    case code_analysis::FileStatus::kAdded:
      file.kind = ChangeKind::kAdded;
      break;
    case code_analysis::FileStatus::kModified:
      file.kind = ChangeKind::kModified;
      break;
    case code_analysis::FileStatus::kDeleted:
      file.kind = ChangeKind::kDeleted;
      break;
    case code_analysis::FileStatus::kRenamed:
      file.kind = ChangeKind::kRenamed;
      file.old_path = change_.old_path;
      break;
  }
  for (const auto& hunk : change_.hunks) {
    file.added += hunk.new_lines;
    file.removed += hunk.old_lines;
  }
  return file;
}

AddedCode FileLines::CodeOf(const replay::AddedRun& run,
                            const replay::AddedLine& line) {
  AddedCode code;
  code.path = run.path;
  code.language = code_analysis::NameOf(run.language);
  code.line = static_cast<std::uint32_t>(line.number);
  code.text = LineText(run, line);
  code.tokens = static_cast<std::uint32_t>(line.token_starts.size());
  code.counted = line.counted;
  code.moved = MostlyMoved(code.line, code.line);
  code.token_key = TokenKey(code.text, run.language);
  code.context_key = ContextKey(run, line);
  return code;
}

bool FileLines::MostlyMoved(std::uint32_t first, std::uint32_t last) const {
  const auto from = std::lower_bound(
      step_.moves.begin(), step_.moves.end(), first,
      [](const auto& move, std::uint32_t line) { return move.line < line; });
  std::uint32_t moved = 0;
  for (auto move = from; move != step_.moves.end() && move->line <= last;
       ++move) {
    ++moved;
  }
  const auto lines = static_cast<std::uint32_t>(
      std::distance(added_.lower_bound(first), added_.upper_bound(last)));
  return lines == 0 || 2 * moved > lines;
}

void FileLines::Take(IngestedCommit& commit) {
  for (const replay::AddedRun& run : runs_) {
    for (const replay::AddedLine& line : run.lines) {
      if (line.token_starts.empty()) continue;
      if (commit.lines.size() == kMaxLinesPerCommit) return;
      commit.lines.push_back(CodeOf(run, line));
    }
  }
  TakePieces(commit);
}

void FileLines::TakePieces(IngestedCommit& commit) {
  const auto long_run =
      std::find_if(runs_.begin(), runs_.end(),
                   [](const auto& run) { return run.lines.size() > 1; });
  if (long_run == runs_.end()) return;
  const std::string_view text = change_.new_text;
  std::vector<CodePiece> pieces;
  if (code_analysis::OutlineSeesAll(text)) {
    pieces = code_analysis::Outline(text, language_);
  } else {
    int windows = 0;
    std::size_t seen = 0;  // Offset up to which pieces are known.
    for (const replay::AddedRun& run : runs_) {
      if (run.lines.size() < 2 || run.lines.front().begin < seen) continue;
      if (++windows > kMostWindows) break;
      for (CodePiece& piece : code_analysis::Outline(
               text, language_,
               static_cast<std::uint32_t>(run.lines.front().number))) {
        if (piece.begin < seen) continue;
        pieces.push_back(std::move(piece));
      }
      if (!pieces.empty()) {
        seen = std::max(seen, pieces.back().begin + 1);
      }
    }
  }
  for (const CodePiece& piece : pieces) {
    const auto item_class = ClassOf(piece.kind);
    if (!item_class ||
        piece.last_line - piece.first_line + 1 > MostLinesOf(*item_class) ||
        piece.last_line == piece.first_line ||
        piece.end - piece.begin > kMostPieceBytes ||
        MostlyMoved(piece.first_line, piece.last_line)) {
      continue;
    }
    const auto run =
        std::find_if(runs_.begin(), runs_.end(), [&](const auto& r) {
          return static_cast<std::uint32_t>(r.lines.front().number) <=
                     piece.first_line &&
                 piece.last_line <=
                     static_cast<std::uint32_t>(r.lines.back().number);
        });
    if (run == runs_.end()) continue;
    replay::AddedLine start;
    start.begin = text.rfind('\n', piece.begin) + 1;  // npos + 1 is 0.
    if (text.substr(start.begin, piece.begin - start.begin)
            .find_first_not_of(kBlanks) != std::string_view::npos) {
      continue;
    }
    AddedPiece added;
    added.item_class = *item_class;
    added.path = change_.new_path;
    added.language = code_analysis::NameOf(language_);
    added.first_line = piece.first_line;
    added.last_line = piece.last_line;
    added.symbol = piece.symbol;
    added.text = text.substr(piece.begin, piece.end - piece.begin);
    added.indent = text.substr(start.begin, piece.begin - start.begin);
    if (code_analysis::Lex(added.text, language_).size() < kLeastPieceTokens) {
      continue;
    }
    added.documented = !piece.documentation.empty();
    added.token_key = TokenKey(added.text, language_);
    added.context_key = ContextKey(*run, start);
    added.signature_key = SignatureKey(piece, language_);
    if (commit.pieces.size() == kMaxPiecesPerCommit) return;
    commit.pieces.push_back(std::move(added));
  }
}

}  // namespace evalloop::prompt_engine
