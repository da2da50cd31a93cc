#include "prompt_engine/domain/diff.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <string_view>
#include <utility>

#include "platform/base/crypto.h"
#include "platform/base/text_diff.h"

namespace evalloop::prompt_engine {
namespace {

struct Field {
  std::string_view kind;
  std::string name;
  std::string value;
};

template <typename T>
std::string Shown(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::string_view NameOf(completion_policy::TemplateForm form) {
  switch (form) {
    case completion_policy::TemplateForm::kPrefixSuffix:
      return "prefix_suffix";
    case completion_policy::TemplateForm::kFillInTheMiddle:
      return "fill_in_the_middle";
    case completion_policy::TemplateForm::kChat:
      return "chat";
    case completion_policy::TemplateForm::kUnspecified:
      break;
  }
  return "";
}

std::string WeightsOf(const std::vector<double>& weights) {
  const std::string all = fmt::format("{}", fmt::join(weights, ","));
  return fmt::format("{} weights, sha256 {}", weights.size(),
                     base::Sha256Hex(all).substr(0, 12));
}

std::string KnotsOf(
    const std::vector<completion_policy::CalibrationKnot>& knots) {
  std::string text;
  for (const auto& knot : knots) {
    text += fmt::format("{}{:.4g}:{:.4g}", text.empty() ? "" : " ", knot.raw,
                        knot.calibrated);
  }
  return text;
}

bool HasLines(const std::string& text) {
  return text.find('\n') != std::string::npos;
}

// The includes of two contents, by the texts that name them in either.
struct Namers {
  std::set<std::string> of_template;
  std::set<std::string> of_system_prompt;
};

Namers NamersOf(const RevisionContent& from, const RevisionContent& to) {
  Namers namers;
  for (const RevisionContent* content : {&from, &to}) {
    for (const auto name : completion_policy::IncludesReached(
             content->system_prompt, content->includes)) {
      namers.of_system_prompt.emplace(name);
    }
    for (const auto name : completion_policy::IncludesReached(
             content->form.text, content->includes)) {
      namers.of_template.emplace(name);
    }
  }
  for (const RevisionContent* content : {&from, &to}) {
    for (const completion_policy::Include& include : content->includes) {
      if (!namers.of_system_prompt.contains(include.name)) {
        namers.of_template.insert(include.name);
      }
    }
  }
  return namers;
}

std::string TextOf(const RevisionContent& content, std::string_view include) {
  for (const completion_policy::Include& one : content.includes) {
    if (one.name == include) return one.text;
  }
  return "";
}

// Every field that either of two contents has, so that two lists line up.
std::vector<Field> FieldsOf(const RevisionContent& content,
                            const Namers& namers) {
  std::vector<Field> fields;
  const auto add = [&](std::string_view kind, std::string name,
                       std::string value) {
    fields.push_back({kind, std::move(name), std::move(value)});
  };
  add("template", "template.form", std::string(NameOf(content.form.form)));
  add("template", "template.text", content.form.text);
  add("template", "template.fim_family", content.form.fim_family);
  for (const std::string& name : namers.of_template) {
    add("template", fmt::format("includes.{}", name), TextOf(content, name));
  }
  add("model", "model.name", content.model);
  add("model", "model.snapshot", content.model_snapshot);
  add("system_prompt", "system_prompt", content.system_prompt);
  for (const std::string& name : namers.of_system_prompt) {
    add("system_prompt", fmt::format("includes.{}", name),
        TextOf(content, name));
  }
  std::string tools;
  for (const Tool& tool : content.tools) {
    tools += fmt::format("{}: {} {}\n", tool.name, tool.description,
                         tool.parameters_json);
  }
  add("tools", "tools", tools);
  const Sampling& sampling = content.sampling;
  add("sampling", "sampling.temperature", Shown(sampling.temperature));
  add("sampling", "sampling.top_p", Shown(sampling.top_p));
  add("sampling", "sampling.max_tokens",
      fmt::format("{}", sampling.max_tokens));
  add("sampling", "sampling.seed", Shown(sampling.seed));
  add("sampling", "sampling.stop", fmt::format("{}", sampling.stop));
  add("rubric", "rubric", content.rubric);
  add("context_policy", "context.prefix_bytes",
      fmt::format("{}", content.context.prefix_bytes));
  add("context_policy", "context.suffix_bytes",
      fmt::format("{}", content.context.suffix_bytes));
  add("context_policy", "context.retrieved_pieces",
      fmt::format("{}", content.retrieved_pieces));

  const auto& output = content.output;
  const auto* raw = std::get_if<completion_policy::ShowThreshold>(&output.show);
  const auto* learnt = std::get_if<completion_policy::ShowLearnt>(&output.show);
  add("output_policy", "output.extent",
      output.extent == completion_policy::Extent::kBlock ? "block" : "line");
  add("output_policy", "output.min_chars",
      fmt::format("{}", output.min_characters));
  add("output_policy", "output.max_chars",
      fmt::format("{}", output.max_characters));
  add("output_policy", "output.show",
      raw ? "threshold" : (learnt ? "learnt" : "always"));
  add("output_policy", "output.min_probability",
      raw      ? fmt::format("{}", raw->min_probability)
      : learnt ? fmt::format("{}", learnt->min_probability)
               : "");
  add("output_policy", "output.learnt.feature_set",
      learnt ? learnt->gate.feature_set : "");
  add("output_policy", "output.learnt.weights",
      learnt ? WeightsOf(learnt->gate.weights) : "");
  add("output_policy", "output.learnt.calibration",
      learnt ? KnotsOf(learnt->gate.calibration) : "");
  return fields;
}

}  // namespace

std::vector<RevisionChange> Diff(const RevisionContent& from,
                                 const RevisionContent& to) {
  std::vector<RevisionChange> changes;
  const Namers namers = NamersOf(from, to);
  const std::vector<Field> before = FieldsOf(from, namers);
  const std::vector<Field> after = FieldsOf(to, namers);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string& was = before[i].value;
    const std::string& is = after[i].value;
    if (was == is) continue;
    changes.push_back(
        {std::string(before[i].kind), before[i].name, was, is,
         HasLines(was) || HasLines(is) ? base::UnifiedDiff(was, is) : ""});
  }
  return changes;
}

}  // namespace evalloop::prompt_engine
