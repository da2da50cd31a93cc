#include "model_server/domain/vocabulary.h"

#include <bit>

#include "platform/base/text.h"

namespace evalloop::model_server {

std::uint64_t FrozenVocabulary::Hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a.
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  return hash ^ (hash >> 29);
}

std::optional<TokenId> FrozenVocabulary::Find(std::string_view text) const {
  if (slots_.empty()) return std::nullopt;
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = Hash(text) & mask;
  // The table has free slots; the bound is for a file that lies about that.
  for (std::size_t probes = 0; probes <= mask; ++probes) {
    const TokenId token = slots_[at];
    if (token == kBoundary) return std::nullopt;
    if (Text(token) == text) return token;
    at = (at + 1) & mask;
  }
  return std::nullopt;
}

std::optional<TokenId> ExtraWords::Find(std::string_view text) const {
  const auto found = ids_.find(base::A(text));
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

TokenId ExtraWords::Add(std::string_view text, TokenKind kind) {
  const TokenId id = end_id();
  words_.push_back(std::make_shared<const Word>(Word{std::string(text), kind}));
  ids_.emplace(base::A(words_.back()->text), id);
  return id;
}

std::optional<TokenId> Words::Find(std::string_view text) const {
  if (auto token = frozen_.Find(text)) return token;
  if (auto token = met_.Find(text)) return token;
  return own_.Find(text);
}

TokenId Words::FindOrAdd(std::string_view text, TokenKind kind) {
  if (auto token = Find(text)) return *token;
  return own_.Add(text, kind);
}

std::string_view Words::Text(TokenId token) const {
  if (token < frozen_.size()) return frozen_.Text(token);
  return token < met_.end_id() ? met_.Text(token) : own_.Text(token);
}

TokenKind Words::Kind(TokenId token) const {
  if (token < frozen_.size()) return frozen_.Kind(token);
  return token < met_.end_id() ? met_.Kind(token) : own_.Kind(token);
}

VocabularyBuilder::VocabularyBuilder() {
  const auto newline = static_cast<std::uint8_t>(TokenKind::kNewline);
  offsets_ = {0, 0, 0, 1};
  kinds_ = {newline, newline, newline};
  bytes_ = {'\n'};
}

TokenId VocabularyBuilder::Add(std::string_view text, TokenKind kind) {
  const auto [entry, added] =
      ids_.try_emplace(std::string(text), static_cast<TokenId>(kinds_.size()));
  if (added) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    offsets_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    kinds_.push_back(static_cast<std::uint8_t>(kind));
  }
  return entry->second;
}

void VocabularyBuilder::Finish() {
  slots_.assign(std::bit_ceil(kinds_.size() + kinds_.size() / 2), kBoundary);
  const std::size_t mask = slots_.size() - 1;
  const FrozenVocabulary view = View();
  for (TokenId token = kFirstWord; token < kinds_.size(); ++token) {
    std::size_t at = FrozenVocabulary::Hash(view.Text(token)) & mask;
    while (slots_[at] != kBoundary) at = (at + 1) & mask;
    slots_[at] = token;
  }
}

}  // namespace evalloop::model_server
