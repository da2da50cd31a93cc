#include "code_analysis/codebleu.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "code_analysis/codebleu_cleaning.h"
#include "code_analysis/codebleu_dataflow.h"
#include "code_analysis/codebleu_grammar.h"
#include "code_analysis/codebleu_tree.h"
#include "code_analysis/ngram_overlap.h"
#include "code_analysis/python_text.h"
#include "code_analysis/trees.h"
#include "code_analysis/utf8.h"

namespace evalloop::code_analysis {

struct CodeBleuText::Insides {
  Language language = Language::kUnknown;
  std::u32string text;                     // Without white space around it.
  std::vector<std::u32string_view> words;  // Of `text`.
  std::vector<ShapeHash> shapes;           // Sorted.
  std::vector<FlowStep> flow;              // Sorted.
};

namespace {

constexpr std::size_t kOrders = 4;

// Python's bytes(text, "utf8"), or the bytes that it was made of.
std::string Utf8(std::u32string_view text, bool bytes) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    if (bytes || c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
      out.push_back(static_cast<char>(0xC0 | c >> 6));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
      out.push_back(static_cast<char>(0xE0 | c >> 12));
      out.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    } else {
      out.push_back(static_cast<char>(0xF0 | c >> 18));
      out.push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    }
  }
  return out;
}

// NLTK's corpus_bleu on one pair with smoothing method 1, given matches and
// totals by order.
double BleuOf(const std::array<std::pair<double, double>, kOrders>& orders,
              std::size_t candidate_words, std::size_t reference_words) {
  if (orders[0].first == 0.0) return 0.0;
  double sum = 0.0;
  for (const auto& [matches, total] : orders) {
    sum += 0.25 * std::log((matches == 0.0 ? 0.1 : matches) / total);
  }
  double brevity = 1.0;
  if (candidate_words <= reference_words) {
    brevity = candidate_words == 0
                  ? 0.0
                  : std::exp(1.0 - static_cast<double>(reference_words) /
                                       static_cast<double>(candidate_words));
  }
  return brevity * std::exp(sum);
}

double Grams(std::size_t words, std::size_t order) {
  return words < order ? 1.0 : static_cast<double>(words - order + 1);
}

// Fills the two n-gram parts.
void CompareWords(const CodeBleuText::Insides& candidate,
                  const CodeBleuText::Insides& reference,
                  CodeBleuParts& parts) {
  std::unordered_map<std::u32string_view, std::uint32_t> numbers;
  const auto number = [&](const std::vector<std::u32string_view>& words) {
    std::vector<std::uint32_t> out;
    out.reserve(words.size());
    for (const std::u32string_view word : words) {
      out.push_back(
          numbers.try_emplace(word, static_cast<std::uint32_t>(numbers.size()))
              .first->second);
    }
    return out;
  };
  const auto gold = number(reference.words);  // First: its numbers are dense.
  const std::size_t gold_kinds = numbers.size();
  const auto own = number(candidate.words);
  const auto matches = NgramOverlap(own, gold, kOrders);

  const auto& keywords = CodeBleuGrammarOf(reference.language)->keywords;
  std::vector<double> weights(gold_kinds, 0.2);
  for (const auto& [word, at] : numbers) {
    if (at >= gold_kinds) continue;
    const bool ascii = std::all_of(word.begin(), word.end(),
                                   [](char32_t c) { return c < 0x80; });
    if (ascii && keywords.contains(std::string(word.begin(), word.end()))) {
      weights[at] = 1.0;
    }
  }
  std::vector<std::size_t> in_gold(gold_kinds, 0);
  std::vector<std::size_t> in_own(gold_kinds, 0);
  for (const std::uint32_t word : gold) ++in_gold[word];
  for (const std::uint32_t word : own) {
    if (word < gold_kinds) ++in_own[word];
  }
  double weighted_matches = 0.0;
  double weighted_total = 0.0;
  for (std::size_t i = 0; i < gold_kinds; ++i) {
    weighted_matches +=
        static_cast<double>(std::min(in_gold[i], in_own[i])) * weights[i];
    weighted_total += static_cast<double>(in_gold[i]) * weights[i];
  }

  std::array<std::pair<double, double>, kOrders> plain;
  std::array<std::pair<double, double>, kOrders> weighted;
  for (std::size_t n = 1; n <= kOrders; ++n) {
    const auto match = static_cast<double>(matches[n - 1]);
    plain[n - 1] = {match, Grams(own.size(), n)};
    weighted[n - 1] = {match, Grams(gold.size(), n)};
  }
  weighted[0] = {weighted_matches, std::max(1.0, weighted_total)};
  parts.ngram = BleuOf(plain, own.size(), gold.size());
  // The original takes the length of a pair, words and weights, for that of the
  // reference.
  parts.weighted_ngram = BleuOf(weighted, own.size(), 2);
}

