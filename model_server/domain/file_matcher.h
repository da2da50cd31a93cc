#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_FILE_MATCHER_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_FILE_MATCHER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "model_server/domain/token_id.h"

namespace evalloop::model_server {

// The open file, searched for what followed a context: it is new with every
// request, so it is not sorted; occurrences of a token are listed, and a match
// grows from them. Immutable once built; safe for concurrent use.
class FileMatcher {
 public:
  // A place whose last `length` words (1 to kMaxOrder) equal the context's;
  // `position` is that of the word that follows.
  struct Match {
    std::uint32_t position = 0;
    std::uint32_t length = 0;
  };
  using Matches = std::vector<Match>;  // By position.

  // `vocabulary_size` is larger than every token of `text`. Pieces of text that
  // do not follow one another are divided by kCut.
  FileMatcher(std::vector<std::uint32_t> text, std::uint32_t vocabulary_size);

  // From the matches of a context to those of the context followed by `token`.
  // Linear in both lists.
  Matches Extend(const Matches& from, TokenId token) const;

  // The empty context: how often a token stands in the file, tokens in all,
  // different ones, and the most frequent ones in order.
  std::uint32_t CountOf(TokenId token) const {
    return std::size_t{token} + 1 < starts_.size()
               ? starts_[token + 1] - starts_[token]
               : 0;
  }
  std::uint32_t total() const { return total_; }
  std::uint32_t distinct() const { return distinct_; }
  std::span<const TokenId> top() const { return top_; }

  std::uint32_t WordAt(std::uint32_t position) const { return text_[position]; }

 private:
  std::vector<std::uint32_t> text_;
  // Positions of token t: positions_[starts_[t]] up to starts_[t + 1].
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> positions_;
  std::uint32_t total_ = 0;
  std::uint32_t distinct_ = 0;
  std::vector<TokenId> top_;
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_FILE_MATCHER_H_
