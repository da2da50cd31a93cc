#include "code_analysis/lexer_strings.h"

#include <algorithm>
#include <string>
#include <vector>

namespace evalloop::code_analysis {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

char At(std::string_view source, std::size_t at) {
  return at < source.size() ? source[at] : '\0';
}

std::size_t OrEnd(std::size_t found, std::string_view source,
                  std::size_t past) {
  return found == kNone ? source.size() : found + past;
}

// Past a backslash and what it escapes; CRLF counts as one.
std::size_t PastEscape(std::string_view source, std::size_t at) {
  const bool crlf = At(source, at + 1) == '\r' && At(source, at + 2) == '\n';
  return std::min(at + (crlf ? 3 : 2), source.size());
}

// `at` is past the opening quote. Ends with the line unless `spans`.
std::size_t EndOfQuoted(std::string_view source, std::size_t at, char quote,
                        bool spans, bool interpolation) {
  int braces = 0;
  while (at < source.size()) {
    const char c = source[at];
    if (c == '\n' && !spans) {
      return source[at - 1] == '\r' ? at - 1 : at;
    }
    if (c == '\\') {
      at = PastEscape(source, at);
      continue;
    }
    if (interpolation && c == '#' && At(source, at + 1) == '{') {
      ++braces;
      at += 2;
      continue;
    }
    if (braces > 0 && c == '{') ++braces;
    if (braces > 0 && c == '}') --braces;
    ++at;
    if (c == quote && braces == 0) return at;
  }
  return at;
}

// `at` is past the three opening quotes.
std::size_t EndOfTriple(std::string_view source, std::size_t at, char quote) {
  int run = 0;
  while (at < source.size()) {
    if (source[at] == '\\') {
      at = PastEscape(source, at);
      run = 0;
      continue;
    }
    run = source[at] == quote ? run + 1 : 0;
    ++at;
    if (run == 3) return at;
  }
  return at;
}

// `at` is past the opening backtick. Code in ${} may hold strings and further
// templates; `depths` has the open braces of each template's code, -1 in text.
std::size_t EndOfTemplate(std::string_view source, std::size_t at) {
  std::vector<int> depths = {-1};
  while (at < source.size()) {
    const char c = source[at];
    int& depth = depths.back();
    if (c == '\\') {
      at = PastEscape(source, at);
    } else if (depth < 0) {
      if (c == '$' && At(source, at + 1) == '{') {
        depth = 0;
        at += 2;
        continue;
      }
      ++at;
      if (c != '`') continue;
      depths.pop_back();
      if (depths.empty()) return at;
    } else if (c == '"' || c == '\'') {
      at = EndOfQuoted(source, at + 1, c, /*spans=*/false, false);
    } else {
      if (c == '`') depths.push_back(-1);
      if (c == '{') ++depth;
      if (c == '}') --depth;  // -1: back in the template's text.
      ++at;
    }
  }
  return at;
}

// R"delimiter( ... )delimiter"; `at` is past the opening quote.
std::size_t EndOfRawCpp(std::string_view source, std::size_t at) {
  const std::size_t open = source.find_first_of("( )\\\t\n\"", at);
  if (open == kNone || source[open] != '(' || open - at > 16) {
    return EndOfQuoted(source, at, '"', /*spans=*/false, false);
  }
  std::string close = ")";
  close.append(source.substr(at, open - at)).push_back('"');
  return OrEnd(source.find(close, open), source, close.size());
}

// r"..." or r##"..."##; `at` is past the r. 0 for a raw name such as r#type.
std::size_t EndOfRawRust(std::string_view source, std::size_t at) {
  std::size_t open = at;
  while (At(source, open) == '#' && open - at < 256) ++open;
  if (At(source, open) != '"') return 0;
  const std::string close = "\"" + std::string(open - at, '#');
  return OrEnd(source.find(close, open + 1), source, close.size());
}

// 'a', '\n', '\u{1F600}'; 0 for a lifetime.
std::size_t EndOfRustChar(std::string_view source, std::size_t at) {
  if (At(source, at + 1) == '\\') {
    return EndOfQuoted(source, at + 1, '\'', /*spans=*/false, false);
  }
  std::size_t next = at + 2;  // Past one code point.
  while (next < source.size() && next - at < 5 &&
         (static_cast<unsigned char>(source[next]) & 0xC0) == 0x80) {
    ++next;
  }
  return At(source, at + 1) != '\n' && At(source, next) == '\'' ? next + 1 : 0;
}

std::size_t EndAtQuote(std::string_view source, std::size_t at,
                       const LanguageTable& table) {
  const char quote = At(source, at);
  Quote form = Quote::kNone;
  bool triple = false;
  switch (quote) {
    case '"':
      form = table.double_quote;
      triple = table.triple_double;
      break;
    case '\'':
      form = table.single_quote;
      triple = table.triple_single;
      break;
    case '`':
      form = table.backtick;
      break;
    default:
      return 0;
  }
  if (triple && At(source, at + 1) == quote && At(source, at + 2) == quote) {
    return EndOfTriple(source, at + 3, quote);
  }
  const bool interpolation = table.interpolation && quote != '\'';
  switch (form) {
    case Quote::kNone:
      return 0;
    case Quote::kLine:
      return EndOfQuoted(source, at + 1, quote, false, interpolation);
    case Quote::kClosed: {
      const std::size_t end = EndOfQuoted(source, at + 1, quote, false, false);
      return end > at + 1 && source[end - 1] == quote ? end : 0;
    }
    case Quote::kSpan:
      return EndOfQuoted(source, at + 1, quote, true, interpolation);
    case Quote::kRaw:
      return OrEnd(source.find(quote, at + 1), source, 1);
    case Quote::kTemplate:
      return EndOfTemplate(source, at + 1);
    case Quote::kRustChar:
      return EndOfRustChar(source, at);
  }
  return 0;
}

bool IsOneOf(char c, std::string_view set) {
  return c != '\0' && std::find(set.begin(), set.end(), c) != set.end();
}

// Whether `c` is one of rRbBuUfFtT.
bool IsPythonPrefix(char c) {
  constexpr auto kBit = [](char letter) { return 1u << (letter - 'a'); };
  constexpr unsigned kLetters =
      kBit('r') | kBit('b') | kBit('u') | kBit('f') | kBit('t');
  const int letter = (c | 0x20) - 'a';
  return letter >= 0 && letter < 26 && (kLetters >> letter & 1) != 0;
}

// rb"", f'', U"""...
std::size_t EndOfPythonPrefixed(std::string_view source, std::size_t at,
                                const LanguageTable& table) {
  std::size_t quote = at;
  while (quote - at < 2 && IsPythonPrefix(At(source, quote))) ++quote;
  if (quote == at || !IsOneOf(At(source, quote), "\"'")) return 0;
  return EndAtQuote(source, quote, table);
}

// u8"", L'', LR"()", R"()"
std::size_t EndOfCppPrefixed(std::string_view source, std::size_t at,
                             const LanguageTable& table) {
  std::size_t quote = at;
  if (source.substr(at, 2) == "u8") {
    quote += 2;
  } else if (IsOneOf(At(source, at), "uUL")) {
    quote += 1;
  }
  if (At(source, quote) == 'R' && At(source, quote + 1) == '"') {
    return EndOfRawCpp(source, quote + 2);
  }
  if (quote == at || !IsOneOf(At(source, quote), "\"'")) return 0;
  return EndAtQuote(source, quote, table);
}

// b"", b'', r"", br#""#, c""
std::size_t EndOfRustPrefixed(std::string_view source, std::size_t at,
                              const LanguageTable& table) {
  std::size_t quote = at;
  if (IsOneOf(At(source, quote), "bc")) ++quote;
  if (At(source, quote) == 'r') return EndOfRawRust(source, quote + 1);
  if (quote == at || !IsOneOf(At(source, quote), "\"'")) return 0;
  return EndAtQuote(source, quote, table);
}

}  // namespace

