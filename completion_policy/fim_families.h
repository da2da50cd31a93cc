#ifndef EVALLOOP_COMPLETION_POLICY_FIM_FAMILIES_H_
#define EVALLOOP_COMPLETION_POLICY_FIM_FAMILIES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace evalloop::completion_policy {

// Which part of the code the model reads first.
enum class FimOrder : std::uint8_t {
  kPrefixSuffixMiddle,
  kSuffixPrefixMiddle,
};

// The tokens of one family of fill-in-the-middle models.
struct FimFamily {
  std::string_view name;
  FimOrder order = FimOrder::kPrefixSuffixMiddle;
  std::string_view prefix;
  std::string_view suffix;
  std::string_view middle;  // Empty: the model goes on after the last part.
  // Every token that must not come from user code, `stops` and those of the
  // form among them, without the blanks that a form has around them.
  std::span<const std::string_view> special;
  // The first so many of `special` are the form's own.
  std::size_t form_tokens = 0;
  // Where the family's models end an answer.
  std::span<const std::string_view> stops;
};

// All families, in the order of FimFamilyNames.
std::span<const FimFamily> FimFamilies();

// Null for a name that none of FimFamilies has.
const FimFamily* FindFimFamily(std::string_view name);

// "qwen, starcoder, ... or mellum", for errors and helps.
std::string FimFamilyNames();

// The first token of a family's form that `text` holds, and whose it is; with
// `only`, of that family alone.
struct FoundFimToken {
  std::string_view token;  // Empty: none.
  const FimFamily* family = nullptr;
};
FoundFimToken FindFormToken(std::string_view text,
                            const FimFamily* only = nullptr);

// Whether `token` is one that `family` gives a meaning to.
bool IsSpecial(const FimFamily& family, std::string_view token);

// The prefix and suffix of a cursor as the family's models read them. Both must
// be free of the family's special tokens: see Escaped.
std::string FimPrompt(const FimFamily& family, std::string_view prefix,
                      std::string_view suffix);

// `code` with every special token of `family` broken by a blank behind its
// first character, so that it can't pose as structure.
std::string Escaped(std::string_view code, const FimFamily& family);

}  // namespace evalloop::completion_policy

#endif  // EVALLOOP_COMPLETION_POLICY_FIM_FAMILIES_H_
