#include "prompt_engine/domain/commit_words.h"

#include <algorithm>
#include <array>
#include <span>

namespace evalloop::prompt_engine {
namespace {

constexpr std::size_t kLeastQueryWords = 4;
constexpr std::size_t kMostQueryBytes = 160;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool HasWord(const std::vector<std::string>& words,
             std::span<const std::string_view> wanted) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
  });
}

constexpr auto kFixWords = std::to_array<std::string_view>(
    {"fix",      "fixes",      "fixed",         "bug",       "bugfix",
     "crash",    "crashes",    "leak",          "overflow",  "race",
     "deadlock", "cve",        "vulnerable",    "incorrect", "wrong",
     "broken",   "regression", "vulnerability", "panic",     "hang"});

// Of faults that are not the code's.
constexpr auto kSideWords = std::to_array<std::string_view>(
    {"typo",       "typos",       "docs",        "doc",         "documentation",
     "readme",     "changelog",   "comment",     "comments",    "style",
     "lint",       "format",      "test",        "tests",       "testing",
     "ci",         "build",       "compile",     "compiler",    "warning",
     "warnings",   "spelling",    "flake8",      "mypy",        "typing",
     "travis",     "merge",       "bump",        "docstring",   "workflow",
     "hint",       "hints",       "annotation",  "annotations", "stubs",
     "docstrings", "grammar",     "grammatical", "wording",     "black",
     "whitespace", "indentation", "cosmetic"});

// Of commits whose words say nothing of what the code does.
constexpr auto kEmptyWords = std::to_array<std::string_view>(
    {"merge",      "bump",        "release",  "revert",        "version",
     "changelog",  "typo",        "typos",    "cleanup",       "lint",
     "docs",       "doc",         "document", "documentation", "docstring",
     "docstrings", "readme",      "typing",   "hint",          "hints",
     "annotation", "annotations", "mypy",     "flake8",        "style",
     "formatting", "ci",          "test",     "tests",         "coverage",
     "ruff",       "noqa",        "hook",     "hooks",         "black",
     "comment",    "comments"});

// Of commits that a program makes.
constexpr auto kMachineWords =
    std::to_array<std::string_view>({"pre-commit", "[bot]", "auto-format"});

constexpr auto kWeaknessWords = std::to_array<std::string_view>(
    {"cve", "vulnerability", "vulnerable", "security", "xss", "csrf",
     "injection", "traversal", "overflow", "sanitize", "oob", "exploit",
     "redos", "spoofing", "underflow", "corruption", "uaf", "unauthorized",
     "hijacking"});

constexpr auto kWeaknessPhrases = std::to_array<std::string_view>(
    {"use-after-free", "use after free", "out-of-bound", "out of bound",
     "double free", "double-free", "heap overflow", "privilege escalation"});

bool Says(std::string_view text, std::span<const std::string_view> phrases) {
  const std::string lower = Lower(text);
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) {
                       return lower.find(phrase) != std::string::npos;
                     });
}

}  // namespace

std::vector<std::string> WordsIn(std::string_view text) {
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

bool SaysFix(std::string_view subject) {
  const auto words = WordsIn(subject);
  return words.size() >= 3 && HasWord(words, kFixWords) &&
         !HasWord(words, kSideWords) && !Says(subject, kMachineWords);
}

bool SaysWhat(std::string_view subject) {
  const auto words = WordsIn(QueryOf(subject));
  return words.size() >= kLeastQueryWords &&
         subject.size() <= kMostQueryBytes && !HasWord(words, kEmptyWords) &&
         !Says(subject, kMachineWords);
}

bool SaysWeakness(std::string_view message) {
  return HasWord(WordsIn(message), kWeaknessWords) ||
         Says(message, kWeaknessPhrases);
}

}  // namespace evalloop::prompt_engine
