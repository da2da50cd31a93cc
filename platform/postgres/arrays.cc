#include "platform/postgres/arrays.h"

#include <functional>

namespace evalloop::postgres {
namespace {

using Take = std::function<void(std::optional<std::string>)>;

void ForEach(const pqxx::field& field, const Take& take) {
  if (field.is_null()) return;
  pqxx::array_parser parser = field.as_array();
  while (true) {
    auto [juncture, text] = parser.get_next();
    switch (juncture) {
      case pqxx::array_parser::string_value:
        take(std::move(text));
        break;
      case pqxx::array_parser::null_value:
        take(std::nullopt);
        break;
      case pqxx::array_parser::done:
        return;
      case pqxx::array_parser::row_start:
      case pqxx::array_parser::row_end:
        break;
    }
  }
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
