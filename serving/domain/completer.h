#ifndef EVALLOOP_SERVING_DOMAIN_COMPLETER_H_
#define EVALLOOP_SERVING_DOMAIN_COMPLETER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "serving/domain/completion.h"
#include "serving/domain/library.h"
#include "serving/domain/provider.h"
#include "serving/domain/revision.h"

namespace evalloop::serving {

// What is asked at a cursor, whoever asks.
struct Query {
  std::string prefix;  // Code before the cursor.
  std::string suffix;  // Code after it.
  // For a model called directly by its chat form; else empty.
  std::vector<ChatMessage> messages;
  Location location;
  std::string index_commit;  // Where the model's index must stand.
  // Of a model called directly. A revision's own sampling stands, except that
  // max_tokens other than 0 replaces its.
  Sampling sampling;
  bool token_probabilities = false;  // Asked for, whatever the model says.
  std::string extra_members;         // ProviderRequest::extra_members.
};

// A call that is ready to be made.
struct Plan {
  ModelPtr model;
  RevisionPtr revision;  // Null: the model is called without policies.
  ProviderRequest request;
  completion_policy::CursorContext cursor;
};

// Turns a query into a provider's call, and its answer into a decided
// completion: what live traffic and runs have in common. Thread-safe.
class Completer {
 public:
  // `library` and `provider` outlive this object.
  Completer(const Library& library, Provider& provider)
      : library_(library), provider_(provider) {}

  // Renders. NotFound: the model isn't known (waited for at most `patience`),
  // InvalidArgument: the template can't be rendered.
  absl::StatusOr<Plan> PlanRevision(RevisionPtr revision, Query query,
                                    std::chrono::milliseconds patience) const;
  absl::StatusOr<Plan> PlanModel(const std::string& model, Query query) const;

  // Fills in what is known before the call: everything but the answer, id, user
  // and time.
  static void Describe(const Plan& plan, Completion& completion);

  // Calls the model and decides what is shown, into `completion`. Errors as
  // Provider::Complete's; `completion` then holds no answer. `on_piece` is only
  // for plans without a revision: a revision's text is known when it is
  // decided.
  absl::Status Call(const Plan& plan, const CallLimits& limits,
                    const PieceSink& on_piece, Completion& completion) const;

 private:
  const Library& library_;
  Provider& provider_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_COMPLETER_H_
