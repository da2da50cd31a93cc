#include "platform/listing/condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"

namespace evalloop::listing {
namespace {

using base::A;

// One comparison on its way to SQL.
class Comparison {
 public:
  Comparison(const Filter& filter, const Field& field, std::string_view member,
             Bindings& bindings)
      : filter_(filter),
        field_(field),
        bindings_(bindings),
        sql_(SqlOf(field, member, bindings)) {}

  absl::StatusOr<std::string> Compile() {
    if (AsksForPresence()) return Presence();
    switch (field_.type) {
      case Type::kText:
        return OfText();
      case Type::kWord:
        return OfWord();
      case Type::kTexts:
        return OfTexts();
      default:
        return OfScalar();
    }
  }

 private:
  absl::Status Wrong(std::string_view what, std::string_view remedy) const {
    return base::FieldError(
        "filter",
        fmt::format("at {}: {} {}", filter_.position, filter_.field, what),
        remedy);
  }

  absl::Status WrongOperator(std::string_view allowed) const {
    return Wrong(fmt::format("can't be compared by {}", NameOf(filter_.op)),
                 allowed);
  }

  bool HasStars() const {
    return filter_.value.open_start || filter_.value.open_end;
  }

  // FIELD:*
  bool AsksForPresence() const {
    return filter_.op == Operator::kHas && filter_.value.text.empty() &&
           HasStars();
  }

  std::string Presence() const {
    if (field_.type == Type::kTexts) {
      return fmt::format("cardinality({}) > 0", sql_);
    }
    if (field_.type == Type::kText) {
      return fmt::format("coalesce({}, '') <> ''", sql_);
    }
    return field_.nullable ? fmt::format("({}) IS NOT NULL", sql_) : "true";
  }

  // `comparison` is NULL where the field is; made false.
  std::string Decided(const std::string& comparison) const {
    return field_.nullable ? fmt::format("coalesce({}, false)", comparison)
                           : comparison;
  }

  std::string Compared(const std::string& placeholder) const {
    if (filter_.op == Operator::kNotEqual) {
      return fmt::format("({}) IS DISTINCT FROM {}", sql_, placeholder);
    }
    const std::string_view op =
        filter_.op == Operator::kHas ? "=" : NameOf(filter_.op);
    return Decided(fmt::format("({}) {} {}", sql_, op, placeholder));
  }

  absl::StatusOr<std::string> OfText() {
    const Value& value = filter_.value;
    if (filter_.op == Operator::kHas) {
      // A part of the text, in any case.
      const Value part = HasStars() ? value : Value{value.text, true, true};
      return Decided(fmt::format("({}) ILIKE {}", sql_,
                                 bindings_.Add(LikePattern(part), "text")));
    }
    if (!HasStars()) return Compared(bindings_.Add(value.text, "text"));
    if (filter_.op != Operator::kEqual && filter_.op != Operator::kNotEqual) {
      return WrongOperator("a * stands with =, != and : only");
    }
    const std::string like =
        fmt::format("coalesce(({}) LIKE {}, false)", sql_,
                    bindings_.Add(LikePattern(value), "text"));
    return filter_.op == Operator::kEqual ? like : "NOT " + like;
  }

  absl::StatusOr<std::string> OfWord() {
    if (filter_.op != Operator::kEqual && filter_.op != Operator::kNotEqual &&
        filter_.op != Operator::kHas) {
      return WrongOperator("use = or !=");
    }
    std::string wanted = absl::AsciiStrToLower(A(filter_.value.text));
    const std::string prefix = absl::AsciiStrToLower(A(field_.prefix));
    if (!prefix.empty() && wanted.starts_with(prefix)) {
      wanted.erase(0, prefix.size());
    }
    const std::string padded = fmt::format(" {} ", field_.words);
    if (HasStars() || wanted.empty() || wanted.find(' ') != std::string::npos ||
        padded.find(" " + wanted + " ") == std::string::npos) {
      return Wrong(fmt::format("is never \"{}\"", filter_.value.text),
                   fmt::format("one of: {}", field_.words));
    }
    return Compared(bindings_.Add(wanted, "text"));
  }

  absl::StatusOr<std::string> OfTexts() {
    if (filter_.op != Operator::kHas) {
      return WrongOperator(
          fmt::format("it holds several; write {}:VALUE, or NOT {}:VALUE",
                      filter_.field, filter_.field));
    }
    if (HasStars()) {
      return fmt::format(
          "EXISTS (SELECT 1 FROM unnest({}) AS one WHERE one LIKE {})", sql_,
          bindings_.Add(LikePattern(filter_.value), "text"));
    }
    return fmt::format("({}) @> ARRAY[{}]", sql_,
                       bindings_.Add(filter_.value.text, "text"));
  }

