#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_LINEAGE_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_LINEAGE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "code_analysis/history.h"
#include "prompt_engine/domain/commit.h"

namespace evalloop::prompt_engine {

// What one commit did to the lines of one file.
struct LineageStep {
  std::string path;      // Empty: the file is gone.
  std::string old_path;  // Empty: it was not there.
  std::uint32_t old_lines = 0;
  std::uint32_t new_lines = 0;
  std::vector<code_analysis::Hunk> hunks;
  // Numbers of the added lines that are stored (AddedCode), in order.
  std::vector<std::uint32_t> stored;
  // Added lines that only came from elsewhere, in line order.
  struct Move {
    std::uint32_t line = 0;       // In the new file.
    std::uint32_t from_step = 0;  // Of the same commit.
    std::uint32_t from_line = 0;  // In the old file.
  };
  std::vector<Move> moves;
};

// Where a line was first written. Line 0: not known, or not stored.
struct LineOrigin {
  std::uint32_t position = 0;
  std::uint32_t line = 0;
  std::uint32_t path = 0;  // Into a table of paths.

  bool operator==(const LineOrigin&) const = default;
};

// Who wrote each line that stands in the files of the newest commit so far:
// blame, kept up to date commit by commit, over renames and moves. Holds 12
// bytes a line. What it has not seen from the start (a file that was skipped, a
// history that begins in the middle) has lines of unknown origin. Not
// thread-safe.
class Lineage {
 public:
  // What is not in memory is asked for: the state of one file as Save gave it.
  using Load = std::function<std::optional<std::string>(std::string_view path)>;
  explicit Lineage(Load load = {}) : load_(std::move(load)) {}

  // Takes the commit at `position` in and returns the stored lines that it
  // ended, in order of position, path and line.
  std::vector<LineEnd> Apply(std::uint32_t position,
                             const std::vector<LineageStep>& steps);

  // The files that changed since the last call, by path; empty text: gone.
  std::map<std::string, std::string> TakeChanged();

 private:
  using Origins = std::vector<LineOrigin>;

  std::uint32_t IdOf(std::string_view path);
  Origins* Find(const std::string& path);
  std::string Save(const Origins& origins) const;
  Origins Parse(std::string_view saved);

  Load load_;
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::vector<std::string> paths_;
  std::unordered_map<std::string, Origins> files_;
  std::map<std::string, bool> changed_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_LINEAGE_H_
