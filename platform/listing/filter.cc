#include "platform/listing/filter.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "platform/base/reason.h"

namespace evalloop::listing {
namespace {

// The longer ones first, so that `<=` is not read as `<`.
struct Written {
  std::string_view text;
  Operator op;
};
constexpr std::array<Written, 7> kOperators = {{
    {"<=", Operator::kLessOrEqual},
    {">=", Operator::kGreaterOrEqual},
    {"!=", Operator::kNotEqual},
    {"=", Operator::kEqual},
    {"<", Operator::kLess},
    {">", Operator::kGreater},
    {":", Operator::kHas},
}};

constexpr std::string_view kComparisonRemedy =
    "write FIELD OPERATOR VALUE, for example prompt = \"complete-line\"; "
    "operators: = != < <= > >= :";

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Recursive descent over the text; the grammar is AIP-160's, its names too.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  absl::StatusOr<Filter> Parse() {
    SkipBlanks();
    if (AtEnd()) return Filter{};
    auto filter = Expression();
    if (!filter.ok()) return filter;
    if (!AtEnd()) {
      return Wrong(text_[at_] == ')' ? "\")\" closes nothing"
                                     : "the filter should end here",
                   "join comparisons by AND or OR");
    }
    return filter;
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }

  void SkipBlanks() {
    while (!AtEnd() && IsBlank(text_[at_])) ++at_;
  }

  absl::Status Wrong(std::string_view what, std::string_view remedy) const {
    return base::FieldError("filter", fmt::format("at {}: {}", at_ + 1, what),
                            remedy);
  }

  // Whether the keyword stands here as a word of its own.
  bool IsKeyword(std::string_view word) const {
    if (text_.substr(at_, word.size()) != word) return false;
    const std::size_t end = at_ + word.size();
    return end == text_.size() || IsBlank(text_[end]) || text_[end] == '(';
  }

  bool SkipKeyword(std::string_view word) {
    if (!IsKeyword(word)) return false;
    at_ += word.size();
    SkipBlanks();
    return true;
  }

  static Filter Joined(Filter::Kind kind, std::vector<Filter> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    return {.kind = kind, .parts = std::move(parts)};
  }

  // factor {[AND] factor}: factors side by side are joined by AND too.
  absl::StatusOr<Filter> Expression() {
    std::vector<Filter> parts;
    do {
      auto part = Factor();
      if (!part.ok()) return part;
      parts.push_back(*std::move(part));
      SkipBlanks();
    } while (SkipKeyword("AND") || (!AtEnd() && text_[at_] != ')'));
    return Joined(Filter::Kind::kAnd, std::move(parts));
  }

  // term {OR term}
  absl::StatusOr<Filter> Factor() {
    std::vector<Filter> parts;
    do {
      auto part = Term();
      if (!part.ok()) return part;
      parts.push_back(*std::move(part));
      SkipBlanks();
    } while (SkipKeyword("OR"));
    return Joined(Filter::Kind::kOr, std::move(parts));
  }

  // [NOT | -] (comparison | composite)
  absl::StatusOr<Filter> Term() {
    SkipBlanks();
    if (AtEnd()) return Wrong("a comparison is missing", kComparisonRemedy);
    bool negated = SkipKeyword("NOT");
    if (!negated && text_[at_] == '-') {
      negated = true;
      ++at_;
    }
    auto simple = !AtEnd() && text_[at_] == '(' ? Composite() : Comparison();
    if (!simple.ok() || !negated) return simple;
    Filter filter{.kind = Filter::Kind::kNot};
    filter.parts.push_back(*std::move(simple));
    return filter;
  }

  absl::StatusOr<Filter> Composite() {
    if (++depth_ > kMaxFilterDepth) {
      return Wrong(
          fmt::format("parentheses nest deeper than {}", kMaxFilterDepth),
          "write the filter flatter");
    }
    const std::size_t open = at_++;
    auto inside = Expression();
    if (!inside.ok()) return inside;
    if (AtEnd()) {
      at_ = open;
      return Wrong("\"(\" is never closed", "add a \")\"");
    }
    ++at_;
    --depth_;
    return inside;
  }

  absl::StatusOr<Filter> Comparison() {
    if (++comparisons_ > kMaxComparisons) {
      return Wrong(fmt::format("more than {} comparisons", kMaxComparisons),
                   "ask in several calls");
    }
    Filter filter{.kind = Filter::Kind::kComparison};
    filter.position = at_ + 1;
    auto field = Field();
    if (!field.ok()) return field.status();
    filter.field = *std::move(field);
    SkipBlanks();
    if (!AtEnd() && text_[at_] == '(') {
      return Wrong("there are no functions", kComparisonRemedy);
    }
    const auto op = SkipOperator();
    if (!op.has_value()) {
      return Wrong(
          fmt::format("an operator is missing after \"{}\"", filter.field),
          kComparisonRemedy);
    }
    filter.op = *op;
    SkipBlanks();
    auto value = ReadValue();
    if (!value.ok()) return value.status();
    filter.value = *std::move(value);
    return filter;
  }

