#ifndef EVALLOOP_REPLAY_COUNTED_LINES_H_
#define EVALLOOP_REPLAY_COUNTED_LINES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/history.h"
#include "code_analysis/language.h"

namespace evalloop::replay {

// What a completion request may see of the file, at most.
inline constexpr std::size_t kPrefixBytes = std::size_t{16} << 10;
inline constexpr std::size_t kSuffixBytes = std::size_t{4} << 10;

// One added line; offsets are bytes of AddedRun::text.
struct AddedLine {
  int number = 0;         // 1-based, in the new file.
  std::size_t begin = 0;  // [begin, end): the line without its line end.
  std::size_t end = 0;
  // Where its tokens start, in order; comments are no tokens. A line without
  // tokens that counts all the same (all_lines) has one: its first non-blank.
  std::vector<std::size_t> token_starts;
  // At least 3 tokens, one of them an identifier, no comment or docstring; with
  // all_lines every line that isn't blank. False also where a sample left the
  // line out.
  bool counted = false;
};

// A contiguous run of added lines of one file. Copies share the texts.
struct AddedRun {
  std::string path;  // In the new tree.
  code_analysis::Language language = code_analysis::Language::kUnknown;
  std::shared_ptr<const std::string> text;  // The new file, whole.
  std::shared_ptr<const std::string>
      old_text;  // The file before; may be empty.
  // Where in old_text the untouched lines below the run begin. Lines that the
  // run replaces are seen neither above nor below.
  std::size_t suffix_begin = 0;
  std::vector<AddedLine> lines;  // One or more.

  std::int64_t counted_lines() const;

  // The file above `cursor` (an offset of `text`) and the line up to it: at
  // most kPrefixBytes, cut at a line's start where one lies within reach.
  std::string_view PrefixAt(std::size_t cursor) const;

  // What stood below the run before the commit: at most kSuffixBytes, whole
  // lines where one fits.
  std::string_view Suffix() const;
};

struct CountedLineOptions {
  // Every line that isn't blank, comments and files of unknown languages too.
  bool all_lines = false;
};

// The added lines of one file's change, by run, in order; runs without a
// counted line are left out. Nothing for deleted files, files that are
// generated or vendored (code_analysis::IsGeneratedOrVendored), no UTF-8, or
// (unless all_lines) in a language that the lexer doesn't know.
std::vector<AddedRun> AddedRuns(const code_analysis::FileChange& change,
                                const CountedLineOptions& options);

// The same for a whole commit, in path order.
std::vector<AddedRun> AddedRuns(const code_analysis::CommitChanges& changes,
                                const CountedLineOptions& options);

// A run of one's own making, e.g. a benchmark item: `prefix` (which may end
// within a line), then `committed`, the text that is typed, with `suffix`
// below. Lines count by the rule; where none does, every line that isn't blank.
AddedRun RunOf(std::string_view path, code_analysis::Language language,
               std::string_view prefix, std::string_view committed,
               std::string_view suffix);

// Leaves `keep` of the counted lines counted, chosen by `seed` and by each
// line's place and text alone, and drops runs that are left without one. No
// effect where there are no more than `keep`.
void SampleLines(std::int64_t keep, std::uint64_t seed,
                 std::vector<AddedRun>& runs);

}  // namespace evalloop::replay

#endif  // EVALLOOP_REPLAY_COUNTED_LINES_H_
