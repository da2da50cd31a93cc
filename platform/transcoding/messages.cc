#include "platform/transcoding/messages.h"

#include <fmt/format.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <google/rpc/code.pb.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <boost/json.hpp>
#include <cmath>

#include "platform/base/reason.h"
#include "platform/http/json.h"

namespace evalloop::transcoding {
namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::unique_ptr<Message> NewMessage(const Descriptor& type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(&type)
          ->New());
}

// protobuf says "(field) words" or "INVALID_ARGUMENT:(field): words".
absl::Status BadJson(std::string_view what, std::string_view said) {
  if (said.starts_with("INVALID_ARGUMENT:")) said.remove_prefix(17);
  return base::FieldError(what, fmt::format("does not fit: {}", said),
                          "names and types stand in the proto; grpcurl "
                          "describe prints them");
}

absl::Status ReadJson(std::string_view what, const std::string& text,
                      Message& message) {
  const auto read = google::protobuf::util::JsonStringToMessage(text, &message);
  if (read.ok()) return absl::OkStatus();
  return BadJson(what, read.ToString());
}

// The field at the end of a dotted path; null when there is none. `levels`
// takes the fields on the way, the last one included.
const FieldDescriptor* FindField(const Descriptor& type, std::string_view path,
                                 std::vector<const FieldDescriptor*>& levels) {
  const Descriptor* at = &type;
  while (at != nullptr) {
    const std::size_t dot = path.find('.');
    const FieldDescriptor* const field =
        at->FindFieldByName(std::string(path.substr(0, dot)));
    if (field == nullptr) return nullptr;
    levels.push_back(field);
    if (dot == std::string_view::npos) return field;
    if (field->is_repeated()) return nullptr;
    path.remove_prefix(dot + 1);
    at = field->message_type();
  }
  return nullptr;
}

// Text as the JSON value that `field` reads: protobuf takes numbers, enums and
// the well-known types as strings, but not truth values.
json::value ValueOf(const FieldDescriptor& field, const std::string& text) {
  if (field.type() == FieldDescriptor::TYPE_BOOL) {
    if (text == "true") return true;
    if (text == "false") return false;
  }
  return json::value(text);
}

absl::Status Apply(const Binding& binding, const Descriptor& type,
                   json::object& tree) {
  const auto& [path, text] = binding;
  std::vector<const FieldDescriptor*> levels;
  const FieldDescriptor* const field = FindField(type, path, levels);
  if (field == nullptr) {
    return base::FieldError(path, "is no field of the request",
                            "names stand in the proto; grpcurl describe " +
                                type.full_name() + " prints them");
  }
  json::object* at = &tree;
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    json::value& next = (*at)[levels[i]->name()];
    if (!next.is_object()) next.emplace_object();
    at = &next.as_object();
  }
  json::value& leaf = (*at)[field->name()];
  if (!field->is_repeated()) {
    if (!leaf.is_null()) {
      return base::FieldError(path, "is given twice", "give it once");
    }
    leaf = ValueOf(*field, text);
    return absl::OkStatus();
  }
  if (!leaf.is_array()) leaf.emplace_array();
  leaf.as_array().push_back(ValueOf(*field, text));
  return absl::OkStatus();
}

google::protobuf::util::JsonPrintOptions PrintOptions() {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  return options;
}

int HttpCode(grpc::StatusCode code) {
  switch (code) {
    case grpc::OK:
      return 200;
    case grpc::INVALID_ARGUMENT:
    case grpc::FAILED_PRECONDITION:
    case grpc::OUT_OF_RANGE:
      return 400;
    case grpc::UNAUTHENTICATED:
      return 401;
    case grpc::PERMISSION_DENIED:
      return 403;
    case grpc::NOT_FOUND:
      return 404;
    case grpc::ABORTED:
    case grpc::ALREADY_EXISTS:
      return 409;
    case grpc::RESOURCE_EXHAUSTED:
      return 429;
    case grpc::CANCELLED:
      return 499;
    case grpc::UNIMPLEMENTED:
      return 501;
    case grpc::UNAVAILABLE:
      return 503;
    case grpc::DEADLINE_EXCEEDED:
      return 504;
    default:
      return 500;
  }
}

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) details.Clear();
  return details;
}

}  // namespace

