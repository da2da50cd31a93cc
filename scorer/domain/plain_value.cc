#include "scorer/domain/plain_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

namespace evalloop::scorer {
namespace {

using Kind = PlainValue::Kind;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AddUtf8(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr std::uint32_t kLead[] = {0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(kLead[more] | code >> 6 * more);
  for (int i = more - 1; i >= 0; --i) {
    out += static_cast<char>(0x80 | (code >> 6 * i & 0x3f));
  }
}

// The code point at the front of `text`, which is taken off; nothing where the
// bytes are no UTF-8. Lone surrogates are let through.
std::optional<std::uint32_t> TakeUtf8(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t more = first < 0x80   ? 0
                           : first < 0xc2 ? 4
                           : first < 0xe0 ? 1
                           : first < 0xf0 ? 2
                           : first < 0xf5 ? 3
                                          : 4;
  if (more == 4 || text.size() <= more) return std::nullopt;
  std::uint32_t code = more == 0 ? first : first & (0x3f >> more);
  for (std::size_t i = 1; i <= more; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    code = code << 6 | (byte & 0x3f);
  }
  constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (code < kLeast[more] || code > 0x10ffff) return std::nullopt;
  text.remove_prefix(more + 1);
  return code;
}

// Recursive descent; the first trouble ends it.
class Parser {
 public:
  explicit Parser(std::string_view json) : rest_(json) {}

  absl::StatusOr<PlainValue> Whole() {
    PlainValue value;
    Value(value, 0);
    SkipBlanks();
    if (!rest_.empty()) Fail("not JSON");
    if (why_ != nullptr) return absl::InvalidArgumentError(why_);
    return value;
  }

 private:
  bool Fail(const char* why) {
    if (why_ == nullptr) why_ = why;
    rest_ = {};
    return false;
  }

  void SkipBlanks() {
    rest_.remove_prefix(
        std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  bool Take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool Value(PlainValue& value, std::size_t depth) {
    if (depth > kDeepestPlainValue) return Fail("nested too deep");
    if (++count_ > kMostPlainValues) return Fail("too many values");
    SkipBlanks();
    if (rest_.empty()) return Fail("not JSON");
    if (rest_[0] == '"') {
      value.kind = Kind::kString;
      return String(value.text);
    }
    if (Take("[")) return Array(value, depth);
    if (Take("{")) return Object(value, depth);
    if (Take("null")) return true;
    if (Take("true")) return Bool(true, value);
    if (Take("false")) return Bool(false, value);
    if (Take("NaN")) {
      return Float(std::numeric_limits<double>::quiet_NaN(), value);
    }
    if (Take("Infinity")) {
      return Float(std::numeric_limits<double>::infinity(), value);
    }
    if (Take("-Infinity")) {
      return Float(-std::numeric_limits<double>::infinity(), value);
    }
    return Number(value);
  }

  static bool Bool(bool truth, PlainValue& value) {
    value.kind = Kind::kBool;
    value.truth = truth;
    return true;
  }

  static bool Float(double number, PlainValue& value) {
    value.kind = Kind::kFloat;
    value.number = number;
    return true;
  }

  bool Number(PlainValue& value) {
    std::size_t end = rest_[0] == '-' ? 1 : 0;
    const auto digits = [&] {
      const std::size_t begin = end;
      while (end < rest_.size() && IsDigit(rest_[end])) ++end;
      return end - begin;
    };
    const std::size_t begin = end;
    const std::size_t whole = digits();
    if (whole == 0 || (whole > 1 && rest_[begin] == '0')) {
      return Fail("not JSON");
    }
    bool is_float = false;
    if (end < rest_.size() && rest_[end] == '.') {
      ++end;
      is_float = true;
      if (digits() == 0) return Fail("not JSON");
    }
    if (end < rest_.size() && (rest_[end] == 'e' || rest_[end] == 'E')) {
      ++end;
      is_float = true;
      if (end < rest_.size() && (rest_[end] == '+' || rest_[end] == '-')) ++end;
      if (digits() == 0) return Fail("not JSON");
    }
    const std::string_view token = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (is_float) {
      double number = 0;
      const auto read =
          std::from_chars(token.data(), token.data() + token.size(), number);
      if (read.ec != std::errc()) return Fail("a number out of range");
      return Float(number, value);
    }
    if (whole > kLongestInteger) return Fail("an integer too long");
    value.kind = Kind::kInt;
    value.text = token == "-0" ? "0" : token;
    return true;
  }

  bool Array(PlainValue& value, std::size_t depth) {
    value.kind = Kind::kArray;
    SkipBlanks();
    if (Take("]")) return true;
    do {
      if (!Value(value.items.emplace_back(), depth + 1)) return false;
      SkipBlanks();
    } while (Take(","));
    return Take("]") || Fail("not JSON");
  }

  bool Object(PlainValue& value, std::size_t depth) {
    value.kind = Kind::kObject;
    std::vector<std::pair<std::string, PlainValue>> members;
    SkipBlanks();
    if (Take("}")) return true;
    do {
      auto& [key, member] = members.emplace_back();
      SkipBlanks();
      if (!String(key)) return false;
      SkipBlanks();
      if (!Take(":")) return Fail("not JSON");
      if (!Value(member, depth + 1)) return false;
      SkipBlanks();
    } while (Take(","));
    if (!Take("}")) return Fail("not JSON");
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [key, member] : members) {
      if (!value.keys.empty() && value.keys.back() == key) {
        return Fail("a key twice");
      }
      value.keys.push_back(std::move(key));
      value.items.push_back(std::move(member));
    }
    return true;
  }

  bool String(std::string& text) {
    if (!Take("\"")) return Fail("not JSON");
    while (!rest_.empty()) {
      const char c = rest_[0];
      if (c == '"') {
        rest_.remove_prefix(1);
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return Fail("not JSON");
      if (c == '\\') {
        if (!Escape(text)) return false;
        continue;
      }
      const auto before = rest_;
      if (!TakeUtf8(rest_).has_value()) return Fail("not UTF-8");
      text.append(before.data(), before.size() - rest_.size());
    }
    return Fail("not JSON");
  }

  bool Escape(std::string& text) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (rest_.size() < 2) return Fail("not JSON");
    if (const auto at = kNames.find(rest_[1]); at != kNames.npos) {
      text += kMeant[at];
      rest_.remove_prefix(2);
      return true;
    }
    auto code = Hex();
    if (!code.has_value()) return Fail("not JSON");
    if ((*code & 0xfc00) == 0xd800 && rest_.starts_with("\\u")) {
      const auto before = rest_;
      const auto low = Hex();
      if (low.has_value() && (*low & 0xfc00) == 0xdc00) {
        code = 0x10000 + ((*code & 0x3ff) << 10) + (*low & 0x3ff);
      } else {
        rest_ = before;
      }
    }
    AddUtf8(*code, text);
    return true;
  }

  // Of \uXXXX.
  std::optional<std::uint32_t> Hex() {
    std::uint32_t code = 0;
    if (rest_.size() < 6 || rest_[1] != 'u') return std::nullopt;
    const char* const end = rest_.data() + 6;
    const auto read = std::from_chars(rest_.data() + 2, end, code, 16);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    rest_.remove_prefix(6);
    return code;
  }

  std::string_view rest_;
  std::size_t count_ = 0;
  const char* why_ = nullptr;
};

void AddString(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const auto code = TakeUtf8(text);
    if (!code.has_value()) {  // Not one that was parsed.
      text.remove_prefix(1);
      out += "\\ufffd";
    } else if (*code == '"' || *code == '\\') {
      out += '\\';
      out += static_cast<char>(*code);
    } else if (*code >= 0x20 && *code < 0x7f) {
      out += static_cast<char>(*code);
    } else if (*code < 0x10000) {
      out += fmt::format("\\u{:04x}", *code);
    } else {
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((*code >> 10) - 0x40),
                         0xdc00 + (*code & 0x3ff));
    }
  }
  out += '"';
}

void AddFloat(double number, std::string& out) {
  if (std::isnan(number)) {
    out += "NaN";
  } else if (std::isinf(number)) {
    out += number < 0 ? "-Infinity" : "Infinity";
  } else {
    const std::string text = fmt::format("{}", number);
    out += text;
    if (text.find_first_of(".e") == text.npos) out += ".0";
  }
}

void AddText(const PlainValue& value, std::string& out) {
  switch (value.kind) {
    case Kind::kNull:
      out += "null";
      return;
    case Kind::kBool:
      out += value.truth ? "true" : "false";
      return;
    case Kind::kInt:
      out += value.text;
      return;
    case Kind::kFloat:
      AddFloat(value.number, out);
      return;
    case Kind::kString:
      AddString(value.text, out);
      return;
    case Kind::kArray:
    case Kind::kObject:
      break;
  }
  const bool is_array = value.kind == Kind::kArray;
  out += is_array ? '[' : '{';
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (i > 0) out += ',';
    if (!is_array) {
      AddString(value.keys[i], out);
      out += ':';
    }
    AddText(value.items[i], out);
  }
  out += is_array ? ']' : '}';
}

bool IsNumber(const PlainValue& value) {
  return value.kind == Kind::kInt || value.kind == Kind::kFloat;
}

double NumberOf(const PlainValue& value) {
  if (value.kind == Kind::kFloat) return value.number;
  // Infinite where it is too large.
  return std::strtod(value.text.c_str(), nullptr);
}

bool AgreeOnFloat(double expected, double answer, double tolerance) {
  if (std::isnan(expected)) return std::isnan(answer);
  if (expected == answer) return true;
  if (!std::isfinite(expected) || !std::isfinite(answer)) return false;
  const double size = std::max({1.0, std::abs(expected), std::abs(answer)});
  return std::abs(expected - answer) <= tolerance * size;
}

}  // namespace

