#include "scorer/execution/plain_tests.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "scorer/execution/plain_text.h"

namespace evalloop::scorer {
namespace {

constexpr int kDeepest = 50;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Reads the scripts that the header tells of. Every function that reads returns
// false, or nothing, where the text is something else.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<std::vector<PlainTest>> Script() {
    while (true) {
      SkipBlankLines();
      if (Word("def")) break;
      std::string ignored;
      if (!Word("METADATA") || !Sign("=") || !Literal(ignored, 0) ||
          !EndOfLine()) {
        return std::nullopt;
      }
    }
    if (!Word("check") || !Sign("(") || !Word("candidate") || !Sign(")") ||
        !Sign(":") || !EndOfLine()) {
      return std::nullopt;
    }
    std::vector<PlainTest> tests;
    std::optional<std::size_t> indent;
    while (true) {
      SkipBlankLines();
      if (at_ == text_.size()) break;
      const std::size_t depth = SkipSpaces();
      if (depth == 0 || depth != indent.value_or(depth)) return std::nullopt;
      indent = depth;
      if (!Assertion(tests) || !EndOfLine()) return std::nullopt;
    }
    if (tests.empty()) return std::nullopt;
    return tests;
  }

 private:
  bool Assertion(std::vector<PlainTest>& tests) {
    if (!Word("assert")) return false;
    PlainTest test;
    if (Word("True")) {
      std::string ignored;
      return !Sign(",") || Words(ignored);
    }
    if (Word("abs")) {
      std::string within;
      if (!Sign("(") || !Call(test.call) || !Sign("-") ||
          !Number(test.expected) || !Sign(")") || !Sign("<") ||
          !Number(within)) {
        return false;
      }
      test.within = 0;
      std::from_chars(within.data(), within.data() + within.size(),
                      *test.within);
    } else if (Word("not")) {
      if (!Call(test.call)) return false;
      test.expected = "false";
      test.truth = true;
    } else {
      if (!Call(test.call)) return false;
      test.truth = !Sign("==");
      if (test.truth) test.expected = "true";
      if (!test.truth && !Literal(test.expected, 0)) return false;
    }
    if (Sign(",") && !Words(test.words)) return false;
    tests.push_back(std::move(test));
    return true;
  }

  // What an assertion says: one literal text; as a message it is plain.
  bool Words(std::string& words) {
    std::string json;
    if (!Text(json)) return false;
    for (std::size_t i = 1; i + 1 < json.size(); ++i) {
      if (json[i] == '\\') return false;
      words += json[i];
    }
    return true;
  }

  bool Call(std::string& call) {
    if (!Word("candidate") || !Sign("(")) return false;
    ++brackets_;
    call = "[[";
    bool comma = true;
    while (!Sign(")")) {
      if (!comma) return false;
      if (call.size() > 2) call += ',';
      if (!Literal(call, 0)) return false;
      comma = Sign(",");
    }
    --brackets_;
    call += "],[]]";
    return true;
  }

  bool Literal(std::string& out, int depth) {
    if (depth > kDeepest) return false;
    Skip();
    if (at_ == text_.size()) return false;
    const char c = text_[at_];
    if (c == '"' || c == '\'') return Text(out);
    if (IsDigit(c) || c == '.' || c == '-') return Number(out);
    if (c == '[') return Items('[', ']', out, depth);
    if (c == '(') return Items('(', ')', out, depth);
    if (c == '{') return Pairs(out, depth);
    for (const auto& [name, json] :
         {std::pair("True", "true"), {"False", "false"}, {"None", "null"}}) {
      if (Word(name)) {
        out += json;
        return true;
      }
    }
    return false;
  }

  bool Items(char open, char close, std::string& out, int depth) {
    Sign(std::string_view(&open, 1));
    ++brackets_;
    std::string items;
    int count = 0;
    bool comma = false;
    while (!Sign(std::string_view(&close, 1))) {
      if (count > 0 && !comma) return false;
      if (count > 0) items += ',';
      if (!Literal(items, depth + 1)) return false;
      ++count;
      comma = Sign(",");
    }
    --brackets_;
    if (open == '[') {
      out += "[" + items + "]";
    } else if (count == 1 && !comma) {
      out += items;  // Only in parentheses.
    } else {
      out += "{\"t\":[" + items + "]}";
    }
    return true;
  }

