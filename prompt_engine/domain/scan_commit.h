#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_SCAN_COMMIT_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_SCAN_COMMIT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "code_analysis/history.h"
#include "code_analysis/language.h"
#include "prompt_engine/domain/commit.h"
#include "prompt_engine/domain/lineage.h"
#include "replay/counted_lines.h"

namespace evalloop::prompt_engine {

// "dev-" and eight hex digits: who wrote it, without saying who. HMAC-SHA256 of
// the lower-cased address with the repository's key.
std::string Pseudonym(std::string_view email, std::string_view author_key);

// Hash of a text's tokens, blanks and comments left out; the same on every
// machine.
std::int64_t TokenKey(std::string_view text, code_analysis::Language language);

// The line's text from its first token on; blanks at its end left out.
std::string_view LineText(const replay::AddedRun& run,
                          const replay::AddedLine& line);

// Hash of the path and of the tokens of the two lines with text above `line`:
// where other developers may have written the same.
std::int64_t ContextKey(const replay::AddedRun& run,
                        const replay::AddedLine& line);

// Whether the lexer knows the language of the file.
bool InKnownLanguage(std::string_view path);

// Who wrote what a commit brings, with the words for it: of a merge, the commit
// on the merged side by who has most there, as who merges is seldom who wrote.
absl::StatusOr<code_analysis::CommitInfo> WriterOf(
    const code_analysis::Repository& repository,
    const code_analysis::CommitInfo& commit);
inline constexpr std::size_t kMostMergedCommits = 256;

// What the commit added, in languages that the lexer knows.
struct CommitCode {
  std::vector<replay::AddedRun> runs;
  std::uint32_t files = 0;
  std::uint32_t files_skipped = 0;
};
absl::StatusOr<CommitCode> ReadCommit(
    const code_analysis::Repository& repository, std::string_view sha);

// Lines of one commit beyond this are left out: such a commit is an import.
// Pieces likewise.
inline constexpr std::size_t kMaxLinesPerCommit = 50'000;
inline constexpr std::size_t kMaxPiecesPerCommit = 5'000;

// Bounds of a piece. One of fewer tokens says too little; a longer one is no
// completion.
inline constexpr std::size_t kLeastPieceTokens = 8;
inline constexpr std::size_t kMostPieceBytes = 4096;
std::uint32_t MostLinesOf(ItemClass item_class);

// One commit as it stands alone: what it is to the commits before (its kind,
// which earlier lines it ended) is for HistoryScan to say.
struct ScannedCommit {
  IngestedCommit commit;
  std::vector<LineageStep> steps;

  std::size_t bytes() const;  // About, in memory.
};

// Reads one commit. Pure in what it reads: any thread, any order.
absl::StatusOr<ScannedCommit> ScanCommit(
    const code_analysis::Repository& repository,
    const code_analysis::CommitInfo& commit, std::uint32_t position,
    std::string_view author_key);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_SCAN_COMMIT_H_
