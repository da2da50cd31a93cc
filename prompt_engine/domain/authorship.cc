#include "prompt_engine/domain/authorship.h"

#include <algorithm>
#include <cmath>

namespace evalloop::prompt_engine {
namespace {

constexpr int kMostNames = 16;  // That one file had, one after the other.

}  // namespace

double DegreeOfAuthorship(bool first_author, std::uint32_t own_commits,
                          std::uint32_t other_commits) {
  return 3.293 + (first_author ? 1.098 : 0) + 0.164 * own_commits -
         0.321 * std::log1p(other_commits);
}

const std::map<std::string, double>& Authorship::DegreesOf(
    std::string_view path) {
  const auto [found, added] = degrees_.try_emplace(std::string(path));
  std::map<std::string, double>& degrees = found->second;
  if (!added) return degrees;
  std::map<std::string, std::uint32_t> commits;
  std::uint32_t total = 0;
  std::string first_author;
  std::string_view name = path;
  std::uint32_t until = UINT32_MAX;
  for (int names = 0; names < kMostNames && !name.empty(); ++names) {
    std::string_view before;
    const auto touches = history_.TouchesOf(name);
    for (auto touch = touches.rbegin(); touch != touches.rend(); ++touch) {
      if (touch->position > until) continue;
      const CommitHeader* const commit = history_.CommitAt(touch->position);
      if (commit == nullptr || commit->kind != CommitKind::kOwn) continue;
      ++commits[commit->author];
      ++total;
      first_author = commit->author;
      if (touch->kind != ChangeKind::kRenamed) continue;
      before = touch->old_path;
      until = touch->position == 0 ? 0 : touch->position - 1;
      break;
    }
    name = before;
  }
  double highest = 0;
  for (const auto& [author, own] : commits) {
    const double degree =
        DegreeOfAuthorship(author == first_author, own, total - own);
    degrees[author] = std::max(0.0, degree);
    highest = std::max(highest, degree);
  }
  for (auto& [author, degree] : degrees) {
    degree = highest > 0 ? degree / highest : 0;
  }
  return degrees;
}

double Authorship::Of(std::string_view path, const std::string& author) {
  const auto& degrees = DegreesOf(path);
  const auto found = degrees.find(author);
  return found == degrees.end() ? 0 : found->second;
}

}  // namespace evalloop::prompt_engine
