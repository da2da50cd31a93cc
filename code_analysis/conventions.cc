#include "code_analysis/conventions.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "code_analysis/lexer.h"

namespace evalloop::code_analysis {
namespace {

// What is looked at around the candidate, bytes before and after.
constexpr std::size_t kAroundBytes = std::size_t{64} << 10;
// Fewer occurrences around are chance, not habit.
constexpr std::size_t kLeastSeen = 3;

enum Habit : std::uint8_t {
  kLowerNames,
  kUpperNames,
  kQuotes,
  kIndentation,
  kBraces,
  kStatementEnds,
  kAssignments,
  kCommas,
  kHabits,
};
constexpr std::array<double, kHabits> kWeights = {3, 3, 2, 2, 1, 1, 1, 1};
constexpr double kLengthWeight = 1;

// How often each of two choices was made, by habit.
using Choices = std::array<std::size_t, 2>;

struct Style {
  std::array<Choices, kHabits> habits = {};
  std::vector<std::size_t> line_lengths;  // Bytes, of lines that hold code.

  void See(Habit habit, bool second) { ++habits[habit][second ? 1 : 0]; }
};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }

void SeeName(std::string_view name, Style& style) {
  while (!name.empty() &&
         (name.front() == '_' || name.front() == '@' || name.front() == '$')) {
    name.remove_prefix(1);
  }
  while (!name.empty() && name.back() == '_') name.remove_suffix(1);
  if (name.size() < 2) return;
  const bool underscore = name.find('_') != std::string_view::npos;
  const bool lower = std::any_of(name.begin(), name.end(), IsLower);
  const bool upper = std::any_of(name.begin(), name.end(), IsUpper);
  if (IsLower(name.front())) {
    if (underscore == upper) return;  // One word, or neither form.
    style.See(kLowerNames, upper);
  } else if (IsUpper(name.front())) {
    if (!lower && !underscore) return;  // One word in capitals: an acronym.
    if (lower && underscore) return;
    style.See(kUpperNames, underscore);
  }
}

bool QuotesAreAChoice(Language language) {
  return language == Language::kPython || language == Language::kJavaScript ||
         language == Language::kTypeScript || language == Language::kTsx ||
         language == Language::kRuby || language == Language::kBash;
}

bool SemicolonsAreAChoice(Language language) {
  return language == Language::kJavaScript ||
         language == Language::kTypeScript || language == Language::kTsx;
}

bool HasBraces(Language language) {
  return language != Language::kPython && language != Language::kRuby &&
         language != Language::kUnknown;
}

void SeeString(std::string_view text, Style& style) {
  const std::size_t quote = text.find_first_of("'\"");
  if (quote == std::string_view::npos) return;
  const char other = text[quote] == '"' ? '\'' : '"';
  // A text that holds the other quote leaves no choice.
  if (text.find(other) != std::string_view::npos) return;
  style.See(kQuotes, text[quote] == '"');
}

void SeeTokens(std::string_view text, Language language, Style& style) {
  const std::vector<Token> tokens = Lex(text, language, {.newlines = true});
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const char before = token.offset == 0 ? '\n' : text[token.offset - 1];
    const std::size_t end = token.offset + token.text.size();
    const char after = end < text.size() ? text[end] : '\n';
    switch (token.kind) {
      case TokenKind::kIdentifier:
        SeeName(token.text, style);
        break;
      case TokenKind::kString:
        if (QuotesAreAChoice(language)) SeeString(token.text, style);
        break;
      case TokenKind::kOperator:
        if (token.text == "=") {
          style.See(kAssignments, !IsBlank(before));
        } else if (token.text == "," && after != '\n' && after != '\r') {
          style.See(kCommas, !IsBlank(after));
        } else if (token.text == "{" && HasBraces(language) &&
                   (after == '\n' || after == '\r')) {
          const bool own_line =
              i == 0 || tokens[i - 1].kind == TokenKind::kNewline;
          style.See(kBraces, own_line);
        }
        break;
      case TokenKind::kNewline:
        if (SemicolonsAreAChoice(language) && i > 0) {
          const Token& last = tokens[i - 1];
          const bool ends = last.text == ";";
          if (ends || last.kind == TokenKind::kIdentifier ||
              last.kind == TokenKind::kString ||
              last.kind == TokenKind::kNumber || last.text == ")") {
            style.See(kStatementEnds, !ends);
          }
        }
        break;
      default:
        break;
    }
  }
}

