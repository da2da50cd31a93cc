#include "prompt_engine/domain/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "platform/base/reason.h"

namespace evalloop::prompt_engine {
namespace {

constexpr std::uint32_t kMostTokens = 4096;
constexpr std::size_t kMostStops = 16;
// What OpenAI's API takes, and many that follow it.
constexpr std::size_t kMostServerStops = 4;
constexpr std::uint32_t kMostContextBytes = 1U << 20;

class Findings {
 public:
  void Block(std::string field, std::string problem, std::string remedy) {
    list_.push_back(
        {std::move(field), std::move(problem), std::move(remedy), true});
  }
  void Warn(std::string field, std::string problem, std::string remedy) {
    list_.push_back(
        {std::move(field), std::move(problem), std::move(remedy), false});
  }
  // A FieldError of "<field>: <what>; <remedy>" as a blocking finding.
  void BlockOn(const absl::Status& status) {
    if (status.ok()) return;
    const std::string field = base::FieldOf(status).value_or("content");
    std::string words(status.message());
    if (words.rfind(field + ": ", 0) == 0) words.erase(0, field.size() + 2);
    const std::size_t semicolon = words.rfind("; ");
    if (semicolon == std::string::npos) return Block(field, words, "");
    Block(field, words.substr(0, semicolon), words.substr(semicolon + 2));
  }
  std::vector<LintFinding> Take() { return std::move(list_); }

