#include "platform/listing/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"
#include "platform/listing/condition.h"

namespace evalloop::listing {
namespace {

constexpr std::size_t kMaxOrderBytes = 512;
constexpr std::size_t kMaxOrderTerms = 8;

// A key whose expression is ready for a statement.
struct Term {
  std::string sql;
  Type type;
  bool descending;
  bool nullable;
};

absl::Status WrongOrder(std::string_view what, std::string_view remedy) {
  return base::FieldError("order_by", what, remedy);
}

absl::StatusOr<Term> ParseTerm(const std::string& written,
                               std::span<const Field> fields,
                               Bindings& bindings) {
  const std::vector<std::string> words =
      absl::StrSplit(written, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.empty() || words.size() > 2 ||
      (words.size() == 2 && words[1] != "asc" && words[1] != "desc")) {
    return WrongOrder(fmt::format("\"{}\" is no order", written),
                      "write FIELD, FIELD asc or FIELD desc, separated by "
                      "commas");
  }
  std::string_view member;
  const Field* const field = FindField(fields, words[0], member);
  if (field == nullptr) {
    return WrongOrder(fmt::format("there is no field \"{}\"", words[0]),
                      "fields: " + NamesOf(fields));
  }
  if (!field->sortable || field->type == Type::kTexts) {
    return WrongOrder(fmt::format("\"{}\" makes no order", words[0]),
                      "it holds long texts or several; choose another field");
  }
  return Term{SqlOf(*field, member, bindings), field->type,
              words.size() == 2 && words[1] == "desc", field->nullable};
}

// The order asked for, then what makes it unique.
absl::StatusOr<std::vector<Term>> TermsOf(const List& list,
                                          const std::string& order_by,
                                          Bindings& bindings) {
  std::vector<Term> terms;
  std::span<const Key> ending = list.order;
  if (order_by.size() > kMaxOrderBytes) {
    return WrongOrder(fmt::format("has {} bytes", order_by.size()),
                      fmt::format("at most {} are allowed", kMaxOrderBytes));
  }
  if (!absl::StripAsciiWhitespace(order_by).empty()) {
    const std::vector<std::string> written = absl::StrSplit(order_by, ',');
    if (written.size() > kMaxOrderTerms) {
      return WrongOrder(fmt::format("has {} fields", written.size()),
                        fmt::format("at most {} are allowed", kMaxOrderTerms));
    }
    for (const std::string& one : written) {
      auto term = ParseTerm(one, list.fields, bindings);
      if (!term.ok()) return term.status();
      terms.push_back(*std::move(term));
    }
    ending = list.order.last(list.unique);
  }
  for (const Key& key : ending) {
    const bool there =
        std::any_of(terms.begin(), terms.end(),
                    [&](const Term& term) { return term.sql == key.sql; });
    if (there) continue;
    terms.push_back(
        {std::string(key.sql), key.type, key.descending, key.nullable});
  }
  return terms;
}

std::string OrderOf(std::span<const Term> terms) {
  std::string order;
  for (const Term& term : terms) {
    if (!order.empty()) order += ", ";
    order += term.sql;
    if (term.descending) order += " DESC";
    if (term.nullable) order += " NULLS LAST";
  }
  return order;
}

std::string ColumnsOf(std::span<const Term> terms) {
  std::string columns;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    columns += fmt::format("{}({})::text AS listing_key_{}", i == 0 ? "" : ", ",
                           terms[i].sql, i);
  }
  return columns;
}

// One direction and a value everywhere: a comparison of rows, which an index
// can answer.
bool IsUniform(std::span<const Term> terms) {
  return std::all_of(terms.begin(), terms.end(), [&](const Term& term) {
    return !term.nullable && term.descending == terms.front().descending;
  });
}

std::string UniformAfter(std::span<const Term> terms, const OrderKeys& keys,
                         Bindings& bindings) {
  std::string left, right;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    left += (i == 0 ? "" : ", ") + terms[i].sql;
    right += (i == 0 ? "" : ", ") +
             bindings.Add(keys[i].value_or(""), SqlTypeOf(terms[i].type));
  }
  return fmt::format("({}) {} ({})", left, terms.front().descending ? "<" : ">",
                     right);
}

// a > $1 OR a = $1 AND (b > $2 OR ...), innermost first.
std::string After(std::span<const Term> terms, const OrderKeys& keys,
                  Bindings& bindings) {
  if (IsUniform(terms)) return UniformAfter(terms, keys, bindings);
  std::string after = "false";
  for (std::size_t i = terms.size(); i-- > 0;) {
    const Term& term = terms[i];
    if (!keys[i].has_value()) {
      // Nothing comes after "no value" but what has none either.
      after = fmt::format("({} IS NULL AND ({}))", term.sql, after);
      continue;
    }
    const std::string key = bindings.Add(*keys[i], SqlTypeOf(term.type));
    after =
        fmt::format("({0} {1} {2}{3} OR ({0} = {2} AND ({4})))", term.sql,
                    term.descending ? "<" : ">", key,
                    term.nullable ? " OR " + term.sql + " IS NULL" : "", after);
  }
  return after;
}

// All that the list depends on, each part told by its length.
std::string ContextOf(const List& list, const Request& request,
                      const std::vector<std::string>& scope) {
  std::string context;
  const auto add = [&](std::string_view part) {
    context += fmt::format("{}:{}", part.size(), part);
  };
  add(list.name);
  for (const std::string& value : scope) add(value);
  add(request.filter);
  add(request.order_by);
  return context;
}

}  // namespace

absl::StatusOr<Query> Query::Make(const List& list, const Request& request,
                                  std::vector<std::string> scope) {
  Query query;
  query.context_ = ContextOf(list, request, scope);
  query.page_size_ = request.page_size;
  Bindings bindings(std::move(scope));
  const auto filter = ParseFilter(request.filter);
  if (!filter.ok()) return filter.status();
  auto condition = ConditionOf(*filter, list.fields, bindings);
  if (!condition.ok()) return condition.status();
  query.where_ = "(" + *condition + ")";
  const auto terms = TermsOf(list, request.order_by, bindings);
  if (!terms.ok()) return terms.status();
  query.order_ = OrderOf(*terms);
  query.keys_ = ColumnsOf(*terms);
  query.key_count_ = terms->size();
  if (!request.page_token.empty()) {
    const auto keys = KeysOf(request.page_token, query.context_, terms->size());
    if (!keys.ok()) return keys.status();
    query.where_ += " AND " + After(*terms, *keys, bindings);
  }
  query.values_ = bindings.values();
  return query;
}

}  // namespace evalloop::listing
