#include "prompt_engine/domain/change_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "code_analysis/outline.h"
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
constexpr std::size_t kLeastQueryWords = 4;
constexpr std::size_t kMostQueryBytes = 160;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// The words of a text, in small letters.
std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : Lower(text)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                        static_cast<unsigned char>(c) >= 0x80 || c == '_';
    if (letter) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool HasWord(const std::vector<std::string>& words,
             std::span<const std::string_view> wanted) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
  });
}

constexpr std::array<std::string_view, 20> kFixWords = {
    "fix",      "fixes",      "fixed",         "bug",       "bugfix",
    "crash",    "crashes",    "leak",          "overflow",  "race",
    "deadlock", "cve",        "vulnerable",    "incorrect", "wrong",
    "broken",   "regression", "vulnerability", "panic",     "hang"};

// Of faults that are not the code's.
constexpr std::array<std::string_view, 30> kSideWords = {
    "typo",     "typos",     "docs",    "doc",       "documentation",
    "readme",   "changelog", "comment", "comments",  "style",
    "lint",     "format",    "test",    "tests",     "testing",
    "ci",       "build",     "compile", "compiler",  "warning",
    "warnings", "spelling",  "flake8",  "mypy",      "typing",
    "travis",   "merge",     "bump",    "docstring", "workflow"};

constexpr std::array<std::string_view, 22> kWeaknessWords = {
    "cve",          "vulnerability", "vulnerable",  "security", "xss",
    "csrf",         "injection",     "traversal",   "overflow", "sanitize",
    "oob",          "exploit",       "redos",       "dos",      "spoofing",
    "underflow",    "corruption",    "memory_leak", "uaf",      "escape",
    "unauthorized", "hijacking"};

constexpr std::array<std::string_view, 8> kWeaknessPhrases = {
    "use-after-free", "use after free",      "out-of-bound",
    "out of bound",   "double free",         "double-free",
    "heap overflow",  "privilege escalation"};

bool Says(std::string_view text, std::span<const std::string_view> phrases) {
  const std::string lower = Lower(text);
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) {
                       return lower.find(phrase) != std::string::npos;
                     });
}

std::string_view SubjectOf(std::string_view message) {
  return message.substr(0, message.find('\n'));
}

