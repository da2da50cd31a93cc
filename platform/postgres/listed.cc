#include "platform/postgres/listed.h"

#include <fmt/format.h>

#include <optional>

namespace evalloop::postgres {

std::string SelectPage(std::string_view columns, std::string_view from,
                       std::string_view fixed, const listing::Query& query) {
  return fmt::format(
      "SELECT {}, {} FROM {} WHERE {} AND {} ORDER BY {} LIMIT {}", columns,
      query.keys(), from, fixed, query.where(), query.order(), query.limit());
}

pqxx::result Select(pqxx::transaction_base& tx, const std::string& sql,
                    const listing::Query& query) {
  return tx.exec_params(sql,
                        pqxx::prepare::make_dynamic_params(query.values()));
}

std::string NextPageToken(const listing::Query& query,
                          const pqxx::result& rows) {
  if (rows.size() <= query.page_size()) return "";
  const pqxx::row last =
      rows[static_cast<pqxx::result::size_type>(query.page_size() - 1)];
  listing::OrderKeys keys;
  for (std::size_t i = 0; i < query.key_count(); ++i) {
    const pqxx::field field = last[fmt::format("listing_key_{}", i)];
    keys.push_back(field.is_null() ? std::nullopt
                                   : std::optional(field.as<std::string>()));
  }
  return query.TokenAfter(keys);
}

}  // namespace evalloop::postgres
