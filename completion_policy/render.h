#ifndef EVALLOOP_COMPLETION_POLICY_RENDER_H_
#define EVALLOOP_COMPLETION_POLICY_RENDER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "completion_policy/fim_families.h"
#include "completion_policy/includes.h"

namespace evalloop::completion_policy {

enum class TemplateForm : std::uint8_t {
  kUnspecified,
  kPrefixSuffix,     // `prompt` and `suffix`, as OpenAI's completions.
  kFillInTheMiddle,  // The family's tokens around prefix and suffix.
  kChat,             // System prompt, then the text as the user's message.
};

// How prefix and suffix become the model's input. `text` may name {{prefix}},
// {{suffix}}, {{path}}, {{language}} and {{context}}, and includes until
// Inlined has put them in; empty means {{prefix}} alone, except for kChat,
// which needs a text. For kFillInTheMiddle it is what stands in the prefix's
// place, and must not name {{suffix}}.
struct Template {
  TemplateForm form = TemplateForm::kPrefixSuffix;
  std::string text;
  // Required for kFillInTheMiddle; see FindFimFamily. For kPrefixSuffix: whose
  // tokens the server puts around prefix and suffix, where it does. The code
  // can't pose as them.
  std::string fim_family;
};

// What a revision says in words.
struct Wording {
  Template form;
  std::string system_prompt;
  std::vector<Include> includes;
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

// The variables that `text` names, in order, without braces; InvalidArgument
// for an unknown one or braces that don't close.
absl::StatusOr<std::vector<std::string_view>> TemplateVariables(
    std::string_view text);

// Checks a template, its includes inlined, without rendering it.
// InvalidArgument says what is wrong.
absl::Status CheckTemplate(const Template& form);

// `wording` with its includes put in; `includes` is then empty. InvalidArgument
// as CheckIncludes and WithIncludes.
absl::StatusOr<Wording> Inlined(Wording wording);

// The end of `prefix`: at most `bytes` (0: the default), cut at a line's start
// where one lies within, else at a character's start.
std::string_view PrefixWindow(std::string_view prefix, std::uint32_t bytes);
// The beginning of `suffix`: at most `bytes` (0: the default), cut at a line's
// end where one lies within, else at a character's end.
std::string_view SuffixWindow(std::string_view suffix, std::uint32_t bytes);

// Renders; where it is called often, with includes inlined before. User code is
// put in once: braces in it mean nothing. Where the template names a family,
// its special tokens are broken in user code by a blank behind their first
// character, so that code can't pose as structure. InvalidArgument as Inlined
// and CheckTemplate. Pure and thread-safe.
absl::StatusOr<ModelInput> Render(const Wording& wording,
                                  const ContextPolicy& context,
                                  std::span<const std::string> stop,
                                  const Surroundings& around);

}  // namespace evalloop::completion_policy

#endif  // EVALLOOP_COMPLETION_POLICY_RENDER_H_
