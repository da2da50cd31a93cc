#ifndef EVALLOOP_SERVING_DOMAIN_RUN_ANSWERER_H_
#define EVALLOOP_SERVING_DOMAIN_RUN_ANSWERER_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "replay/totals.h"
#include "serving/domain/completer.h"

namespace evalloop::serving {

// One row of a run.
struct RunQuestion {
  RevisionPtr revision;  // As the task carries it; need not be in the library.
  Query query;
  bool typed = false;     // Type the line; else one completion at the cursor.
  std::string committed;  // What is typed, from the cursor on.
};

struct RunAnswer {
  // At the first cursor; id, user and time are empty. Tokens and cost of its
  // usage are of all calls that the row took and that told them, also where the
  // row could not be answered; times are of the first cursor.
  Completion completion;
  std::uint32_t attempts = 0;          // Times that the model was asked.
  std::optional<replay::Tally> tally;  // Where the line was typed.
  std::string infrastructure_error;    // Set: the row could not be answered.
};

struct RunOptions {
  std::chrono::milliseconds call_deadline{60'000};
  std::chrono::milliseconds first_backoff{200};
  std::chrono::milliseconds max_backoff{5'000};
};

// Answers rows of runs by what answers editors, but keeps no record of them and
// hides nothing as late: a run measures the model, not today's load.
// Thread-safe; blocks the calling thread.
class RunAnswerer {
 public:
  // `completer` outlives this object. `sleep` waits for the time given, or less
  // when the process stops.
  RunAnswerer(const Completer& completer, RunOptions options,
              std::function<void(std::chrono::milliseconds)> sleep);

  // Outages of the provider are sat out until `give_up`. Never fails: what goes
  // wrong is the answer's infrastructure_error.
  RunAnswer Answer(const RunQuestion& question,
                   std::chrono::steady_clock::time_point give_up,
                   const std::function<bool()>& stopped) const;

 private:
  const Completer& completer_;
  const RunOptions options_;
  const std::function<void(std::chrono::milliseconds)> sleep_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_RUN_ANSWERER_H_
