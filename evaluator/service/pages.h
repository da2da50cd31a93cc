#ifndef EVALLOOP_EVALUATOR_SERVICE_PAGES_H_
#define EVALLOOP_EVALUATOR_SERVICE_PAGES_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "evalloop/v1/common.pb.h"
#include "evalloop/v1/evaluator.pb.h"
#include "evaluator/translate/translate.h"
#include "platform/base/reason.h"
#include "platform/listing/request.h"
#include "platform/rpc/read_mask.h"

namespace evalloop::evaluator {

// A list's page alone. InvalidArgument for a size over 1000.
inline absl::StatusOr<listing::Request> PageOf(const v1::PageRequest& page) {
  if (page.page_size() > 1000) {
    return base::FieldError("page.page_size", "is over 1000", "use 1 to 1000");
  }
  return listing::Request{
      .page_size = page.page_size() == 0 ? 50u : page.page_size(),
      .page_token = page.page_token()};
}

// What a request of a list asks for.
template <class ListRequest>
absl::StatusOr<listing::Request> ListingOf(const ListRequest& request) {
  auto listing = PageOf(request.page());
  if (!listing.ok()) return listing;
  listing->filter = request.filter();
  listing->order_by = request.order_by();
  return listing;
}

// The end of every list: its items as messages, trimmed to the read mask, and
// the next page's token.
template <class T, class ListRequest, class Message, class Response>
absl::Status Answer(const absl::StatusOr<listing::Page<T>>& page,
                    const ListRequest& request,
                    google::protobuf::RepeatedPtrField<Message>& messages,
                    Response& response) {
  if (!page.ok()) return page.status();
  for (const T& item : page->items) *messages.Add() = ToProto(item);
  response.set_next_page_token(page->next_page_token);
  return rpc::ApplyReadMask(request.read_mask(), messages);
}

inline absl::Status RequireText(std::string_view field,
                                const std::string& text) {
  if (!text.empty()) return absl::OkStatus();
  return base::FieldError(field, "is empty", "it is required");
}

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_SERVICE_PAGES_H_
