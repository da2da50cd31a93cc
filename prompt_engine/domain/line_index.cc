#include "prompt_engine/domain/line_index.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace evalloop::prompt_engine {

absl::StatusOr<std::vector<CommitHeader>> MemoryLineIndex::Commits() {
  std::vector<CommitHeader> headers;
  for (const IngestedCommit& commit : commits_) {
    headers.push_back(commit.header);
  }
  return headers;
}

absl::StatusOr<std::vector<WrittenLine>> MemoryLineIndex::SameContext(
    std::span<const std::int64_t> context_keys, std::uint32_t until,
    int limit) {
  std::map<std::int64_t, int> left;
  for (const std::int64_t key : context_keys) left[key] = limit;
  std::vector<WrittenLine> lines;
  for (auto commit = commits_.rbegin(); commit != commits_.rend(); ++commit) {
    if (commit->header.position > until) continue;
    for (const AddedCode& line : commit->lines) {
      const auto found = left.find(line.context_key);
      if (!line.counted || found == left.end() || found->second == 0) continue;
      --found->second;
      lines.push_back({line.context_key, line.token_key, line.text,
                       commit->header.author, commit->header.sha,
                       commit->header.position, commit->header.author_time});
    }
  }
  return lines;
}

absl::StatusOr<std::vector<std::pair<std::int64_t, std::uint32_t>>>
MemoryLineIndex::FirstPlaces(std::uint32_t from, std::uint32_t until) {
  std::map<std::int64_t, std::uint32_t> first;
  for (const IngestedCommit& commit : commits_) {
    const std::uint32_t position = commit.header.position;
    if (position < from || position > until) continue;
    for (const AddedCode& line : commit.lines) {
      first.emplace(line.token_key, position);
    }
  }
  return std::vector<std::pair<std::int64_t, std::uint32_t>>(first.begin(),
                                                             first.end());
}

absl::StatusOr<std::vector<std::string>> MemoryLineIndex::SampleTexts(
    std::uint32_t until, int limit) {
  // Keys are hashes, so their order is no order of the lines.
  std::set<std::pair<std::int64_t, std::string>> texts;
  for (const IngestedCommit& commit : commits_) {
    if (commit.header.position > until) continue;
    for (const AddedCode& line : commit.lines) {
      if (line.counted) texts.emplace(line.token_key, line.text);
    }
  }
  std::vector<std::string> sample;
  for (const auto& [key, text] : texts) {
    if (static_cast<int>(sample.size()) == limit) break;
    if (!sample.empty() && sample.back() == text) continue;
    sample.push_back(text);
  }
  return sample;
}

}  // namespace evalloop::prompt_engine
