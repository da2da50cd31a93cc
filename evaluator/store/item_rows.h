#ifndef EVALLOOP_EVALUATOR_STORE_ITEM_ROWS_H_
#define EVALLOOP_EVALUATOR_STORE_ITEM_ROWS_H_

#include <pqxx/pqxx>
#include <span>
#include <string>
#include <string_view>

#include "evaluator/domain/benchmark.h"

// Rows of the table items, to and from domain values.
namespace evalloop::evaluator {

// Of items i, their oracles o and the archive's rows a.
extern const char kItemColumns[];

// As $1, the benchmark, and $2, its version, see it: a has a row where an item
// was archived by then.
extern const char kListedItemsFrom[];

// Items as they are now; `rest` follows FROM.
std::string SelectItem(std::string_view rest);

Item ItemOf(const pqxx::row& row);

// In their order. Throws as libpqxx does.
void InsertItems(pqxx::transaction_base& tx, const Benchmark& benchmark,
                 std::span<const Item> items);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_ITEM_ROWS_H_
