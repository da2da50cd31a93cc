#include <array>

#include "completion_policy/render.h"

namespace evalloop::completion_policy {
namespace {

constexpr std::array<std::string_view, 8> kQwenSpecial = {
    "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>",
    "<|repo_name|>",  "<|file_sep|>",   "<|endoftext|>",  "<|im_end|>"};
constexpr std::array<std::string_view, 3> kQwenStops = {
    "<|endoftext|>", "<|fim_pad|>", "<|file_sep|>"};

constexpr std::array<std::string_view, 6> kStarCoderSpecial = {
    "<fim_prefix>", "<fim_suffix>", "<fim_middle>",
    "<fim_pad>",    "<file_sep>",   "<|endoftext|>"};
constexpr std::array<std::string_view, 2> kStarCoderStops = {"<|endoftext|>",
                                                             "<file_sep>"};

constexpr std::array<std::string_view, 4> kCodeLlamaSpecial = {
    "<PRE>", "<SUF>", "<MID>", "<EOT>"};
constexpr std::array<std::string_view, 1> kCodeLlamaStops = {"<EOT>"};

// DeepSeek writes full-width bars (U+FF5C) and U+2581 for the blank.
constexpr std::array<std::string_view, 4> kDeepSeekSpecial = {
    "<\uFF5Cfim\u2581begin\uFF5C>", "<\uFF5Cfim\u2581hole\uFF5C>",
    "<\uFF5Cfim\u2581end\uFF5C>", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>"};
constexpr std::array<std::string_view, 1> kDeepSeekStops = {
    "<\uFF5Cend\u2581of\u2581sentence\uFF5C>"};

// CodeLlama's blanks belong to its form: "<PRE> {prefix} <SUF>{suffix} <MID>".
constexpr std::array<FimFamily, 4> kFamilies = {{
    {"qwen", kQwenSpecial[0], kQwenSpecial[1], kQwenSpecial[2], kQwenSpecial,
     kQwenStops},
    {"starcoder", kStarCoderSpecial[0], kStarCoderSpecial[1],
     kStarCoderSpecial[2], kStarCoderSpecial, kStarCoderStops},
    {"codellama", "<PRE> ", " <SUF>", " <MID>", kCodeLlamaSpecial,
     kCodeLlamaStops},
    {"deepseek", kDeepSeekSpecial[0], kDeepSeekSpecial[1], kDeepSeekSpecial[2],
     kDeepSeekSpecial, kDeepSeekStops},
}};

}  // namespace

std::span<const FimFamily> FimFamilies() { return kFamilies; }

const FimFamily* FindFimFamily(std::string_view name) {
  for (const FimFamily& family : kFamilies) {
    if (family.name == name) return &family;
  }
  return nullptr;
}

}  // namespace evalloop::completion_policy
