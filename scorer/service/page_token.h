#ifndef EVALLOOP_SCORER_SERVICE_PAGE_TOKEN_H_
#define EVALLOOP_SCORER_SERVICE_PAGE_TOKEN_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "scorer/domain/score_store.h"

namespace evalloop::scorer {

// Where a list goes on, as an opaque token that remembers its filter.
std::string WritePageToken(const ScoreCursor& cursor, std::string_view prefix);

// The empty token is the first page. InvalidArgument for a token that is not
// one of ours or belongs to another filter.
absl::StatusOr<ScoreCursor> ReadPageToken(std::string_view token,
                                          std::string_view prefix);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_SERVICE_PAGE_TOKEN_H_
