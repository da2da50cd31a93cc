#ifndef EVALLOOP_REPLAY_TYPED_LINE_H_
#define EVALLOOP_REPLAY_TYPED_LINE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "replay/counted_lines.h"
#include "replay/totals.h"

namespace evalloop::replay {

// A suggestion must save at least this many non-blank characters to be
// accepted.
inline constexpr int kLeastSavedCharacters = 4;

// Where the developer's cursor stands when a request is made. Views are valid
// during the call.
struct Cursor {
  std::string_view path;
  std::string_view language;
  int line = 0;             // 1-based, in the new file.
  int column = 0;           // 0-based, in bytes.
  std::string_view prefix;  // The file above, and the line up to the cursor.
  std::string_view suffix;  // What stood below before the commit.
};

// What the completion service answered.
struct Suggestion {
  std::string completion_id = {};
  std::string text = {};  // Empty where there was none or it was hidden.
  bool shown = false;     // False: the policy hid it, or there is no text.
  double latency_ms = 0;  // Request to answer.
};

// What the developer did with one request, as an editor would report it.
struct TypingEvent {
  std::string completion_id;
  bool shown = false;     // Newly shown; an unchanged rest of it is not.
  bool accepted = false;  // Only where shown.
  std::string typed;      // The truth: from the cursor to the end of the line.
};

// The completion service as a developer meets it. Implementations are
// thread-safe: lines of one commit are typed at once.
class Suggester {
 public:
  virtual ~Suggester() = default;

  virtual absl::StatusOr<Suggestion> Suggest(const Cursor& cursor) = 0;

  // Called once for each answered request, in the order of the line's requests.
  virtual absl::Status Report(const TypingEvent& event) = 0;
};

// Types one run of added lines through `suggester` and returns its tally.
// The rule (the contract's "Acceptance, the one rule"):
//   - Only `counted` lines are typed; a request is made at each token's start.
//   - A shown suggestion is accepted when its tokens are a non-empty prefix of
//     the tokens committed from the cursor to the end of the line (for text of
//     several lines: to the end of the run) and it saves at least
//     kLeastSavedCharacters non-blank characters; else it is rejected.
//   - Accepted: the cursor moves behind the accepted text; else one token is
//     typed.
//   - A suggestion that only continues what stood on the screen (what was typed
//     since was its beginning and the rest is unchanged) is not shown anew.
// Blanks never decide: texts are compared as tokens. Characters are code points
// that aren't blank.
// Errors are the suggester's; the tally so far is lost.
absl::StatusOr<Tally> TypeRun(const AddedRun& run, Suggester& suggester);

}  // namespace evalloop::replay

#endif  // EVALLOOP_REPLAY_TYPED_LINE_H_
