#include "prompt_engine/domain/patch_identity.h"

#include <algorithm>

#include "code_analysis/shapes.h"

namespace evalloop::prompt_engine {
namespace {

using code_analysis::StableHash;

// The lines of a text one after the other.
class LineCursor {
 public:
  explicit LineCursor(std::string_view text) : rest_(text) {}

  // Line `number`, from 1, at or after the last one asked for.
  std::string_view Go(std::uint32_t number) {
    for (; next_ < number && !rest_.empty(); ++next_) Take();
    ++next_;
    return Take();
  }

 private:
  std::string_view Take() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    return line;
  }

  std::string_view rest_;
  std::uint32_t next_ = 1;
};

struct Side {
  std::uint64_t hash = 0;

  void Add(char sign, std::string_view text) {
    hash = StableHash(text, hash * 31 + static_cast<unsigned char>(sign));
  }
};

std::string WithoutBlanks(std::string_view line) {
  std::string out;
  for (const char c : line) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\f' && c != '\v') out += c;
  }
  return out;
}

}  // namespace

PatchIdentity IdentifyPatch(const code_analysis::CommitChanges& changes) {
  Side forward;
  Side inverse;
  std::size_t characters = 0;
  for (const code_analysis::FileChange& file : changes.files) {
    if (file.hunks.empty()) continue;
    // By the path that exists on one side at least; of a rename, both ways.
    forward.Add('f', file.old_path.empty() ? file.new_path : file.old_path);
    forward.Add('t', file.new_path.empty() ? file.old_path : file.new_path);
    inverse.Add('f', file.new_path.empty() ? file.old_path : file.new_path);
    inverse.Add('t', file.old_path.empty() ? file.new_path : file.old_path);
    LineCursor before(file.old_text);
    LineCursor after(file.new_text);
    for (const code_analysis::Hunk& hunk : file.hunks) {
      Side removed;
      Side added;
      for (std::uint32_t i = 0; i < hunk.old_lines; ++i) {
        const std::string line = WithoutBlanks(before.Go(hunk.old_start + i));
        characters += line.size();
        removed.Add('.', line);
      }
      for (std::uint32_t i = 0; i < hunk.new_lines; ++i) {
        const std::string line = WithoutBlanks(after.Go(hunk.new_start + i));
        characters += line.size();
        added.Add('.', line);
      }
      const auto put = [](Side& to, const Side& minus, const Side& plus) {
        to.hash = StableHash("-", to.hash * 31 + minus.hash);
        to.hash = StableHash("+", to.hash * 31 + plus.hash);
      };
      put(forward, removed, added);
      put(inverse, added, removed);
    }
  }
  if (characters < kLeastPatchCharacters) return {};
  return {static_cast<std::int64_t>(forward.hash),
          static_cast<std::int64_t>(inverse.hash)};
}

CommitKind KindByMessage(std::string_view message) {
  const auto has = [message](std::string_view words) {
    return message.find(words) != std::string_view::npos;
  };
  if (message.starts_with("Revert \"") || message.starts_with("Revert '") ||
      has("\nThis reverts commit ")) {
    return CommitKind::kRevert;
  }
  return has("(cherry picked from commit ") ? CommitKind::kCherryPick
                                            : CommitKind::kOwn;
}

CommitKind SeenPatches::Take(const CommitHeader& header) {
  CommitKind kind = header.kind;
  if (header.patch_id == 0) return kind;
  if (kind == CommitKind::kOwn) {
    if (seen_.count(header.inverse_patch_id) != 0) {
      kind = CommitKind::kRevert;
    } else if (seen_.count(header.patch_id) != 0) {
      kind = CommitKind::kCherryPick;
    }
  }
  seen_.insert(header.patch_id);
  return kind;
}

}  // namespace evalloop::prompt_engine
