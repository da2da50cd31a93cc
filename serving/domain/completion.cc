#include "serving/domain/completion.h"

#include <array>
#include <utility>

#include "fmt/format.h"
#include "platform/base/ids.h"

namespace evalloop::serving {
namespace {

constexpr std::array<std::pair<FeedbackKind, std::string_view>, 6> kKinds = {{
    {FeedbackKind::kShown, "shown"},
    {FeedbackKind::kAccepted, "accepted"},
    {FeedbackKind::kRejected, "rejected"},
    {FeedbackKind::kDismissed, "dismissed"},
    {FeedbackKind::kEdited, "edited"},
    {FeedbackKind::kTyped, "typed"},
}};

}  // namespace

std::string_view NameOf(FeedbackKind kind) {
  for (const auto& [value, name] : kKinds) {
    if (value == kind) return name;
  }
  return "unknown";
}

std::optional<FeedbackKind> ParseFeedbackKind(std::string_view name) {
  for (const auto& [value, known] : kKinds) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string FeedbackEventId(const Feedback& feedback) {
  // elapsed_ms is left out: a client that sends again measures anew.
  return base::DerivedId(feedback.completion_id,
                         fmt::format("feedback/{}/{}/{}", NameOf(feedback.kind),
                                     feedback.text.has_value() ? 1 : 0,
                                     feedback.text.value_or("")));
}

}  // namespace evalloop::serving
