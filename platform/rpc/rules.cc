#include "platform/rpc/rules.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <memory>
#include <utility>

#include "absl/strings/str_split.h"
#include "evalloop/v1/access.pb.h"
#include "platform/base/text.h"

namespace evalloop::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr std::size_t kLongestText = 200;

const MethodDescriptor* MethodThatTakes(const Descriptor& request) {
  const auto& file = *request.file();
  for (int i = 0; i < file.service_count(); ++i) {
    const ServiceDescriptor& service = *file.service(i);
    for (int j = 0; j < service.method_count(); ++j) {
      if (service.method(j)->input_type() == &request) return service.method(j);
    }
  }
  return nullptr;
}

// Empty when the path is none: every step a message, the last one a text.
std::vector<const FieldDescriptor*> FieldsOf(const Descriptor& request,
                                             const std::string& path) {
  std::vector<const FieldDescriptor*> fields;
  const Descriptor* at = &request;
  for (const auto step : absl::StrSplit(base::A(path), '.')) {
    if (at == nullptr) return {};
    const FieldDescriptor* const field = at->FindFieldByName(std::string(step));
    if (field == nullptr || field->is_repeated()) return {};
    fields.push_back(field);
    at = field->message_type();
  }
  if (fields.back()->type() != FieldDescriptor::TYPE_STRING) return {};
  return fields;
}

std::string TextAt(const Message& message,
                   std::span<const FieldDescriptor* const> path) {
  const Message* at = &message;
  for (const FieldDescriptor* const step : path.first(path.size() - 1)) {
    at = &at->GetReflection()->GetMessage(*at, step);
  }
  return at->GetReflection()->GetString(*at, path.back());
}

std::string Cut(std::string text) {
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  // Not within a character of UTF-8.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  text.resize(end);
  return text;
}

}  // namespace

access::Need Rule::NeedOf(const Message& request) const {
  access::Need need{.role = role, .names_prompt = !prompt.empty()};
  if (need.names_prompt) need.prompt = TextAt(request, prompt);
  return need;
}

void Rule::SetAuthor(const access::Identity& identity, Message& request) const {
  request.GetReflection()->SetString(&request, author, identity.name);
}

Rule RuleOf(const Descriptor& request) {
  Rule rule;
  rule.method = request.name();
  const MethodDescriptor* const method = MethodThatTakes(request);
  if (method == nullptr || !method->options().HasExtension(v1::access)) {
    return rule;
  }
  const v1::AccessRule& option = method->options().GetExtension(v1::access);
  rule.method = method->name();
  rule.audited = option.audited();
  const FieldDescriptor* const author = request.FindFieldByName("author");
  if (author != nullptr && author->type() == FieldDescriptor::TYPE_STRING &&
      !author->is_repeated()) {
    rule.author = author;
  }
  if (!option.prompt().empty()) {
    rule.prompt = FieldsOf(request, option.prompt());
    if (rule.prompt.empty()) return rule;
  }
  rule.role = access::RoleOf(static_cast<int>(option.role()));
  return rule;
}

absl::Status CheckRules(std::span<const std::string> services) {
  std::string missing;
  for (const std::string& name : services) {
    if (name.starts_with("grpc.")) continue;
    const ServiceDescriptor* const service =
        DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) {
      missing += fmt::format(" {}", name);
      continue;
    }
    for (int i = 0; i < service->method_count(); ++i) {
      if (RuleOf(*service->method(i)->input_type()).role ==
          access::Role::kNone) {
        missing += fmt::format(" {}", service->method(i)->full_name());
      }
    }
  }
  if (missing.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "no usable option (evalloop.v1.access) at:" + missing);
}

std::string PlainFields(const Message& message) {
  const std::unique_ptr<Message> plain(message.New());
  const auto& from = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  from.ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    if (field->is_repeated() || field->message_type() != nullptr ||
        field->type() == FieldDescriptor::TYPE_BYTES) {
      continue;
    }
    const auto& to = *plain->GetReflection();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        to.SetString(plain.get(), field, Cut(from.GetString(message, field)));
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        to.SetBool(plain.get(), field, from.GetBool(message, field));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        to.SetEnumValue(plain.get(), field, from.GetEnumValue(message, field));
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        to.SetUInt32(plain.get(), field, from.GetUInt32(message, field));
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        to.SetInt32(plain.get(), field, from.GetInt32(message, field));
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        to.SetUInt64(plain.get(), field, from.GetUInt64(message, field));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        to.SetInt64(plain.get(), field, from.GetInt64(message, field));
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        to.SetDouble(plain.get(), field, from.GetDouble(message, field));
        break;
      default:
        break;  // We use no other types.
    }
  }
  std::string text;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  if (!google::protobuf::util::MessageToJsonString(*plain, &text, options)
           .ok()) {
    return "{}";
  }
  return text;
}

}  // namespace evalloop::rpc