  absl::StatusOr<std::string> OfScalar() {
    std::optional<std::string> value;
    if (!HasStars()) value = Canonical();
    if (!value.has_value()) {
      return Wrong(fmt::format("can't be \"{}\"", filter_.value.text),
                   Expected());
    }
    if (field_.type == Type::kBoolean && filter_.op != Operator::kEqual &&
        filter_.op != Operator::kNotEqual && filter_.op != Operator::kHas) {
      return WrongOperator("use = or !=");
    }
    return Compared(bindings_.Add(*std::move(value), SqlTypeOf(field_.type)));
  }

  std::string_view Expected() const {
    switch (field_.type) {
      case Type::kInteger:
        return "a whole number is expected";
      case Type::kMilliseconds:
        return "milliseconds are expected, or a duration such as 1.5s";
      case Type::kBoolean:
        return "true or false is expected";
      case Type::kTime:
        return "a time is expected, such as 2026-07-01 or "
               "2026-07-01T12:00:00Z";
      default:
        return "a number is expected";
    }
  }

  // The value as the database reads it; nothing when it is of another type.
  std::optional<std::string> Canonical() const {
    const std::string& text = filter_.value.text;
    switch (field_.type) {
      case Type::kInteger: {
        std::int64_t number = 0;
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size()) {
          return std::nullopt;
        }
        return fmt::format("{}", number);
      }
      case Type::kMilliseconds:
        if (absl::Duration duration; absl::ParseDuration(A(text), &duration) &&
                                     !Number(text).has_value()) {
          return Finite(absl::ToDoubleMilliseconds(duration));
        }
        return Number(text);
      case Type::kBoolean: {
        const std::string word = absl::AsciiStrToLower(A(text));
        if (word != "true" && word != "false") return std::nullopt;
        return word;
      }
      case Type::kTime:
        return Time(text);
      default:
        return Number(text);
    }
  }

  static std::optional<std::string> Finite(double number) {
    if (!std::isfinite(number)) return std::nullopt;
    return fmt::format("{}", number);
  }

  static std::optional<std::string> Number(const std::string& text) {
    double number = 0;
    if (!absl::SimpleAtod(A(text), &number)) return std::nullopt;
    return Finite(number);
  }

  static std::optional<std::string> Time(const std::string& text) {
    absl::Time time;
    const bool is_date = text.size() == 10;
    if (!absl::ParseTime(is_date ? "%Y-%m-%d" : absl::RFC3339_full, text, &time,
                         nullptr) ||
        time == absl::InfiniteFuture() || time == absl::InfinitePast()) {
      return std::nullopt;
    }
    // Postgres has no year beyond 294276.
    const std::int64_t year =
        absl::ToCivilYear(time, absl::UTCTimeZone()).year();
    if (year < 1 || year > 9999) return std::nullopt;
    return absl::FormatTime("%Y-%m-%d %H:%M:%E6S+00", time,
                            absl::UTCTimeZone());
  }

  const Filter& filter_;
  const Field& field_;
  Bindings& bindings_;
  const std::string sql_;
};

}  // namespace

absl::StatusOr<std::string> ConditionOf(const Filter& filter,
                                        std::span<const Field> fields,
                                        Bindings& bindings) {
  if (filter.kind == Filter::Kind::kEverything) return "true";
  if (filter.kind == Filter::Kind::kComparison) {
    std::string_view member;
    const Field* const field = FindField(fields, filter.field, member);
    if (field == nullptr) {
      return base::FieldError("filter",
                              fmt::format("at {}: there is no field \"{}\"",
                                          filter.position, filter.field),
                              "fields: " + NamesOf(fields));
    }
    return Comparison(filter, *field, member, bindings).Compile();
  }
  std::string joined;
  for (const Filter& part : filter.parts) {
    auto condition = ConditionOf(part, fields, bindings);
    if (!condition.ok()) return condition;
    if (!joined.empty()) {
      joined += filter.kind == Filter::Kind::kOr ? " OR " : " AND ";
    }
    joined += "(" + *condition + ")";
  }
  return filter.kind == Filter::Kind::kNot ? "NOT " + joined : joined;
}

bool Names(const Filter& filter, std::string_view field) {
  if (filter.kind == Filter::Kind::kComparison) return filter.field == field;
  return std::any_of(filter.parts.begin(), filter.parts.end(),
                     [&](const Filter& part) { return Names(part, field); });
}

std::string LikePattern(const Value& value) {
  std::string pattern = value.open_start ? "%" : "";
  for (const char c : value.text) {
    if (c == '%' || c == '_' || c == '\\') pattern.push_back('\\');
    pattern.push_back(c);
  }
  if (value.open_end) pattern.push_back('%');
  return pattern;
}

}  // namespace evalloop::listing