 private:
  std::vector<LintFinding> list_;
};

using completion_policy::FimFamily;
using completion_policy::TemplateForm;

// The family whose form the revision takes; null: none.
const FimFamily* FormOf(const RevisionContent& content) {
  if (content.form.form != TemplateForm::kFillInTheMiddle) return nullptr;
  return completion_policy::FindFimFamily(content.form.fim_family);
}

void LintIncludes(const RevisionContent& content, Findings& findings) {
  const auto in_template =
      completion_policy::IncludesReached(content.form.text, content.includes);
  const auto in_system = completion_policy::IncludesReached(
      content.system_prompt, content.includes);
  for (const completion_policy::Include& include : content.includes) {
    if (!in_template.contains(include.name) &&
        !in_system.contains(include.name)) {
      findings.Warn(fmt::format("includes.{}", include.name),
                    "is named by nobody",
                    fmt::format("leave it out, or name it as {{{{> {}}}}}",
                                include.name));
    }
    // Between them only variables are left once includes are put in.
    const auto variables = completion_policy::TemplateVariables(include.text);
    if (in_system.contains(include.name) && variables.ok() &&
        !variables->empty()) {
      findings.Block(
          fmt::format("includes.{}", include.name),
          fmt::format("names {{{{{}}}}} and stands in system_prompt, "
                      "which takes no variables",
                      variables->front()),
          "name it in the template only");
    }
  }
}

// Blocks where includes can't be put in; then nothing else can be said of the
// texts.
void LintTemplate(const RevisionContent& content, Findings& findings) {
  const bool chat = content.form.form == TemplateForm::kChat;
  const auto wording = completion_policy::Inlined(WordingOf(content));
  findings.BlockOn(wording.status());
  if (wording.ok()) {
    findings.BlockOn(completion_policy::CheckTemplate(wording->form));
    const std::string& system = wording->system_prompt;
    for (const auto& [field, text] :
         {std::pair("template.text", &wording->form.text),
          std::pair("system_prompt", &system)}) {
      const auto found = completion_policy::FindFormToken(*text);
      if (!chat || found.family == nullptr) continue;
      findings.Warn(field,
                    fmt::format("holds {}, a token of {}", found.token,
                                found.family->name),
                    "name the places of a chat in words: the server may take "
                    "it for structure");
    }
  }
  LintIncludes(content, findings);
  if (!chat && !content.system_prompt.empty()) {
    findings.Block("system_prompt", "is set for a model that takes none",
                   "leave it empty, or use the chat form");
  }
  if (!chat && !content.tools.empty()) {
    findings.Block("tools", "are set for a model that takes none",
                   "leave them out, or use the chat form");
  }
  std::set<std::string> names;
  for (const Tool& tool : content.tools) {
    if (tool.name.empty() || !names.insert(tool.name).second) {
      findings.Block("tools",
                     fmt::format("name \"{}\" twice or not at all", tool.name),
                     "give each tool a name of its own");
    }
  }
}

void LintSampling(const RevisionContent& content, Findings& findings) {
  const Sampling& sampling = content.sampling;
  if (sampling.max_tokens < 1 || sampling.max_tokens > kMostTokens) {
    findings.Block("sampling.max_tokens",
                   fmt::format("is {}", sampling.max_tokens),
                   fmt::format("set 1 to {}", kMostTokens));
  }
  if (sampling.temperature &&
      !(*sampling.temperature >= 0 && *sampling.temperature <= 2)) {
    findings.Block("sampling.temperature",
                   fmt::format("is {}", *sampling.temperature), "set 0 to 2");
  }
  if (sampling.top_p && !(*sampling.top_p > 0 && *sampling.top_p <= 1)) {
    findings.Block("sampling.top_p", fmt::format("is {}", *sampling.top_p),
                   "set more than 0 and at most 1");
  }
  if (sampling.stop.size() > kMostStops) {
    findings.Block("sampling.stop",
                   fmt::format("has {} entries", sampling.stop.size()),
                   fmt::format("keep at most {}", kMostStops));
  }
  if (std::find(sampling.stop.begin(), sampling.stop.end(), "") !=
      sampling.stop.end()) {
    findings.Block("sampling.stop", "holds an empty text", "leave it out");
  }
}

// A family's own stops are put in when it is rendered; those of another family
// are never written by the model.
void LintFamilyStops(const RevisionContent& content, Findings& findings) {
  const FimFamily* const family = FormOf(content);
  if (family == nullptr) return;
  std::size_t all = family->stops.size();
  for (const std::string& stop : content.sampling.stop) {
    const bool put_in = std::find(family->stops.begin(), family->stops.end(),
                                  stop) != family->stops.end();
    if (!put_in) ++all;
    if (completion_policy::IsSpecial(*family, stop)) continue;
    for (const FimFamily& other : completion_policy::FimFamilies()) {
      if (!completion_policy::IsSpecial(other, stop)) continue;
      findings.Block(
          "sampling.stop",
          fmt::format("holds {}, a token of {}", stop, other.name),
          fmt::format("leave it out: {}'s own stops are put in", family->name));
      break;
    }
  }
  if (all > kMostServerStops) {
    findings.Warn("sampling.stop",
                  fmt::format("and {}'s own are {} texts", family->name, all),
                  fmt::format("keep {} in all: OpenAI-compatible servers may "
                              "take no more",
                              kMostServerStops));
  }
}

// Without a stop rule a model writes on and is paid for it. A chat model ends
// its answer itself.
void LintStopRules(const RevisionContent& content, Findings& findings) {
  if (content.form.form == TemplateForm::kChat) return;
  const auto& stop = content.sampling.stop;
  const bool at_newline = std::any_of(
      stop.begin(), stop.end(),
      [](const std::string& s) { return s.find('\n') != std::string::npos; });
  if (content.output.extent == completion_policy::Extent::kLine) {
    if (at_newline) return;
    findings.Block("sampling.stop", "does not stop at a line's end",
                   "add \"\\n\": only one line is shown");
  } else if (stop.empty() && FormOf(content) == nullptr) {
    findings.Block("sampling.stop", "is empty for a block",
                   "say where a block ends, e.g. \"\\n\\n\"");
  }
}

void LintOutput(const RevisionContent& content, Findings& findings) {
  const auto& output = content.output;
  findings.BlockOn(completion_policy::CheckOutputPolicy(output));
  if (output.max_characters != 0 &&
      output.max_characters < output.min_characters) {
    findings.Block("output.max_chars",
                   fmt::format("is {}, below min_chars {}",
                               output.max_characters, output.min_characters),
                   "nothing would ever be shown: raise it");
  }
}

void LintContext(const RevisionContent& content, Findings& findings) {
  if (content.context.prefix_bytes > kMostContextBytes ||
      content.context.suffix_bytes > kMostContextBytes) {
    findings.Block("context", "asks for more than 1 MiB",
                   "lower prefix_bytes or suffix_bytes");
  }
  const auto wording = completion_policy::Inlined(WordingOf(content));
  if (!wording.ok()) return;
  const auto variables =
      completion_policy::TemplateVariables(wording->form.text);
  const bool names_context =
      variables.ok() && std::find(variables->begin(), variables->end(),
                                  "context") != variables->end();
  if (content.retrieved_pieces > 0 && !names_context) {
    findings.Warn("context.retrieved_pieces",
                  "are retrieved and shown to nobody",
                  "name {{context}} in the template");
  }
}

}  // namespace

std::vector<LintFinding> Lint(const RevisionContent& content) {
  Findings findings;
  LintTemplate(content, findings);
  if (content.model.empty()) {
    findings.Block("model.name", "is empty", "name a model that serving knows");
  }
  LintSampling(content, findings);
  LintFamilyStops(content, findings);
  LintStopRules(content, findings);
  LintContext(content, findings);
  LintOutput(content, findings);
  return findings.Take();
}

}  // namespace evalloop::prompt_engine
