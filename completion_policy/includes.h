#ifndef EVALLOOP_COMPLETION_POLICY_INCLUDES_H_
#define EVALLOOP_COMPLETION_POLICY_INCLUDES_H_

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::completion_policy {

// A text that template and system prompt name as {{> name}}. It may name others
// in the same way, without a circle.
struct Include {
  std::string name;  // Letters, digits, '.', '_', '-', '/', at most 128.
  std::string text;
};

inline constexpr std::size_t kMostIncludes = 32;
inline constexpr std::size_t kMostIncludeName = 128;
// How deep includes may name each other, how often one may be put in, and how
// long a text may get with all of them in.
inline constexpr int kDeepestInclude = 8;
inline constexpr int kMostInclusions = 1000;
inline constexpr std::size_t kMostIncludedBytes = std::size_t{256} << 10;

// The names in {{> name}}, in order, each as often as it stands there. A place
// whose braces don't close is none.
std::vector<std::string_view> IncludeNames(std::string_view text);

// Those that `text` names, and those that they name, and so on.
std::set<std::string_view> IncludesReached(std::string_view text,
                                           std::span<const Include> includes);

// InvalidArgument: too many, a name that is none, or given twice.
absl::Status CheckIncludes(std::span<const Include> includes);

// `text` with each {{> name}} replaced by that include's text; all other braces
// stay as they are. InvalidArgument names `field`, or the include in which it
// is: an unknown name, a circle, too deep, too often or too long. Pure.
absl::StatusOr<std::string> WithIncludes(std::string_view field,
                                         std::string_view text,
                                         std::span<const Include> includes);

}  // namespace evalloop::completion_policy

#endif  // EVALLOOP_COMPLETION_POLICY_INCLUDES_H_
