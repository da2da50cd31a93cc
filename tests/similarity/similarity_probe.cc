// For compare_test.py: reads pairs, one JSON object with "candidate",
// "reference" and "language" a line, and writes what our metrics make of each.

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <string>

#include "code_analysis/codebleu.h"
#include "code_analysis/similarity.h"

namespace evalloop {
namespace {

namespace ca = code_analysis;

std::string Text(const boost::json::object& row, const char* name) {
  const auto& text = row.at(name).as_string();
  return std::string(text.data(), text.size());
}

boost::json::value Value(const ca::Measure& measure) {
  if (measure.value.has_value()) return *measure.value;
  return boost::json::string(measure.reason.data(), measure.reason.size());
}

boost::json::object Measures(const boost::json::object& row) {
  const std::string candidate = Text(row, "candidate");
  const std::string reference = Text(row, "reference");
  boost::json::object out;
  if (!row.contains("language")) {
    out["bleu"] = Value(ca::Bleu(candidate, reference));
    out["chrf"] = Value(ca::Chrf(candidate, reference));
    out["rouge_l"] = Value(ca::RougeL(candidate, reference));
    out["edit_similarity"] = Value(ca::EditSimilarity(candidate, reference));
    return out;
  }
  const ca::Language language = ca::ParseLanguage(Text(row, "language"));
  std::string_view reason;
  const auto ours = ca::CodeBleuText::Prepare(candidate, language, reason);
  const auto theirs = ca::CodeBleuText::Prepare(reference, language, reason);
  if (ours == nullptr || theirs == nullptr) {
    out["reason"] = boost::json::string(reason.data(), reason.size());
    return out;
  }
  const ca::CodeBleuParts parts = ca::CompareCodeBleu(*ours, *theirs);
  out["ngram_match_score"] = parts.ngram;
  out["weighted_ngram_match_score"] = parts.weighted_ngram;
  out["syntax_match_score"] = parts.syntax;
  out["dataflow_match_score"] = parts.dataflow;
  out["codebleu"] = Value(ca::CodeBleu(candidate, reference, language));
  return out;
}

}  // namespace
}  // namespace evalloop

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto row = boost::json::parse(line).as_object();
    std::cout << boost::json::serialize(evalloop::Measures(row)) << "\n";
  }
  return 0;
}
