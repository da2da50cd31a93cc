#include "model_server/domain/request_text.h"

#include <utility>

namespace evalloop::model_server {
namespace {

std::uint32_t WordOf(const SourceToken& token, Words& words) {
  if (token.kind == TokenKind::kNewline) return kNewline;
  return words.FindOrAdd(token.text, token.kind) |
         (token.blank_before ? kBlankBefore : 0);
}

FileMatcher MatcherOf(const CursorText& cursor, std::string_view suffix,
                      code_analysis::Language language, Words& words) {
  std::vector<std::uint32_t> text = {kBoundary};
  std::size_t before = cursor.tokens.size();
  if (cursor.touches_word) --before;
  for (std::size_t i = 0; i < before; ++i) {
    text.push_back(WordOf(cursor.tokens[i], words));
  }
  text.push_back(kCut);
  for (const SourceToken& token : ReadSource(suffix, language)) {
    text.push_back(WordOf(token, words));
  }
  return FileMatcher(std::move(text), words.size());
}

}  // namespace

RequestText::RequestText(const IndexSnapshot& snapshot, std::string_view prefix,
                         std::string_view suffix,
                         code_analysis::Language language)
    : words(snapshot.base().vocabulary, snapshot.extra_words()),
      cursor(ReadPrefix(prefix, language)),
      file(MatcherOf(cursor, suffix, language, words)) {
  if (cursor.touches_word) partial = cursor.tokens.back().text;
  const std::size_t whole = cursor.tokens.size() - (partial.empty() ? 0 : 1);
  const std::size_t first = whole > kMaxOrder ? whole - kMaxOrder : 0;
  if (first == 0) context.push_back(kBoundary);
  for (std::size_t i = first; i < whole; ++i) {
    context.push_back(TokenOf(WordOf(cursor.tokens[i], words)));
  }
}

}  // namespace evalloop::model_server
