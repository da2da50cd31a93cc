#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_WRITTEN_HISTORY_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_WRITTEN_HISTORY_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "code_analysis/language.h"
#include "prompt_engine/domain/commit.h"
#include "prompt_engine/domain/growing_array.h"

namespace evalloop::prompt_engine {

// Text of many small pieces in few large blocks; views stay valid.
class TextArena {
 public:
  std::string_view Keep(std::string_view text);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t left_ = 0;
  char* at_ = nullptr;
};

// Few texts that come again and again, by numbers from 0.
class TextTable {
 public:
  std::uint32_t IdOf(std::string_view text, TextArena& arena);
  std::optional<std::uint32_t> Find(std::string_view text) const;
  std::string_view operator[](std::uint32_t id) const { return texts_[id]; }

 private:
  std::vector<std::string_view> texts_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;
};

// A line or piece of code as somebody wrote it once. Views live as long as the
// WrittenHistory that it is of. There are millions of these: 64 bytes each.
struct WrittenCode {
  std::string_view text;
  std::int64_t token_key = 0;
  std::int64_t context_key = 0;
  std::uint32_t position = 0;  // Of its commit.
  std::uint32_t path = 0;      // See WrittenHistory::PathOf.
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;
  // The commit at which it went: of a piece, at which half of its lines had
  // gone. kStands: not yet.
  std::uint32_t end = 0;
  // What stood first at this place: a line that replaces another one for one
  // has its place. Equal places, equal numbers; pieces have none (0).
  std::uint32_t place = 0;
  std::uint32_t piece = 0;                  // See WrittenHistory::PieceOf.
  ItemClass item_class = ItemClass::kLine;  // kTail is never stored.
  code_analysis::Language language = code_analysis::Language::kUnknown;
  bool counted : 1 = false;  // By the acceptance rule; pieces always are.
  bool own : 1 = false;  // Newly written here: not moved, no revert, no pick.
  bool documented : 1 = false;

  static constexpr std::uint32_t kStands = UINT32_MAX;
};

// What only pieces have; all empty for a line.
struct WrittenPiece {
  std::int64_t signature_key = 0;
  std::string_view indent;  // Of its first line.
  std::string_view symbol;
};

// What developers wrote up to one commit, in memory: 64 bytes a line or piece,
// about 35 a line and at most 250 a piece to find them by, and each text once.
// Knows nothing of later commits: Add is called for the commits up to the
// window's end and no further. Build, Finish, then any number of threads may
// read.
class WrittenHistory {
 public:
  WrittenHistory();

  // Commits in order of position.
  void Add(const IngestedCommit& commit);
  void Finish();

  const std::vector<CommitHeader>& commits() const { return commits_; }
  // Null where no such position was added.
  const CommitHeader* CommitAt(std::uint32_t position) const;
  std::string_view PathOf(std::uint32_t id) const { return paths_[id]; }
  WrittenPiece PieceOf(const WrittenCode& code) const;

  std::size_t size() const { return code_.size(); }
  const WrittenCode& operator[](std::size_t i) const { return code_[i]; }
  // All of one commit: lines by path and line, then pieces.
  std::span<const WrittenCode> Of(std::uint32_t position) const;

  // What may be another way of writing `code`, by numbers of this history,
  // newest first and at most `limit`: written at its place, in its context,
  // under its function's head, with its call, or with a band of MinHash in
  // common. Own and counted code of its class only, never itself. Asked for a
  // line, or for a piece that is its author's own.
  std::vector<std::uint32_t> CandidatesFor(const WrittenCode& code,
                                           std::size_t limit) const;

  // Whether these tokens stood in a line or piece before the commit at
  // `position`.
  bool Before(std::int64_t token_key, std::uint32_t position) const;
  // Lines that stood before the first commit, where the history begins in the
  // middle.
  void AddBefore(std::int64_t token_key);

  // Whether the commit at `position` declared one of `names` anew.
  bool Declares(std::uint32_t position,
                const std::set<std::string_view>& names) const;

  // Where a function or type of that name was first declared; null: nowhere.
  struct Declared {
    std::uint32_t position = 0;
    std::uint32_t path = 0;
    std::uint32_t paths = 1;  // Declarations at other paths, and this one.
  };
  const Declared* DeclarationOf(std::string_view name) const;

  // Path, kind and author of each change, in order of position.
  struct Touch {
    std::uint32_t position = 0;
    ChangeKind kind = ChangeKind::kModified;
    std::string_view old_path;
  };
  std::span<const Touch> TouchesOf(std::string_view path) const;

  // Days for which `code` stood, up to the newest commit.
  double SurvivalDays(const WrittenCode& code) const;

 private:
  // Twelve bytes, not sixteen.
  struct Key {
    std::uint32_t high = 0;  // Of the hash.
    std::uint32_t low = 0;
    std::uint32_t number = 0;

    std::uint64_t hash() const { return std::uint64_t{high} << 32 | low; }
    auto operator<=>(const Key&) const = default;
  };
  struct Piece {
    std::int64_t signature_key = 0;
    std::uint32_t number = 0;
    std::uint32_t indent = 0;
    std::uint32_t symbol = 0;
  };

  // The index of a commit; commits_.size(): none.
  std::size_t IndexOf(std::uint32_t position) const;
  WrittenCode* Line(std::uint32_t position, std::string_view path,
                    std::uint32_t line);
  void Declare(const WrittenCode& code);
  // Texts of a commit's pieces and of its lines, each kept once: what stands in
  // a piece is a part of its text.
  void KeepTexts(const IngestedCommit& commit,
                 std::vector<std::string_view>& pieces,
                 std::vector<std::string_view>& lines);
  void EndPieces();
  void SortTokens();
  void SortKeys();
  std::vector<std::uint64_t> KeysOf(const WrittenCode& code) const;

  TextArena arena_;
  std::vector<CommitHeader> commits_;
  std::vector<std::uint32_t> first_of_;  // Number of each commit's first code.
  GrowingArray<WrittenCode> code_;
  GrowingArray<Piece> pieces_;
  TextTable paths_;
  TextTable names_;         // Indents and symbols.
  GrowingArray<Key> keys_;  // Sorted by Finish.
  // The first code with each token key, by it; made by Finish.
  GrowingArray<std::uint32_t> first_places_;
  GrowingArray<std::int64_t> before_;  // Token keys; sorted by Finish.
  std::unordered_map<std::string_view, Declared> declared_;
  // By position, with the names that were declared there.
  std::vector<std::pair<std::uint32_t, std::string_view>> declared_at_;
  std::unordered_map<std::string_view, std::vector<Touch>> touches_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_WRITTEN_HISTORY_H_
