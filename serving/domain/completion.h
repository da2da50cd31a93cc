#ifndef EVALLOOP_SERVING_DOMAIN_COMPLETION_H_
#define EVALLOOP_SERVING_DOMAIN_COMPLETION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "completion_policy/candidates.h"

namespace evalloop::serving {

// Where a cursor stands. Every field may be empty when the editor did not say.
struct Location {
  std::string repository;
  std::string path;
  std::string language;
  std::string commit;        // That the working tree stands on.
  std::uint32_t line = 0;    // From 1; 0: not told.
  std::uint32_t column = 0;  // In bytes, from 0.
};

// One token as the model gave it.
using CompletionToken = completion_policy::ModelToken;

struct Usage {
  std::uint32_t prompt_tokens = 0;
  std::uint32_t completion_tokens = 0;
  std::int64_t cost_micros = 0;
  std::optional<double> first_token_ms;
  double total_ms = 0;
};

// Why a suggestion was not shown though the provider answered in time, or not:
// the policy's own reasons are completion_policy's.
inline constexpr std::string_view kHiddenLate = "late";

// `error` of a completion whose result has not come (yet): what an intent says
// until its result replaces it.
inline constexpr std::string_view kNoResult = "no_result";

// What was answered to one request of an editor.
struct Completion {
  std::string id;
  std::string prompt;  // Empty: a model was called without a prompt.
  std::uint32_t revision_version = 0;
  std::string revision_digest;
  std::string model;
  std::string model_snapshot;
  std::string arm;        // Of an experiment; empty for none.
  double propensity = 1;  // In (0, 1].
  Location location;
  std::string user;
  std::string session;
  std::string raw_text;  // What the model said, whole.
  std::vector<CompletionToken> tokens;
  bool shown = false;
  std::string shown_text;  // Empty unless shown.
  std::optional<double> shown_probability;
  std::string hidden_reason;
  Usage usage;
  std::string index_commit;
  std::string finish_reason;
  absl::Time serve_time;
  std::uint32_t typed_chars_before = 0;   // Non-blank, on the cursor's line.
  std::uint32_t typed_tokens_before = 0;  // On the cursor's line.
  std::string error;                      // Set when no answer came.
  // What the provider said that answered; kept for runs alone.
  std::string reported_model;
  std::string system_fingerprint;
};

enum class FeedbackKind : std::uint8_t {
  kShown,
  kAccepted,
  kRejected,
  kDismissed,
  kEdited,
  kTyped,  // What was typed where a suggestion was hidden or ignored.
};

// What the editor did with a completion.
struct Feedback {
  std::string completion_id;
  FeedbackKind kind = FeedbackKind::kShown;
  std::optional<std::string> text;  // From the cursor to the end of the line.
  std::optional<double> elapsed_ms;
  absl::Time give_time;
};

// "shown", "accepted" ... as the contract spells them.
std::string_view NameOf(FeedbackKind kind);
std::optional<FeedbackKind> ParseFeedbackKind(std::string_view name);

// True for every kind but kShown: the completion's fate is known.
inline bool Settles(FeedbackKind kind) { return kind != FeedbackKind::kShown; }

// The same for the same feedback given again (whenever it is given): what
// makes it idempotent.
std::string FeedbackEventId(const Feedback& feedback);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_COMPLETION_H_
