#include "prompt_engine/domain/code_names.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "code_analysis/lexer.h"
#include "code_analysis/shapes.h"

namespace evalloop::prompt_engine {
namespace {

using code_analysis::Language;
using code_analysis::Token;
using code_analysis::TokenKind;

bool Declares(std::string_view word) {
  constexpr std::array<std::string_view, 11> kWords = {
      "def",   "class",     "func", "function", "fn",    "struct",
      "trait", "interface", "enum", "type",     "module"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool IsWord(const Token& token) {
  return token.kind == TokenKind::kIdentifier ||
         token.kind == TokenKind::kKeyword;
}

bool InCFamily(Language language) {
  return language == Language::kC || language == Language::kCpp ||
         language == Language::kJava || language == Language::kCSharp;
}

// "static int NAME(int a) {", "void NAME(void)": words, then a name, then
// parentheses to the end.
std::string_view DeclaredLikeC(const std::vector<Token>& tokens) {
  const std::string_view last = tokens.back().text;
  if (last != "{" && last != ")") return {};
  std::size_t i = 0;
  while (i < tokens.size() && (IsWord(tokens[i]) || tokens[i].text == "*" ||
                               tokens[i].text == "&")) {
    ++i;
  }
  if (i < 2 || i >= tokens.size() || tokens[i].text != "(") return {};
  if (tokens[i - 1].kind != TokenKind::kIdentifier) return {};
  constexpr std::array<std::string_view, 6> kNoTypes = {
      "return", "else", "new", "throw", "delete", "case"};
  if (std::find(kNoTypes.begin(), kNoTypes.end(), tokens[0].text) !=
      kNoTypes.end()) {
    return {};
  }
  return tokens[i - 1].text;
}

}  // namespace

std::string_view DeclaredName(std::string_view line, Language language) {
  const std::vector<Token> tokens = code_analysis::Lex(line, language);
  if (tokens.size() < 3) return {};
  if (tokens[0].text == "#" && tokens[1].text == "define") {
    return tokens[2].text;
  }
  for (std::size_t i = 0; i + 1 < std::min<std::size_t>(tokens.size(), 6);
       ++i) {
    if (!IsWord(tokens[i])) break;
    if (!Declares(tokens[i].text)) continue;
    std::size_t name = i + 1;
    if (tokens[name].text == "(") {  // Go's receiver.
      while (name < tokens.size() && tokens[name].text != ")") ++name;
      ++name;
    }
    return name < tokens.size() && tokens[name].kind == TokenKind::kIdentifier
               ? tokens[name].text
               : std::string_view();
  }
  return InCFamily(language) ? DeclaredLikeC(tokens) : std::string_view();
}

std::uint64_t CallKey(std::string_view line, Language language) {
  const std::vector<Token> tokens = code_analysis::Lex(line, language);
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].text != "(" || tokens[i - 1].kind != TokenKind::kIdentifier) {
      continue;
    }
    auto hash = static_cast<std::uint64_t>(language);
    for (std::size_t j = 0; j + 1 < i; ++j) {
      hash = code_analysis::StableHash(
          tokens[j].kind == TokenKind::kIdentifier ? "a" : tokens[j].text,
          hash);
    }
    return code_analysis::StableHash(tokens[i - 1].text, hash) | 1;
  }
  return 0;
}

std::uint64_t LayoutFreeKey(std::span<const Token> tokens) {
  // Strings one after the other are one.
  std::string code;
  bool in_string = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string_view text = tokens[i].text;
    if (text == "\\" || text == ";") continue;
    if (text == "," && i + 1 < tokens.size()) {
      const std::string_view next = tokens[i + 1].text;
      if (next == ")" || next == "]" || next == "}") continue;
    }
    const bool is_string = tokens[i].kind == TokenKind::kString;
    if (is_string && text.size() >= 2) {
      const std::size_t quote = text.find_first_of("'\"");
      if (quote != std::string_view::npos && quote + 1 < text.size() &&
          text.back() == text[quote]) {
        text = text.substr(quote + 1, text.size() - quote - 2);
      }
    }
    if (!is_string || !in_string) code += '\n';
    code += text;
    in_string = is_string;
  }
  return code_analysis::StableHash(code);
}

std::uint64_t LayoutFreeKey(std::string_view code, Language language) {
  return LayoutFreeKey(code_analysis::Lex(code, language));
}

WordsOf::WordsOf(std::string_view text, Language language) {
  constexpr std::array<std::string_view, 16> kPunctuation = {
      "(", ")", "[", "]",  "{",  "}",  ",",  ".",
      ":", ";", "=", ":=", "->", "::", "=>", "\\"};
  const std::vector<Token> tokens = code_analysis::Lex(text, language);
  int depth = 0;
  bool assigns = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::kNumber || token.kind == TokenKind::kString) {
      literals.insert(token.text);
    }
    if (token.kind == TokenKind::kKeyword) keywords.insert(token.text);
    if (token.kind == TokenKind::kOperator) {
      if (token.text == "(" || token.text == "[" || token.text == "{") ++depth;
      if (token.text == ")" || token.text == "]" || token.text == "}") --depth;
      if (!assigns && depth == 0 && (token.text == "=" || token.text == ":=")) {
        assigns = true;
        assigned = free;
      }
      if (std::find(kPunctuation.begin(), kPunctuation.end(), token.text) ==
          kPunctuation.end()) {
        operators.insert(token.text);
      }
    }
    if (token.kind != TokenKind::kIdentifier) continue;
    names.insert(token.text);
    const std::string_view before = i > 0 ? tokens[i - 1].text : "";
    const std::string_view after =
        i + 1 < tokens.size() ? tokens[i + 1].text : "";
    if (before == "." || before == "->" || before == "::") continue;
    free.insert(token.text);
    if (after != "(") variables.insert(token.text);
  }
  if (!tokens.empty() && tokens.back().kind == TokenKind::kOperator) {
    end = tokens.back().text;
  }
}

}  // namespace evalloop::prompt_engine
