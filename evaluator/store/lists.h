#ifndef EVALLOOP_EVALUATOR_STORE_LISTS_H_
#define EVALLOOP_EVALUATOR_STORE_LISTS_H_

#include <span>
#include <string_view>

#include "platform/listing/fields.h"
#include "platform/listing/query.h"

// What each list can be filtered and ordered by, and its own order. The names
// are part of the API: docs/querying.md has them, and a test holds it to that.
namespace evalloop::evaluator {

// Over runs r.
extern const listing::List kRunList;
// Over kRowsFrom.
extern const listing::List kRowList;
// Over kListedItemsFrom.
extern const listing::List kItemList;
extern const listing::List kBenchmarkList;
// Over gates g with the candidate's run c.
extern const listing::List kGateList;
extern const listing::List kDecisionList;
// Of the subquery f; without filter and order of the caller's.
extern const listing::List kFlipList;

// Rows w with their run r and item i.
inline constexpr char kRowsFrom[] =
    "run_rows w JOIN runs r USING (run_id) JOIN items i ON i.benchmark = "
    "r.benchmark AND i.benchmark_version = r.benchmark_version AND i.item_id = "
    "w.item_id";

// Whether the row w is of an item that is younger than its model's training
// cut-off, as far as both are known.
inline constexpr char kRowIsValid[] =
    "(NOT EXISTS (SELECT 1 FROM outdated_items v WHERE v.run_id = w.run_id AND "
    "v.item_id = w.item_id))";

// Whether the item i is in quarantine.
inline constexpr char kItemIsQuarantined[] =
    "(EXISTS (SELECT 1 FROM quarantine q WHERE q.benchmark = i.benchmark AND "
    "q.benchmark_version = i.benchmark_version AND q.item_id = i.item_id))";

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_LISTS_H_
