#ifndef EVALLOOP_CODE_ANALYSIS_CODEBLEU_H_
#define EVALLOOP_CODE_ANALYSIS_CODEBLEU_H_

#include <memory>
#include <string_view>

#include "code_analysis/language.h"
#include "code_analysis/measure.h"

namespace evalloop::code_analysis {

// CodeBLEU (Ren et al., arXiv 2009.10297) as the Python package codebleu 0.7.0
// computes it by default: the mean of its four parts, quirks included (words
// are split at white space; no data flow in the reference counts as a whole
// match). Where it differs, and how far: docs in scorer/README.md.

// The four parts, each [0, 1].
struct CodeBleuParts {
  double ngram = 0.0;
  double weighted_ngram = 0.0;
  double syntax = 0.0;    // Subtrees of the reference that the candidate has.
  double dataflow = 0.0;  // Of the reference's steps; 0 where it has none.

  // 0.25 each, a data flow of 0 counting as 1.
  double Total() const;
};

// A text taken apart, once for all that it is compared with. Immutable.
class CodeBleuText {
 public:
  struct Insides;

  // Null, and `reason` set: "no_grammar" (a language that codebleu does not
  // have), "too_long" (more than kMaxParsedBytes, or loops nested so deep that
  // the data flow would take for ever), "timeout". Total on any bytes.
  static std::shared_ptr<const CodeBleuText> Prepare(std::string_view text,
                                                     Language language,
                                                     std::string_view& reason);

  explicit CodeBleuText(std::unique_ptr<const Insides> insides);
  ~CodeBleuText();
  const Insides& insides() const { return *insides_; }

 private:
  std::unique_ptr<const Insides> insides_;
};

// Both of the same language. Thread-safe.
CodeBleuParts CompareCodeBleu(const CodeBleuText& candidate,
                              const CodeBleuText& reference);

// [0, 1]. Missing for the reasons of Prepare. Thread-safe; each thread keeps
// the few references that it took apart last.
Measure CodeBleu(std::string_view candidate, std::string_view reference,
                 Language language);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_CODEBLEU_H_