// How many of the reference's subtrees, each as often as it is there, the
// candidate has at all.
double CompareShapes(const std::vector<ShapeHash>& candidate,
                     const std::vector<ShapeHash>& reference) {
  const auto found = std::count_if(
      reference.begin(), reference.end(), [&](const ShapeHash& shape) {
        return std::binary_search(candidate.begin(), candidate.end(), shape);
      });
  return static_cast<double>(found) / static_cast<double>(reference.size());
}

double CompareFlow(const std::vector<FlowStep>& candidate,
                   const std::vector<FlowStep>& reference) {
  if (reference.empty()) return 0.0;
  std::size_t matches = 0;
  auto at = candidate.begin();
  for (const FlowStep& step : reference) {
    while (at != candidate.end() && *at < step) ++at;
    if (at != candidate.end() && *at == step) {
      ++matches;
      ++at;
    }
  }
  return static_cast<double>(matches) / static_cast<double>(reference.size());
}

// The references that a thread took apart last: candidates of one item come
// one after another.
class RecentReferences {
 public:
  std::shared_ptr<const CodeBleuText> Find(std::string_view text,
                                           Language language,
                                           std::string_view& reason) {
    for (Entry& entry : entries_) {
      if (entry.prepared != nullptr && entry.language == language &&
          entry.text == text) {
        entry.used = ++clock_;
        return entry.prepared;
      }
    }
    auto prepared = CodeBleuText::Prepare(text, language, reason);
    if (prepared == nullptr) return prepared;
    Entry& oldest = *std::min_element(
        entries_.begin(), entries_.end(),
        [](const Entry& a, const Entry& b) { return a.used < b.used; });
    oldest = {std::string(text), language, ++clock_, prepared};
    return prepared;
  }

 private:
  struct Entry {
    std::string text;
    Language language = Language::kUnknown;
    std::uint64_t used = 0;
    std::shared_ptr<const CodeBleuText> prepared;
  };
  std::array<Entry, 8> entries_;
  std::uint64_t clock_ = 0;
};

}  // namespace

CodeBleuText::CodeBleuText(std::unique_ptr<const Insides> insides)
    : insides_(std::move(insides)) {}
CodeBleuText::~CodeBleuText() = default;

double CodeBleuParts::Total() const {
  return 0.25 * ngram + 0.25 * weighted_ngram + 0.25 * syntax +
         0.25 * (dataflow == 0.0 ? 1.0 : dataflow);
}

std::shared_ptr<const CodeBleuText> CodeBleuText::Prepare(
    std::string_view text, Language language, std::string_view& reason) {
  if (CodeBleuGrammarOf(language) == nullptr) {
    reason = "no_grammar";
    return nullptr;
  }
  if (text.size() > kMaxParsedBytes) {
    reason = "too_long";
    return nullptr;
  }
  auto insides = std::make_unique<Insides>();
  insides->language = language;
  const std::u32string points = CodePoints(text);
  insides->text = Strip(points);
  insides->words = SplitWords(insides->text);
  const std::u32string clean = CleanForCodeBleu(insides->text, language);
  const auto tree =
      ParseFlat(Utf8(clean, /*bytes=*/!IsValidUtf8(text)), language);
  if (!tree.has_value()) {
    reason = "timeout";
    return nullptr;
  }
  auto flow = DataFlow(clean, *tree, language);
  if (!flow.has_value()) {
    reason = "too_long";
    return nullptr;
  }
  insides->shapes = std::move(tree->shapes);
  insides->flow = *std::move(flow);
  std::sort(insides->shapes.begin(), insides->shapes.end());
  std::sort(insides->flow.begin(), insides->flow.end());
  return std::make_shared<const CodeBleuText>(std::move(insides));
}

CodeBleuParts CompareCodeBleu(const CodeBleuText& candidate,
                              const CodeBleuText& reference) {
  CodeBleuParts parts;
  CompareWords(candidate.insides(), reference.insides(), parts);
  parts.syntax =
      CompareShapes(candidate.insides().shapes, reference.insides().shapes);
  parts.dataflow =
      CompareFlow(candidate.insides().flow, reference.insides().flow);
  return parts;
}

Measure CodeBleu(std::string_view candidate, std::string_view reference,
                 Language language) {
  thread_local RecentReferences references;
  std::string_view reason;
  const auto theirs = references.Find(reference, language, reason);
  if (theirs == nullptr) return Measure::Missing(reason);
  const auto ours = CodeBleuText::Prepare(candidate, language, reason);
  if (ours == nullptr) return Measure::Missing(reason);
  return Measure::Of(CompareCodeBleu(*ours, *theirs).Total());
}

}  // namespace evalloop::code_analysis
