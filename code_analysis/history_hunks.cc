// Hunks of two texts: by hand where only one answer is possible, else by
// libgit2's xdiff on as little of the texts as gives its answer for all.
#include <git2.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <vector>

#include "code_analysis/history_impl.h"

namespace evalloop::code_analysis {
namespace {

// xdiff may move a hunk by this many lines to where it reads best.
constexpr std::size_t kMostSliding = 100;
// Lines that it looks at beyond the place: at most 20 blank ones and the next.
constexpr std::size_t kLookAround = 24;
constexpr std::size_t kPage = 256;  // Bytes that are compared at once.

std::uint32_t LinesOf(std::string_view text) {
  const auto newlines = std::count(text.begin(), text.end(), '\n');
  const bool open_end = !text.empty() && text.back() != '\n';
  return static_cast<std::uint32_t>(newlines) + (open_end ? 1 : 0);
}

// The last line of a text, which is not empty, with its line end.
std::string_view LastLine(std::string_view text) {
  const std::size_t newline = text.size() < 2
                                  ? std::string_view::npos
                                  : text.rfind('\n', text.size() - 2);
  return newline == std::string_view::npos ? text : text.substr(newline + 1);
}

std::size_t CommonHead(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  // Whole pages first: memcmp is many times faster than a loop.
  std::size_t head = 0;
  while (head + kPage <= shorter &&
         std::memcmp(a.data() + head, b.data() + head, kPage) == 0) {
    head += kPage;
  }
  while (head < shorter && a[head] == b[head]) ++head;
  return head;
}

std::size_t CommonTail(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t tail = 0;
  while (tail + kPage <= shorter &&
         std::memcmp(a.data() + a.size() - tail - kPage,
                     b.data() + b.size() - tail - kPage, kPage) == 0) {
    tail += kPage;
  }
  while (tail < shorter && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  return tail;
}

bool IsLineStart(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == '\n';
}

// The whole lines that two texts begin and end with alike, and what is between.
struct Split {
  std::string_view head;  // Of both.
  std::string_view before;
  std::string_view after;
  std::string_view tail;  // Of both.
};

Split SplitOf(std::string_view before, std::string_view after) {
  std::size_t head = CommonHead(before, after);
  while (!IsLineStart(before, head)) --head;
  Split split;
  split.head = before.substr(0, head);
  split.before = before.substr(head);
  split.after = after.substr(head);
  std::size_t tail = CommonTail(split.before, split.after);
  if (!IsLineStart(split.before, split.before.size() - tail) ||
      !IsLineStart(split.after, split.after.size() - tail)) {
    const std::string_view rest =
        split.before.substr(split.before.size() - tail);
    const std::size_t newline = rest.find('\n');
    tail = newline == std::string_view::npos ? 0 : tail - newline - 1;
  }
  split.tail = split.before.substr(split.before.size() - tail);
  split.before.remove_suffix(tail);
  split.after.remove_suffix(tail);
  return split;
}

void AddLineHashes(std::string_view text, std::vector<std::size_t>& hashes) {
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(
        0, newline == std::string_view::npos ? text.size() : newline + 1);
    hashes.push_back(std::hash<std::string_view>()(line));
    text.remove_prefix(line.size());
  }
}

// False only where no line is in both.
bool MayShareALine(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  std::vector<std::size_t> of_a;
  std::vector<std::size_t> of_b;
  AddLineHashes(a, of_a);
  AddLineHashes(b, of_b);
  std::sort(of_a.begin(), of_a.end());
  return std::any_of(of_b.begin(), of_b.end(), [&](std::size_t hash) {
    return std::binary_search(of_a.begin(), of_a.end(), hash);
  });
}

// By how many lines what stands after `head`, and nothing else changed, can
// move up and mean the same; at most kMostSliding.
std::size_t SlidingOf(std::string_view head, std::string_view changed) {
  std::size_t lines = 0;
  // The change as it stands after each move: first the lines of `head` that it
  // took in, newest first, then what is left of its own.
  std::string_view above = head;
  std::string_view own = changed;
  std::string_view moved = head;  // Whose lines have come to its end again.
  while (lines < kMostSliding && !above.empty()) {
    const std::string_view line = LastLine(above);
    std::string_view& last = own.empty() ? moved : own;
    if (LastLine(last) != line) break;
    last.remove_suffix(line.size());
    above.remove_suffix(line.size());
    ++lines;
  }
  return lines;
}

struct HunkSink {
  std::vector<Hunk>* hunks;
  std::uint32_t lines_before;
};

int OnHunk(const git_diff_delta*, const git_diff_hunk* hunk, void* payload) {
  const auto& sink = *static_cast<HunkSink*>(payload);
  const auto line = [&](int start) {
    return static_cast<std::uint32_t>(start) + sink.lines_before;
  };
  sink.hunks->push_back(
      {line(hunk->old_start), static_cast<std::uint32_t>(hunk->old_lines),
       line(hunk->new_start), static_cast<std::uint32_t>(hunk->new_lines)});
  return 0;
}

// By xdiff, which sees so many of the lines above and below.
absl::StatusOr<std::vector<Hunk>> DiffOf(const Split& split, std::size_t above,
                                         std::size_t below) {
  std::size_t head = split.head.size();
  for (; above > 0 && head > 0; --above) {
    head -= LastLine(split.head.substr(0, head)).size();
  }
  std::size_t tail = 0;
  for (; below > 0 && tail < split.tail.size(); --below) {
    const std::size_t newline = split.tail.find('\n', tail);
    tail = newline == std::string_view::npos ? split.tail.size() : newline + 1;
  }
  // Head, middle and tail lie side by side in each text.
  const auto middle = [&](std::string_view text, const char* begin) {
    return std::string_view(begin + head,
                            split.head.size() - head + text.size() + tail);
  };
  const std::string_view before =
      middle(split.before, split.before.data() - split.head.size());
  const std::string_view after =
      middle(split.after, split.after.data() - split.head.size());
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
  options.context_lines = 0;
  options.interhunk_lines = 0;
  std::vector<Hunk> hunks;
  HunkSink sink{&hunks, LinesOf(split.head.substr(0, head))};
  const int code = git_diff_buffers(
      before.data(), before.size(), nullptr, after.data(), after.size(),
      nullptr, &options, nullptr, nullptr, OnHunk, nullptr, &sink);
  if (code != 0) return GitError(code, "diff");
  return hunks;
}

}  // namespace

absl::StatusOr<std::vector<Hunk>> HunksOf(std::string_view before,
                                          std::string_view after) {
  if (before == after) return std::vector<Hunk>{};
  const Split split = SplitOf(before, after);
  if (split.before.empty() || split.after.empty()) {
    // Only added or only removed: one hunk, but at which of the places where it
    // means the same?
    const std::size_t sliding = SlidingOf(
        split.head, split.before.empty() ? split.after : split.before);
    if (sliding > 0) return DiffOf(split, sliding + kLookAround, kLookAround);
  } else if (MayShareALine(split.before, split.after)) {
    return DiffOf(split, kMostSliding, kMostSliding);
  }
  const std::uint32_t first = LinesOf(split.head) + 1;
  Hunk hunk{first, LinesOf(split.before), first, LinesOf(split.after)};
  if (hunk.old_lines == 0) --hunk.old_start;
  if (hunk.new_lines == 0) --hunk.new_start;
  return std::vector<Hunk>{hunk};
}

}  // namespace evalloop::code_analysis
