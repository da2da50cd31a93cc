#ifndef EVALLOOP_PLATFORM_POSTGRES_LISTED_H_
#define EVALLOOP_PLATFORM_POSTGRES_LISTED_H_

#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <utility>

#include "platform/listing/query.h"
#include "platform/listing/request.h"

namespace evalloop::postgres {

// The statement of a page: `columns` and `from` around the query's condition,
// order and limit. `fixed`: the statement's own condition.
std::string SelectPage(std::string_view columns, std::string_view from,
                       std::string_view fixed, const listing::Query& query);

// Runs a statement with the query's values. Throws as libpqxx does: call it
// inside Guard or ReadOnly.
pqxx::result Select(pqxx::transaction_base& tx, const std::string& sql,
                    const listing::Query& query);

// The token of the page after; empty when `rows` is all there is.
std::string NextPageToken(const listing::Query& query,
                          const pqxx::result& rows);

// The page in `rows`, each made an item by `item_of(row)`.
template <class ItemOf>
auto PageOf(const listing::Query& query, const pqxx::result& rows,
            ItemOf item_of) {
  listing::Page<decltype(item_of(rows[0]))> page;
  for (const pqxx::row& row : rows) {
    if (page.items.size() == query.page_size()) break;
    page.items.push_back(item_of(row));
  }
  page.next_page_token = NextPageToken(query, rows);
  return page;
}

}  // namespace evalloop::postgres

#endif  // EVALLOOP_PLATFORM_POSTGRES_LISTED_H_
