#ifndef EVALLOOP_PROMPT_ENGINE_TESTING_SMALL_HISTORY_H_
#define EVALLOOP_PROMPT_ENGINE_TESTING_SMALL_HISTORY_H_

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "code_analysis/history.h"
#include "prompt_engine/domain/commit.h"

namespace evalloop::prompt_engine {

// The lines of a text, each with its line end.
inline std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

// The hunks between two texts by the longest common subsequence of lines, as
// git's without its heuristics.
inline std::vector<code_analysis::Hunk> HunksOf(std::string_view before,
                                                std::string_view after) {
  const auto a = LinesOf(before);
  const auto b = LinesOf(after);
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  const std::size_t n = a.size() - head - tail;
  const std::size_t m = b.size() - head - tail;
  std::vector<std::vector<std::uint32_t>> common(
      n + 1, std::vector<std::uint32_t>(m + 1, 0));
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = m; j-- > 0;) {
      common[i][j] = a[head + i] == b[head + j]
                         ? common[i + 1][j + 1] + 1
                         : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::vector<code_analysis::Hunk> hunks;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && a[head + i] == b[head + j]) {
      ++i;
      ++j;
      continue;
    }
    const std::size_t old_from = i;
    const std::size_t new_from = j;
    while ((i < n || j < m) &&
           !(i < n && j < m && a[head + i] == b[head + j])) {
      if (j < m && (i == n || common[i][j + 1] >= common[i + 1][j])) {
        ++j;
      } else {
        ++i;
      }
    }
    code_analysis::Hunk hunk;
    hunk.old_lines = static_cast<std::uint32_t>(i - old_from);
    hunk.new_lines = static_cast<std::uint32_t>(j - new_from);
    hunk.old_start = static_cast<std::uint32_t>(head + old_from) +
                     (hunk.old_lines > 0 ? 1 : 0);
    hunk.new_start = static_cast<std::uint32_t>(head + new_from) +
                     (hunk.new_lines > 0 ? 1 : 0);
    hunks.push_back(hunk);
  }
  return hunks;
}

inline code_analysis::FileChange ChangeOf(std::string old_path,
                                          std::string new_path,
                                          std::string before,
                                          std::string after) {
  using code_analysis::FileStatus;
  code_analysis::FileChange change;
  change.status = old_path.empty()       ? FileStatus::kAdded
                  : new_path.empty()     ? FileStatus::kDeleted
                  : old_path == new_path ? FileStatus::kModified
                                         : FileStatus::kRenamed;
  change.old_path = std::move(old_path);
  change.new_path = std::move(new_path);
  change.hunks = HunksOf(before, after);
  change.old_text = std::move(before);
  change.new_text = std::move(after);
  return change;
}

// A first-parent line of commits in memory. Commit n has position n, the sha
// "cn" and, where nothing else is said, the time of day n.
class SmallHistory {
 public:
  struct Commit {
    CommitHeader header;
    code_analysis::CommitChanges changes;
  };
  // path -> text; an empty text removes the file.
  using Files = std::map<std::string, std::string>;

  static absl::Time Day(double day) {
    return absl::FromUnixSeconds(1'700'000'000) + absl::Hours(24) * day;
  }

  // Writes `files`; `renames` are old path -> new path, before that.
  Commit& Add(const Files& files, double day = -1, const Files& renames = {}) {
    Commit& commit = commits_.emplace_back();
    const auto position = static_cast<std::uint32_t>(commits_.size() - 1);
    commit.header.position = position;
    commit.header.sha = fmt::format("c{}", position);
    if (position > 0) commit.header.parent = fmt::format("c{}", position - 1);
    commit.header.author = "dev-1";
    commit.header.author_time = commit.header.commit_time =
        Day(day < 0 ? position : day);
    Files written = files;
    for (const auto& [from, to] : renames) {
      written.try_emplace(to, files_[from]);
      commit.changes.files.push_back(
          ChangeOf(from, to, files_[from], written[to]));
      files_.erase(from);
      files_[to] = written[to];
      written.erase(to);
    }
    for (const auto& [path, text] : written) {
      const bool there = files_.count(path) != 0;
      commit.changes.files.push_back(ChangeOf(
          there ? path : "", text.empty() ? "" : path, files_[path], text));
      if (text.empty()) {
        files_.erase(path);
      } else {
        files_[path] = text;
      }
    }
    return commit;
  }

  const std::vector<Commit>& commits() const { return commits_; }

 private:
  std::vector<Commit> commits_;
  Files files_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TESTING_SMALL_HISTORY_H_