const PlainValue* PlainValue::Find(std::string_view key) const {
  const auto found = std::lower_bound(keys.begin(), keys.end(), key);
  if (found == keys.end() || *found != key) return nullptr;
  return &items[static_cast<std::size_t>(found - keys.begin())];
}

absl::StatusOr<PlainValue> ParsePlainValue(std::string_view json) {
  return Parser(json).Whole();
}

std::string TextOf(const PlainValue& value) {
  std::string text;
  AddText(value, text);
  return text;
}

bool Agree(const PlainValue& expected, const PlainValue& answer,
           const Closeness& closeness) {
  if (expected.kind != answer.kind) {
    return closeness.one_number && IsNumber(expected) && IsNumber(answer) &&
           AgreeOnFloat(NumberOf(expected), NumberOf(answer),
                        closeness.tolerance);
  }
  switch (expected.kind) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return expected.truth == answer.truth;
    case Kind::kInt:
    case Kind::kString:
      return expected.text == answer.text;
    case Kind::kFloat:
      return AgreeOnFloat(expected.number, answer.number, closeness.tolerance);
    case Kind::kArray:
    case Kind::kObject:
      break;
  }
  if (expected.keys != answer.keys ||
      expected.items.size() != answer.items.size()) {
    return false;
  }
  for (std::size_t i = 0; i < expected.items.size(); ++i) {
    if (!Agree(expected.items[i], answer.items[i], closeness)) return false;
  }
  return true;
}

}  // namespace evalloop::scorer
