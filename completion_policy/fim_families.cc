#include "completion_policy/fim_families.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace evalloop::completion_policy {
namespace {

using Token = std::string_view;

// Each list begins with the three tokens of the form: prefix, suffix, middle.

// QwenLM/Qwen2.5-Coder, README, "Fill in the middle": special tokens and
// prefix-suffix-middle.
constexpr std::array<Token, 9> kQwenSpecial = {
    "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>",
    "<|fim_pad|>",    "<|repo_name|>",  "<|file_sep|>",
    "<|endoftext|>",  "<|im_start|>",   "<|im_end|>"};
constexpr std::array<Token, 3> kQwenStops = {"<|endoftext|>", "<|fim_pad|>",
                                             "<|file_sep|>"};

// bigcode/starcoder2-15b, model card and tokenizer_config.json.
constexpr std::array<Token, 7> kStarCoderSpecial = {
    "<fim_prefix>", "<fim_suffix>", "<fim_middle>",  "<fim_pad>",
    "<repo_name>",  "<file_sep>",   "<|endoftext|>",
};
constexpr std::array<Token, 2> kStarCoderStops = {"<|endoftext|>",
                                                  "<file_sep>"};

// meta-llama/codellama, llama/generation.py (infilling_prompt_tokens); its
// blanks belong to the form: "<PRE> {prefix} <SUF>{suffix} <MID>".
constexpr std::array<Token, 5> kCodeLlamaSpecial = {"<PRE>", "<SUF>", "<MID>",
                                                    "<EOT>", "</s>"};
constexpr std::array<Token, 1> kCodeLlamaStops = {"<EOT>"};

// deepseek-ai/DeepSeek-Coder, README, "Code Insertion": begin, hole, end around
// prefix and suffix. Full-width bars (U+FF5C), and U+2581 for the blank.
constexpr std::array<Token, 6> kDeepSeekSpecial = {
    "<\uFF5Cfim\u2581begin\uFF5C>",
    "<\uFF5Cfim\u2581hole\uFF5C>",
    "<\uFF5Cfim\u2581end\uFF5C>",
    "<\uFF5Cbegin\u2581of\u2581sentence\uFF5C>",
    "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
    "<|EOT|>"};
constexpr std::array<Token, 1> kDeepSeekStops = {
    "<\uFF5Cend\u2581of\u2581sentence\uFF5C>"};

// ai.google.dev/gemma/docs/codegemma/prompt-structure: four control tokens,
// prefix-suffix-middle; the stops are those of its Keras quickstart.
constexpr std::array<Token, 7> kCodeGemmaSpecial = {
    "<|fim_prefix|>", "<|fim_suffix|>",  "<|fim_middle|>", "<|file_separator|>",
    "<eos>",          "<start_of_turn>", "<end_of_turn>"};
constexpr std::array<Token, 2> kCodeGemmaStops = {"<|file_separator|>",
                                                  "<eos>"};

// mistralai/cookbook, concept-deep-dive/tokenization/chat_templates.md, "FIM":
// the suffix first, and nothing behind the prefix.
constexpr std::array<Token, 6> kCodestralSpecial = {
    "[PREFIX]", "[SUFFIX]", "[MIDDLE]", "[INST]", "[/INST]", "</s>"};
constexpr std::array<Token, 3> kCodestralStops = {"[PREFIX]", "[SUFFIX]",
                                                  "</s>"};

// ibm-granite's 3B to 34B code models take StarCoder's form:
// IBM-OSS-Support/Continue.dev-Granite-manual-test-cases, tab-autocomplete.
constexpr std::array<Token, 6> kGraniteSpecial = {
    "<fim_prefix>", "<fim_suffix>", "<fim_middle>",
    "<fim_pad>",    "<filename>",   "<|endoftext|>"};
constexpr std::array<Token, 1> kGraniteStops = {"<|endoftext|>"};

// stabilityai/stable-code-3b, model card, "Run with Fill in Middle (FIM)".
constexpr std::array<Token, 5> kStableCodeSpecial = {
    "<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<fim_pad>",
    "<|endoftext|>"};
constexpr std::array<Token, 1> kStableCodeStops = {"<|endoftext|>"};

// arXiv 2506.03524 (Seed-Coder), section "Fill-in-the-Middle": the suffix
// first.
constexpr std::array<Token, 5> kSeedCoderSpecial = {
    "<[fim-prefix]>", "<[fim-suffix]>", "<[fim-middle]>",
    "<[begin\u2581of\u2581sentence]>", "<[end\u2581of\u2581sentence]>"};
constexpr std::array<Token, 1> kSeedCoderStops = {
    "<[end\u2581of\u2581sentence]>"};

// JetBrains/Mellum-4b-base, model card, "Fill in the middle generation", and
// arXiv 2510.05788: the suffix first.
constexpr std::array<Token, 5> kMellumSpecial = {"<fim_prefix>", "<fim_suffix>",
                                                 "<fim_middle>", "<filename>",
                                                 "<|endoftext|>"};
constexpr std::array<Token, 2> kMellumStops = {"<|endoftext|>", "<filename>"};

template <std::size_t kSpecial, std::size_t kStops>
constexpr FimFamily Family(std::string_view name, FimOrder order,
                           const std::array<Token, kSpecial>& special,
                           const std::array<Token, kStops>& stops) {
  return {name, order, special[0], special[1], special[2], special, 3, stops};
}

constexpr FimFamily CodeLlama() {
  FimFamily family = Family("codellama", FimOrder::kPrefixSuffixMiddle,
                            kCodeLlamaSpecial, kCodeLlamaStops);
  family.prefix = "<PRE> ";
  family.suffix = " <SUF>";
  family.middle = " <MID>";
  return family;
}

constexpr FimFamily Codestral() {
  FimFamily family = Family("codestral", FimOrder::kSuffixPrefixMiddle,
                            kCodestralSpecial, kCodestralStops);
  family.middle = "";
  return family;
}

constexpr std::array<FimFamily, 10> kFamilies = {
    Family("qwen", FimOrder::kPrefixSuffixMiddle, kQwenSpecial, kQwenStops),
    Family("starcoder", FimOrder::kPrefixSuffixMiddle, kStarCoderSpecial,
           kStarCoderStops),
    CodeLlama(),
    Family("deepseek", FimOrder::kPrefixSuffixMiddle, kDeepSeekSpecial,
           kDeepSeekStops),
    Family("codegemma", FimOrder::kPrefixSuffixMiddle, kCodeGemmaSpecial,
           kCodeGemmaStops),
    Codestral(),
    Family("granite", FimOrder::kPrefixSuffixMiddle, kGraniteSpecial,
           kGraniteStops),
    Family("stable-code", FimOrder::kPrefixSuffixMiddle, kStableCodeSpecial,
           kStableCodeStops),
    Family("seed-coder", FimOrder::kSuffixPrefixMiddle, kSeedCoderSpecial,
           kSeedCoderStops),
    Family("mellum", FimOrder::kSuffixPrefixMiddle, kMellumSpecial,
           kMellumStops),
};

}  // namespace

