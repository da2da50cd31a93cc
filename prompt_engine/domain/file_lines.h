#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_FILE_LINES_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_FILE_LINES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "code_analysis/history.h"
#include "code_analysis/language.h"
#include "prompt_engine/domain/commit.h"
#include "prompt_engine/domain/lineage.h"
#include "replay/counted_lines.h"

namespace evalloop::prompt_engine {

// One file's change on its way to what is stored of it.
class FileLines {
 public:
  // `change` must outlive this.
  explicit FileLines(const code_analysis::FileChange& change);

  ChangedFile Summary() const;

  // Appends the file's added lines and pieces, within the bounds of a commit.
  void Take(IngestedCommit& commit);

  LineageStep& step() { return step_; }

 private:
  friend void FindMoves(std::vector<FileLines>& files);

  struct Removed {
    std::uint32_t line = 0;
    std::int64_t token_key = 0;
  };

  void FindRemoved();
  void FindLayoutOnly();
  AddedCode CodeOf(const replay::AddedRun& run, const replay::AddedLine& line);
  void TakePieces(IngestedCommit& commit);
  // What of the lines [first, last] is no new writing.
  bool MostlyMoved(std::uint32_t first, std::uint32_t last) const;

  const code_analysis::FileChange& change_;
  code_analysis::Language language_;
  bool generated_ = false;
  std::vector<replay::AddedRun> runs_;
  std::map<std::uint32_t, std::int64_t> added_;  // Token keys by line.
  std::vector<Removed> removed_;
  LineageStep step_;
};

// Finds the added lines that only came from another place of the same commit:
// lines of the same tokens that were removed, in this file first, then in
// others; and what was only cut into lines or quoted in another way.
void FindMoves(std::vector<FileLines>& files);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_FILE_LINES_H_
