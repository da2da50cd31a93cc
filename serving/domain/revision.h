#ifndef EVALLOOP_SERVING_DOMAIN_REVISION_H_
#define EVALLOOP_SERVING_DOMAIN_REVISION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "completion_policy/output_policy.h"
#include "completion_policy/render.h"

namespace evalloop::serving {

// The label that answers where a request names neither version nor label.
inline constexpr std::string_view kProduction = "production";

// Names a revision: by version, label or digest (lower-case hex sha256). The
// first that is set counts, in the order digest, version, label; none: label
// production.
struct RevisionSelector {
  std::string prompt;  // Required unless `digest` is set.
  std::uint32_t version = 0;
  std::string label;
  std::string digest;
};

// How tokens are drawn. Absent: the provider's default.
struct Sampling {
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::uint32_t max_tokens = 0;  // 0: the provider's default.
  std::optional<std::int64_t> seed;
  std::vector<std::string> stop;
};

// What serving needs of an immutable revision of a prompt.
struct Revision {
  std::string prompt;
  std::uint32_t version = 0;
  std::string digest;
  completion_policy::Wording wording;
  std::string model;           // The name of a registered one.
  std::string model_snapshot;  // Empty: whatever the model stands for.
  Sampling sampling;
  completion_policy::ContextPolicy context;
  completion_policy::OutputPolicy output;
};

// A label points at a version from now on.
struct LabelMove {
  std::string prompt;
  std::string label;
  std::uint32_t version = 0;
  std::uint64_t sequence = 0;  // Rises by one with each move of this label.
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_REVISION_H_