  bool Pairs(std::string& out, int depth) {
    Sign("{");
    ++brackets_;
    out += "{\"d\":[";
    bool first = true;
    bool comma = true;
    std::vector<std::string> keys;
    while (!Sign("}")) {
      if (!comma) return false;
      if (!first) out += ',';
      std::string key;
      if (!Literal(key, depth + 1) || !Sign(":")) return false;
      // Equal keys are one, which is not looked into here.
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) return false;
      if (!key.starts_with('"') && !keys.empty()) return false;
      keys.push_back(key);
      if (keys.size() > 1000) return false;
      out += "[" + key + ",";
      if (!Literal(out, depth + 1)) return false;
      out += ']';
      first = false;
      comma = Sign(",");
    }
    --brackets_;
    out += "]}";
    return true;
  }

  // Decimal ints below 2 to the 62nd and floats, perhaps negative.
  bool Number(std::string& out) {
    const bool negative = Sign("-");
    Skip();
    const std::size_t begin = at_;
    bool is_float = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool sign = (c == '+' || c == '-') && at_ > begin &&
                        (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E');
      if (c == '.' || c == 'e' || c == 'E') is_float = true;
      if (!IsDigit(c) && c != '.' && c != 'e' && c != 'E' && !sign) break;
      ++at_;
    }
    if (at_ < text_.size() && IsNameStart(text_[at_])) return false;  // 1j, 0x1
    const std::string_view digits = text_.substr(begin, at_ - begin);
    if (is_float) {
      double value = 0;
      const auto read =
          std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) {
        return false;
      }
      out += FloatText(negative ? -value : value);
      return true;
    }
    if (digits.empty() || digits.size() > 18 ||
        (digits[0] == '0' && digits.size() > 1)) {
      return false;
    }
    if (negative && digits != "0") out += '-';
    out += digits;
    return true;
  }

  // One text in simple quotes, with escapes of one character.
  bool Text(std::string& out) {
    Skip();
    if (at_ == text_.size()) return false;
    const char quote = text_[at_];
    if (quote != '"' && quote != '\'') return false;
    if (text_.substr(at_, 3) == std::string(3, quote)) return false;
    ++at_;
    out += '"';
    while (true) {
      if (at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r') {
        return false;
      }
      const char c = text_[at_++];
      if (c == quote) break;
      if (c == '\\') {
        constexpr std::string_view kEscapes = "\\'\"nrtabfv0";
        constexpr std::string_view kMeanings("\\'\"\n\r\t\a\b\f\v\0", 11);
        if (at_ == text_.size()) return false;
        const auto which = kEscapes.find(text_[at_++]);
        if (which == kEscapes.npos) return false;
        // Zero may begin an octal number.
        if (kEscapes[which] == '0' && at_ < text_.size() &&
            IsDigit(text_[at_])) {
          return false;
        }
        AppendEscaped(static_cast<unsigned char>(kMeanings[which]), out);
      } else if (static_cast<unsigned char>(c) < ' ') {
        return false;
      } else if (static_cast<unsigned char>(c) < 0x80) {
        AppendEscaped(static_cast<unsigned char>(c), out);
      } else {
        --at_;
        if (!CodePoint(out)) return false;
      }
    }
    out += '"';
    // Texts side by side are one.
    Skip();
    return at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\'');
  }

  bool CodePoint(std::string& out) {
    const auto lead = static_cast<unsigned char>(text_[at_]);
    const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 ||
        at_ + static_cast<std::size_t>(more) >= text_.size()) {
      return false;
    }
    std::uint32_t c = lead & (0x3fU >> more);
    for (int i = 1; i <= more; ++i) {
      const auto next =
          static_cast<unsigned char>(text_[at_ + static_cast<std::size_t>(i)]);
      if ((next & 0xc0) != 0x80) return false;
      c = c << 6 | (next & 0x3f);
    }
    constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (c < kLeast[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
      return false;
    }
    at_ += static_cast<std::size_t>(more) + 1;
    AppendEscaped(c, out);
    return true;
  }

  // Spaces; within brackets also ends of lines and comments.
  void Skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || (brackets_ > 0 && c == '\n')) {
        ++at_;
      } else if (brackets_ > 0 && c == '#') {
        SkipComment();
      } else {
        return;
      }
    }
  }

  void SkipComment() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  std::size_t SkipSpaces() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ - begin;
  }

  // At the beginning of a line; leaves it at the beginning of one.
  void SkipBlankLines() {
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      SkipSpaces();
      if (at_ < text_.size() && text_[at_] == '#') SkipComment();
      if (at_ == text_.size()) return;
      if (text_[at_] != '\n') {
        at_ = begin;
        return;
      }
      ++at_;
    }
  }

  bool EndOfLine() {
    Skip();
    if (at_ < text_.size() && text_[at_] == '#') SkipComment();
    if (at_ == text_.size()) return true;
    return text_[at_++] == '\n';
  }

  bool Sign(std::string_view sign) {
    Skip();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }

  std::optional<std::string_view> Name() {
    Skip();
    const std::size_t begin = at_;
    if (at_ == text_.size() || !IsNameStart(text_[at_])) return std::nullopt;
    while (at_ < text_.size() &&
           (IsNameStart(text_[at_]) || IsDigit(text_[at_]))) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  bool Word(std::string_view word) {
    const std::size_t before = at_;
    const auto name = Name();
    if (name == word) return true;
    at_ = before;
    return false;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  int brackets_ = 0;
};

}  // namespace

std::optional<std::vector<PlainTest>> ParsePlainTests(std::string_view tests) {
  return Reader(tests).Script();
}

}  // namespace evalloop::scorer
