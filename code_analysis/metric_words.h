#ifndef EVALLOOP_CODE_ANALYSIS_METRIC_WORDS_H_
#define EVALLOOP_CODE_ANALYSIS_METRIC_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "code_analysis/text_pair.h"
#include "code_analysis/vocabulary.h"

namespace evalloop::code_analysis {

// A candidate and a reference as words, numbered from 0 alike in both. A thread
// keeps one from call to call.
class NumberedWords {
 public:
  // As sacrebleu's tokenizer 13a splits them (tokenizer_13a.py,
  // tokenizer_re.py).
  template <typename Symbol>
  void SplitFor13a(const Texts<Symbol>& texts);

  // As rouge-score does without stemming: runs of [a-z0-9] in lower case.
  template <typename Symbol>
  void SplitForRouge(const Texts<Symbol>& texts);

  const std::vector<std::uint32_t>& candidate() const { return candidate_; }
  const std::vector<std::uint32_t>& reference() const { return reference_; }

 private:
  void Start();
  void Finish();

  // Numbers the words of `text` by its first `size` parts_. At least one
  // part stands behind them, which this uses.
  template <typename Symbol>
  void NumberParts(const Symbol* text, std::size_t size,
                   std::vector<std::uint32_t>& ids);

  template <typename Symbol>
  void Split13a(const Texts<Symbol>& texts, std::span<const Symbol> text,
                std::vector<std::uint32_t>& ids);
  template <typename Symbol>
  unsigned char* SplitRouge(const Texts<Symbol>& texts,
                            std::span<const Symbol> text, unsigned char* lower,
                            std::vector<std::uint32_t>& ids);

  std::vector<std::uint32_t> candidate_;
  std::vector<std::uint32_t> reference_;
  Vocabulary vocabulary_;
  std::vector<unsigned char> parts_;   // Of which each symbol is.
  std::vector<std::uint32_t> begins_;  // Of words.
  std::vector<std::uint32_t> ends_;
  std::vector<unsigned char> lower_;  // Both texts' words.
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_METRIC_WORDS_H_
