#include "platform/listing/fields.h"

#include <fmt/format.h>

#include <utility>

namespace evalloop::listing {

const Field* FindField(std::span<const Field> fields, std::string_view name,
                       std::string_view& member) {
  for (const Field& field : fields) {
    member = {};
    if (field.name == name) return &field;
    if (field.name.ends_with('.') && name.starts_with(field.name) &&
        name.size() > field.name.size()) {
      member = name.substr(field.name.size());
      return &field;
    }
  }
  return nullptr;
}

std::string NamesOf(std::span<const Field> fields) {
  std::string names;
  for (const Field& field : fields) {
    if (!names.empty()) names += ", ";
    names += field.name;
    if (field.name.ends_with('.')) names += "NAME";
  }
  return names;
}

std::string_view NameOf(Type type) {
  switch (type) {
    case Type::kText:
      return "text";
    case Type::kWord:
      return "word";
    case Type::kTexts:
      return "texts";
    case Type::kInteger:
      return "integer";
    case Type::kNumber:
      return "number";
    case Type::kMilliseconds:
      return "milliseconds";
    case Type::kBoolean:
      return "boolean";
    case Type::kTime:
      return "time";
  }
  return "";
}

std::string_view SqlTypeOf(Type type) {
  switch (type) {
    case Type::kText:
    case Type::kWord:
    case Type::kTexts:
      return "text";
    case Type::kInteger:
      return "bigint";
    case Type::kNumber:
    case Type::kMilliseconds:
      return "float8";
    case Type::kBoolean:
      return "boolean";
    case Type::kTime:
      return "timestamptz";
  }
  return "text";
}

std::string Bindings::Add(std::string value, std::string_view sql_type) {
  values_.push_back(std::move(value));
  return fmt::format("${}::{}", values_.size(), sql_type);
}

std::string SqlOf(const Field& field, std::string_view member,
                  Bindings& bindings) {
  const std::size_t hole = field.sql.find("{}");
  if (hole == std::string_view::npos) return std::string(field.sql);
  return fmt::format("{}{}{}", field.sql.substr(0, hole),
                     bindings.Add(std::string(member), "text"),
                     field.sql.substr(hole + 2));
}

}  // namespace evalloop::listing
