#include "prompt_engine/domain/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "platform/base/reason.h"

namespace evalloop::prompt_engine {
namespace {

constexpr std::uint32_t kMostTokens = 4096;
constexpr std::size_t kMostStops = 16;
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

bool OfFamily(const RevisionContent& content) {
  return content.form.form ==
             completion_policy::TemplateForm::kFillInTheMiddle &&
         completion_policy::FindFimFamily(content.form.fim_family) != nullptr;
}

void LintTemplate(const RevisionContent& content, Findings& findings) {
  findings.BlockOn(completion_policy::CheckTemplate(content.form));
  const bool chat = content.form.form == completion_policy::TemplateForm::kChat;
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

// Without a stop rule a model writes on and is paid for it.
void LintStopRules(const RevisionContent& content, Findings& findings) {
  const auto& stop = content.sampling.stop;
  const bool at_newline = std::any_of(
      stop.begin(), stop.end(),
      [](const std::string& s) { return s.find('\n') != std::string::npos; });
  if (content.output.extent == completion_policy::Extent::kLine) {
    if (at_newline) return;
    if (content.form.form == completion_policy::TemplateForm::kChat) return;
    findings.Warn("sampling.stop", "does not stop at a line's end",
                  "add \"\\n\": only one line is shown");
  } else if (stop.empty() && !OfFamily(content)) {
    findings.Warn("sampling.stop", "is empty for a block",
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
  const auto variables =
      completion_policy::TemplateVariables(content.form.text);
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
  LintStopRules(content, findings);
  LintContext(content, findings);
  LintOutput(content, findings);
  return findings.Take();
}

}  // namespace evalloop::prompt_engine