std::span<const FimFamily> FimFamilies() { return kFamilies; }

const FimFamily* FindFimFamily(std::string_view name) {
  for (const FimFamily& family : kFamilies) {
    if (family.name == name) return &family;
  }
  return nullptr;
}

std::string FimFamilyNames() {
  std::string names;
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    const std::string_view between =
        i == 0 ? "" : (i + 1 == kFamilies.size() ? " or " : ", ");
    names += fmt::format("{}{}", between, kFamilies[i].name);
  }
  return names;
}

FoundFimToken FindFormToken(std::string_view text, const FimFamily* only) {
  for (const FimFamily& family : kFamilies) {
    if (only != nullptr && only != &family) continue;
    for (const Token token : family.special.first(family.form_tokens)) {
      if (text.find(token) != std::string_view::npos) return {token, &family};
    }
  }
  return {};
}

bool IsSpecial(const FimFamily& family, std::string_view token) {
  return std::find(family.special.begin(), family.special.end(), token) !=
         family.special.end();
}

std::string FimPrompt(const FimFamily& family, std::string_view prefix,
                      std::string_view suffix) {
  if (family.order == FimOrder::kSuffixPrefixMiddle) {
    return fmt::format("{}{}{}{}{}", family.suffix, suffix, family.prefix,
                       prefix, family.middle);
  }
  return fmt::format("{}{}{}{}{}", family.prefix, prefix, family.suffix, suffix,
                     family.middle);
}

std::string Escaped(std::string_view code, const FimFamily& family) {
  std::string out(code);
  for (const Token token : family.special) {
    for (std::size_t at = out.find(token); at != std::string::npos;
         at = out.find(token, at + token.size() + 1)) {
      out.insert(at + 1, 1, ' ');
    }
  }
  return out;
}

}  // namespace evalloop::completion_policy
