#ifndef EVALLOOP_SCORER_DOMAIN_RUBRIC_STORE_H_
#define EVALLOOP_SCORER_DOMAIN_RUBRIC_STORE_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/unit_of_work.h"
#include "scorer/domain/rubric.h"

namespace evalloop::scorer {

// A version of a rubric.
struct RubricRef {
  std::string name;
  std::uint32_t version = 0;

  auto operator<=>(const RubricRef&) const = default;
};

// Run to the rubric that its revision names; an empty name: none.
using RubricsAsked = std::map<std::string, RubricRef>;

// Which rubric scores what.
struct RubricsInForce {
  RubricRef now;                          // For live completions and questions.
  std::map<std::string, RubricRef> runs;  // By run.
};

// Where rubrics live that were pushed, and the pointer to the one in force. The
// built-in rubric is known by name only; it is in force until another one is.
// Thread-safe.
class RubricStore {
 public:
  virtual ~RubricStore() = default;

  // Stores `rubric` as the next version of its name, or finds the version with
  // the same terms (whose author and description stand), and puts it in force.
  // Returns it as stored.
  virtual absl::StatusOr<Rubric> Push(base::UnitOfWork& work,
                                      const Rubric& rubric) = 0;

  // Puts `rubric` in force. NotFound unless it is stored or built in; version 0
  // is the newest of its name. Returns what is in force now.
  virtual absl::StatusOr<RubricRef> Use(base::UnitOfWork& work,
                                        const RubricRef& rubric) = 0;

  // What is in force, as this unit of work sees it. A run has the rubric that
  // it asks for (version 0: the newest of its name), else the one in force, and
  // keeps the one of the first time that this was asked about it, so that no
  // run is scored by two. A run that asks for an unknown one is left out.
  virtual absl::StatusOr<RubricsInForce> InForce(base::UnitOfWork& work,
                                                 const RubricsAsked& runs) = 0;

  // What is in force.
  virtual absl::StatusOr<RubricRef> InForce() = 0;

  // A stored version. NotFound (RUBRIC_NOT_FOUND) without it.
  virtual absl::StatusOr<Rubric> Get(const RubricRef& rubric) = 0;
  // The same as part of `work`, without a connection of its own.
  virtual absl::StatusOr<Rubric> Get(base::UnitOfWork& work,
                                     const RubricRef& rubric) = 0;

  // At most `limit` stored ones, newest first, after `after` (one that List
  // returned; an empty name: from the start).
  virtual absl::StatusOr<std::vector<Rubric>> List(const RubricRef& after,
                                                   std::size_t limit) = 0;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_RUBRIC_STORE_H_
