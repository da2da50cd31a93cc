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
#include "replay/counted_lines.h"

namespace evalloop::prompt_engine {

// "dev-" and eight hex digits: who wrote it, without saying who. HMAC-SHA256 of
// the lower-cased address with the repository's key.
std::string Pseudonym(std::string_view email, std::string_view author_key);

// Hash of a line's tokens, blanks and comments left out; the same on every
// machine.
std::int64_t TokenKey(std::string_view line, code_analysis::Language language);

// The line's text from its first token on; blanks at its end left out.
std::string_view LineText(const replay::AddedRun& run,
                          const replay::AddedLine& line);

// Hash of the path and of the tokens of the two lines with text above `line`:
// where other developers may have written the same.
std::int64_t ContextKey(const replay::AddedRun& run,
                        const replay::AddedLine& line);

// What the commit added, in languages that the lexer knows.
struct CommitCode {
  std::vector<replay::AddedRun> runs;
  std::uint32_t files = 0;
  std::uint32_t files_skipped = 0;
};
absl::StatusOr<CommitCode> ReadCommit(
    const code_analysis::Repository& repository, std::string_view sha);

// Lines of one commit beyond this are left out: such a commit is an import.
inline constexpr std::size_t kMaxLinesPerCommit = 50'000;

// Reads one commit as it is stored.
absl::StatusOr<IngestedCommit> ScanCommit(
    const code_analysis::Repository& repository,
    const code_analysis::CommitInfo& commit, std::uint32_t position,
    std::string_view author_key);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_SCAN_COMMIT_H_
