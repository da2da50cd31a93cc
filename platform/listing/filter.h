#ifndef EVALLOOP_PLATFORM_LISTING_FILTER_H_
#define EVALLOOP_PLATFORM_LISTING_FILTER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

// The filter language of AIP-160 (https://google.aip.dev/160) as a tree. What
// is left out on purpose: functions, values alone without a field, and fields
// on the right side.
namespace evalloop::listing {

// Bounds of a filter: bytes, nested parentheses, and comparisons.
inline constexpr std::size_t kMaxFilterBytes = 4096;
inline constexpr int kMaxFilterDepth = 16;
inline constexpr std::size_t kMaxComparisons = 64;

enum class Operator {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kHas,  // The colon.
};

// The right side of a comparison. A `*` at an end of the text stands for
// anything and is told by the flags; `*` alone is an open, empty text.
struct Value {
  std::string text;
  bool open_start = false;
  bool open_end = false;

  bool operator==(const Value&) const = default;
};

// A node of the tree. OR binds tighter than AND, as AIP-160 has it.
struct Filter {
  enum class Kind { kEverything, kAnd, kOr, kNot, kComparison };

  Kind kind = Kind::kEverything;
  std::vector<Filter> parts = {};  // Two or more of kAnd, kOr; one of kNot.
  // Of a comparison.
  std::string field = {};
  Operator op = Operator::kEqual;
  Value value = {};
  std::size_t position = 0;  // Of the field's first byte, from 1.
};

// An empty or blank text is everything. InvalidArgument names the field
// `filter`, the position and what is allowed there. Thread-safe.
absl::StatusOr<Filter> ParseFilter(std::string_view text);

// The filter as a text that parses to the same tree.
std::string ToString(const Filter& filter);

std::string_view NameOf(Operator op);

}  // namespace evalloop::listing

#endif  // EVALLOOP_PLATFORM_LISTING_FILTER_H_
