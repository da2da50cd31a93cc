#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_OUTCOME_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_OUTCOME_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "completion_policy/candidates.h"
#include "platform/base/unit_of_work.h"

namespace evalloop::prompt_engine {

// What the editor did. Numbers are stored: never change one.
enum class FeedbackKind : std::uint8_t {
  kUnspecified = 0,
  kShown = 1,
  kAccepted = 2,
  kRejected = 3,
  kDismissed = 4,
  kEdited = 5,
  kTyped = 6,  // Typed where a suggestion was hidden or ignored.
};

// A completion and what its editor told of it.
struct Outcome {
  std::string completion_id;
  std::string prompt;
  std::uint32_t revision_version = 0;
  std::string model;
  std::string session;
  std::string repository;
  std::string path;
  std::string language;
  std::string commit;  // The working tree's; the parent of what is typed.
  std::uint32_t line = 0;
  std::uint32_t column = 0;  // Bytes, from 0.
  std::uint32_t typed_tokens = 0;
  std::uint32_t typed_characters = 0;
  std::string raw_text;
  // Texts add up to raw_text; none where the model told no tokens.
  std::vector<completion_policy::ModelToken> tokens;
  bool shown = false;
  std::string shown_text;
  FeedbackKind kind = FeedbackKind::kUnspecified;
  // What stood from the cursor to the line's end; absent: not told.
  std::optional<std::string> text;
  absl::Time serve_time;
  std::optional<absl::Time> settle_time;  // Absent: nobody told (yet).
};

// Which outcomes are meant; empty fields don't restrict.
struct OutcomeFilter {
  std::string prompt;
  std::string session;
  std::string repository;
  std::string model;
  std::optional<absl::Time> after;  // Served after this.
  std::optional<absl::Time> until;  // Served up to this.
};

// Outcomes. Thread-safe across units of work.
class OutcomeStore {
 public:
  virtual ~OutcomeStore() = default;

  // Adds, or brings up to date: the latest feedback wins, a text once told
  // stays.
  virtual absl::Status Put(base::UnitOfWork& work,
                           std::span<const Outcome> outcomes) = 0;
  virtual absl::StatusOr<std::optional<Outcome>> Find(
      base::UnitOfWork& work, std::string_view completion_id) = 0;
  // The newest `limit`, in the order in which they were served.
  virtual absl::StatusOr<std::vector<Outcome>> Load(base::UnitOfWork& work,
                                                    const OutcomeFilter& filter,
                                                    int limit) = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_OUTCOME_H_
