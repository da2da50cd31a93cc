#ifndef EVALLOOP_PROMPT_ENGINE_STORE_LISTS_H_
#define EVALLOOP_PROMPT_ENGINE_STORE_LISTS_H_

#include "platform/listing/query.h"

// What each list can be filtered and ordered by, and its own order. The names
// are part of the API: docs/querying.md has them, and a test holds it to that.
namespace evalloop::prompt_engine {

extern const listing::List kPromptList;    // Over prompt p.
extern const listing::List kRevisionList;  // Over revision v.
extern const listing::List kHistoryList;   // Over history h.

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STORE_LISTS_H_
