// Which deleted file an added one was, as git's diffcore-rename tells.
#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "code_analysis/history_impl.h"

namespace evalloop::code_analysis {
namespace {

constexpr std::size_t kLongestPiece = 64;  // Bytes, as in diffcore-delta.

// How many bytes a text has of each of its pieces: lines, cut at 64 bytes.
struct Pieces {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> bytes;  // By hash.
  std::size_t size = 0;
};

Pieces PiecesOf(std::string_view text) {
  Pieces pieces;
  pieces.size = text.size();
  while (!text.empty()) {
    std::size_t length = text.substr(0, kLongestPiece).find('\n');
    length = length == std::string_view::npos
                 ? std::min(text.size(), kLongestPiece)
                 : length + 1;
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : text.substr(0, length)) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    }
    pieces.bytes.emplace_back(hash, static_cast<std::uint32_t>(length));
    text.remove_prefix(length);
  }
  std::sort(pieces.bytes.begin(), pieces.bytes.end());
  std::size_t kept = 0;
  for (std::size_t i = 1; i < pieces.bytes.size(); ++i) {
    if (pieces.bytes[i].first == pieces.bytes[kept].first) {
      pieces.bytes[kept].second += pieces.bytes[i].second;
    } else {
      pieces.bytes[++kept] = pieces.bytes[i];
    }
  }
  if (!pieces.bytes.empty()) pieces.bytes.resize(kept + 1);
  return pieces;
}

std::size_t CommonBytes(const Pieces& a, const Pieces& b) {
  std::size_t common = 0;
  auto x = a.bytes.begin();
  auto y = b.bytes.begin();
  while (x != a.bytes.end() && y != b.bytes.end()) {
    if (x->first < y->first) {
      ++x;
    } else if (y->first < x->first) {
      ++y;
    } else {
      common += std::min(x->second, y->second);
      ++x;
      ++y;
    }
  }
  return common;
}

std::string_view NameOf(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

class RenameFinder {
 public:
  RenameFinder(const Repository::Impl& repository,
               std::vector<TreeChange>& changes)
      : repository_(repository), changes_(changes) {
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (changes_[i].new_mode == 0) gone_.push_back(i);
      if (changes_[i].old_mode == 0) come_.push_back(i);
    }
  }

  void Join() {
    if (gone_.empty() || come_.empty()) return;
    JoinEqual();
    if (gone_.size() * come_.size() <= kMaxRenamePairs) JoinAlike();
    std::erase_if(changes_, [](const TreeChange& change) {
      return change.old_mode == 0 && change.new_mode == 0;
    });
  }

 private:
  void JoinPair(std::size_t gone, std::size_t come) {
    TreeChange& from = changes_[gone];
    TreeChange& to = changes_[come];
    to.old_path = std::move(from.old_path);
    to.old_id = from.old_id;
    to.old_mode = from.old_mode;
    from.old_mode = 0;
    std::erase(gone_, gone);
    std::erase(come_, come);
  }

  // The same bytes: of several, the one whose name is the same, then the first.
  void JoinEqual() {
    std::map<std::string, std::vector<std::size_t>> by_id;
    for (const std::size_t i : gone_) {
      const git_oid& id = changes_[i].old_id;
      by_id[std::string(std::begin(id.id), std::end(id.id))].push_back(i);
    }
    for (const std::size_t come : std::vector<std::size_t>(come_)) {
      const git_oid& id = changes_[come].new_id;
      const auto found =
          by_id.find(std::string(std::begin(id.id), std::end(id.id)));
      if (found == by_id.end() || found->second.empty()) continue;
      auto& there = found->second;
      const auto named =
          std::find_if(there.begin(), there.end(), [&](std::size_t i) {
            return NameOf(changes_[i].old_path) ==
                   NameOf(changes_[come].new_path);
          });
      const auto taken = named == there.end() ? there.begin() : named;
      JoinPair(*taken, come);
      there.erase(taken);
    }
  }

  void JoinAlike() {
    if (gone_.empty() || come_.empty()) return;
    std::vector<std::pair<std::size_t, Pieces>> old_texts = Read(gone_, true);
    std::vector<std::pair<std::size_t, Pieces>> new_texts = Read(come_, false);
    // Best first: most common bytes, the same name, then path order.
    std::vector<std::tuple<double, bool, std::size_t, std::size_t>> pairs;
    for (const auto& [gone, old_text] : old_texts) {
      for (const auto& [come, new_text] : new_texts) {
        const std::size_t longer = std::max(old_text.size, new_text.size);
        if (2 * std::min(old_text.size, new_text.size) < longer) continue;
        const std::size_t common = CommonBytes(old_text, new_text);
        if (2 * common < longer) continue;
        pairs.emplace_back(
            -static_cast<double>(common) / static_cast<double>(longer),
            NameOf(changes_[gone].old_path) != NameOf(changes_[come].new_path),
            come, gone);
      }
    }
    std::sort(pairs.begin(), pairs.end());
    for (const auto& [score, other_name, come, gone] : pairs) {
      if (changes_[gone].old_mode != 0 && changes_[come].old_mode == 0) {
        JoinPair(gone, come);
      }
    }
  }

  std::vector<std::pair<std::size_t, Pieces>> Read(
      const std::vector<std::size_t>& which, bool old_side) const {
    std::vector<std::pair<std::size_t, Pieces>> texts;
    for (const std::size_t i : which) {
      const TreeChange& change = changes_[i];
      const BlobText text =
          old_side ? repository_.ReadText(change.old_id, change.old_mode)
                   : repository_.ReadText(change.new_id, change.new_mode);
      if (text.ok && !text.text.empty()) {
        texts.emplace_back(i, PiecesOf(text.text));
      }
    }
    return texts;
  }

  const Repository::Impl& repository_;
  std::vector<TreeChange>& changes_;
  std::vector<std::size_t> gone_;
  std::vector<std::size_t> come_;
};

}  // namespace

void JoinRenames(const Repository::Impl& repository, TreeChanges& changes) {
  RenameFinder(repository, changes.changes).Join();
}

}  // namespace evalloop::code_analysis
