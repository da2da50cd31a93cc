#include "cli/message_file.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"

namespace evalloop::cli {
namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr int kMostDepth = 32;

// A plain scalar is a number, a bool or null where it reads as one; a quoted
// one is always text.
boost::json::value ScalarValue(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return boost::json::string(text);
  if (text == "true" || text == "false") return text == "true";
  if (text.empty() || text == "~" || text == "null") return nullptr;
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const bool starts_like_one =
      text.find_first_of("0123456789+-.") == 0 && text[0] != '+';
  if (starts_like_one && end == text.c_str() + text.size()) return number;
  return boost::json::string(text);
}

boost::json::value JsonOf(const YAML::Node& node, int depth) {
  if (depth > kMostDepth) return nullptr;
  if (node.IsMap()) {
    boost::json::object object;
    for (const auto& member : node) {
      object[member.first.Scalar()] = JsonOf(member.second, depth + 1);
    }
    return object;
  }
  if (node.IsSequence()) {
    boost::json::array array;
    for (const auto& element : node)
      array.push_back(JsonOf(element, depth + 1));
    return array;
  }
  if (node.IsScalar()) return ScalarValue(node);
  return nullptr;
}

absl::StatusOr<boost::json::value> ParseYaml(const std::string& text) {
  try {
    return JsonOf(YAML::Load(text), 0);
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(error.what());
  }
}

absl::Status Fill(const boost::json::value& value,
                  google::protobuf::Message* message) {
  const auto status = google::protobuf::util::JsonStringToMessage(
      boost::json::serialize(value), message);
  if (status.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(std::string(status.message()));
}

// One value of a field; `at`: which of a repeated one's, else -1.
boost::json::value ValueOf(const google::protobuf::Message& message,
                           const google::protobuf::FieldDescriptor* field,
                           int at) {
  using google::protobuf::FieldDescriptor;
  const auto& in = *message.GetReflection();
  const bool one = at < 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ObjectOf(one ? in.GetMessage(message, field)
                          : in.GetRepeatedMessage(message, field, at));
    case FieldDescriptor::CPPTYPE_STRING:
      return boost::json::string(
          one ? in.GetString(message, field)
              : in.GetRepeatedString(message, field, at));
    case FieldDescriptor::CPPTYPE_ENUM:
      return boost::json::string((one ? in.GetEnum(message, field)
                                      : in.GetRepeatedEnum(message, field, at))
                                     ->name());
    case FieldDescriptor::CPPTYPE_BOOL:
      return one ? in.GetBool(message, field)
                 : in.GetRepeatedBool(message, field, at);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return one ? in.GetDouble(message, field)
                 : in.GetRepeatedDouble(message, field, at);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return one ? in.GetFloat(message, field)
                 : in.GetRepeatedFloat(message, field, at);
    case FieldDescriptor::CPPTYPE_UINT32:
      return one ? in.GetUInt32(message, field)
                 : in.GetRepeatedUInt32(message, field, at);
    case FieldDescriptor::CPPTYPE_INT32:
      return one ? in.GetInt32(message, field)
                 : in.GetRepeatedInt32(message, field, at);
    // Texts, as in proto3's JSON: a reader may take numbers for doubles.
    case FieldDescriptor::CPPTYPE_UINT64:
      return boost::json::string(
          std::to_string(one ? in.GetUInt64(message, field)
                             : in.GetRepeatedUInt64(message, field, at)));
    case FieldDescriptor::CPPTYPE_INT64:
      return boost::json::string(
          std::to_string(one ? in.GetInt64(message, field)
                             : in.GetRepeatedInt64(message, field, at)));
  }
  return nullptr;
}

absl::StatusOr<std::string> TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(fmt::format("can't read {}", path));
  }
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.size() > kMostBytes) {
    return absl::InvalidArgumentError(
        fmt::format("{} is over {} bytes", path, kMostBytes));
  }
  return text;
}

}  // namespace

// Not by way of JSON's text: Boost reads numbers to the last but one bit only.
boost::json::object ObjectOf(const google::protobuf::Message& message) {
  const auto& in = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  in.ListFields(message, &fields);
  boost::json::object object;
  for (const auto* field : fields) {
    if (!field->is_repeated()) {
      object[field->name()] = ValueOf(message, field, -1);
      continue;
    }
    boost::json::array list;
    for (int i = 0; i < in.FieldSize(message, field); ++i) {
      list.push_back(ValueOf(message, field, i));
    }
    object[field->name()] = std::move(list);
  }
  return object;
}

absl::StatusOr<boost::json::value> ReadValueFile(const std::string& path) {
  const auto text = TextOf(path);
  if (!text.ok()) return text.status();
  auto value = ParseYaml(*text);
  if (value.ok()) return value;
  return absl::InvalidArgumentError(
      fmt::format("{}: {}", path, std::string(value.status().message())));
}

absl::StatusOr<std::vector<PlacedValue>> ReadListFile(const std::string& path,
                                                      std::string_view key) {
  const auto text = TextOf(path);
  if (!text.ok()) return text.status();
  try {
    const YAML::Node file = YAML::Load(*text);
    const YAML::Node list = file.IsMap() ? file[std::string(key)] : file;
    if (!list.IsSequence() || list.size() == 0) {
      return base::FieldError(key, fmt::format("{} has no such list", path),
                              fmt::format("write `{}:` and an element", key));
    }
    std::vector<PlacedValue> values;
    for (const auto& element : list) {
      values.push_back({element.Mark().line + 1, JsonOf(element, 0)});
    }
    return values;
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        fmt::format("{}: {}", path, error.what()));
  }
}

absl::Status FillMessage(const boost::json::value& value,
                         const std::string& path,
                         google::protobuf::Message* message) {
  const absl::Status status = Fill(value, message);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      fmt::format("{}: {}", path, std::string(status.message())));
}

absl::Status ReadMessageFile(const std::string& path,
                             google::protobuf::Message* message) {
  const auto value = ReadValueFile(path);
  if (!value.ok()) return value.status();
  return FillMessage(*value, path, message);
}

absl::Status SetField(std::string_view assignment,
                      google::protobuf::Message* message) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return base::FieldError("set", fmt::format("\"{}\"", assignment),
                            "write FIELD=VALUE");
  }
  const auto value = ParseYaml(std::string(assignment.substr(equals + 1)));
  if (!value.ok()) return value.status();
  boost::json::object json = ObjectOf(*message);
  boost::json::object* object = &json;
  std::string_view path = assignment.substr(0, equals);
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos;
       dot = path.find('.')) {
    boost::json::value& member = (*object)[path.substr(0, dot)];
    if (!member.is_object()) member.emplace_object();
    object = &member.as_object();
    path.remove_prefix(dot + 1);
  }
  (*object)[path] = *value;
  message->Clear();
  const absl::Status status = Fill(json, message);
  if (status.ok()) return status;
  return base::FieldError("set", fmt::format("\"{}\": {}", assignment,
                                             std::string(status.message())));
}

}  // namespace evalloop::cli
