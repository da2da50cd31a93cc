#include "platform/http/json.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>
#include <iterator>
#include <utility>

#include "platform/base/reason.h"

namespace evalloop::http {
namespace {

// Appends `value`; its depth is bounded by whoever built it.
void Write(const boost::json::value& value, std::string& text) {
  if (const auto* const object = value.if_object()) {
    char before = '{';
    for (const auto& [key, member] : *object) {
      text += std::exchange(before, ',');
      text += boost::json::serialize(boost::json::string_view(key));
      text += ':';
      Write(member, text);
    }
    text += object->empty() ? "{}" : "}";
  } else if (const auto* const array = value.if_array()) {
    char before = '[';
    for (const auto& element : *array) {
      text += std::exchange(before, ',');
      Write(element, text);
    }
    text += array->empty() ? "[]" : "]";
  } else if (const double* const number = value.if_double();
             number != nullptr && std::isfinite(*number)) {
    fmt::format_to(std::back_inserter(text), "{}", *number);
  } else {
    text += boost::json::serialize(value);
  }
}

std::string KindName(boost::json::kind kind) {
  return std::string(boost::json::to_string(kind));
}

absl::Status WrongType(std::string_view key, std::string_view wanted,
                       const boost::json::value& value) {
  return base::FieldError(
      key, fmt::format("must be {}, not {}", wanted, KindName(value.kind())));
}

absl::Status Missing(std::string_view key) {
  return base::FieldError(key, "is required");
}

// nullptr when missing or null.
const boost::json::value* Find(const boost::json::object& object,
                               std::string_view key) {
  const auto* const value = object.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

template <class T>
absl::StatusOr<T> Require(absl::StatusOr<std::optional<T>> found,
                          std::string_view key) {
  if (!found.ok()) return found.status();
  if (!found->has_value()) return Missing(key);
  return **std::move(found);
}

}  // namespace

std::string JsonText(const boost::json::value& value) {
  std::string text;
  Write(value, text);
  return text;
}

absl::StatusOr<boost::json::value> ParseJson(std::string_view text,
                                             JsonLimits limits) {
  if (text.size() > limits.max_bytes) {
    return absl::InvalidArgumentError(
        fmt::format("the JSON text has {} bytes, at most {} are taken",
                    text.size(), limits.max_bytes));
  }
  boost::json::parse_options options;
  options.max_depth = limits.max_depth;
  boost::json::stream_parser parser({}, options);
  boost::json::error_code error;
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error && read < text.size()) {  // It stops behind the value.
    return absl::InvalidArgumentError(
        fmt::format("not valid JSON at byte {}: text after the value", read));
  }
  if (!error) parser.finish(error);
  if (error) {
    return absl::InvalidArgumentError(
        fmt::format("not valid JSON at byte {}: {}", read, error.message()));
  }
  return parser.release();
}

absl::StatusOr<boost::json::object> ParseJsonObject(std::string_view text,
                                                    JsonLimits limits) {
  auto value = ParseJson(text, limits);
  if (!value.ok()) return value.status();
  if (!value->is_object()) {
    return absl::InvalidArgumentError(fmt::format(
        "the JSON text must be an object, not {}", KindName(value->kind())));
  }
  return std::move(value->get_object());
}

absl::StatusOr<std::optional<std::string>> FindString(
    const boost::json::object& object, std::string_view key) {
  const auto* const value = Find(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return WrongType(key, "a string", *value);
  const boost::json::string& text = value->get_string();
  return std::string(text.data(), text.size());
}

absl::StatusOr<std::string> GetString(const boost::json::object& object,
                                      std::string_view key) {
  return Require(FindString(object, key), key);
}

absl::StatusOr<std::optional<std::int64_t>> FindInt(
    const boost::json::object& object, std::string_view key,
    std::int64_t lowest, std::int64_t highest) {
  const auto* const value = Find(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) return WrongType(key, "a whole number", *value);
  boost::json::error_code error;
  const auto number = value->to_number<std::int64_t>(error);
  if (error) return base::FieldError(key, "must be a whole number");
  if (number < lowest || number > highest) {
    return base::FieldError(
        key, fmt::format("must be {} to {}, not {}", lowest, highest, number));
  }
  return number;
}

absl::StatusOr<std::int64_t> GetInt(const boost::json::object& object,
                                    std::string_view key, std::int64_t lowest,
                                    std::int64_t highest) {
  return Require(FindInt(object, key, lowest, highest), key);
}

absl::StatusOr<std::optional<double>> FindDouble(
    const boost::json::object& object, std::string_view key) {
  const auto* const value = Find(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) return WrongType(key, "a number", *value);
  if (value->is_double()) return value->get_double();
  if (value->is_uint64()) return static_cast<double>(value->get_uint64());
  return static_cast<double>(value->get_int64());
}

absl::StatusOr<double> GetDouble(const boost::json::object& object,
                                 std::string_view key) {
  return Require(FindDouble(object, key), key);
}

absl::StatusOr<std::optional<bool>> FindBool(const boost::json::object& object,
                                             std::string_view key) {
  const auto* const value = Find(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) return WrongType(key, "true or false", *value);
  return value->get_bool();
}

absl::StatusOr<const boost::json::object*> FindObject(
    const boost::json::object& object, std::string_view key) {
  const auto* const value = Find(object, key);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) return WrongType(key, "an object", *value);
  return &value->get_object();
}

absl::StatusOr<const boost::json::array*> FindArray(
    const boost::json::object& object, std::string_view key) {
  const auto* const value = Find(object, key);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) return WrongType(key, "an array", *value);
  return &value->get_array();
}

}  // namespace evalloop::http
