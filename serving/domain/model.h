#ifndef EVALLOOP_SERVING_DOMAIN_MODEL_H_
#define EVALLOOP_SERVING_DOMAIN_MODEL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "serving/domain/completion.h"

namespace evalloop::serving {

enum class ProviderKind : std::uint8_t {
  kUnspecified,
  kOpenAiCompatible,
  kEmbedded,  // OpenAI-compatible with index commits and token details.
  kAnthropic,
};

// A model that can be called.
struct Model {
  std::string name;  // Unique; letters, digits, '.', '_', '-', at most 64.
  ProviderKind provider = ProviderKind::kUnspecified;
  std::string base_url;  // Including /v1, without a slash at its end.
  std::string model_id;  // The provider's own.
  std::string snapshot;
  std::string family;
  std::optional<absl::Time> cutoff_time;  // Training data ends here.
  std::int64_t input_price_micros = 0;    // For a million tokens.
  std::int64_t output_price_micros = 0;
  // qwen, starcoder, codellama, deepseek, or suffix; empty: none.
  std::string fim_form;
  bool token_probabilities = false;
  std::string key_file;  // Of the API key; empty: none needed.
  bool retired = false;
  absl::Time create_time;
};

// InvalidArgument naming the field that can't be, or OK.
absl::Status ValidateModel(const Model& model);

// Millionths of the currency unit of the model's prices.
std::int64_t CostMicros(const Model& model, const Usage& usage);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_MODEL_H_
