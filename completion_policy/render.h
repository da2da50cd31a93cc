#ifndef EVALLOOP_COMPLETION_POLICY_RENDER_H_
#define EVALLOOP_COMPLETION_POLICY_RENDER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::completion_policy {

enum class TemplateForm : std::uint8_t {
  kUnspecified,
  kPrefixSuffix,     // `prompt` and `suffix`, as OpenAI's completions.
  kFillInTheMiddle,  // The family's tokens around prefix and suffix.
  kChat,             // System prompt, then the text as the user's message.
};

// How prefix and suffix become the model's input. `text` may name {{prefix}},
// {{suffix}}, {{path}}, {{language}} and {{context}}; empty means {{prefix}}
// alone, except for kChat, which needs a text. For kFillInTheMiddle it is what
// stands in the prefix's place, and must not name {{suffix}}.
struct Template {
  TemplateForm form = TemplateForm::kPrefixSuffix;
  std::string text;
  std::string fim_family;  // For kFillInTheMiddle; see FindFimFamily.
};

inline constexpr std::uint32_t kDefaultPrefixBytes = 8192;
inline constexpr std::uint32_t kDefaultSuffixBytes = 2048;

struct ContextPolicy {
  std::uint32_t prefix_bytes = 0;  // 0: kDefaultPrefixBytes.
  std::uint32_t suffix_bytes = 0;  // 0: kDefaultSuffixBytes.
};

// What stands around the cursor. Views are valid during the call.
struct Surroundings {
  std::string_view prefix = {};  // All that is known; Render cuts it.
  std::string_view suffix = {};
  std::string_view path = {};
  std::string_view language = {};
  std::string_view context = {};  // Retrieved pieces, already joined.
};

struct ChatMessage {
  std::string role;  // system or user
  std::string content;
};

// What the model is sent: `prompt` and `suffix`, or `messages` for kChat.
struct ModelInput {
  std::string prompt;
  std::string suffix;
  std::vector<ChatMessage> messages;
  std::vector<std::string> stop;  // The revision's, then the family's own.
};

// The tokens of one family of fill-in-the-middle models, in the order
// prefix, suffix, middle.
struct FimFamily {
  std::string_view name;
  std::string_view prefix;
  std::string_view suffix;
  std::string_view middle;
  // Every token that must not come from user code, `stops` among them.
  std::span<const std::string_view> special;
  std::span<const std::string_view> stops;
};

// qwen, starcoder, codellama or deepseek; null for any other name.
const FimFamily* FindFimFamily(std::string_view name);

// The names that FindFimFamily knows.
std::span<const FimFamily> FimFamilies();

// The variables that `text` names, in order, without braces; InvalidArgument
// for an unknown one or braces that don't close.
absl::StatusOr<std::vector<std::string_view>> TemplateVariables(
    std::string_view text);

// Checks a template without rendering it. InvalidArgument says what is wrong.
absl::Status CheckTemplate(const Template& form);

// The end of `prefix`: at most `bytes` (0: the default), cut at a line's start
// where one lies within, else at a character's start.
std::string_view PrefixWindow(std::string_view prefix, std::uint32_t bytes);
// The beginning of `suffix`: at most `bytes` (0: the default), cut at a line's
// end where one lies within, else at a character's end.
std::string_view SuffixWindow(std::string_view suffix, std::uint32_t bytes);

// Renders. User code is put in once: braces in it mean nothing. A family's
// special token in user code is broken by a blank behind its first character,
// so that code can't pose as structure. InvalidArgument as CheckTemplate.
// Pure and thread-safe.
absl::StatusOr<ModelInput> Render(const Template& form,
                                  std::string_view system_prompt,
                                  const ContextPolicy& context,
                                  std::span<const std::string> stop,
                                  const Surroundings& around);

}  // namespace evalloop::completion_policy

#endif  // EVALLOOP_COMPLETION_POLICY_RENDER_H_