// `whole_first`, `whole_last`: whether the first and last line are whole ones.
void SeeLines(std::string_view text, bool whole_first, bool whole_last,
              Style& style) {
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const bool last = end == std::string_view::npos;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(last ? text.size() : end + 1);
    const bool whole = (!first || whole_first) && (!last || whole_last);
    first = false;
    if (!whole || line.find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    style.line_lengths.push_back(line.size());
    if (line.front() == '\t') {
      style.See(kIndentation, true);
    } else if (line.substr(0, 2) == "  ") {
      style.See(kIndentation, false);
    }
  }
}

// What stands around as one text, cut at line ends.
std::string Around(Surroundings around) {
  std::string_view before = around.prefix;
  if (before.size() > kAroundBytes) {
    before.remove_prefix(before.size() - kAroundBytes);
    const std::size_t line = before.find('\n');
    if (line != std::string_view::npos) before.remove_prefix(line + 1);
  }
  std::string_view after = around.suffix.substr(0, kAroundBytes);
  const std::size_t line = after.find('\n');
  after.remove_prefix(line == std::string_view::npos ? after.size() : line);
  std::string text(before);
  text.append(after);
  return text;
}

// See the header.
double Agreement(const Choices& own, const Choices& theirs) {
  const double favourite = static_cast<double>(std::max(theirs[0], theirs[1]));
  double agreement = 0;
  for (int i = 0; i < 2; ++i) {
    agreement += static_cast<double>(own[i]) * static_cast<double>(theirs[i]) /
                 favourite;
  }
  return agreement / static_cast<double>(own[0] + own[1]);
}

// The share of `own` that are no longer than 19 of 20 of `theirs`.
double LengthAgreement(const std::vector<std::size_t>& own,
                       std::vector<std::size_t> theirs) {
  const std::size_t rank = (theirs.size() - 1) * 19 / 20;
  std::nth_element(theirs.begin(),
                   theirs.begin() + static_cast<std::ptrdiff_t>(rank),
                   theirs.end());
  const std::size_t most = theirs[rank];
  const auto within =
      std::count_if(own.begin(), own.end(),
                    [&](std::size_t length) { return length <= most; });
  return static_cast<double>(within) / static_cast<double>(own.size());
}

}  // namespace

Measure ConventionScore(std::string_view candidate, Surroundings around,
                        Language language) {
  if (language == Language::kUnknown) return Measure::Missing("no_grammar");
  Style theirs;
  const std::string context = Around(around);
  SeeTokens(context, language, theirs);
  SeeLines(context, /*whole_first=*/true, /*whole_last=*/true, theirs);

  Style own;
  SeeTokens(candidate, language, own);
  // The first line goes on where the cursor is: seen whole with what stands
  // before it. The last one ends where the suffix begins.
  const std::size_t line = around.prefix.rfind('\n');
  std::string whole(line == std::string_view::npos
                        ? around.prefix
                        : around.prefix.substr(line + 1));
  if (whole.size() > 4096) whole.clear();
  whole.append(candidate);
  SeeLines(whole, /*whole_first=*/true, /*whole_last=*/true, own);
  // Its indentation was there before.
  if (!whole.empty() && whole.size() > candidate.size()) {
    Style given;
    SeeLines(std::string_view(whole).substr(0, whole.size() - candidate.size()),
             true, true, given);
    for (int i = 0; i < 2; ++i) {
      own.habits[kIndentation][i] -=
          std::min(own.habits[kIndentation][i], given.habits[kIndentation][i]);
    }
  }

  double sum = 0;
  double weights = 0;
  for (std::size_t habit = 0; habit < kHabits; ++habit) {
    const Choices& mine = own.habits[habit];
    const Choices& common = theirs.habits[habit];
    if (mine[0] + mine[1] == 0 || common[0] + common[1] < kLeastSeen) continue;
    sum += kWeights[habit] * Agreement(mine, common);
    weights += kWeights[habit];
  }
  if (!own.line_lengths.empty() && theirs.line_lengths.size() >= 20) {
    sum +=
        kLengthWeight * LengthAgreement(own.line_lengths, theirs.line_lengths);
    weights += kLengthWeight;
  }
  if (weights == 0) return Measure::Missing("no_context");
  return Measure::Of(std::clamp(sum / weights, 0.0, 1.0));
}

}  // namespace evalloop::code_analysis
