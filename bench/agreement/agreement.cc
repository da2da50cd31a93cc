// The figures of agreement.py, by the code that the product runs:
//   agreement_figures medoid RESULTS.jsonl     rows of `evalloop exec`; each 20
//                                              of a problem are a group
//   agreement_figures survival REPOSITORY
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "code_analysis/shapes.h"
#include "platform/base/statistics.h"
#include "prompt_engine/domain/local_history.h"
#include "prompt_engine/domain/variant_groups.h"

namespace evalloop {
namespace {

using base::PairedRatioTally;

void Print(std::string_view what, std::string_view subject,
           const std::vector<PairedRatioTally>& pairs) {
  double before = 0;
  double after = 0;
  double count = 0;
  for (const PairedRatioTally& pair : pairs) {
    before += pair.before.numerator;
    after += pair.after.numerator;
    count += pair.before.denominator;
  }
  const auto difference = base::BootstrapRatioDifference(pairs, {});
  if (!difference.ok() || count == 0) {
    fmt::print(
        "{{\"bench\":\"{}\",\"subject\":\"{}\",\"rows\":{},"
        "\"reason\":\"{}\"}}\n",
        what, subject, pairs.size(),
        std::string(difference.status().message()));
    return;
  }
  fmt::print(
      "{{\"bench\":\"{}\",\"subject\":\"{}\",\"rows\":{},\"random\":{:.4f},"
      "\"agreed\":{:.4f},\"difference\":{:.4f},\"low\":{:.4f},"
      "\"high\":{:.4f}}}\n",
      what, subject, pairs.size(), before / count, after / count,
      difference->value, difference->low, difference->high);
}

PairedRatioTally PairOf(double random, double chosen) {
  PairedRatioTally pair;
  pair.before = {random, 1};
  pair.after = {chosen, 1};
  return pair;
}

constexpr std::size_t kGroup = 20;

// Index of the text that is most like all others, as Agree has it with equal
// weights.
std::size_t MedoidOf(std::span<const code_analysis::TokenText> texts) {
  std::size_t best = 0;
  double best_sum = -1;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < texts.size(); ++j) {
      if (i != j) sum += code_analysis::BagJaccardOf(texts[i], texts[j]);
    }
    if (sum > best_sum + 1e-12) {
      best = i;
      best_sum = sum;
    }
  }
  return best;
}

int Medoid(const std::string& path) {
  struct Task {
    std::vector<code_analysis::TokenText> texts;
    std::vector<bool> passed;
  };
  std::map<std::string, Task> tasks;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto row = boost::json::parse(line).as_object();
    Task& task = tasks[std::string(row.at("task_id").as_string())];
    task.texts.push_back(
        code_analysis::TokensOf(std::string(row.at("completion").as_string()),
                                code_analysis::Language::kPython));
    task.passed.push_back(row.at("passed").as_bool());
  }
  std::vector<PairedRatioTally> pairs;
  for (const auto& [id, task] : tasks) {
    double random = 0;
    double chosen = 0;
    const std::size_t groups = task.texts.size() / kGroup;
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t first = g * kGroup;
      for (std::size_t i = first; i < first + kGroup; ++i) {
        random += task.passed[i] ? 1.0 / kGroup : 0;
      }
      const std::size_t medoid =
          MedoidOf(std::span<const code_analysis::TokenText>(task.texts)
                       .subspan(first, kGroup));
      chosen += task.passed[first + medoid] ? 1 : 0;
    }
    if (groups == 0) continue;
    pairs.push_back(PairOf(random / static_cast<double>(groups),
                           chosen / static_cast<double>(groups)));
  }
  Print("medoid", "codegen-16b", pairs);
  return pairs.empty() ? 1 : 0;
}

constexpr int kHalfYears = 8;
const absl::Duration kHalfYear = absl::Hours(24 * 182);

using prompt_engine::WrittenCode;
using prompt_engine::WrittenHistory;

// Groups at one cut-off: what is agreed on by what was known then, judged by
// what is known now.
void JudgeAt(const WrittenHistory& then, const WrittenHistory& now,
             absl::Time later, std::vector<PairedRatioTally>& pairs) {
  std::map<std::string, std::uint32_t> positions;
  for (const auto& commit : now.commits()) {
    positions[commit.sha] = commit.position;
  }
  const auto stands = [&](const prompt_engine::Variant& variant,
                          prompt_engine::ItemClass item_class) {
    for (const WrittenCode& code : now.Of(positions[variant.commit])) {
      if (code.item_class != item_class || code.first_line != variant.line ||
          now.PathOf(code.path) != variant.path || code.text != variant.text) {
        continue;
      }
      if (code.end == WrittenCode::kStands) return 1.0;
      return now.CommitAt(code.end)->commit_time >= later ? 1.0 : 0.0;
    }
    return 0.0;
  };
  prompt_engine::VariantGroups groups(then);
  std::set<std::set<std::string>> judged;
  for (std::size_t i = 0; i < then.size(); ++i) {
    const WrittenCode& code = then[i];
    if (!code.own || !code.counted || code.end != WrittenCode::kStands)
      continue;
    auto group = groups.Of(code);
    if (group.variants.size() < 2) continue;
    const auto agreement =
        prompt_engine::Agree(group.variants, group.tokens, groups.end(),
                             groups.Chance(code.item_class, code.language));
    if (!agreement.agreed) continue;
    // Only between ways that stood then, and that are not all the same.
    std::set<std::string> places;
    std::set<std::vector<std::uint64_t>> texts;
    std::vector<std::size_t> alive;
    for (std::size_t v = 0; v < group.variants.size(); ++v) {
      const auto& variant = group.variants[v];
      places.insert(
          fmt::format("{} {} {}", variant.commit, variant.path, variant.line));
      if (!variant.alive) continue;
      alive.push_back(v);
      texts.insert(group.tokens[v].tokens);
    }
    if (texts.size() < 2 || !group.variants[*agreement.agreed].alive ||
        !judged.insert(places).second) {
      continue;
    }
    double sum = 0;
    for (const std::size_t v : alive) {
      sum += stands(group.variants[v], code.item_class);
    }
    pairs.push_back(
        PairOf(sum / static_cast<double>(alive.size()),
               stands(group.variants[*agreement.agreed], code.item_class)));
  }
}

int Survival(const std::string& path) {
  const auto now = prompt_engine::ReadLocalHistory({path, {}, 2, {}});
  if (!now.ok() || now->commits().empty()) {
    fmt::print(stderr, "{} can't be read\n", path);
    return 1;
  }
  std::vector<PairedRatioTally> pairs;
  const absl::Time end = now->commits().back().commit_time;
  for (int i = 1; i <= kHalfYears; ++i) {
    const absl::Time cut = end - i * kHalfYear;
    const auto then = prompt_engine::ReadLocalHistory({path, cut, 2, {}});
    if (!then.ok()) return 1;
    JudgeAt(*then, *now, cut + kHalfYear, pairs);
  }
  Print("survival", path.substr(path.find_last_of('/') + 1), pairs);
  return 0;
}

}  // namespace
}  // namespace evalloop

int main(int argc, char** argv) {
  const std::string mode = argc == 3 ? argv[1] : "";
  if (mode == "medoid") return evalloop::Medoid(argv[2]);
  if (mode == "survival") return evalloop::Survival(argv[2]);
  fmt::print(stderr, "usage: agreement_figures medoid|survival PATH\n");
  return 2;
}
