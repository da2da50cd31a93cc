#include "evaluator/domain/benchmark.h"

#include <algorithm>
#include <cctype>

#include "platform/base/crypto.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

bool IsNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ||
         c == '_' || c == '-';
}

bool HasFoundTests(const Item& item) {
  return std::find(item.tags.begin(), item.tags.end(), kExecutableTag) !=
         item.tags.end();
}

// Fields end with NUL, which no text of ours holds, so that neighbours can't
// run into each other.
void AppendField(std::string& bytes, std::string_view field) {
  bytes.append(field);
  bytes.push_back('\0');
}

}  // namespace

bool Oracle::Quarantined() const {
  return reason == "flaky" || reason == "solution_fails";
}

bool Oracle::Known() const {
  return reason != "infrastructure" && reason != "no_sandbox";
}

bool Item::TestsJudge() const {
  if (tests.program.empty()) return false;
  if (!HasFoundTests(*this)) return true;
  return oracle.has_value() && oracle->mutation_score.value_or(0) > 0;
}

bool Item::Quarantined() const {
  return oracle.has_value() && oracle->Quarantined() && !HasFoundTests(*this);
}

std::vector<std::string> Item::References() const {
  // A task may have tests or criteria, and no solution.
  if (agreed.empty() && variants.empty()) return {};
  std::vector<std::string> references = {agreed};
  const auto add = [&references](const std::string& text) {
    if (std::find(references.begin(), references.end(), text) ==
        references.end()) {
      references.push_back(text);
    }
  };
  // A variant that lost against an agreed output is not a reference; where
  // nothing was agreed, all of them are.
  if (contested) {
    for (const Variant& variant : variants) add(variant.text);
  }
  return references;
}

absl::Status CheckBenchmarkName(std::string_view name) {
  if (name.empty() || name.size() > 64 ||
      !std::all_of(name.begin(), name.end(), IsNameCharacter)) {
    return base::FieldError("name", "is not a benchmark's name",
                            "use 1 to 64 letters, digits, '.', '_' or '-'");
  }
  return absl::OkStatus();
}

Benchmark Describe(std::string_view name, std::span<const Item> items) {
  Benchmark benchmark;
  benchmark.name = name;
  benchmark.items = static_cast<std::uint32_t>(items.size());
  std::string bytes;
  for (const Item& item : items) {
    if (benchmark.repository.empty()) benchmark.repository = item.repository;
    if (item.contested) ++benchmark.contested;
    if (!item.contested && item.variants.size() > 1) ++benchmark.agreed;
    AppendField(bytes, item.id);
    AppendField(bytes, item.prefix);
    AppendField(bytes, item.suffix);
    for (const std::string& reference : item.References()) {
      AppendField(bytes, reference);
    }
    // What most items have not leaves no trace, so that they keep the digest
    // that they had before there were any others.
    if (item.task != task::kCompletion) AppendField(bytes, item.task);
    for (const std::string& question : item.criteria) {
      AppendField(bytes, question);
    }
    if (item.holdout) {
      ++benchmark.holdout;
      AppendField(bytes, "holdout");
    }
    if (item.tests.program.empty()) continue;
    ++benchmark.tested;
    AppendField(bytes, item.tests.program);
    AppendField(bytes, item.tests.entry_point);
  }
  benchmark.digest = base::Sha256Hex(bytes);
  return benchmark;
}

}  // namespace evalloop::evaluator
