#ifndef EVALLOOP_EVALUATOR_DOMAIN_VALIDITY_H_
#define EVALLOOP_EVALUATOR_DOMAIN_VALIDITY_H_

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace evalloop::evaluator {

// A model, and where its training data ends.
struct ModelCutoff {
  std::string model;
  std::optional<absl::Time> time;  // Absent: not known.
};

// How many rows count: those of items that are younger than the training
// cut-off of every model that was asked.
struct Validity {
  std::optional<absl::Time> cutoff;  // The latest that is known.
  std::int64_t valid = 0;
  std::int64_t older = 0;  // In no figure: the model may have read the answer.
  std::int64_t undated = 0;  // Of items without a date; they count.
  std::string note;          // What can't be told, in words.
};

// Ids of the items that are not known to be younger than a moment.
struct ItemAges {
  std::set<std::string, std::less<>> older;    // Written then or before.
  std::set<std::string, std::less<>> undated;  // Nobody said when.
};

// The latest cut-off of `models`; absent: none is known.
std::optional<absl::Time> LatestCutoff(std::span<const ModelCutoff> models);

// Tells rows that count from those that don't.
class ValidityCount {
 public:
  // `ages` are as of LatestCutoff(models) and outlive this object.
  ValidityCount(std::span<const ModelCutoff> models, const ItemAges& ages);

  // Whether a row of this item counts; counts it.
  bool Add(std::string_view item_id);

  const Validity& validity() const { return validity_; }

 private:
  const ItemAges& ages_;
  Validity validity_;
};

// FailedPrecondition NO_VALID_ROWS where there are rows and none counts.
absl::Status CheckAnyCounts(const Validity& validity,
                            std::string_view benchmark);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_VALIDITY_H_
