#include "serving/domain/model_string.h"

#include <charconv>
#include <cstdint>
#include <string>

#include "platform/base/reason.h"

namespace evalloop::serving {
namespace {

constexpr std::string_view kScheme = "evalloop/";
constexpr std::string_view kForms =
    "write evalloop/NAME, evalloop/NAME@LABEL or evalloop/NAME@VERSION";

bool AllDigits(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

absl::StatusOr<ModelChoice> ParseModelString(std::string_view model) {
  if (model.empty()) {
    return base::FieldError("model", "is required",
                            "name a prompt as evalloop/NAME, or a model");
  }
  if (!model.starts_with(kScheme)) return ModelChoice(std::string(model));

  std::string_view name = model.substr(kScheme.size());
  RevisionSelector selector;
  if (const auto at = name.find('@'); at != std::string_view::npos) {
    const std::string_view by = name.substr(at + 1);
    name = name.substr(0, at);
    if (by.empty()) {
      return base::FieldError("model", "has nothing behind its @", kForms);
    }
    if (AllDigits(by)) {
      std::uint32_t version = 0;
      const auto [end, error] =
          std::from_chars(by.data(), by.data() + by.size(), version);
      if (error != std::errc() || end != by.data() + by.size() ||
          version == 0) {
        return base::FieldError("model", "names no possible version", kForms);
      }
      selector.version = version;
    } else {
      selector.label = std::string(by);
    }
  }
  if (name.empty()) {
    return base::FieldError("model", "names no prompt", kForms);
  }
  selector.prompt = std::string(name);
  return ModelChoice(std::move(selector));
}

}  // namespace evalloop::serving
