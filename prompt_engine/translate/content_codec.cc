#include "prompt_engine/translate/content_codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>

#include <map>
#include <string>

#include "completion_policy/wire.h"

namespace evalloop::prompt_engine {
namespace {

v1::Template::Form ToProto(completion_policy::TemplateForm form) {
  switch (form) {
    case completion_policy::TemplateForm::kPrefixSuffix:
      return v1::Template::FORM_PREFIX_SUFFIX;
    case completion_policy::TemplateForm::kFillInTheMiddle:
      return v1::Template::FORM_FILL_IN_THE_MIDDLE;
    case completion_policy::TemplateForm::kChat:
      return v1::Template::FORM_CHAT;
    case completion_policy::TemplateForm::kUnspecified:
      break;
  }
  return v1::Template::FORM_UNSPECIFIED;
}

Sampling FromProto(const v1::Sampling& message) {
  Sampling sampling;
  if (message.has_temperature()) sampling.temperature = message.temperature();
  if (message.has_top_p()) sampling.top_p = message.top_p();
  if (message.has_seed()) sampling.seed = message.seed();
  sampling.max_tokens = message.max_tokens();
  sampling.stop.assign(message.stop().begin(), message.stop().end());
  return sampling;
}

void ToProto(const Sampling& sampling, v1::Sampling& message) {
  if (sampling.temperature) message.set_temperature(*sampling.temperature);
  if (sampling.top_p) message.set_top_p(*sampling.top_p);
  if (sampling.seed) message.set_seed(*sampling.seed);
  message.set_max_tokens(sampling.max_tokens);
  for (const std::string& stop : sampling.stop) message.add_stop(stop);
}

}  // namespace

RevisionContent FromProto(const v1::RevisionContent& message) {
  RevisionContent content;
  content.form = completion_policy::FromProto(message.template_());
  content.system_prompt = message.system_prompt();
  for (const v1::ToolSchema& tool : message.tools()) {
    content.tools.push_back(
        {tool.name(), tool.description(), tool.parameters_json()});
  }
  content.model = message.model().name();
  content.model_snapshot = message.model().snapshot();
  content.sampling = FromProto(message.sampling());
  content.context = completion_policy::FromProto(message.context());
  content.retrieved_pieces = message.context().retrieved_pieces();
  content.output = completion_policy::FromProto(message.output());
  content.rubric = message.rubric();
  content.includes = completion_policy::WordingOf(message).includes;
  return content;
}

v1::RevisionContent ToProto(const RevisionContent& content) {
  v1::RevisionContent message;
  v1::Template& form = *message.mutable_template_();
  form.set_form(ToProto(content.form.form));
  form.set_text(content.form.text);
  form.set_fim_family(content.form.fim_family);
  message.set_system_prompt(content.system_prompt);
  for (const Tool& tool : content.tools) {
    v1::ToolSchema& added = *message.add_tools();
    added.set_name(tool.name);
    added.set_description(tool.description);
    added.set_parameters_json(tool.parameters_json);
  }
  message.mutable_model()->set_name(content.model);
  message.mutable_model()->set_snapshot(content.model_snapshot);
  ToProto(content.sampling, *message.mutable_sampling());
  v1::ContextPolicy& context = *message.mutable_context();
  context.set_prefix_bytes(content.context.prefix_bytes);
  context.set_suffix_bytes(content.context.suffix_bytes);
  context.set_retrieved_pieces(content.retrieved_pieces);
  completion_policy::ToProto(content.output, *message.mutable_output());
  message.set_rubric(content.rubric);
  // Their order says nothing, so it makes no other revision.
  std::map<std::string_view, std::string_view> includes;
  for (const completion_policy::Include& include : content.includes) {
    includes[include.name] = include.text;
  }
  for (const auto& [name, text] : includes) {
    v1::Include& added = *message.add_includes();
    added.set_name(std::string(name));
    added.set_text(std::string(text));
  }
  return message;
}

absl::StatusOr<EncodedContent> ProtoContentCodec::Encode(
    const RevisionContent& content) const {
  const v1::RevisionContent message = ToProto(content);
  EncodedContent encoded;
  {
    google::protobuf::io::StringOutputStream stream(&encoded.bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&out);
  }
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  const auto status = google::protobuf::util::MessageToJsonString(
      message, &encoded.json, options);
  if (!status.ok()) {
    return absl::InvalidArgumentError("content: holds text that is no UTF-8");
  }
  return encoded;
}

absl::StatusOr<RevisionContent> ProtoContentCodec::Decode(
    std::string_view bytes) const {
  v1::RevisionContent message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("stored content can't be read");
  }
  return FromProto(message);
}

}  // namespace evalloop::prompt_engine
