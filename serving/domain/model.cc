#include "serving/domain/model.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "completion_policy/fim_families.h"
#include "fmt/format.h"
#include "platform/base/reason.h"

namespace evalloop::serving {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxText = 1024;

// The server takes prefix and suffix as fields of their own.
constexpr std::string_view kSuffixField = "suffix";

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

absl::Status ValidateUrl(std::string_view url) {
  std::string_view rest = url;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else {
    return base::FieldError("model.base_url", "is no http:// or https:// URL",
                            "give it with /v1, e.g. http://127.0.0.1:8000/v1");
  }
  const std::string_view host = rest.substr(0, rest.find('/'));
  if (host.empty()) {
    return base::FieldError("model.base_url", "has no host");
  }
  if (host.find('@') != std::string_view::npos) {
    return base::FieldError("model.base_url", "holds a user or password",
                            "put the key into a file and name it key_file");
  }
  if (url.find_first_of(" \t\r\n?#") != std::string_view::npos) {
    return base::FieldError("model.base_url",
                            "holds a blank, a query or a fragment");
  }
  if (url.ends_with('/')) {
    return base::FieldError("model.base_url", "ends in a slash", "drop it");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateModel(const Model& model) {
  if (model.name.empty() || model.name.size() > kMaxName ||
      !std::all_of(model.name.begin(), model.name.end(), IsNameCharacter)) {
    return base::FieldError("model.name", "is no possible name",
                            "use 1 to 64 letters, digits, '.', '_' or '-'");
  }
  if (model.provider == ProviderKind::kUnspecified) {
    return base::FieldError(
        "model.provider", "is required",
        "PROVIDER_OPENAI_COMPATIBLE takes any OpenAI-compatible server");
  }
  if (model.provider == ProviderKind::kAnthropic) {
    return base::FieldError("model.provider", "is not supported yet",
                            "use PROVIDER_OPENAI_COMPATIBLE");
  }
  if (auto status = ValidateUrl(model.base_url); !status.ok()) return status;
  if (model.model_id.empty()) {
    return base::FieldError("model.model_id", "is required",
                            "give the provider's own id of the model");
  }
  if (!model.fim_form.empty() && model.fim_form != kSuffixField &&
      completion_policy::FindFimFamily(model.fim_form) == nullptr) {
    return base::FieldError("model.fim_form", "is not known",
                            fmt::format("leave it empty, or use suffix, {}",
                                        completion_policy::FimFamilyNames()));
  }
  if (model.input_price_micros < 0 || model.output_price_micros < 0) {
    return base::FieldError("model.input_price_micros", "is negative");
  }
  for (const std::string* text :
       {&model.base_url, &model.model_id, &model.snapshot, &model.family,
        &model.key_file}) {
    if (text->size() > kMaxText) {
      return base::FieldError("model", "has a field of over 1024 bytes");
    }
  }
  return absl::OkStatus();
}

std::int64_t CostMicros(const Model& model, const Usage& usage) {
  const double cost =
      (static_cast<double>(model.input_price_micros) * usage.prompt_tokens +
       static_cast<double>(model.output_price_micros) *
           usage.completion_tokens) /
      1e6;
  return std::llround(cost);
}

}  // namespace evalloop::serving
