#include "code_analysis/codebleu_cleaning.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "code_analysis/python_text.h"

namespace evalloop::code_analysis {
namespace {

using Text = std::u32string_view;
constexpr std::size_t kNone = Text::npos;

std::u32string WithoutBlankLines(Text text) {
  std::u32string out;
  bool first = true;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(U'\n', at), text.size());
    const Text line = text.substr(at, end - at);
    if (!Strip(line).empty()) {
      if (!first) out.push_back(U'\n');
      out.append(line);
      first = false;
    }
    at = end + 1;
  }
  return out;
}

// Where a string that is open at a position closes, for every position: a scan
// from each quote would be quadratic in text full of them.
std::vector<std::uint32_t> ClosingQuotes(Text text, char32_t quote) {
  constexpr auto kOpen = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> closing(text.size() + 2, kOpen);
  for (std::size_t i = text.size(); i-- > 0;) {
    closing[i] = text[i] == quote   ? static_cast<std::uint32_t>(i)
                 : text[i] == U'\\' ? closing[i + 2]
                                    : closing[i + 1];
    // A backslash at the very end escapes nothing.
    if (text[i] == U'\\' && i + 1 == text.size()) closing[i] = kOpen;
  }
  return closing;
}

// //.*?$|/\*.*?\*/|'(?:\\.|[^\\'])*'|"(?:\\.|[^\\"])*"
std::u32string CleanByPattern(Text text) {
  const auto single = ClosingQuotes(text, U'\'');
  const auto twofold = ClosingQuotes(text, U'"');
  std::u32string out;
  bool unclosed = false;  // No "*/" from here on.
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = text[at];
    if (c == U'/' && at + 1 < text.size() && text[at + 1] == U'/') {
      at = std::min(text.find(U'\n', at), text.size());
      out.push_back(U' ');
      continue;
    }
    if (c == U'/' && at + 1 < text.size() && text[at + 1] == U'*' &&
        !unclosed) {
      const std::size_t end = text.find(U"*/", at + 2);
      if (end != kNone) {
        at = end + 2;
        out.push_back(U' ');
        continue;
      }
      unclosed = true;
    }
    std::size_t end = at + 1;
    if (c == U'\'' || c == U'"') {
      const std::uint32_t close = (c == U'"' ? twofold : single)[at + 1];
      if (close != static_cast<std::uint32_t>(-1)) end = close + 1;
    }
    out.append(text.substr(at, end - at));
    at = end;
  }
  return WithoutBlankLines(out);
}

bool IsOneOf(char32_t c, Text set) { return set.find(c) != kNone; }

// Python 3.11's tokenize._tokenize, as far as what codebleu writes depends on
// it: names, numbers, operators and what is none of them are written alike, so
// they are not told apart.
class PythonCleaner {
 public:
  explicit PythonCleaner(Text source) : source_(source) {}

  // Nothing where tokenize raises.
  std::optional<std::u32string> Clean() {
    Text last;
    while (true) {
      const Text line = NextLine();
      ++line_number_;
      if (!Line(line)) return std::nullopt;
      if (done_) {
        End(last);
        return WithoutBlankLines(out_);
      }
      last = line;
    }
  }

 private:
  enum class Kind : std::uint8_t {
    kIndent,
    kNewline,
    kString,
    kComment,
    kOther
  };
  struct Point {
    std::int64_t line;
    std::size_t column;
  };

  Text NextLine() {
    const std::size_t end = source_.find(U'\n', at_);
    const std::size_t next = end == kNone ? source_.size() : end + 1;
    const Text line = source_.substr(at_, next - at_);
    at_ = next;
    return line;
  }

  // remove_comments_and_docstrings' loop body.
  void Write(Kind kind, Text token, Point start, Point end) {
    if (start.line > last_line_) last_column_ = 0;
    if (start.column > last_column_) {
      out_.append(start.column - last_column_, U' ');
    }
    if (kind == Kind::kString) {
      if (before_ != Kind::kIndent && before_ != Kind::kNewline &&
          start.column > 0) {
        out_.append(token);
      }
    } else if (kind != Kind::kComment) {
      out_.append(token);
    }
    before_ = kind;
    last_column_ = end.column;
    last_line_ = end.line;
  }
  void WriteOnLine(Kind kind, Text line, std::size_t start, std::size_t end) {
    Write(kind, line.substr(start, end - start), {line_number_, start},
          {line_number_, end});
  }

