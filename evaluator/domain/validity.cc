#include "evaluator/domain/validity.h"

#include <algorithm>
#include <vector>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

std::string DateOf(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
}

}  // namespace

std::optional<absl::Time> LatestCutoff(std::span<const ModelCutoff> models) {
  std::optional<absl::Time> latest;
  for (const ModelCutoff& model : models) {
    if (model.time && (!latest || *model.time > *latest)) latest = model.time;
  }
  return latest;
}

ValidityCount::ValidityCount(std::span<const ModelCutoff> models,
                             const ItemAges& ages)
    : ages_(ages) {
  validity_.cutoff = LatestCutoff(models);
  std::vector<std::string> unknown;
  for (const ModelCutoff& model : models) {
    if (!model.time.has_value() && std::find(unknown.begin(), unknown.end(),
                                             model.model) == unknown.end()) {
      unknown.push_back(model.model);
    }
  }
  if (unknown.empty()) return;
  validity_.note = fmt::format(
      "where the training data of {} ends is not known, so whether it has seen "
      "these items can't be told; say it with evalloop model add --cutoff DATE",
      fmt::join(unknown, " and "));
}

bool ValidityCount::Add(std::string_view item_id) {
  if (ages_.older.contains(item_id)) {
    ++validity_.older;
    return false;
  }
  if (ages_.undated.contains(item_id)) {
    ++validity_.undated;
  } else {
    ++validity_.valid;
  }
  return true;
}

absl::Status CheckAnyCounts(const Validity& validity,
                            std::string_view benchmark) {
  if (validity.older == 0 || validity.valid + validity.undated > 0) {
    return absl::OkStatus();
  }
  return base::WithReason(
      absl::FailedPreconditionError(fmt::format(
          "none of the {} rows counts: every item of {} is older than the end "
          "of the model's training data ({}); take later commits (evalloop "
          "benchmark build, or rotate)",
          validity.older, benchmark, DateOf(*validity.cutoff))),
      "NO_VALID_ROWS");
}

}  // namespace evalloop::evaluator
