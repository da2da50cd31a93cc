#include "platform/base/text_diff.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "fmt/format.h"

namespace evalloop::base {
namespace {

constexpr std::size_t kMaxLines = 500;
constexpr std::size_t kContext = 3;

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

struct Step {
  char sign;
  std::string_view line;
};

using Lines = std::span<const std::string_view>;

void Put(char sign, Lines lines, std::vector<Step>& steps) {
  for (const std::string_view line : lines) steps.push_back({sign, line});
}

// From lines to lines that begin and end otherwise.
void PutChanged(Lines from, Lines to, std::vector<Step>& steps) {
  if (from.size() > kMaxLines || to.size() > kMaxLines) {
    Put('-', from, steps);
    Put('+', to, steps);
    return;
  }
  const std::size_t width = to.size() + 1;
  // Longest common subsequence of what follows each pair of places.
  std::vector<std::uint16_t> common((from.size() + 1) * width, 0);
  for (std::size_t i = from.size(); i-- > 0;) {
    for (std::size_t j = to.size(); j-- > 0;) {
      common[i * width + j] = from[i] == to[j]
                                  ? common[(i + 1) * width + j + 1] + 1
                                  : std::max(common[(i + 1) * width + j],
                                             common[i * width + j + 1]);
    }
  }
  std::size_t i = 0, j = 0;
  while (i < from.size() || j < to.size()) {
    if (i < from.size() && j < to.size() && from[i] == to[j]) {
      steps.push_back({' ', from[i++]});
      ++j;
    } else if (i < from.size() &&
               (j == to.size() ||
                common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      steps.push_back({'-', from[i++]});
    } else {
      steps.push_back({'+', to[j++]});
    }
  }
}

std::vector<Step> Steps(Lines from, Lines to) {
  const std::size_t shorter = std::min(from.size(), to.size());
  std::size_t head = 0;
  while (head < shorter && from[head] == to[head]) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head &&
         from[from.size() - 1 - tail] == to[to.size() - 1 - tail]) {
    ++tail;
  }
  std::vector<Step> steps;
  Put(' ', from.first(head), steps);
  PutChanged(from.subspan(head, from.size() - head - tail),
             to.subspan(head, to.size() - head - tail), steps);
  Put(' ', from.last(tail), steps);
  return steps;
}

}  // namespace

std::string UnifiedDiff(std::string_view from, std::string_view to) {
  if (from == to) return "";
  const std::vector<Step> steps = Steps(LinesOf(from), LinesOf(to));
  std::vector<bool> near(steps.size(), false);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].sign == ' ') continue;
    const std::size_t first = i < kContext ? 0 : i - kContext;
    const std::size_t last = std::min(steps.size(), i + kContext + 1);
    std::fill(near.begin() + first, near.begin() + last, true);
  }
  std::string diff;
  std::size_t from_line = 1, to_line = 1;
  for (std::size_t i = 0; i < steps.size();) {
    if (!near[i]) {
      ++from_line;
      ++to_line;
      ++i;
      continue;
    }
    std::string body;
    std::size_t removed = 0, added = 0;
    for (; i < steps.size() && near[i]; ++i) {
      body += fmt::format(
          "{}{}\n", steps[i].sign,
          fmt::string_view(steps[i].line.data(), steps[i].line.size()));
      removed += steps[i].sign != '+';
      added += steps[i].sign != '-';
    }
    diff += fmt::format("@@ -{},{} +{},{} @@\n{}",
                        removed == 0 ? from_line - 1 : from_line, removed,
                        added == 0 ? to_line - 1 : to_line, added, body);
    from_line += removed;
    to_line += added;
  }
  // Texts that differ in their last newline only.
  return diff;
}

}  // namespace evalloop::base
