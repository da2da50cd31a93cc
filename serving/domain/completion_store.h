#ifndef EVALLOOP_SERVING_DOMAIN_COMPLETION_STORE_H_
#define EVALLOOP_SERVING_DOMAIN_COMPLETION_STORE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/unit_of_work.h"
#include "serving/domain/completion.h"

namespace evalloop::serving {

struct StoredCompletion {
  Completion completion;
  std::vector<Feedback> feedback;  // Oldest first.
};

struct CompletionFilter {  // Empty: any.
  std::string prompt;
  std::string session;
  std::string repository;
};

// Newest first: everything before (`serve_time`, `id`).
struct CompletionCursor {
  absl::Time serve_time = absl::InfiniteFuture();
  std::string id;
};

struct Settled {
  Completion completion;
  Feedback feedback;
};

// Completions and feedback as rows. Thread-safe.
class CompletionStore {
 public:
  virtual ~CompletionStore() = default;

  // A result replaces its intent; an intent never replaces anything.
  virtual absl::Status PutCompletions(
      base::UnitOfWork& work, std::span<const Completion> completions) = 0;

  // Keeps every different feedback (FeedbackEventId) once.
  virtual absl::Status PutFeedback(base::UnitOfWork& work,
                                   std::span<const Feedback> feedback) = 0;

  // Those of `ids` that now have a result and a settling feedback and were
  // never settled before, each with its earliest settling feedback; they are
  // settled by this. Two transactions that touch the same id wait for each
  // other, so that one of them sees both halves. Call it after Put...
  virtual absl::StatusOr<std::vector<Settled>> Settle(
      base::UnitOfWork& work, std::span<const std::string> ids) = 0;

  // NotFound.
  virtual absl::StatusOr<StoredCompletion> Get(std::string_view id) = 0;

  // At most `limit`.
  virtual absl::StatusOr<std::vector<Completion>> List(
      const CompletionFilter& filter, const CompletionCursor& before,
      std::int64_t limit) = 0;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_COMPLETION_STORE_H_