// Without the number of the issue and what stands for the forge.
std::string QueryOf(std::string_view subject) {
  std::string query(subject);
  for (std::size_t open; (open = query.find("(#")) != std::string::npos;) {
    const std::size_t close = query.find(')', open);
    query.erase(open, close == std::string::npos ? close : close - open + 1);
  }
  while (!query.empty() && (query.back() == ' ' || query.back() == '.')) {
    query.pop_back();
  }
  return query;
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

// As `diff` writes hunks without context.
std::string DiffOf(const FileChange& file) {
  const auto before = LinesOf(file.old_text);
  const auto after = LinesOf(file.new_text);
  std::string out =
      fmt::format("--- {}\n+++ {}\n", file.old_path, file.new_path);
  for (const auto& hunk : file.hunks) {
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

std::uint32_t ChangedLines(const FileChange& file) {
  std::uint32_t lines = 0;
  for (const auto& hunk : file.hunks) lines += hunk.old_lines + hunk.new_lines;
  return lines;
}

// The files of code that the commit changed and that were there before. Empty
// where one is new or gone: then it is more than a change.
std::vector<const FileChange*> ChangedCode(
    const code_analysis::CommitChanges& changes) {
  std::vector<const FileChange*> files;
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
    files.push_back(&file);
  }
  return files;
}

void AddCommonTags(std::string_view text, code_analysis::Language language,
                   MinedItem& item) {
  item.tags.push_back(fmt::format("domain:{}", DomainOf(item.path, text)));
  item.tags.push_back(fmt::format(
      "complexity:{}", ComplexityOf(text, item.item_class, language)));
}

}  // namespace

bool SaysFix(std::string_view subject) {
  const auto words = Words(subject);
  return words.size() >= 3 && HasWord(words, kFixWords) &&
         !HasWord(words, kSideWords);
}

bool SaysWhat(std::string_view subject) {
  constexpr std::array<std::string_view, 10> kEmptyWords = {
      "merge",     "bump", "release", "revert",  "version",
      "changelog", "typo", "typos",   "cleanup", "lint"};
  const auto words = Words(QueryOf(subject));
  return words.size() >= kLeastQueryWords &&
         subject.size() <= kMostQueryBytes && !HasWord(words, kEmptyWords);
}

std::optional<MinedItem> ReviewItem(
    const MineRequest& request, const CommitHeader& commit,
    std::string_view message, const code_analysis::CommitChanges& changes) {
  const std::string_view subject = SubjectOf(message);
  if (!SaysFix(subject)) return std::nullopt;
  const auto files = ChangedCode(changes);
  std::uint32_t changed = 0;
  for (const FileChange* file : files) changed += ChangedLines(*file);
  if (files.empty() || files.size() > kMostFixedFiles ||
      changed > kMostFixedLines) {
    return std::nullopt;
  }
  const FileChange& file = **std::max_element(
      files.begin(), files.end(), [](const auto* a, const auto* b) {
        return ChangedLines(*a) < ChangedLines(*b);
      });
  const auto language = code_analysis::LanguageOfPath(file.old_path);
  const LineRange fault = OldLines(file.hunks.front());
  const auto outline =
      code_analysis::Outline(file.old_text, language, fault.first);
  const CodePiece* const function =
      code_analysis::FunctionAt(outline, fault.first);
  if (function == nullptr ||
      function->last_line - function->first_line + 1 > kMostReviewedLines) {
    return std::nullopt;
  }
  MinedItem item = ItemOf(commit);
  item.task = TaskType::kReview;
  item.item_class = ItemClass::kBlock;
  item.path = file.old_path;
  item.language = code_analysis::NameOf(language);
  item.line = fault.first;
  item.end_line = OldLines(file.hunks.back()).last;
  item.symbol = function->symbol;
  item.prefix = Slice(LinesOf(file.old_text),
                      {function->first_line, function->last_line});
  for (const FileChange* part : files) item.committed += DiffOf(*part);
  item.agreed = item.committed;
  item.seen = true;
  item.explanation = fmt::format(
      "{} mended this with the words \"{}\": the fix is the output.",
      commit.author, subject);
  const bool weakness = HasWord(Words(message), kWeaknessWords) ||
                        Says(message, kWeaknessPhrases);
  item.tags.push_back(fmt::format("tier:{}", weakness ? "known-vulnerability"
                                             : files.size() > 1
                                                 ? "cross-file"
                                                 : "domain-logic"));
  if (weakness || IsSecuritySensitive(item.path, item.prefix, language)) {
    item.tags.push_back("security-sensitive");
  }
  AddCommonTags(item.prefix, language, item);
  item.criteria = {
      fmt::format("Does it say that something is wrong in `{}` at line {} of "
                  "{} (as it was)?",
                  function->symbol, fault.first, item.path),
      fmt::format("Does it name the fault that was mended as \"{}\"?",
                  QueryOf(subject)),
      "Would who follows it change the code to the same effect as the fix?",
      "Is everything else that it calls a fault really one?"};
  if (files.size() > 1) {
    std::string others;
    for (const FileChange* part : files) {
      if (part != &file)
        others += (others.empty() ? "" : ", ") + part->old_path;
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
  const auto files = ChangedCode(changes);
  if (files.size() != 1) return std::nullopt;
  const FileChange& file = *files.front();
  const auto language = code_analysis::LanguageOfPath(file.old_path);
  std::set<std::string> symbols;
  CodePiece function;
  for (const auto& hunk : file.hunks) {
    const LineRange lines = OldLines(hunk);
    const auto outline =
        code_analysis::Outline(file.old_text, language, lines.first);
    const CodePiece* const found =
        code_analysis::FunctionAt(outline, lines.first);
    // Imports and constants may have to change for the function's sake.
    if (found == nullptr) continue;
    if (symbols.insert(found->symbol).second) function = *found;
  }
  if (symbols.size() != 1) return std::nullopt;
  MinedItem item = ItemOf(commit);
  item.task = TaskType::kSearch;
  item.item_class = ItemClass::kBody;
  item.path = file.old_path;
  item.language = code_analysis::NameOf(language);
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
  const std::string name = Lower(
      dot == std::string::npos ? item.symbol : item.symbol.substr(dot + 1));
  const auto words = Words(item.prefix);
  item.tags.push_back(std::find(words.begin(), words.end(), name) != words.end()
                          ? "query:names-it"
                          : "query:describes-it");
  AddCommonTags(
      Slice(LinesOf(file.old_text), {function.first_line, function.last_line}),
      language, item);
  item.criteria = {fmt::format("Is {} among the first five places?", item.path),
                   fmt::format("Is `{}` of {} among the first five places?",
                               item.symbol, item.path)};
  FinishItem(request, item);
  return item;
}

}  // namespace evalloop::prompt_engine
