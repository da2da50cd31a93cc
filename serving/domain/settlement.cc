#include "serving/domain/settlement.h"

#include <string>
#include <vector>

namespace evalloop::serving {

absl::Status Settlement::RecordCompletions(
    base::UnitOfWork& work, std::span<const Completion> completions) {
  if (auto status = store_.PutCompletions(work, completions); !status.ok()) {
    return status;
  }
  std::vector<std::string> with_result;
  for (const Completion& completion : completions) {
    if (completion.error != kNoResult) with_result.push_back(completion.id);
  }
  return SettleAll(work, with_result);
}

absl::Status Settlement::RecordFeedback(base::UnitOfWork& work,
                                        std::span<const Feedback> feedback) {
  if (auto status = store_.PutFeedback(work, feedback); !status.ok()) {
    return status;
  }
  std::vector<std::string> settling;
  for (const Feedback& one : feedback) {
    if (Settles(one.kind)) settling.push_back(one.completion_id);
  }
  return SettleAll(work, settling);
}

absl::Status Settlement::SettleAll(base::UnitOfWork& work,
                                   std::span<const std::string> ids) {
  if (ids.empty()) return absl::OkStatus();
  const auto settled = store_.Settle(work, ids);
  if (!settled.ok()) return settled.status();
  if (settled->empty()) return absl::OkStatus();
  return events_.Settled(work, *settled);
}

}  // namespace evalloop::serving