  bool Line(Text line) {
    std::size_t pos = 0;
    if (!open_.empty()) {
      if (line.empty()) return false;  // EOF in multi-line string.
      const std::size_t end = EndOfString(line, 0);
      open_.append(line.substr(0, end == kNone ? line.size() : end));
      if (end == kNone) {
        if (!must_go_on_ || line.ends_with(U"\\\n") ||
            line.ends_with(U"\\\r\n")) {
          return true;
        }
        Write(Kind::kOther, open_, open_start_, {line_number_, line.size()});
        open_.clear();
        return true;
      }
      Write(Kind::kString, open_, open_start_, {line_number_, end});
      open_.clear();
      must_go_on_ = false;
      pos = end;
    } else if (parentheses_ == 0 && !continued_) {
      if (!Indent(line, pos)) return false;
      if (done_ || skip_) {
        skip_ = false;
        return true;
      }
    } else {
      if (line.empty()) return false;  // EOF in multi-line statement.
      continued_ = false;
    }
    while (pos < line.size() && open_.empty()) Token(line, pos);
    return true;
  }

  // The start of a statement's line. False: it fits no block.
  bool Indent(Text line, std::size_t& pos) {
    std::size_t column = 0;
    for (; pos < line.size(); ++pos) {
      if (line[pos] == U' ') {
        ++column;
      } else if (line[pos] == U'\t') {
        column = (column / 8 + 1) * 8;
      } else if (line[pos] == U'\f') {
        column = 0;
      } else {
        break;
      }
    }
    if (pos == line.size()) {
      done_ = true;
      return true;
    }
    if (IsOneOf(line[pos], U"#\r\n")) {
      if (line[pos] == U'#') {
        std::size_t end = line.size();
        while (IsOneOf(line[end - 1], U"\r\n")) --end;
        WriteOnLine(Kind::kComment, line, pos, end);
        pos = end;
      }
      WriteOnLine(Kind::kOther, line, pos, line.size());
      skip_ = true;
      return true;
    }
    if (column > indents_.back()) {
      indents_.push_back(column);
      WriteOnLine(Kind::kIndent, line, 0, pos);
    }
    while (column < indents_.back()) {
      if (std::find(indents_.begin(), indents_.end(), column) ==
          indents_.end()) {
        return false;
      }
      indents_.pop_back();
      WriteOnLine(Kind::kOther, line, pos, pos);
    }
    return true;
  }

  void Token(Text line, std::size_t& pos) {
    std::size_t start = pos;
    while (start < line.size() && IsOneOf(line[start], U" \f\t")) ++start;
    if (start == line.size()) {
      pos = start;
      return;
    }
    const char32_t c = line[start];
    const Text rest = line.substr(start);
    if (rest.starts_with(U"\\\n") || rest.starts_with(U"\\\r\n")) {
      continued_ = true;
      pos = line.size();
      return;
    }
    if (c == U'\n' || rest.starts_with(U"\r\n")) {
      pos = line.size();
      WriteOnLine(parentheses_ > 0 ? Kind::kOther : Kind::kNewline, line, start,
                  pos);
      return;
    }
    if (c == U'#') {
      pos = start;
      while (pos < line.size() && !IsOneOf(line[pos], U"\r\n")) ++pos;
      WriteOnLine(Kind::kComment, line, start, pos);
      return;
    }
    if (String(line, start, pos)) return;
    pos = start + 1;
    if (IsNameStart(c)) {
      while (pos < line.size() && IsNamePart(line[pos])) ++pos;
    } else if (IsOneOf(c, U"([{")) {
      ++parentheses_;
    } else if (IsOneOf(c, U")]}")) {
      --parentheses_;
    }
    WriteOnLine(Kind::kOther, line, start, pos);
  }

