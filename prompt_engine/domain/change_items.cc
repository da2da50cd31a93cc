#include "prompt_engine/domain/change_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "code_analysis/lexer.h"
#include "code_analysis/outline.h"
#include "prompt_engine/domain/code_names.h"
#include "prompt_engine/domain/commit_words.h"
#include "prompt_engine/domain/item_maker.h"
#include "prompt_engine/domain/item_tags.h"

namespace evalloop::prompt_engine {
namespace {

using code_analysis::CodePiece;
using code_analysis::FileChange;

// A fix that is small enough to be found by reading.
constexpr std::uint32_t kMostFixedLines = 40;
constexpr std::size_t kMostFixedFiles = 4;
constexpr std::uint32_t kMostReviewedLines = 150;

std::string_view SubjectOf(std::string_view message) {
  return message.substr(0, message.find('\n'));
}

struct LineRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

// Where a hunk is in the file before; what only adds, at the line above.
LineRange OldLines(const code_analysis::Hunk& hunk) {
  const std::uint32_t first = std::max<std::uint32_t>(1, hunk.old_start);
  return {first, hunk.old_lines == 0 ? first : first + hunk.old_lines - 1};
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.push_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

std::string Slice(const std::vector<std::string_view>& lines, LineRange range) {
  std::string out;
  for (std::uint32_t i = range.first; i <= range.last && i <= lines.size();
       ++i) {
    out += lines[i - 1];
    out += '\n';
  }
  return out;
}

// Tokens of the lines [first, first + count), from 1; not those of comments and
// docstrings.
std::vector<code_analysis::Token> CodeOf(const code_analysis::LexedLines& text,
                                         std::uint32_t first,
                                         std::uint32_t count) {
  std::vector<code_analysis::Token> tokens;
  for (std::size_t i = first; i < std::size_t{first} + count; ++i) {
    if (i == 0 || i > text.lines.size()) continue;
    const code_analysis::Line& line = text.lines[i - 1];
    if (line.in_docstring) continue;
    const auto of_line = text.TokensOf(line);
    tokens.insert(tokens.end(), of_line.begin(), of_line.end());
  }
  return tokens;
}

// A file of code whose code was changed, and the hunks that did so.
struct CodeChange {
  const FileChange* file = nullptr;
  code_analysis::Language language = code_analysis::Language::kUnknown;
  std::vector<code_analysis::Hunk> hunks;
  std::uint32_t lines = 0;  // Removed and added by them.
};

// As `diff` writes hunks without context.
std::string DiffOf(const CodeChange& change) {
  const FileChange& file = *change.file;
  const auto before = LinesOf(file.old_text);
  const auto after = LinesOf(file.new_text);
  std::string out =
      fmt::format("--- {}\n+++ {}\n", file.old_path, file.new_path);
  for (const auto& hunk : change.hunks) {
    out += fmt::format("@@ -{},{} +{},{} @@\n", hunk.old_start, hunk.old_lines,
                       hunk.new_start, hunk.new_lines);
    for (std::uint32_t i = 0; i < hunk.old_lines; ++i) {
      out += fmt::format("-{}\n", before[hunk.old_start - 1 + i]);
    }
    for (std::uint32_t i = 0; i < hunk.new_lines; ++i) {
      out += fmt::format("+{}\n", after[hunk.new_start - 1 + i]);
    }
  }
  return out;
}

CodeChange CodeChangeOf(const FileChange& file) {
  CodeChange change{&file, code_analysis::LanguageOfPath(file.old_path), {}, 0};
  const auto before = code_analysis::LexLines(file.old_text, change.language);
  const auto after = code_analysis::LexLines(file.new_text, change.language);
  for (const auto& hunk : file.hunks) {
    if (LayoutFreeKey(CodeOf(before, hunk.old_start, hunk.old_lines)) ==
        LayoutFreeKey(CodeOf(after, hunk.new_start, hunk.new_lines))) {
      continue;
    }
    change.hunks.push_back(hunk);
    change.lines += hunk.old_lines + hunk.new_lines;
  }
  return change;
}

// The files whose code the commit changed; tests and documents beside them are
// no part of it. Empty where one is new or gone: then it is more than a change.
std::vector<CodeChange> ChangedCode(
    const code_analysis::CommitChanges& changes) {
  std::vector<CodeChange> code;
  for (const FileChange& file : changes.files) {
    const std::string& path =
        file.new_path.empty() ? file.old_path : file.new_path;
    if (IsTestPath(path) || IsSidePath(path)) continue;
    if (file.hunks.empty()) continue;
    if (file.status != code_analysis::FileStatus::kModified ||
        !file.valid_utf8 ||
        code_analysis::IsGeneratedOrVendored(path, file.old_text)) {
      return {};
    }
    CodeChange change = CodeChangeOf(file);
    if (!change.hunks.empty()) code.push_back(std::move(change));
  }
  return code;
}

struct ChangedFunction {
  CodePiece piece;                 // As it was.
  std::uint32_t first_change = 0;  // Its first changed line, as it was.
  std::uint32_t last_change = 0;
};

// The one function that the change is about: imports and constants may have to
// change for its sake. Nullopt where there are more, or none that was there
// before.
std::optional<ChangedFunction> FunctionOf(const CodeChange& change) {
  std::optional<ChangedFunction> found;
  for (const auto& hunk : change.hunks) {
    const LineRange lines = OldLines(hunk);
    const auto outline = code_analysis::Outline(change.file->old_text,
                                                change.language, lines.first);
    const CodePiece* const piece =
        code_analysis::FunctionAt(outline, lines.first);
    if (hunk.old_lines == 0) {
      // Right below a function another may begin.
      const auto now = code_analysis::Outline(change.file->new_text,
                                              change.language, hunk.new_start);
      const std::uint32_t last = hunk.new_start + hunk.new_lines - 1;
      const CodePiece* const added = code_analysis::FunctionAt(now, last);
      if (added != nullptr &&
          (piece == nullptr || added->symbol != piece->symbol))
        return std::nullopt;
      if (added == nullptr) continue;
    }
    if (piece == nullptr) continue;
    if (!found) {
      found = ChangedFunction{*piece, lines.first, lines.last};
    } else if (found->piece.symbol != piece->symbol) {
      return std::nullopt;
    }
    found->last_change = std::min(lines.last, piece->last_line);
  }
  return found;
}

void AddCommonTags(std::string_view text, code_analysis::Language language,
                   MinedItem& item) {
  item.tags.push_back(fmt::format("domain:{}", DomainOf(item.path, text)));
  item.tags.push_back(fmt::format(
      "complexity:{}", ComplexityOf(text, item.item_class, language)));
}

}  // namespace

std::optional<MinedItem> ReviewItem(
    const MineRequest& request, const CommitHeader& commit,
    std::string_view message, const code_analysis::CommitChanges& changes) {
  const std::string_view subject = SubjectOf(message);
  if (!SaysFix(subject)) return std::nullopt;
  const auto code = ChangedCode(changes);
  std::uint32_t changed = 0;
  for (const CodeChange& change : code) changed += change.lines;
  if (code.empty() || code.size() > kMostFixedFiles ||
      changed > kMostFixedLines) {
    return std::nullopt;
  }
  const CodeChange& change = *std::max_element(
      code.begin(), code.end(), [](const CodeChange& a, const CodeChange& b) {
        return a.lines < b.lines;
      });
  const FileChange& file = *change.file;
  const auto function = FunctionOf(change);
  if (!function) return std::nullopt;
  const CodePiece& piece = function->piece;
  if (piece.last_line - piece.first_line + 1 > kMostReviewedLines) {
    return std::nullopt;
  }
  MinedItem item = ItemOf(commit);
  item.task = TaskType::kReview;
  item.item_class = ItemClass::kBlock;
  item.path = file.old_path;
  item.language = code_analysis::NameOf(change.language);
  item.line = function->first_change;
  item.end_line = function->last_change;
  item.symbol = piece.symbol;
  item.prefix =
      Slice(LinesOf(file.old_text), {piece.first_line, piece.last_line});
  for (const CodeChange& part : code) item.committed += DiffOf(part);
  item.agreed = item.committed;
  item.seen = true;
  item.explanation = fmt::format(
      "{} mended this with the words \"{}\": the fix is the output.",
      commit.author, subject);
  const bool weakness = SaysWeakness(message);
  item.tags.push_back(fmt::format("tier:{}", weakness ? "known-vulnerability"
                                             : code.size() > 1
                                                 ? "cross-file"
                                                 : "domain-logic"));
  if (weakness ||
      IsSecuritySensitive(item.path, item.prefix, change.language)) {
    item.tags.push_back("security-sensitive");
  }
  AddCommonTags(item.prefix, change.language, item);
  item.criteria = {
      fmt::format("Does it say that something is wrong in `{}` at line {} of "
                  "{} (as it was)?",
                  piece.symbol, item.line, item.path),
      fmt::format("Does it name the fault that was mended as \"{}\"?",
                  QueryOf(subject)),
      "Would who follows it change the code to the same effect as the fix?",
      "Is everything else that it calls a fault really one?"};
  if (code.size() > 1) {
    std::string others;
    for (const CodeChange& part : code) {
      if (&part != &change) {
        others += (others.empty() ? "" : ", ") + part.file->old_path;
      }
    }
    item.criteria.push_back(
        fmt::format("Does it say that {} must change too?", others));
  }
  FinishItem(request, item);
  return item;
}

std::optional<MinedItem> SearchItem(
    const MineRequest& request, const CommitHeader& commit,
    std::string_view message, const code_analysis::CommitChanges& changes) {
  const std::string_view subject = SubjectOf(message);
  if (!SaysWhat(subject)) return std::nullopt;
  const auto code = ChangedCode(changes);
  if (code.size() != 1) return std::nullopt;
  const CodeChange& change = code.front();
  const FileChange& file = *change.file;
  const auto found = FunctionOf(change);
  if (!found) return std::nullopt;
  const CodePiece& function = found->piece;
  MinedItem item = ItemOf(commit);
  item.task = TaskType::kSearch;
  item.item_class = ItemClass::kBody;
  item.path = file.old_path;
  item.language = code_analysis::NameOf(change.language);
  item.line = function.first_line;
  item.end_line = function.last_line;
  item.symbol = function.symbol;
  item.prefix = QueryOf(subject);
  item.committed = fmt::format("{}:{}", item.path, item.symbol);
  item.agreed = item.committed;
  item.seen = true;
  item.explanation =
      fmt::format("{} changed {} in {} and nothing else, with these words.",
                  commit.author, item.symbol, item.path);
  const std::size_t dot = item.symbol.rfind('.');
  const auto name = WordsIn(
      dot == std::string::npos ? item.symbol : item.symbol.substr(dot + 1));
  const auto words = WordsIn(item.prefix);
  item.tags.push_back(!name.empty() && std::find(words.begin(), words.end(),
                                                 name.front()) != words.end()
                          ? "query:names-it"
                          : "query:describes-it");
  AddCommonTags(
      Slice(LinesOf(file.old_text), {function.first_line, function.last_line}),
      change.language, item);
  item.criteria = {fmt::format("Is {} among the first five places?", item.path),
                   fmt::format("Is `{}` of {} among the first five places?",
                               item.symbol, item.path)};
  FinishItem(request, item);
  return item;
}

}  // namespace evalloop::prompt_engine
