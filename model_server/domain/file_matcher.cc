#include "model_server/domain/file_matcher.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace evalloop::model_server {

FileMatcher::FileMatcher(std::vector<std::uint32_t> text,
                         std::uint32_t vocabulary_size)
    : text_(std::move(text)), starts_(std::size_t{vocabulary_size} + 1, 0) {
  for (const std::uint32_t word : text_) ++starts_[TokenOf(word) + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  positions_.resize(text_.size());
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  for (std::uint32_t i = 0; i < text_.size(); ++i) {
    positions_[next[TokenOf(text_[i])]++] = i;
  }
  std::vector<TokenId> seen;
  for (TokenId token = kNewline; token < vocabulary_size; ++token) {
    if (CountOf(token) > 0) seen.push_back(token);
    total_ += CountOf(token);
  }
  distinct_ = static_cast<std::uint32_t>(seen.size());
  const std::size_t kept = std::min<std::size_t>(seen.size(), 12);
  std::partial_sort(
      seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(kept),
      seen.end(), [this](TokenId a, TokenId b) {
        return CountOf(a) != CountOf(b) ? CountOf(a) > CountOf(b) : a < b;
      });
  seen.resize(kept);
  top_ = std::move(seen);
  text_.push_back(kCut);  // So that a match at the end has a next word.
}

FileMatcher::Matches FileMatcher::Extend(const Matches& from,
                                         TokenId token) const {
  Matches extended;
  if (std::size_t{token} + 1 >= starts_.size() || token == kCut) {
    return extended;
  }
  const std::span<const std::uint32_t> places(
      positions_.data() + starts_[token], starts_[token + 1] - starts_[token]);
  extended.reserve(places.size());
  auto before = from.begin();
  for (const std::uint32_t place : places) {
    while (before != from.end() && before->position < place) ++before;
    const bool grows = before != from.end() && before->position == place;
    const std::uint32_t length = grows ? before->length + 1 : 1;
    extended.push_back(
        {place + 1, std::min(length, static_cast<std::uint32_t>(kMaxOrder))});
  }
  return extended;
}

}  // namespace evalloop::model_server
