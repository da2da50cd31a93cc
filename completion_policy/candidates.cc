#include "completion_policy/candidates.h"

#include <algorithm>
#include <limits>

#include "code_analysis/lexer.h"

namespace evalloop::completion_policy {
namespace {

using code_analysis::Token;
using code_analysis::TokenKind;

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' ||
         c == '\f';
}

bool StartsCodePoint(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

TokenClass ClassOfOperator(std::string_view text) {
  if (text == "(" || text == "[" || text == "{") return TokenClass::kOpening;
  if (text == ")" || text == "]" || text == "}") return TokenClass::kClosing;
  if (text == "," || text == ";" || text == ":") return TokenClass::kSeparator;
  if (text == "." || text == "->" || text == "::" || text == "?.") {
    return TokenClass::kAccess;
  }
  return TokenClass::kOperator;
}

TokenClass ClassOf(const Token& token) {
  switch (token.kind) {
    case TokenKind::kIdentifier:
      return TokenClass::kIdentifier;
    case TokenKind::kKeyword:
      return TokenClass::kKeyword;
    case TokenKind::kNumber:
      return TokenClass::kNumber;
    case TokenKind::kString:
      return TokenClass::kString;
    case TokenKind::kComment:
      return TokenClass::kComment;
    case TokenKind::kNewline:
      return TokenClass::kNone;
    case TokenKind::kOperator:
      return ClassOfOperator(token.text);
  }
  return TokenClass::kNone;
}

// What of `text` lies within the extent, without blanks at its end.
std::string_view WithinExtent(std::string_view text, Extent extent) {
  if (extent == Extent::kLine)
    text = text.substr(0, text.find_first_of("\r\n"));
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// The bytes of the first `characters` code points; all of them for 0.
std::size_t BytesOfCharacters(std::string_view text, std::uint32_t characters) {
  if (characters == 0) return text.size();
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (StartsCodePoint(text[i]) && ++seen > characters) return i;
  }
  return text.size();
}

bool AddUpTo(std::span<const ModelToken> tokens, std::string_view text) {
  std::size_t at = 0;
  for (const ModelToken& token : tokens) {
    if (text.substr(at, token.text.size()) != token.text) return false;
    at += token.text.size();
  }
  return !tokens.empty() && at == text.size();
}

// Walks the model's tokens along with the language's.
class ModelPath {
 public:
  ModelPath(std::span<const ModelToken> tokens, std::string_view text)
      : tokens_(tokens), text_(text) {}

  // Takes tokens up to the one that covers byte `end` - 1, and says whether
  // nothing but blanks follows `end` in it.
  bool ReachesExactly(std::size_t end) {
    while (end_ < end && next_ < tokens_.size()) Take(tokens_[next_]);
    if (end_ < end) return false;
    for (std::size_t i = end; i < end_; ++i) {
      if (!IsBlank(text_[i])) return false;
    }
    return true;
  }

  void Fill(Candidate& candidate) const {
    candidate.tokens = next_;
    candidate.log_probability = sum_;
    candidate.weakest = weakest_;
    candidate.lowest_order = lowest_order_;
    candidate.lowest_support = lowest_support_;
    candidate.last_order = tokens_[next_ - 1].order;
  }

 private:
  void Take(const ModelToken& token) {
    ++next_;
    end_ += token.text.size();
    sum_ += std::min(token.log_probability, 0.0);
    weakest_ = std::min(weakest_, token.log_probability);
    if (token.order && (!lowest_order_ || *token.order < *lowest_order_)) {
      lowest_order_ = token.order;
      lowest_support_ = token.support;
    }
  }

  const std::span<const ModelToken> tokens_;
  const std::string_view text_;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  double sum_ = 0;
  double weakest_ = 0;
  std::optional<std::uint32_t> lowest_order_;
  std::optional<std::uint32_t> lowest_support_;
};

}  // namespace

int NonBlankCharacters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return !IsBlank(c) && StartsCodePoint(c);
  }));
}

std::vector<Candidate> Candidates(std::string_view text,
                                  std::span<const ModelToken> tokens,
                                  code_analysis::Language language,
                                  Extent extent, std::uint32_t max_characters) {
  std::vector<Candidate> candidates;
  const std::string_view inside = WithinExtent(text, extent);
  const std::size_t limit = BytesOfCharacters(inside, max_characters);
  const std::vector<Token> lexed =
      code_analysis::Lex(inside, language, {.comments = true});
  const bool told = AddUpTo(tokens, text);
  ModelPath path(tokens, text);
  int characters = 0;
  std::size_t counted = 0;
  for (std::size_t i = 0; i < lexed.size(); ++i) {
    const std::size_t end = lexed[i].offset + lexed[i].text.size();
    if (end > limit) break;
    characters += NonBlankCharacters(inside.substr(counted, end - counted));
    counted = end;
    // A model's token that runs over the extent's end still counts for the
    // whole.
    const bool whole = i + 1 == lexed.size();
    if (told && !path.ReachesExactly(end) && !whole) continue;
    Candidate& candidate = candidates.emplace_back();
    candidate.bytes = end;
    candidate.characters = characters;
    candidate.whole = whole;
    candidate.last = ClassOf(lexed[i]);
    if (!whole) candidate.next = ClassOf(lexed[i + 1]);
    if (told) path.Fill(candidate);
  }
  return candidates;
}

}  // namespace evalloop::completion_policy
