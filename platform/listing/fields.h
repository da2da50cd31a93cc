#ifndef EVALLOOP_PLATFORM_LISTING_FIELDS_H_
#define EVALLOOP_PLATFORM_LISTING_FIELDS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evalloop::listing {

enum class Type {
  kText,
  kWord,  // One of the field's `words`.
  kTexts,
  kInteger,
  kNumber,
  kMilliseconds,  // A number, or a duration such as 1.5s.
  kBoolean,
  kTime,  // RFC 3339, or a date.
};

// What a list can be filtered and ordered by. A table of them is constant data
// of its owner.
struct Field {
  // As callers write it. One that ends in "." is a family: what follows the dot
  // is any name, which stands in `sql` as {}.
  std::string_view name;
  Type type = Type::kText;
  // An expression over the owner's query: a name, a call, or in parentheses.
  // Trusted.
  std::string_view sql;
  bool nullable = false;
  // Of kWord: the words, separated by blanks, as `sql` has them. They are taken
  // in any case, also behind `prefix`, as the proto's enum has them.
  std::string_view words = {};
  std::string_view prefix = {};
  // Long texts make no order.
  bool sortable = true;
};

// Null when there is none; `member` is then, or else, what follows a family's
// dot.
const Field* FindField(std::span<const Field> fields, std::string_view name,
                       std::string_view& member);

// "a, b, metrics.NAME": for messages.
std::string NamesOf(std::span<const Field> fields);

// "text", "number" ...: as the documentation tells it.
std::string_view NameOf(Type type);

// The type of a column that holds the order key of a field.
std::string_view SqlTypeOf(Type type);

// The values that a statement's placeholders stand for, in their order. Values
// are only ever bound; the text of a statement never holds one. Not
// thread-safe.
class Bindings {
 public:
  // `first`: those that the statement binds already, $1 and so on.
  explicit Bindings(std::vector<std::string> first = {})
      : values_(std::move(first)) {}

  // The placeholder of one more value, e.g. "$3::text". `sql_type` is trusted.
  std::string Add(std::string value, std::string_view sql_type);

  const std::vector<std::string>& values() const { return values_; }

 private:
  std::vector<std::string> values_;
};

// The field's expression, with a family's member bound.
std::string SqlOf(const Field& field, std::string_view member,
                  Bindings& bindings);

}  // namespace evalloop::listing

#endif  // EVALLOOP_PLATFORM_LISTING_FIELDS_H_
