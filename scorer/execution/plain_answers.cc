#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

#include "scorer/execution/plain_tests.h"

namespace evalloop::scorer {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// What a JSON text of plain values has at a place.
enum class Kind { kText, kWhole, kTrueOrFalse, kNull, kEnd, kOther };

Kind KindAt(std::string_view json, std::size_t at) {
  if (at >= json.size()) return Kind::kOther;
  const char c = json[at];
  if (c == '"') return Kind::kText;
  if (c == 't' || c == 'f') return Kind::kTrueOrFalse;
  if (c == 'n') return Kind::kNull;
  if (c == ']') return Kind::kEnd;
  if (c != '-' && !IsDigit(c)) return Kind::kOther;
  const auto end = json.find_first_not_of("-0123456789", at);
  return end != json.npos && (json[end] == '.' || json[end] == 'e')
             ? Kind::kOther  // A float may equal an int.
             : Kind::kWhole;
}

// Whether two texts that are not the same are certainly of unequal values: what
// encloses the first difference are lists and tuples, and there are two texts,
// two ints, two truth values, an end of one of two lists, or None or a text
// beside something else that is simple.
bool CertainlyUnequal(std::string_view a, std::string_view b) {
  std::size_t token = 0;  // Where the last value or sign began.
  std::size_t at = 0;
  while (at < a.size() && at < b.size()) {
    token = at;
    std::size_t size = 1;
    if (a[at] == '"') {
      size = 0;
      do {
        size += at + size < a.size() && a[at + size] == '\\' ? 2 : 1;
      } while (at + size < a.size() && a[at + size] != '"');
      ++size;
    } else if (a[at] == '{') {
      constexpr std::string_view kTuple = "{\"t\":[";
      if (!a.substr(at).starts_with(kTuple)) return false;
      size = kTuple.size();
    } else if (KindAt(a, at) == Kind::kWhole || KindAt(a, at) == Kind::kOther ||
               KindAt(a, at) == Kind::kTrueOrFalse ||
               KindAt(a, at) == Kind::kNull) {
      if (a[at] != '[' && a[at] != ',' && a[at] != '}') {
        const auto end = a.find_first_of(",]}", at);
        size = (end == a.npos ? a.size() : end) - at;
      }
    }
    if (a.substr(at, size) != b.substr(at, size)) break;
    // The same digits may go on.
    if (size > 0 && at + size < b.size() && at + size < a.size() &&
        IsDigit(a[at + size - 1]) && a[at + size] != b[at + size]) {
      const char next = b[at + size];
      if (next != ',' && next != ']' && next != '}') break;
    }
    at += size;
  }
  // Where a list goes on in one and ends in the other, the sign says it.
  const Kind of_a = KindAt(a, token);
  const Kind of_b = KindAt(b, token);
  const auto goes_on = [](std::string_view text, std::size_t place) {
    return place < text.size() && text[place] == ',';
  };
  if ((of_a == Kind::kEnd && goes_on(b, token)) ||
      (of_b == Kind::kEnd && goes_on(a, token))) {
    return true;
  }
  const auto simple = [](Kind kind) {
    return kind == Kind::kText || kind == Kind::kWhole ||
           kind == Kind::kTrueOrFalse || kind == Kind::kNull;
  };
  if (!simple(of_a) || !simple(of_b)) return false;
  if (of_a == of_b) return of_a != Kind::kNull;
  return of_a == Kind::kText || of_b == Kind::kText || of_a == Kind::kNull ||
         of_b == Kind::kNull;
}

}  // namespace

Agreement Agrees(const PlainTest& test, std::string_view answer) {
  if (test.within.has_value()) {
    double expected = 0;
    double given = 0;
    std::from_chars(test.expected.data(),
                    test.expected.data() + test.expected.size(), expected);
    const auto read =
        std::from_chars(answer.data(), answer.data() + answer.size(), given);
    constexpr double kExact = 1e15;  // Ints beyond are not floats.
    if (read.ec != std::errc() || read.ptr != answer.data() + answer.size() ||
        !(std::abs(given) < kExact)) {
      return Agreement::kUnknown;
    }
    return std::abs(given - expected) < *test.within ? Agreement::kYes
                                                     : Agreement::kNo;
  }
  if (answer == test.expected) return Agreement::kYes;
  if (test.truth) {
    return answer == "true" || answer == "false" ? Agreement::kNo
                                                 : Agreement::kUnknown;
  }
  return CertainlyUnequal(test.expected, answer) ? Agreement::kNo
                                                 : Agreement::kUnknown;
}

}  // namespace evalloop::scorer