  static bool IsNameStart(char32_t c) {
    return c == U'_' || c >= 0x80 || (c >= U'a' && c <= U'z') ||
           (c >= U'A' && c <= U'Z');
  }
  static bool IsNamePart(char32_t c) {
    return IsNameStart(c) || (c >= U'0' && c <= U'9');
  }

  // A string at `start`: written, or left open over the line's end. False:
  // there is none.
  bool String(Text line, std::size_t start, std::size_t& pos) {
    std::size_t quote = start;
    while (quote < line.size() && quote - start < 3 &&
           IsOneOf(line[quote], U"bBrRuUfF")) {
      ++quote;
    }
    if (quote == line.size() || !IsOneOf(line[quote], U"'\"")) return false;
    if (!IsPrefix(line.substr(start, quote - start))) return false;
    quote_ = line[quote];
    one_line_ = !(line.substr(quote).starts_with(std::u32string(3, quote_)));
    if (!one_line_) {
      const std::size_t end = EndOfString(line, quote + 3);
      if (end == kNone) {
        Open(line, start);
      } else {
        pos = end;
        WriteOnLine(Kind::kString, line, start, pos);
      }
      return true;
    }
    for (std::size_t i = quote + 1; i < line.size(); ++i) {
      if (line[i] == quote_) {
        pos = i + 1;
        WriteOnLine(Kind::kString, line, start, pos);
        return true;
      }
      if (line[i] == U'\n') return false;
      if (line[i] != U'\\') continue;
      if (line.substr(i + 1) == U"\n" || line.substr(i + 1) == U"\r\n") {
        Open(line, start);
        must_go_on_ = true;
        return true;
      }
      ++i;
    }
    return false;
  }

  static bool IsPrefix(Text prefix) {
    std::u32string lower(prefix);
    for (char32_t& c : lower) c |= 0x20;
    return lower.empty() || lower == U"b" || lower == U"r" || lower == U"u" ||
           lower == U"f" || lower == U"br" || lower == U"rb" ||
           lower == U"fr" || lower == U"rf";
  }

  void Open(Text line, std::size_t start) {
    open_ = line.substr(start);
    open_start_ = {line_number_, start};
  }

  // Behind the quotes that close the open string in this line, or kNone.
  std::size_t EndOfString(Text line, std::size_t from) const {
    for (std::size_t i = from; i < line.size(); ++i) {
      if (line[i] == U'\\') {
        // In these patterns a dot is no line end.
        if (i + 1 >= line.size() || line[i + 1] == U'\n') return kNone;
        ++i;
      } else if (line[i] == quote_) {
        if (one_line_) return i + 1;
        if (line.substr(i + 1).starts_with(std::u32string(2, quote_))) {
          return i + 3;
        }
      }
    }
    return kNone;
  }

  void End(Text last) {
    if (!last.empty() && !IsOneOf(last.back(), U"\r\n") &&
        !Strip(last).starts_with(U'#')) {
      Write(Kind::kNewline, {}, {line_number_ - 1, last.size()},
            {line_number_ - 1, last.size() + 1});
    }
  }

  const Text source_;
  std::size_t at_ = 0;
  std::int64_t line_number_ = 0;
  bool done_ = false;
  bool skip_ = false;
  int parentheses_ = 0;
  bool continued_ = false;
  std::vector<std::size_t> indents_ = {0};
  std::u32string open_;  // A string that goes on in the next line.
  Point open_start_{};
  char32_t quote_ = 0;
  bool one_line_ = false;  // Not in triple quotes.
  // Each line of the open string must end in a backslash. As in tokenize, it
  // outlives a string that was given up and then ends one in triple quotes.
  bool must_go_on_ = false;
  std::u32string out_;
  Kind before_ = Kind::kIndent;
  std::int64_t last_line_ = -1;
  std::size_t last_column_ = 0;
};

}  // namespace

std::u32string CleanForCodeBleu(std::u32string_view source, Language language) {
  if (language == Language::kRuby) return std::u32string(source);
  if (language != Language::kPython) return CleanByPattern(source);
  return PythonCleaner(source).Clean().value_or(std::u32string(source));
}

}  // namespace evalloop::code_analysis
