#ifndef EVALLOOP_PROMPT_ENGINE_SERVICE_TRANSLATE_H_
#define EVALLOOP_PROMPT_ENGINE_SERVICE_TRANSLATE_H_

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "evalloop/v1/prompt_engine.pb.h"
#include "prompt_engine/domain/library.h"

namespace evalloop::prompt_engine {

// Between the API's messages and the domain's types.

// DataLoss where the stored content can't be read.
absl::Status ToProto(const Revision& revision, v1::Revision& message);
void ToProto(const Label& label, v1::Label& message);
void ToProto(const PromptSummary& prompt, v1::Prompt& message);
void ToProto(const HistoryEntry& entry, v1::HistoryEntry& message);

RevisionSelector FromProto(const v1::RevisionSelector& message);

// A list's page: how many, and after which key. A page token is the last key of
// the page before, as text.
struct Page {
  int size = 50;
  std::string after;

  // `after` as a number, 0 without one. InvalidArgument for a token that isn't.
  absl::StatusOr<std::int64_t> AfterNumber() const;
};
// InvalidArgument for a page size above 1000.
absl::StatusOr<Page> PageOf(const v1::PageRequest& request);

// What a request of a list asks for. InvalidArgument as PageOf.
template <class ListRequest>
absl::StatusOr<listing::Request> ListingOf(const ListRequest& request) {
  const auto page = PageOf(request.page());
  if (!page.ok()) return page.status();
  return listing::Request{.filter = request.filter(),
                          .order_by = request.order_by(),
                          .page_size = static_cast<std::size_t>(page->size),
                          .page_token = page->after};
}

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_SERVICE_TRANSLATE_H_
