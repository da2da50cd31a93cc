#include "completion_policy/wire.h"

namespace evalloop::completion_policy {
namespace {

LearntGate GateOf(const v1::ShowLearnt& message) {
  LearntGate gate;
  gate.feature_set = message.feature_set();
  gate.weights.assign(message.weights().begin(), message.weights().end());
  for (const v1::CalibrationKnot& knot : message.calibration()) {
    gate.calibration.push_back({knot.raw(), knot.calibrated()});
  }
  return gate;
}

}  // namespace

Template FromProto(const v1::Template& message) {
  Template form;
  switch (message.form()) {
    case v1::Template::FORM_PREFIX_SUFFIX:
      form.form = TemplateForm::kPrefixSuffix;
      break;
    case v1::Template::FORM_FILL_IN_THE_MIDDLE:
      form.form = TemplateForm::kFillInTheMiddle;
      break;
    case v1::Template::FORM_CHAT:
      form.form = TemplateForm::kChat;
      break;
    default:
      form.form = TemplateForm::kUnspecified;
  }
  form.text = message.text();
  form.fim_family = message.fim_family();
  return form;
}

Wording WordingOf(const v1::RevisionContent& message) {
  Wording wording;
  wording.form = FromProto(message.template_());
  wording.system_prompt = message.system_prompt();
  for (const v1::Include& include : message.includes()) {
    wording.includes.push_back({include.name(), include.text()});
  }
  return wording;
}

ContextPolicy FromProto(const v1::ContextPolicy& message) {
  return {message.prefix_bytes(), message.suffix_bytes()};
}

OutputPolicy FromProto(const v1::OutputPolicy& message) {
  OutputPolicy policy;
  policy.extent = message.extent() == v1::OutputPolicy::EXTENT_BLOCK
                      ? Extent::kBlock
                      : Extent::kLine;
  policy.min_characters = message.min_chars();
  policy.max_characters = message.max_chars();
  switch (message.show_case()) {
    case v1::OutputPolicy::kThreshold:
      policy.show = ShowThreshold{message.threshold().min_probability()};
      break;
    case v1::OutputPolicy::kLearnt:
      policy.show = ShowLearnt{message.learnt().min_probability(),
                               GateOf(message.learnt())};
      break;
    default:
      policy.show = ShowAlways{};
  }
  return policy;
}

std::vector<ModelToken> FromProto(
    const google::protobuf::RepeatedPtrField<v1::CompletionToken>& tokens) {
  std::vector<ModelToken> out;
  out.reserve(tokens.size());
  for (const v1::CompletionToken& token : tokens) {
    ModelToken& added = out.emplace_back();
    added.text = token.text();
    added.log_probability = token.log_probability();
    if (token.has_order()) added.order = token.order();
    if (token.has_support()) added.support = token.support();
  }
  return out;
}

void ToProto(const OutputPolicy& policy, v1::OutputPolicy& message) {
  message.Clear();
  message.set_extent(policy.extent == Extent::kBlock
                         ? v1::OutputPolicy::EXTENT_BLOCK
                         : v1::OutputPolicy::EXTENT_LINE);
  message.set_min_chars(policy.min_characters);
  message.set_max_chars(policy.max_characters);
  if (const auto* raw = std::get_if<ShowThreshold>(&policy.show)) {
    message.mutable_threshold()->set_min_probability(raw->min_probability);
  } else if (const auto* learnt = std::get_if<ShowLearnt>(&policy.show)) {
    v1::ShowLearnt& out = *message.mutable_learnt();
    out.set_min_probability(learnt->min_probability);
    out.set_feature_set(learnt->gate.feature_set);
    out.mutable_weights()->Add(learnt->gate.weights.begin(),
                               learnt->gate.weights.end());
    for (const CalibrationKnot& knot : learnt->gate.calibration) {
      v1::CalibrationKnot& added = *out.add_calibration();
      added.set_raw(knot.raw);
      added.set_calibrated(knot.calibrated);
    }
  } else {
    message.mutable_always();
  }
}

}  // namespace evalloop::completion_policy
