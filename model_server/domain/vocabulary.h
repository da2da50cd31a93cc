#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_VOCABULARY_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_VOCABULARY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "code_analysis/lexer.h"
#include "model_server/domain/token_id.h"

namespace evalloop::model_server {

using code_analysis::TokenKind;

// The words of a trained model: text of each token and the way back, by an open
// hash table. A view over memory that its owner keeps; immutable.
class FrozenVocabulary {
 public:
  FrozenVocabulary() = default;
  // Token t's text is bytes[offsets[t], offsets[t + 1]), its kind kinds[t].
  // `slots` has a power of two entries, more than there are words; 0 is empty.
  FrozenVocabulary(std::span<const char> bytes,
                   std::span<const std::uint32_t> offsets,
                   std::span<const std::uint8_t> kinds,
                   std::span<const TokenId> slots)
      : bytes_(bytes), offsets_(offsets), kinds_(kinds), slots_(slots) {}

  std::optional<TokenId> Find(std::string_view text) const;
  std::string_view Text(TokenId token) const {
    return {bytes_.data() + offsets_[token],
            offsets_[token + 1] - offsets_[token]};
  }
  TokenKind Kind(TokenId token) const {
    return static_cast<TokenKind>(kinds_[token]);
  }
  std::uint32_t size() const {
    return static_cast<std::uint32_t>(kinds_.size());
  }

  std::span<const char> bytes() const { return bytes_; }
  std::span<const std::uint32_t> offsets() const { return offsets_; }
  std::span<const std::uint8_t> kinds() const { return kinds_; }
  std::span<const TokenId> slots() const { return slots_; }
  std::size_t SizeBytes() const {
    return bytes_.size_bytes() + offsets_.size_bytes() + kinds_.size_bytes() +
           slots_.size_bytes();
  }

  // The hash that `slots` is laid out by; part of the artefact's format.
  static std::uint64_t Hash(std::string_view text);

 private:
  std::span<const char> bytes_;
  std::span<const std::uint32_t> offsets_;
  std::span<const std::uint8_t> kinds_;
  std::span<const TokenId> slots_;
};

// Words that were met after training. Cheap to copy: copies share the texts.
// Ids continue after those of the frozen vocabulary and never change.
class ExtraWords {
 public:
  explicit ExtraWords(std::uint32_t first_id) : first_id_(first_id) {}

  std::optional<TokenId> Find(std::string_view text) const;
  TokenId Add(std::string_view text, TokenKind kind);
  std::string_view Text(TokenId token) const {
    return words_[token - first_id_]->text;
  }
  TokenKind Kind(TokenId token) const {
    return words_[token - first_id_]->kind;
  }
  // One past the largest id.
  std::uint32_t end_id() const {
    return first_id_ + static_cast<std::uint32_t>(words_.size());
  }

 private:
  struct Word {
    std::string text;
    TokenKind kind;
  };
  std::uint32_t first_id_;
  std::vector<std::shared_ptr<const Word>> words_;
  absl::flat_hash_map<absl::string_view, TokenId> ids_;
};

// All words that one completion can meet: trained, met since, and those of the
// request alone. The two referred to outlive it. Not thread-safe.
class Words {
 public:
  Words(const FrozenVocabulary& frozen, const ExtraWords& met)
      : frozen_(frozen), met_(met), own_(met.end_id()) {}

  std::optional<TokenId> Find(std::string_view text) const;
  TokenId FindOrAdd(std::string_view text, TokenKind kind);
  std::string_view Text(TokenId token) const;
  TokenKind Kind(TokenId token) const;
  // One past the largest id.
  std::uint32_t size() const { return own_.end_id(); }

 private:
  const FrozenVocabulary& frozen_;
  const ExtraWords& met_;
  ExtraWords own_;
};

// Builds what FrozenVocabulary views.
class VocabularyBuilder {
 public:
  VocabularyBuilder();

  // The word's id, new or known.
  TokenId Add(std::string_view text, TokenKind kind);

  // Lays out the hash table. Nothing may be added afterwards.
  void Finish();

  FrozenVocabulary View() const {
    return FrozenVocabulary(bytes_, offsets_, kinds_, slots_);
  }

 private:
  absl::flat_hash_map<std::string, TokenId> ids_;
  std::vector<char> bytes_;
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint8_t> kinds_;
  std::vector<TokenId> slots_;
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_VOCABULARY_H_
