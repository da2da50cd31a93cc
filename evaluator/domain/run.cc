#include "evaluator/domain/run.h"

namespace evalloop::evaluator {

TypedTally& TypedTally::operator+=(const TypedTally& other) {
  lines += other.lines;
  requests += other.requests;
  shown += other.shown;
  accepted += other.accepted;
  typed_chars += other.typed_chars;
  accepted_chars += other.accepted_chars;
  rejected_chars += other.rejected_chars;
  return *this;
}

std::string OptionOf(Subset subset) {
  if (subset == Subset::kSmoke) return " --subset smoke";
  return subset == Subset::kHoldout ? " --subset holdout" : "";
}

}  // namespace evalloop::evaluator
