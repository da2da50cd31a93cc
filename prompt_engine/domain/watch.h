#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_WATCH_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_WATCH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "prompt_engine/domain/commit.h"
#include "prompt_engine/domain/join.h"
#include "prompt_engine/domain/outcome.h"

namespace evalloop::prompt_engine {

// How far history is searched for what became of a completion: work that is
// merged at all is merged within two weeks, and code that appears later in the
// same place comes of another thought. The days count from when the completion
// was served, or from the first commit after its base where that is younger:
// history that is replayed was served long after it was written.
inline constexpr absl::Duration kSearchWindow = absl::Hours(14 * 24);
// And at most so many first-parent commits, so that a completion in a place
// that nobody touches costs a bounded amount.
inline constexpr std::uint32_t kSearchCommits = 500;

// When it is asked whether what was committed still stands.
inline constexpr absl::Duration kFirstLook = absl::Hours(7 * 24);
inline constexpr absl::Duration kSecondLook = absl::Hours(30 * 24);

// How far a completion has been followed. Numbers are stored: never change one.
enum class WatchStage : std::uint8_t {
  kWaiting = 0,    // Its base is in no ingested history (yet).
  kSearching = 1,  // For what was committed in its place.
  kStanding = 2,   // Found; until the second look.
  kClosed = 3,
};

// What was finally committed. Numbers are stored: never change one.
enum class CommittedKind : std::uint8_t {
  kKept = 1,     // As it is, blanks, line breaks and quotes aside.
  kEdited = 2,   // At most a third of its tokens changed.
  kDropped = 3,  // Something else, or nothing.
};

struct CommittedOutcome {
  CommittedKind kind = CommittedKind::kDropped;
  std::string commit;      // Empty: nothing was committed there in time.
  absl::Time commit_time;  // With a commit.
  std::string path;        // In that commit, as the next four.
  std::uint32_t line = 0;
  std::uint32_t end_line = 0;
  std::string text;                  // From the cursor to the line's end.
  double similarity = 0;             // [0, 1], in tokens.
  std::optional<bool> alive_7_days;  // Absent: history is not that old.
  std::optional<bool> alive_30_days;

  bool operator==(const CommittedOutcome&) const = default;
};

// A completion that is followed through a repository's history.
struct Watch {
  std::string completion_id;
  std::string repository;
  std::string language;
  std::string suggestion;  // What was shown; where hidden, the model's line.
  std::uint32_t typed_characters = 0;
  FeedbackKind feedback = FeedbackKind::kUnspecified;
  std::optional<std::string> typed;  // As Outcome::text.
  std::string base_commit;  // As told; need not be on the first-parent line.
  absl::Time serve_time;

  WatchStage stage = WatchStage::kWaiting;
  std::uint32_t next_position = 0;   // Of the first commit not looked at.
  std::string seen_commit;           // At the position before; checked anew.
  std::uint32_t first_position = 0;  // Of the first commit after the base.
  std::optional<absl::Time> first_time;  // Of the first commit after the base.
  // Where the suggestion would stand, or what was committed of it stands, in
  // the last commit looked at.
  Place place;
  std::uint32_t end_line = 0;
  std::string standing_text;  // The part of the committed text that is its.
  bool gone = false;          // It stood, and went.
  // Once the outcome is known; before, what will be said if nothing more comes.
  std::optional<CommittedOutcome> committed;

  bool Known() const {
    return stage == WatchStage::kStanding || stage == WatchStage::kClosed;
  }
};

// Where to begin: a watch of the outcome's suggestion, or nothing where
// PendingReason names a cause that no commit will cure.
std::optional<Watch> WatchOf(const Outcome& outcome);

// Why an outcome has no watch: no_location or nothing_said; empty: it has one.
std::string_view UnwatchedReason(const Outcome& outcome);

// Begins to search at the commit at `first_position`, which `base` is the
// parent of.
void Begin(Watch& watch, std::uint32_t first_position, std::string_view base);

// Where the suggestion, or what stands in its place, was found: the change is
// of the commit that was looked at. Bytes of the new text.
struct Landing {
  const LexedFile* file = nullptr;
  std::uint32_t line = 0;
  std::size_t cursor = 0;  // Where the suggestion began.
  std::size_t behind = 0;  // Where it, or what stands in its place, ends.
};

// Where the committed text of `watch` stands, in the commit that has it; for
// watches that became known when their time was over. Nothing: not there.
std::optional<Landing> LandingIn(const ChangedFiles& files,
                                 const CommittedOutcome& committed);

// Looks at the next commit of the first-parent line. Returns where it landed
// when this commit made the outcome known. Pure but for `watch`.
std::optional<Landing> Advance(Watch& watch, const CommitHeader& commit,
                               const ChangedFiles& files);

// The commit's time from which on a standing watch has to look again; history
// before it need not be read.
absl::Time NextLook(const Watch& watch);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_WATCH_H_