absl::StatusOr<std::vector<Binding>> ParseQuery(std::string_view query) {
  std::vector<Binding> bindings;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    std::string part(query.substr(0, end));
    query = end == std::string_view::npos ? "" : query.substr(end + 1);
    if (part.empty()) continue;
    // A plus sign is a space in a query, as forms and curl's
    // --data-urlencode have it.
    for (char& c : part) {
      if (c == '+') c = ' ';
    }
    const std::size_t equals = part.find('=');
    const auto name = http::PercentDecode(part.substr(0, equals));
    const auto value = equals == std::string::npos
                           ? std::optional<std::string>("")
                           : http::PercentDecode(part.substr(equals + 1));
    if (!name.has_value() || !value.has_value()) {
      return base::FieldError("query", "has a malformed escape",
                              "write % as %25");
    }
    bindings.emplace_back(*name, *value);
  }
  return bindings;
}

absl::StatusOr<std::string> RequestBytes(const Descriptor& type,
                                         std::string_view body,
                                         std::span<const Binding> bindings) {
  const auto message = NewMessage(type);
  if (!body.empty()) {
    if (auto read = ReadJson("body", std::string(body), *message); !read.ok()) {
      return read;
    }
  }
  json::object tree;
  for (const Binding& binding : bindings) {
    if (auto put = Apply(binding, type, tree); !put.ok()) return put;
  }
  if (!tree.empty()) {
    const auto over = NewMessage(type);
    if (auto read = ReadJson("parameter", json::serialize(tree), *over);
        !read.ok()) {
      return read;
    }
    message->MergeFrom(*over);
  }
  return message->SerializeAsString();
}

absl::StatusOr<std::string> JsonOf(const Descriptor& type,
                                   const std::string& bytes) {
  const auto message = NewMessage(type);
  std::string text;
  if (!message->ParseFromString(bytes) ||
      !google::protobuf::util::MessageToJsonString(*message, &text,
                                                   PrintOptions())
           .ok()) {
    return absl::InternalError(fmt::format(
        "an answer of type {} can't be told in JSON", type.full_name()));
  }
  return text;
}

std::string ErrorJson(const grpc::Status& status, int http_code) {
  google::rpc::Status details = DetailsOf(status);
  json::object error;
  error["code"] = http_code != 0 ? http_code : HttpCode(status.error_code());
  error["message"] = status.error_message();
  error["status"] = google::rpc::Code_Name(
      static_cast<google::rpc::Code>(status.error_code()));
  std::string printed;
  details.clear_message();
  details.clear_code();
  if (google::protobuf::util::MessageToJsonString(details, &printed).ok()) {
    const auto parsed = http::ParseJsonObject(printed);
    if (parsed.ok() && parsed->contains("details")) {
      error["details"] = parsed->at("details");
    }
  }
  return json::serialize(json::object{{"error", std::move(error)}});
}

http::Response ErrorAnswer(const grpc::Status& status, int http_code) {
  if (http_code == 0) http_code = HttpCode(status.error_code());
  http::Response answer =
      http::JsonResponse(http_code, ErrorJson(status, http_code));
  const google::rpc::Status details = DetailsOf(status);
  for (const auto& detail : details.details()) {
    google::rpc::RetryInfo retry;
    if (!detail.UnpackTo(&retry)) continue;
    const double seconds = static_cast<double>(retry.retry_delay().seconds()) +
                           retry.retry_delay().nanos() / 1e9;
    answer.headers.Add("retry-after",
                       fmt::format("{:.0f}", std::ceil(seconds)));
  }
  return answer;
}

}  // namespace evalloop::transcoding