  absl::StatusOr<std::string> Field() {
    const std::size_t begin = at_;
    bool starts = true;  // A segment of the dotted name.
    while (!AtEnd()) {
      const char c = text_[at_];
      if (c == '.' && !starts) {
        starts = true;
      } else if (IsNameStart(c) || (IsDigit(c) && at_ > begin)) {
        starts = false;
      } else {
        break;
      }
      ++at_;
    }
    if (!starts) {
      const std::string_view name = text_.substr(begin, at_ - begin);
      if (name != "AND" && name != "OR" && name != "NOT") {
        return std::string(name);
      }
      at_ = begin;
      return Wrong(fmt::format("{} is no field", name), kComparisonRemedy);
    }
    if (at_ > begin) return Wrong("a name ends in \".\"", kComparisonRemedy);
    return Wrong(AtEnd()
                     ? "a field is missing"
                     : fmt::format("a field is expected, not \"{}\"", Shown()),
                 kComparisonRemedy);
  }

  // The character here, for a message; a byte of several is shown as "?".
  std::string Shown() const {
    const auto c = static_cast<unsigned char>(text_[at_]);
    return std::string(1, c >= 0x20 && c < 0x7f ? text_[at_] : '?');
  }

  std::optional<Operator> SkipOperator() {
    for (const Written& written : kOperators) {
      if (text_.substr(at_, written.text.size()) == written.text) {
        at_ += written.text.size();
        return written.op;
      }
    }
    return std::nullopt;
  }

  absl::StatusOr<Value> ReadValue() {
    if (AtEnd()) return Wrong("a value is missing", kComparisonRemedy);
    const char quote = text_[at_];
    if (quote == '"' || quote == '\'') return QuotedValue(quote);
    Value value;
    while (!AtEnd() && !IsBlank(text_[at_]) && text_[at_] != '(' &&
           text_[at_] != ')' && text_[at_] != '"' && text_[at_] != '\'') {
      value.text.push_back(text_[at_++]);
    }
    if (value.text.empty()) {
      return Wrong(
          text_[at_] == '(' ? "a value in parentheses" : "a value is missing",
          "write each comparison with one value, quoted where it has "
          "blanks or parentheses");
    }
    Open(value, false, false);
    return value;
  }

  absl::StatusOr<Value> QuotedValue(char quote) {
    const std::size_t open = at_++;
    Value value;
    bool first_is_literal = false;
    bool last_is_literal = false;
    while (!AtEnd() && text_[at_] != quote) {
      char c = text_[at_++];
      last_is_literal = false;
      if (c == '\\') {
        if (AtEnd()) break;
        c = text_[at_++];
        if (c != '\\' && c != '"' && c != '\'' && c != '*') {
          at_ -= 2;
          return Wrong("an unknown escape",
                       "\\ stands before \", ', * and \\ only");
        }
        last_is_literal = true;
        first_is_literal = first_is_literal || value.text.empty();
      }
      value.text.push_back(c);
    }
    if (AtEnd()) {
      at_ = open;
      return Wrong("a quoted value is never closed", "add the closing quote");
    }
    ++at_;
    Open(value, first_is_literal, last_is_literal);
    return value;
  }

  // Takes stars at the ends that were not escaped as "anything".
  static void Open(Value& value, bool first_is_literal, bool last_is_literal) {
    if (!last_is_literal && value.text.ends_with('*')) {
      value.open_end = true;
      value.text.pop_back();
    }
    if (!first_is_literal && value.text.starts_with('*')) {
      value.open_start = true;
      value.text.erase(0, 1);
    }
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::size_t comparisons_ = 0;
};

std::string Quoted(const Value& value) {
  std::string out = value.open_start ? "\"*" : "\"";
  for (std::size_t i = 0; i < value.text.size(); ++i) {
    const char c = value.text[i];
    const bool at_an_end = i == 0 || i + 1 == value.text.size();
    if (c == '"' || c == '\\' || (c == '*' && at_an_end)) out.push_back('\\');
    out.push_back(c);
  }
  return out + (value.open_end ? "*\"" : "\"");
}

// `within`: the kind of the node around it, which says where parentheses stand.
std::string Printed(const Filter& filter, Filter::Kind within) {
  using Kind = Filter::Kind;
  switch (filter.kind) {
    case Kind::kEverything:
      return "";
    case Kind::kComparison:
      return fmt::format("{} {} {}", filter.field, NameOf(filter.op),
                         Quoted(filter.value));
    case Kind::kNot: {
      const std::string inside = Printed(filter.parts.front(), Kind::kNot);
      return within == Kind::kNot ? "(NOT " + inside + ")" : "NOT " + inside;
    }
    case Kind::kAnd:
    case Kind::kOr:
      break;
  }
  const bool is_and = filter.kind == Kind::kAnd;
  std::string out;
  for (const Filter& part : filter.parts) {
    if (!out.empty()) out += is_and ? " AND " : " OR ";
    out += Printed(part, filter.kind);
  }
  const bool binds =
      within == Kind::kEverything || (within == Kind::kAnd && !is_and);
  return binds ? out : "(" + out + ")";
}

}  // namespace

absl::StatusOr<Filter> ParseFilter(std::string_view text) {
  if (text.size() > kMaxFilterBytes) {
    return base::FieldError(
        "filter", fmt::format("has {} bytes", text.size()),
        fmt::format("at most {} are allowed", kMaxFilterBytes));
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return base::FieldError("filter", fmt::format("at {}: a NUL byte", nul + 1),
                            "leave it out");
  }
  return Parser(text).Parse();
}

std::string ToString(const Filter& filter) {
  return Printed(filter, Filter::Kind::kEverything);
}

std::string_view NameOf(Operator op) {
  for (const Written& written : kOperators) {
    if (written.op == op) return written.text;
  }
  return "";
}

}  // namespace evalloop::listing
