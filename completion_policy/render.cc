#include "completion_policy/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "platform/base/reason.h"

namespace evalloop::completion_policy {
namespace {

constexpr std::string_view kVariables[] = {"prefix", "suffix", "path",
                                           "language", "context"};

bool StartsCodePoint(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

// Calls `text` for what stands between variables and `variable` for each.
absl::Status Walk(std::string_view text,
                  const std::function<void(std::string_view)>& on_text,
                  const std::function<void(std::string_view)>& on_variable) {
  while (true) {
    const std::size_t open = text.find("{{");
    on_text(text.substr(0, open));
    if (open == std::string_view::npos) return absl::OkStatus();
    text.remove_prefix(open + 2);
    const std::size_t close = text.find("}}");
    if (close == std::string_view::npos) {
      return base::FieldError("template.text", "has {{ without }}",
                              "close the variable's braces");
    }
    const std::string_view name = text.substr(0, close);
    if (std::find(std::begin(kVariables), std::end(kVariables), name) ==
        std::end(kVariables)) {
      return base::FieldError("template.text",
                              fmt::format("names the variable \"{}\"", name),
                              "use prefix, suffix, path, language or context");
    }
    on_variable(name);
    text.remove_prefix(close + 2);
  }
}

std::string_view ValueOf(std::string_view variable,
                         const Surroundings& around) {
  if (variable == "prefix") return around.prefix;
  if (variable == "suffix") return around.suffix;
  if (variable == "path") return around.path;
  if (variable == "language") return around.language;
  return around.context;
}

absl::StatusOr<std::string> Expand(std::string_view text,
                                   const Surroundings& around) {
  std::string out;
  const absl::Status status = Walk(
      text, [&](std::string_view piece) { out += piece; },
      [&](std::string_view name) { out += ValueOf(name, around); });
  if (!status.ok()) return status;
  return out;
}

std::string_view TextOf(const Template& form) {
  return form.text.empty() ? std::string_view("{{prefix}}")
                           : std::string_view(form.text);
}

bool Names(std::span<const std::string_view> variables, std::string_view name) {
  return std::find(variables.begin(), variables.end(), name) != variables.end();
}

// Tokens written by hand come without the family's stops, and the code between
// them is not escaped. A chat's server has a form of its own, which makes them
// mere text.
absl::Status CheckTokens(const Template& form, const FimFamily* family) {
  if (form.form == TemplateForm::kChat) return absl::OkStatus();
  if (family != nullptr) {
    for (const std::string_view token : family->special) {
      if (form.text.find(token) == std::string::npos) continue;
      return base::FieldError(
          "template.text",
          fmt::format("holds the special token {} of {}", token, family->name),
          "leave it out: the family's tokens are put in");
    }
  }
  const FoundFimToken found = FindFormToken(form.text);
  if (found.family == nullptr) return absl::OkStatus();
  return base::FieldError(
      "template.text",
      fmt::format("holds {}, a token of {}", found.token, found.family->name),
      form.form == TemplateForm::kFillInTheMiddle
          ? "leave it out: the family's tokens are put in"
          : fmt::format("use form fill_in_the_middle with fim_family {}",
                        found.family->name));
}

void AddStops(std::span<const std::string> own, const FimFamily* family,
              std::vector<std::string>& stop) {
  stop.assign(own.begin(), own.end());
  if (!family) return;
  for (const std::string_view token : family->stops) {
    if (std::find(stop.begin(), stop.end(), token) == stop.end()) {
      stop.emplace_back(token);
    }
  }
}

}  // namespace

absl::StatusOr<std::vector<std::string_view>> TemplateVariables(
    std::string_view text) {
  std::vector<std::string_view> names;
  const absl::Status status = Walk(
      text, [](std::string_view) {},
      [&](std::string_view name) { names.push_back(name); });
  if (!status.ok()) return status;
  return names;
}

absl::Status CheckTemplate(const Template& form) {
  if (form.form == TemplateForm::kUnspecified) {
    return base::FieldError("template.form", "is not set",
                            "choose prefix_suffix, fill_in_the_middle or chat");
  }
  if (form.form == TemplateForm::kChat && form.text.empty()) {
    return base::FieldError("template.text", "is empty for a chat model",
                            "write the user's message with {{prefix}}");
  }
  const auto variables = TemplateVariables(TextOf(form));
  if (!variables.ok()) return variables.status();
  if (!Names(*variables, "prefix")) {
    return base::FieldError("template.text", "does not name {{prefix}}",
                            "the model must see the code before the cursor");
  }
  const bool fim = form.form == TemplateForm::kFillInTheMiddle;
  const FimFamily* const family = FindFimFamily(form.fim_family);
  if (form.form == TemplateForm::kChat && !form.fim_family.empty()) {
    return base::FieldError("template.fim_family", "is set for a chat model",
                            "leave it out");
  }
  if (family == nullptr && (fim || !form.fim_family.empty())) {
    return base::FieldError("template.fim_family",
                            fmt::format("is \"{}\"", form.fim_family),
                            fmt::format("use {}", FimFamilyNames()));
  }
  if (auto status = CheckTokens(form, family); !status.ok()) return status;
  if (fim && Names(*variables, "suffix")) {
    return base::FieldError("template.text",
                            "names {{suffix}}, which has a place of its own "
                            "in a fill-in-the-middle input",
                            "leave it out");
  }
  return absl::OkStatus();
}

absl::StatusOr<Wording> Inlined(Wording wording) {
  if (auto status = CheckIncludes(wording.includes); !status.ok()) {
    return status;
  }
  auto text =
      WithIncludes("template.text", wording.form.text, wording.includes);
  if (!text.ok()) return text.status();
  auto system =
      WithIncludes("system_prompt", wording.system_prompt, wording.includes);
  if (!system.ok()) return system.status();
  wording.form.text = *std::move(text);
  wording.system_prompt = *std::move(system);
  wording.includes.clear();
  return wording;
}

std::string_view PrefixWindow(std::string_view prefix, std::uint32_t bytes) {
  const std::size_t most = bytes == 0 ? kDefaultPrefixBytes : bytes;
  if (prefix.size() <= most) return prefix;
  // A window that happens to begin at a line's start keeps that line.
  const std::string_view window = prefix.substr(prefix.size() - most - 1);
  const std::size_t newline = window.find('\n');
  if (newline != std::string_view::npos) return window.substr(newline + 1);
  std::size_t start = 1;
  while (start < window.size() && !StartsCodePoint(window[start])) ++start;
  return window.substr(start);
}

std::string_view SuffixWindow(std::string_view suffix, std::uint32_t bytes) {
  const std::size_t most = bytes == 0 ? kDefaultSuffixBytes : bytes;
  if (suffix.size() <= most) return suffix;
  const std::size_t newline = suffix.substr(0, most).rfind('\n');
  if (newline != std::string_view::npos) return suffix.substr(0, newline + 1);
  std::size_t end = most;
  while (end > 0 && !StartsCodePoint(suffix[end])) --end;
  return suffix.substr(0, end);
}

absl::StatusOr<ModelInput> Render(const Wording& wording,
                                  const ContextPolicy& context,
                                  std::span<const std::string> stop,
                                  const Surroundings& around) {
  if (!wording.includes.empty()) {
    const auto inlined = Inlined(wording);
    if (!inlined.ok()) return inlined.status();
    return Render(*inlined, context, stop, around);
  }
  const Template& form = wording.form;
  if (auto status = CheckTemplate(form); !status.ok()) return status;
  Surroundings cut = around;
  cut.prefix = PrefixWindow(around.prefix, context.prefix_bytes);
  cut.suffix = SuffixWindow(around.suffix, context.suffix_bytes);
  const FimFamily* const family = FindFimFamily(form.fim_family);
  auto text = Expand(TextOf(form), cut);
  if (!text.ok()) return text.status();
  std::string suffix(cut.suffix);
  if (family != nullptr) {
    // All of the text, not each value: a token may begin in one and end in
    // another. The template's own words hold none.
    text = Escaped(*text, *family);
    suffix = Escaped(suffix, *family);
  }

  ModelInput input;
  AddStops(stop, form.form == TemplateForm::kFillInTheMiddle ? family : nullptr,
           input.stop);
  switch (form.form) {
    case TemplateForm::kUnspecified:
      break;  // CheckTemplate refuses it.
    case TemplateForm::kPrefixSuffix: {
      const auto variables = TemplateVariables(TextOf(form));
      const bool placed = variables.ok() && Names(*variables, "suffix");
      input.prompt = *std::move(text);
      if (!placed) input.suffix = std::move(suffix);
      break;
    }
    case TemplateForm::kFillInTheMiddle:
      input.prompt = FimPrompt(*family, *text, suffix);
      break;
    case TemplateForm::kChat:
      if (!wording.system_prompt.empty()) {
        input.messages.push_back({"system", wording.system_prompt});
      }
      input.messages.push_back({"user", *std::move(text)});
      break;
  }
  return input;
}

}  // namespace evalloop::completion_policy
