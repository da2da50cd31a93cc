#include "cli/mcp_schema.h"

#include <fmt/format.h>
#include <google/api/annotations.pb.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protos/comments.h"

namespace evalloop::cli::mcp {
namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::OneofDescriptor;

// The messages that enclose what is being described: none is described inside
// of itself.
using Enclosing = std::vector<const Descriptor*>;

json::object MessageSchema(const Descriptor& type,
                           std::vector<std::string> required,
                           Enclosing& enclosing);

std::string Join(std::string_view first, std::string_view second) {
  if (first.empty() || second.empty()) {
    return std::string(first.empty() ? second : first);
  }
  return fmt::format("{} {}", first, second);
}

json::object EnumSchema(const EnumDescriptor& type) {
  json::array names;
  std::string words;
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    names.emplace_back(value.name());
    if (const auto comment = protos::CommentOf(value.full_name());
        !comment.empty()) {
      words = Join(words, fmt::format("{}: {}", value.name(), comment));
    }
  }
  json::object schema{{"type", "string"}, {"enum", std::move(names)}};
  if (!words.empty()) schema["description"] = words;
  return schema;
}

// The messages that protobuf's JSON mapping writes as something else; empty for
// all others.
json::object WellKnownSchema(const Descriptor& type) {
  if (type.full_name() == "google.protobuf.Timestamp") {
    return {{"type", "string"},
            {"format", "date-time"},
            {"description", "RFC 3339, e.g. 2026-05-01T00:00:00Z."}};
  }
  if (type.full_name() == "google.protobuf.Duration") {
    return {{"type", "string"}, {"description", "Seconds, e.g. 1.5s."}};
  }
  if (type.full_name() == "google.protobuf.FieldMask") {
    return {{"type", "string"},
            {"description", "Fields, e.g. \"runId,startTime\"."}};
  }
  return {};
}

json::object SingleSchema(const FieldDescriptor& field, Enclosing& enclosing) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_DOUBLE:
      return {{"type", "number"}};
    case FieldDescriptor::TYPE_STRING:
      return {{"type", "string"}};
    case FieldDescriptor::TYPE_BYTES:
      return {{"type", "string"}, {"contentEncoding", "base64"}};
    case FieldDescriptor::TYPE_ENUM:
      return EnumSchema(*field.enum_type());
    case FieldDescriptor::TYPE_MESSAGE:
    case FieldDescriptor::TYPE_GROUP:
      return MessageSchema(*field.message_type(), {}, enclosing);
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      return {{"type", "integer"}, {"minimum", 0}};
    default:
      return {{"type", "integer"}};
  }
}

// "One of version, label, digest at most." Empty where it stands alone.
std::string WordsOf(const OneofDescriptor* oneof) {
  if (oneof == nullptr || oneof->field_count() < 2) return "";
  std::string names;
  for (int i = 0; i < oneof->field_count(); ++i) {
    names += (i == 0 ? "" : ", ") + oneof->field(i)->name();
  }
  return fmt::format("One of {} at most.", names);
}

json::object FieldSchema(const FieldDescriptor& field, Enclosing& enclosing) {
  json::object schema;
  std::string about;  // What the type says of itself.
  if (field.is_map()) {
    schema = {{"type", "object"},
              {"additionalProperties",
               SingleSchema(*field.message_type()->map_value(), enclosing)}};
  } else if (field.is_repeated()) {
    schema = {{"type", "array"}, {"items", SingleSchema(field, enclosing)}};
  } else {
    schema = SingleSchema(field, enclosing);
    if (const auto* const said = schema.if_contains("description")) {
      about = std::string(said->get_string());
    }
  }
  const std::string words =
      Join(Join(protos::CommentOf(field.full_name()), about),
           WordsOf(field.real_containing_oneof()));
  if (!words.empty()) schema["description"] = words;
  return schema;
}

// "Required.", "Required: letters ...", but not "Required unless ...".
bool SaysRequired(const FieldDescriptor& field) {
  const std::string_view comment = protos::CommentOf(field.full_name());
  return comment.starts_with("Required.") || comment.starts_with("Required:") ||
         comment.starts_with("Required;") || comment.starts_with("Required,");
}

json::object MessageSchema(const Descriptor& type,
                           std::vector<std::string> required,
                           Enclosing& enclosing) {
  if (json::object known = WellKnownSchema(type); !known.empty()) return known;
  json::object schema{{"type", "object"}};
  if (std::ranges::count(enclosing, &type) > 0) {
    schema["description"] = "As above.";
    return schema;
  }
  enclosing.push_back(&type);
  json::object properties;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    properties[field.name()] = FieldSchema(field, enclosing);
    if (SaysRequired(field) &&
        std::ranges::count(required, field.name()) == 0) {
      required.push_back(field.name());
    }
  }
  enclosing.pop_back();
  schema["properties"] = std::move(properties);
  if (!required.empty()) {
    schema["required"] = json::array(required.begin(), required.end());
  }
  schema["additionalProperties"] = false;
  const std::string_view comment = protos::CommentOf(type.full_name());
  if (!enclosing.empty() && !comment.empty()) {  // Not of the request itself.
    schema["description"] = std::string(comment);
  }
  return schema;
}

// The request's own fields that the method's path names.
std::vector<std::string> PathFields(const MethodDescriptor& method) {
  const auto& rule = method.options().GetExtension(google::api::http);
  std::string_view path = rule.get().empty() ? rule.post() : rule.get();
  std::vector<std::string> fields;
  while (true) {
    const std::size_t begin = path.find('{');
    if (begin == std::string_view::npos) return fields;
    path.remove_prefix(begin + 1);
    const std::string name(path.substr(0, path.find_first_of("=}")));
    if (method.input_type()->FindFieldByName(name) != nullptr) {
      fields.push_back(name);
    }
  }
}

}  // namespace

json::object InputSchema(const MethodDescriptor& method) {
  Enclosing enclosing;
  return MessageSchema(*method.input_type(), PathFields(method), enclosing);
}

}  // namespace evalloop::cli::mcp