std::size_t EndOfLine(std::string_view source, std::size_t at) {
  const std::size_t end = source.find('\n', at);
  if (end == kNone) return source.size();
  return end > at && source[end - 1] == '\r' ? end - 1 : end;
}

std::size_t EndOfBlockComment(std::string_view source, std::size_t at,
                              const LanguageTable& table) {
  at += table.block_open.size();
  if (!table.nested_blocks) {
    return OrEnd(source.find(table.block_close, at), source,
                 table.block_close.size());
  }
  for (int depth = 1; at < source.size();) {
    if (source.substr(at, 2) == table.block_open) {
      ++depth;
      at += 2;
    } else if (source.substr(at, 2) == table.block_close) {
      at += 2;
      if (--depth == 0) return at;
    } else {
      ++at;
    }
  }
  return at;
}

std::size_t EndOfString(std::string_view source, std::size_t at,
                        const LanguageTable& table) {
  if (const std::size_t end = EndAtQuote(source, at, table)) return end;
  switch (table.prefix) {
    case StringPrefix::kNone:
      return 0;
    case StringPrefix::kPython:
      return EndOfPythonPrefixed(source, at, table);
    case StringPrefix::kCpp:
      return EndOfCppPrefixed(source, at, table);
    case StringPrefix::kRust:
      return EndOfRustPrefixed(source, at, table);
    case StringPrefix::kShell:  // $'with escapes'
      if (At(source, at) != '$' || At(source, at + 1) != '\'') return 0;
      return EndOfQuoted(source, at + 2, '\'', /*spans=*/true, false);
  }
  return 0;
}

std::size_t EndOfRegex(std::string_view source, std::size_t at) {
  bool in_class = false;
  for (++at; at < source.size() && source[at] != '\n';) {
    const char c = source[at];
    if (c == '\\') {
      if (At(source, at + 1) == '\n') return 0;
      at = PastEscape(source, at);
      continue;
    }
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
    ++at;
    if (c == '/' && !in_class) {
      while (IsNamePart(At(source, at))) ++at;  // Flags.
      return at;
    }
  }
  return 0;
}

}  // namespace evalloop::code_analysis
