#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_HELD_OUT_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_HELD_OUT_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "code_analysis/history.h"
#include "code_analysis/lexer.h"
#include "model_server/domain/index_snapshot.h"

namespace evalloop::model_server {

// A line that a commit added, as its author saw it: above it the new file,
// below it what stood there before the commit. Views are valid during the
// visit.
struct HeldOutLine {
  std::string_view path;
  std::string_view prefix;  // Up to the line's first token.
  std::string_view line;    // From there to its end, no line end.
  std::string_view suffix;  // From the next line on.
  std::span<const code_analysis::Token> tokens;  // Of `line`.
};

struct HeldOutOptions {
  int lines_per_commit = 3;  // Drawn evenly, without putting back.
  int max_lines = 4000;
  std::uint64_t seed = 1;
};

// Walks `commits` (oldest first, one first-parent chain) test-then-train:
// visits lines of each with the index at its PARENT, then moves the index on.
// Lines: at least 3 tokens and one identifier, no comment or docstring. Returns
// the last snapshot. `visit` returns false to stop.
absl::StatusOr<std::shared_ptr<const IndexSnapshot>> WalkHeldOut(
    const code_analysis::Repository& repository,
    std::shared_ptr<const IndexSnapshot> index,
    std::span<const code_analysis::CommitInfo> commits, HeldOutOptions options,
    absl::FunctionRef<bool(const IndexSnapshot&, const HeldOutLine&)> visit);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_HELD_OUT_H_
