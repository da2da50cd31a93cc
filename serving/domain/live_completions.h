#ifndef EVALLOOP_SERVING_DOMAIN_LIVE_COMPLETIONS_H_
#define EVALLOOP_SERVING_DOMAIN_LIVE_COMPLETIONS_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/clock.h"
#include "serving/domain/completer.h"
#include "serving/domain/completion_ids.h"
#include "serving/domain/completion_log.h"
#include "serving/domain/library.h"
#include "serving/domain/model_string.h"

namespace evalloop::serving {

// One request of an editor.
struct LiveRequest {
  ModelChoice choice;
  Query query;
  std::string user;
  std::string session;
};

struct LiveOptions {
  // An answer of a prompt that takes longer is hidden as late.
  std::chrono::milliseconds latency_budget{2'000};
  // For a model that is called directly.
  std::chrono::milliseconds model_deadline{60'000};
  // How long an unknown revision is waited for.
  std::chrono::milliseconds patience{1'000};
  int max_concurrent = 256;
};

// Counts what is served. Thread-safe, cheap.
class LiveObserver {
 public:
  virtual ~LiveObserver() = default;
  // `status`: what the caller was told. `own`: what we took, the provider's
  // time left out.
  virtual void Completed(const Completion& completion,
                         const absl::Status& status,
                         std::chrono::nanoseconds own) = 0;
};

// Called with the completion as far as it is known and the next piece of its
// text. False: nobody reads on.
using LivePieceSink = std::function<bool(const Completion&, std::string_view)>;

// Answers editors: resolves, calls, decides, and makes every completion durable
// before its answer leaves. Thread-safe; blocks the calling thread.
class LiveCompletions {
 public:
  // All references outlive this object.
  LiveCompletions(const Library& library, const Completer& completer,
                  CompletionIds& ids, CompletionLog& log, base::Clock& clock,
                  LiveObserver& observer, LiveOptions options);

  // Errors: NotFound (prompt, label, version, model), InvalidArgument,
  // ResourceExhausted (too many at once, spool full, provider's limit),
  // Unavailable and others as Provider::Complete's. An answer of a prompt that
  // comes too late is no error but hidden as late.
  // `on_piece` (may be empty) gets the text that is shown: as the model says it
  // where a model is called directly, in one piece once it is decided (and
  // durable) where a prompt is.
  absl::StatusOr<Completion> Complete(LiveRequest request,
                                      std::function<bool()> cancelled,
                                      const LivePieceSink& on_piece);

 private:
  absl::StatusOr<Completion> CompleteAdmitted(LiveRequest request,
                                              std::function<bool()> cancelled,
                                              const LivePieceSink& on_piece);
  absl::StatusOr<Plan> MakePlan(LiveRequest& request) const;

  const Library& library_;
  const Completer& completer_;
  CompletionIds& ids_;
  CompletionLog& log_;
  base::Clock& clock_;
  LiveObserver& observer_;
  const LiveOptions options_;
  std::atomic<int> running_{0};
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_LIVE_COMPLETIONS_H_
