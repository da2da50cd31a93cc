#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_REVISION_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_REVISION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "completion_policy/output_policy.h"
#include "completion_policy/render.h"

namespace evalloop::prompt_engine {

struct Tool {
  std::string name;
  std::string description;
  std::string parameters_json;
};

struct Sampling {
  std::optional<double> temperature;  // In [0, 2].
  std::optional<double> top_p;        // In (0, 1].
  std::uint32_t max_tokens = 0;       // 1 to 4096.
  std::optional<std::int64_t> seed;
  std::vector<std::string> stop;  // At most 16.
};

// Everything that meets the model.
struct RevisionContent {
  completion_policy::Template form;
  std::string system_prompt;
  std::vector<completion_policy::Include> includes;  // At most 32.
  std::vector<Tool> tools;
  std::string model;
  std::string model_snapshot;
  Sampling sampling;
  completion_policy::ContextPolicy context;
  std::uint32_t retrieved_pieces = 0;
  completion_policy::OutputPolicy output;
  std::string rubric;
};

// What of it is put into words for the model.
inline completion_policy::Wording WordingOf(const RevisionContent& content) {
  return {content.form, content.system_prompt, content.includes};
}

// Content as it is kept: the canonical bytes that the digest is of, and the
// same as JSON for whoever looks into the database.
struct EncodedContent {
  std::string bytes;
  std::string json;
};

// Between content and its canonical form. Equal contents give equal bytes.
// Thread-safe.
class ContentCodec {
 public:
  virtual ~ContentCodec() = default;
  virtual absl::StatusOr<EncodedContent> Encode(
      const RevisionContent& content) const = 0;
  // DataLoss on bytes that Encode didn't make.
  virtual absl::StatusOr<RevisionContent> Decode(
      std::string_view bytes) const = 0;
};

enum class Verdict : std::uint8_t {
  kNone,
  kPassed,
  kRegressed,
  kInconclusive,
  kOverridden,
};

// Why a revision was published.
struct Publication {
  absl::Time time;
  std::string gate_id;
  Verdict verdict = Verdict::kNone;
  std::string override_reason;
};

// One immutable revision of a prompt; only its publication is added later.
struct Revision {
  std::string prompt;
  std::uint32_t version = 0;  // From 1.
  std::string digest;         // Lower-case hex sha256 of content.bytes.
  EncodedContent content;
  std::string message;
  std::string author;
  std::uint32_t parent_version = 0;  // 0: none.
  absl::Time create_time;
  std::optional<Publication> publication;
};

// A movable pointer to a revision.
struct Label {
  std::string prompt;
  std::string label;
  std::uint32_t version = 0;
  std::string digest;
  bool is_protected = false;
  std::uint64_t sequence = 0;  // Rises by one with each move.
  absl::Time move_time;
};

inline constexpr std::string_view kProduction = "production";
inline constexpr std::string_view kStaging = "staging";
// The server's: a prompt's newest revision.
inline constexpr std::string_view kLatest = "latest";

// Names one revision. The first that is set counts, in the order digest,
// version, label; none: `production`.
struct RevisionSelector {
  std::string prompt;  // May be empty with a digest.
  std::uint32_t version = 0;
  std::string label;
  std::string digest;
};

struct PromptSummary {
  std::string name;
  std::vector<Label> labels;  // By name.
  std::uint32_t latest_version = 0;
  absl::Time create_time;
};

inline constexpr std::string_view kPushed = "pushed";
inline constexpr std::string_view kPublished = "published";
inline constexpr std::string_view kMoved = "moved";
inline constexpr std::string_view kRolledBack = "rolled_back";
inline constexpr std::string_view kProtected = "protected";
inline constexpr std::string_view kUnprotected = "unprotected";

// One act on a prompt.
struct HistoryEntry {
  std::int64_t id = 0;  // Rising; given by the store.
  absl::Time time;
  std::string act;
  std::string label;  // Empty for kPushed.
  std::uint32_t from_version = 0;
  std::uint32_t to_version = 0;
  std::string author;
  std::string reason;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_REVISION_H_
