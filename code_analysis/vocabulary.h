#ifndef EVALLOOP_CODE_ANALYSIS_VOCABULARY_H_
#define EVALLOOP_CODE_ANALYSIS_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "code_analysis/hashing.h"

namespace evalloop::code_analysis {

// Numbers words from 0 in the order in which they first appear. Keeps its
// memory from one set of texts to the next; the words themselves stay where
// they are and must stay there until Clear. Not thread-safe.
class Vocabulary {
 public:
  // Forgets all words, in constant time unless there were very many.
  void Clear();

  // The word is the `size` symbols from `begin` on; what stands from there up
  // to `readable`, the word's end or later, may be read.
  template <typename Symbol>
  std::uint32_t Number(const Symbol* begin, std::size_t size,
                       const Symbol* readable) {
    return NumberBytes(reinterpret_cast<const unsigned char*>(begin),
                       size * sizeof(Symbol),
                       reinterpret_cast<const unsigned char*>(readable));
  }

 private:
  struct Entry {
    std::uint64_t key = 0;  // The word itself, if short, else a hash.
    const unsigned char* word = nullptr;
    std::uint32_t size = 0;  // Bytes.
    std::uint32_t number = 0;
    std::uint32_t stamp = 0;  // The entry is in use if it is stamp_.
  };

  std::uint32_t NumberBytes(const unsigned char* word, std::size_t size,
                            const unsigned char* readable);
  std::uint64_t Key(const unsigned char* word, std::size_t size,
                    const unsigned char* readable) const;
  void Grow();

  const std::uint64_t factor_ = HashFactor();
  std::vector<Entry> entries_;
  int shift_ = 0;
  std::uint32_t used_ = 0;
  std::uint32_t stamp_ = 1;
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_VOCABULARY_H_
