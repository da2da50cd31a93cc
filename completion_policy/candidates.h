#ifndef EVALLOOP_COMPLETION_POLICY_CANDIDATES_H_
#define EVALLOOP_COMPLETION_POLICY_CANDIDATES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::completion_policy {

// One token as the model gave it; the texts of all tokens together are what it
// said.
struct ModelToken {
  std::string text;            // With the blanks before it.
  double log_probability = 0;  // Natural logarithm; at most 0.
  std::optional<std::uint32_t> order =
      std::nullopt;  // Longest context seen before, tokens.
  std::optional<std::uint32_t> support =
      std::nullopt;  // How often it was seen.
};

// What is known about the cursor besides the text.
struct CursorContext {
  code_analysis::Language language = code_analysis::Language::kUnknown;
  std::uint32_t typed_tokens = 0;      // Already on the cursor's line.
  std::uint32_t typed_characters = 0;  // Non-blank ones.
};

enum class Extent : std::uint8_t { kLine, kBlock };

// What kind of token stands somewhere, as features see it.
enum class TokenClass : std::uint8_t {
  kNone,  // Nothing follows.
  kIdentifier,
  kKeyword,
  kNumber,
  kString,
  kComment,
  kOpening,    // ( [ {
  kClosing,    // ) ] }
  kSeparator,  // , ; :
  kAccess,     // . -> ::
  kOperator,
};
inline constexpr int kTokenClasses = 11;

// A beginning of the suggestion that could be shown: it ends where a token of
// the language and a token of the model both end, so no word is ever cut.
struct Candidate {
  std::size_t bytes = 0;   // Length in the suggestion.
  std::size_t tokens = 0;  // Of the model; 0 where it gave none.
  int characters = 0;      // Non-blank code points.
  bool whole = false;      // Nothing is left of the extent.
  TokenClass last = TokenClass::kNone;
  TokenClass next = TokenClass::kNone;
  // Sum and least of the tokens' log-probabilities; absent where the model gave
  // none.
  std::optional<double> log_probability;
  std::optional<double> weakest;
  // Of the token with the shortest match; absent where the model doesn't say.
  std::optional<std::uint32_t> lowest_order;
  std::optional<std::uint32_t> lowest_support;
  std::optional<std::uint32_t> last_order;
};

// The candidates of `text`, shortest first; text beyond the extent (kLine: the
// first line end) and beyond `max_characters` code points (0: no bound) is left
// out. `tokens` whose texts don't add up to `text` count as none. Linear in the
// text; pure and thread-safe.
std::vector<Candidate> Candidates(std::string_view text,
                                  std::span<const ModelToken> tokens,
                                  code_analysis::Language language,
                                  Extent extent, std::uint32_t max_characters);

// Code points of `text` that are no blanks; a byte that is no UTF-8 is one.
int NonBlankCharacters(std::string_view text);

}  // namespace evalloop::completion_policy

#endif  // EVALLOOP_COMPLETION_POLICY_CANDIDATES_H_
