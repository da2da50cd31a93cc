#ifndef EVALLOOP_EVALUATOR_SERVICE_PAGES_H_
#define EVALLOOP_EVALUATOR_SERVICE_PAGES_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evalloop/v1/common.pb.h"
#include "evalloop/v1/evaluator.pb.h"
#include "evaluator/domain/ports.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {

// InvalidArgument for a size over 1000.
inline absl::StatusOr<Page> PageOf(const v1::PageRequest& page) {
  if (page.page_size() > 1000) {
    return base::FieldError("page.page_size", "is over 1000", "use 1 to 1000");
  }
  return Page{.size = page.page_size() == 0 ? 50u : page.page_size(),
              .after = page.page_token()};
}

// What a page token may be that counts: the stores read it.
inline bool IsNumber(std::string_view text) {
  return !text.empty() && text.size() < 10 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

inline absl::Status NotOurToken() {
  return base::FieldError("page.page_token", "is not one of ours",
                          "send next_page_token as it came");
}

inline absl::Status RequireText(std::string_view field,
                                const std::string& text) {
  if (!text.empty()) return absl::OkStatus();
  return base::FieldError(field, "is empty", "it is required");
}

inline absl::Status CheckSubset(v1::Subset subset) {
  if (subset != v1::SUBSET_HOLDOUT) return absl::OkStatus();
  return base::FieldError("subset", "is not kept for this benchmark",
                          "use SUBSET_FULL or SUBSET_SMOKE");
}

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_SERVICE_PAGES_H_
