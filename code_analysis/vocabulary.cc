#include "code_analysis/vocabulary.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace evalloop::code_analysis {
namespace {

constexpr std::size_t kFirstEntries = 512;

constexpr std::size_t kShort = sizeof(std::uint64_t);
static_assert(std::endian::native == std::endian::little);

std::uint64_t Load(const unsigned char* from) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, from, sizeof(eight));
  return eight;
}

}  // namespace

void Vocabulary::Clear() {
  GiveBackHuge(entries_);
  used_ = 0;
  if (++stamp_ != 0) return;
  entries_.clear();  // All stamps were used.
  stamp_ = 1;
}

std::uint64_t Vocabulary::Key(const unsigned char* word, std::size_t size,
                              const unsigned char* readable) const {
  if (size <= kShort) {
    if (readable - word < static_cast<std::ptrdiff_t>(kShort)) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, word, size);
      return bytes;
    }
    return Load(word) & ~std::uint64_t{0} >> (64 - 8 * size);
  }
  std::uint64_t hash = 0;
  const auto mix = [&](std::uint64_t eight) {
    hash = (hash ^ eight) * factor_;
    hash ^= hash >> 32;
  };
  const unsigned char* const last = word + size - kShort;
  for (const unsigned char* at = word; at < last; at += kShort) mix(Load(at));
  mix(Load(last));  // Overlaps the piece before.
  return hash;
}

std::uint32_t Vocabulary::NumberBytes(const unsigned char* word,
                                      std::size_t size,
                                      const unsigned char* readable) {
  if (entries_.size() < (std::size_t{used_} + 1) * 2) Grow();
  const std::uint64_t key = Key(word, size, readable);
  std::size_t at = key * factor_ >> shift_;
  while (entries_[at].stamp == stamp_) {
    const Entry& entry = entries_[at];
    if (entry.key == key && entry.size == size &&
        (size <= kShort || std::memcmp(entry.word, word, size) == 0)) {
      return entry.number;
    }
    at = (at + 1) & (entries_.size() - 1);
  }
  entries_[at] = {key, word, static_cast<std::uint32_t>(size), used_, stamp_};
  return used_++;
}

void Vocabulary::Grow() {
  const std::vector<Entry> old = std::exchange(
      entries_,
      std::vector<Entry>(std::max(kFirstEntries, entries_.size() * 2)));
  shift_ = 64 - std::countr_zero(entries_.size());
  for (const Entry& entry : old) {
    if (entry.stamp != stamp_) continue;
    std::size_t at = entry.key * factor_ >> shift_;
    while (entries_[at].stamp == stamp_) at = (at + 1) & (entries_.size() - 1);
    entries_[at] = entry;
  }
}

}  // namespace evalloop::code_analysis
