#include "prompt_engine/domain/library_errors.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/base/reason.h"
#include "platform/base/text.h"

namespace evalloop::prompt_engine {
namespace {

constexpr std::size_t kMaxWords = 4000;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '/';
}

}  // namespace

absl::Status CheckName(std::string_view field, std::string_view name,
                       std::size_t most) {
  if (!name.empty() && name.size() <= most &&
      std::all_of(name.begin(), name.end(), IsNameCharacter)) {
    return absl::OkStatus();
  }
  return base::FieldError(
      field, name.empty() ? "is empty" : "is not a name",
      fmt::format("use letters, digits, '.', '_', '-', '/', at most {}", most));
}

absl::Status CheckWords(std::string_view field, std::string_view words) {
  if (words.size() <= kMaxWords) return absl::OkStatus();
  return base::FieldError(field, fmt::format("has {} bytes", words.size()),
                          fmt::format("use at most {}", kMaxWords));
}

absl::Status Missing(std::string_view reason, std::string_view what) {
  return base::WithReason(
      absl::NotFoundError(fmt::format("{} does not exist", what)), reason);
}

absl::Status NoRevision(std::string_view prompt, std::uint32_t version) {
  return Missing("REVISION_NOT_FOUND", fmt::format("{}@{}", prompt, version));
}

absl::Status Refused(std::string_view reason, std::string_view words) {
  return base::WithReason(absl::FailedPreconditionError(base::A(words)),
                          reason);
}

}  // namespace evalloop::prompt_engine
