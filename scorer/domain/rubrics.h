#ifndef EVALLOOP_SCORER_DOMAIN_RUBRICS_H_
#define EVALLOOP_SCORER_DOMAIN_RUBRICS_H_

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/unit_of_work.h"
#include "scorer/domain/rubric_store.h"
#include "scorer/domain/scorer.h"

namespace evalloop::scorer {

using ScorerPtr = std::shared_ptr<const Scorer>;  // Never null.

// The scorers of one batch.
struct ScorersInForce {
  ScorerPtr now;
  std::map<std::string, ScorerPtr> runs;
};

// Which scorer is in force. The pointer in the store is the truth for all
// replicas: what is stored is scored by what it says in the same transaction;
// questions are answered by a copy in memory, which a push through this object
// renews at once and Refresh() otherwise. Every score carries its digest, so
// that a copy some moments old deceives nobody. Thread-safe.
class Rubrics {
 public:
  // Both outlive this object. The built-in scorer is in force until Refresh().
  Rubrics(RubricStore& store, base::Transactor& transactor);

  // From memory.
  ScorerPtr InForce() const;

  // Reads the pointer. On an error all stays as it was.
  absl::Status Refresh();

  // See RubricStore::InForce. Waits for the store.
  absl::StatusOr<ScorersInForce> InForce(base::UnitOfWork& work,
                                         const RubricsAsked& runs);

  // Checks, stores and puts in force. InvalidArgument names the field.
  absl::StatusOr<ScorerPtr> Push(const Rubric& rubric);

  // Puts a stored version, or the built-in rubric, in force; version 0 is the
  // newest. NotFound (RUBRIC_NOT_FOUND) without it.
  absl::StatusOr<ScorerPtr> Use(const RubricRef& rubric);

 private:
  // `work`: the transaction that asks, if one does.
  absl::StatusOr<ScorerPtr> Find(const RubricRef& ref, base::UnitOfWork* work);
  ScorerPtr Keep(Rubric rubric);

  RubricStore& store_;
  base::Transactor& transactor_;
  // Held while the pointer is read or moved, so that `now_` never goes back to
  // what was read before a push.
  std::mutex moving_;
  mutable std::mutex mu_;
  ScorerPtr now_;
  std::map<RubricRef, ScorerPtr> known_;  // Some of those stored.
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_RUBRICS_H_
