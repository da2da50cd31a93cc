#ifndef EVALLOOP_SCORER_DOMAIN_RATING_H_
#define EVALLOOP_SCORER_DOMAIN_RATING_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "code_analysis/language.h"
#include "platform/base/worker_pool.h"
#include "scorer/domain/metrics.h"
#include "scorer/domain/rubrics.h"
#include "scorer/domain/scoring.h"

namespace evalloop::scorer {

// What is rated live. Owns its texts: what is not ready in time goes on in
// vain for a moment.
struct RatedText {
  std::string text;
  code_analysis::Language language = code_analysis::Language::kUnknown;
  std::string prefix;
  std::string suffix;
  std::optional<std::string> before;
};

struct RaterOptions {
  int threads = 2;
  std::size_t max_queued = 64;
  // What a rating takes at most, however long the client would wait.
  std::chrono::microseconds budget{5'000};
};

// The reference-free part of the scorer under a deadline: the same metrics, the
// same digest, no process started. A metric that is not ready in time is
// missing as "deadline", and so is one that takes a tool, which takes seconds.
// Where more is asked than the threads can do, all is missing so. Thread-safe.
class Rater {
 public:
  explicit Rater(RaterOptions options = {});
  // By these metrics; they outlive this object.
  Rater(RaterOptions options, std::vector<const Metric*> metrics);

  // Returns at `deadline` or once the budget is spent, whichever is first.
  ScoreSet Rate(RatedText text, ScorerPtr scorer,
                std::chrono::steady_clock::time_point deadline);

 private:
  const std::chrono::microseconds budget_;
  const std::vector<const Metric*> metrics_;
  base::WorkerPool workers_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_RATING_H_
