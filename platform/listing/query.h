#ifndef EVALLOOP_PLATFORM_LISTING_QUERY_H_
#define EVALLOOP_PLATFORM_LISTING_QUERY_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/listing/fields.h"
#include "platform/listing/filter.h"
#include "platform/listing/page_token.h"
#include "platform/listing/request.h"

namespace evalloop::listing {

// One part of an order.
struct Key {
  std::string_view sql;  // Trusted.
  Type type = Type::kText;
  bool descending = false;
  bool nullable = false;  // Items without a value come last, either way.
};

// A list that can be asked for: constant data of its owner.
struct List {
  std::string_view name;  // Tokens of another list are refused.
  std::span<const Field> fields;
  // The order where none is asked for. Its last `unique` keys name one item;
  // they end every other order too, so that no two items are in the same place.
  std::span<const Key> order;
  std::size_t unique = 1;
};

// The parts of the SQL statement that gives one page:
//
//   SELECT ..., {keys} FROM ... WHERE {where} ORDER BY {order} LIMIT {limit}
//
// Pages follow each other by the keys of the last item (not by counting), so
// what is inserted meanwhile neither doubles nor hides an item. Thread-safe.
class Query {
 public:
  // `scope`: values that the statement binds itself, $1 and so on; the list
  // depends on them. InvalidArgument names filter, order_by or page.page_token.
  static absl::StatusOr<Query> Make(const List& list, const Request& request,
                                    std::vector<std::string> scope);

  const std::string& where() const { return where_; }
  const std::string& order() const { return order_; }
  // Columns listing_key_0 and so on: as many as key_count().
  const std::string& keys() const { return keys_; }
  std::size_t key_count() const { return key_count_; }
  // One more than the page holds: whether there is a next one.
  std::size_t limit() const { return page_size_ + 1; }
  std::size_t page_size() const { return page_size_; }
  const std::vector<std::string>& values() const { return values_; }

  // The token of the page after an item with these keys.
  std::string TokenAfter(const OrderKeys& keys) const {
    return PageToken(context_, keys);
  }

 private:
  Query() = default;

  std::string where_;
  std::string order_;
  std::string keys_;
  std::size_t key_count_ = 0;
  std::size_t page_size_ = 0;
  std::vector<std::string> values_;
  std::string context_;
};

}  // namespace evalloop::listing

#endif  // EVALLOOP_PLATFORM_LISTING_QUERY_H_
