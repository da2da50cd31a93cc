#include "platform/postgres/arrays.h"

#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>

namespace evalloop::postgres {
namespace {

using Element = std::optional<std::string>;
using Take = std::function<void(Element)>;

// Postgres's text form of a one-dimensional array, {a,"b \"c\"",NULL}. Not
// libpqxx's array_parser: the one of 6.4 ends an unquoted element at a
// semicolon, which Postgres does not quote.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  void Run(const Take& take) {
    Expect('{');
    if (Peek() == '}') {
      ++at_;
    } else {
      while (true) {
        take(Peek() == '"' ? Quoted() : Plain());
        const char after = Next();
        if (after == '}') break;
        if (after != ',') Fail();
      }
    }
    if (at_ != text_.size()) Fail();
  }

 private:
  [[noreturn]] static void Fail() {
    throw pqxx::conversion_error("not the text of an array");
  }
  char Peek() const {
    if (at_ == text_.size()) Fail();
    return text_[at_];
  }
  char Next() {
    const char next = Peek();
    ++at_;
    return next;
  }
  void Expect(char wanted) {
    if (Next() != wanted) Fail();
  }

  Element Quoted() {
    std::string value;
    Expect('"');
    for (char c = Next(); c != '"'; c = Next()) {
      value += c == '\\' ? Next() : c;
    }
    return value;
  }

  Element Plain() {
    const std::size_t begin = at_;
    while (Peek() != ',' && Peek() != '}') {
      if (Peek() == '{' || Peek() == '"' || Peek() == '\\') Fail();
      ++at_;
    }
    const std::string_view value = text_.substr(begin, at_ - begin);
    if (value.empty()) Fail();
    if (value == "NULL") return std::nullopt;
    return std::string(value);
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

void ForEach(const pqxx::field& field, const Take& take) {
  if (field.is_null()) return;
  Parser(std::string_view(field.c_str(), field.size())).Run(take);
}

std::string Required(std::optional<std::string> text) {
  if (!text.has_value()) throw pqxx::conversion_error("NULL in an array");
  return *std::move(text);
}

double ToDouble(const std::string& text) {
  double value = 0;
  pqxx::from_string(text, value);
  return value;
}

}  // namespace

std::vector<std::string> TextsOf(const pqxx::field& field) {
  std::vector<std::string> texts;
  ForEach(field,
          [&](auto text) { texts.push_back(Required(std::move(text))); });
  return texts;
}

std::vector<std::int64_t> IntsOf(const pqxx::field& field) {
  std::vector<std::int64_t> values;
  ForEach(field, [&](auto text) {
    std::int64_t value = 0;
    pqxx::from_string(Required(std::move(text)), value);
    values.push_back(value);
  });
  return values;
}

std::vector<std::optional<double>> DoublesOf(const pqxx::field& field) {
  std::vector<std::optional<double>> values;
  ForEach(field, [&](auto text) {
    values.push_back(text.has_value() ? std::optional(ToDouble(*text))
                                      : std::nullopt);
  });
  return values;
}

std::optional<double> DoubleOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<double>();
}

}  // namespace evalloop::postgres
