#ifndef EVALLOOP_SCORER_DOMAIN_PLAIN_VALUE_H_
#define EVALLOOP_SCORER_DOMAIN_PLAIN_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace evalloop::scorer {

// What may be told to a candidate and what it may answer: a value of JSON, in
// which 2 is an integer of any size and 2.0 a float. NaN, Infinity and
// -Infinity are floats, as Python writes them.
struct PlainValue {
  enum class Kind : std::uint8_t {
    kNull,
    kBool,
    kInt,
    kFloat,
    kString,
    kArray,
    kObject,
  };
  Kind kind = Kind::kNull;
  bool truth = false;
  double number = 0;
  // Of a string: UTF-8, in which a lone surrogate (which JavaScript and Python
  // have) is the three bytes of its number. Of an integer: its digits, after a
  // minus if negative.
  std::string text;
  // Of an object: its values, in the order of `keys`, which are sorted.
  std::vector<PlainValue> items;
  std::vector<std::string> keys;

  // The value of an object's key; nullptr without one.
  const PlainValue* Find(std::string_view key) const;
};

// Bounds of what is parsed.
inline constexpr std::size_t kDeepestPlainValue = 64;
inline constexpr std::size_t kMostPlainValues = 1'000'000;
inline constexpr std::size_t kLongestInteger = 10'000;  // Digits.

// INVALID_ARGUMENT says in a few words why it is none: not JSON, a key twice,
// not UTF-8, too deep, too many values.
absl::StatusOr<PlainValue> ParsePlainValue(std::string_view json);

// JSON in printable ASCII, one line, floats always told from integers.
// ParsePlainValue gives the same value back.
std::string TextOf(const PlainValue& value);

struct Closeness {
  // How far a float may be off, as a share of the larger of 1 and the numbers'
  // sizes; 0: not at all.
  double tolerance = 0;
  // The language has one kind of number: 2 is 2.0.
  bool one_number = false;
};

// Whether an answer is what was expected: of the same kind everywhere, and
// equal. NaN is equal to NaN alone, 0.0 to -0.0; the order of keys is nothing.
bool Agree(const PlainValue& expected, const PlainValue& answer,
           const Closeness& closeness);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_PLAIN_VALUE_H_
