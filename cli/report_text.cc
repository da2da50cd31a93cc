#include "cli/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace evalloop::cli {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// The character that `text` begins with and how many bytes it has; U+FFFD and 1
// where it begins with none.
struct Decoded {
  char32_t character = kReplacement;
  std::size_t bytes = 1;
};

Decoded Decode(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint8_t>(text[i]);
  };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  std::size_t length = 0;
  char32_t character = 0;
  char32_t smallest = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2, character = first & 0x1F, smallest = 0x80;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3, character = first & 0x0F, smallest = 0x800;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4, character = first & 0x07, smallest = 0x10000;
  }
  if (length == 0 || length > text.size()) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    character = character << 6 | (byte(i) & 0x3F);
  }
  const bool is_surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < smallest || character > 0x10FFFF || is_surrogate) return {};
  return {character, length};
}

// What a reader acts on instead of showing it. Sources: Unicode's bidirectional
// controls (UAX #9), default-ignorable format characters, noncharacters.
bool Acts(char32_t c) {
  if (c < 0x20) return c != '\n' && c != '\t';
  return (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE ||
         (c >= 0xE0000 && c <= 0xE007F);
}

std::string Replaced(std::string_view text, std::string_view what,
                     std::string_view by) {
  std::string result;
  while (true) {
    const std::size_t at = text.find(what);
    result += text.substr(0, at);
    if (at == std::string_view::npos) return result;
    result += by;
    text.remove_prefix(at + what.size());
  }
}

// The runner of GitHub also obeys its old form of commands, "##[name]", and
// that anywhere in a line.
std::string WithoutOldCommands(std::string_view text) {
  return Replaced(text, "##[", "## [");
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = Decode(text);
    if (next.character == kReplacement && next.bytes == 1) return false;
    text.remove_prefix(next.bytes);
  }
  return true;
}

std::string Visible(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const Decoded decoded = Decode(text);
    const std::string_view raw = text.substr(0, decoded.bytes);
    if (raw == "\r" && text.size() > 1 && text[1] == '\n') {
      // The line's end is the \n.
    } else if (decoded.character == kReplacement) {
      shown += "\xEF\xBF\xBD";
    } else if (Acts(decoded.character)) {
      shown += fmt::format("\\u{:04x}",
                           static_cast<std::uint32_t>(decoded.character));
    } else {
      shown += raw;
    }
    text.remove_prefix(decoded.bytes);
  }
  return shown;
}

std::string OneVisibleLine(std::string_view text) {
  std::string line;
  for (const char c : Visible(text)) {
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string Capped(std::string_view text, std::size_t max_lines,
                   std::size_t max_bytes) {
  std::size_t end = std::min(text.size(), max_bytes);
  // A byte 10xxxxxx goes on with a character.
  while (end < text.size() && end > 0 &&
         (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  std::size_t lines = 0;
  for (std::size_t i = 0; i < end; ++i) {
    if (text[i] == '\n' && ++lines == max_lines) end = i + 1;
  }
  if (end >= text.size()) return std::string(text);
  std::string kept(text.substr(0, end));
  if (!kept.empty() && kept.back() != '\n') kept += '\n';
  return kept + fmt::format("... {} bytes more", text.size() - end);
}

std::string XmlText(std::string_view text) {
  std::string escaped;
  for (const char c : Visible(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':  // Also of "]]>".
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\n':  // Attributes would make it a blank.
        escaped += "&#10;";
        break;
      case '\t':
        escaped += "&#9;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string MarkdownText(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_[]#!|~$^";
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
  };
  std::string escaped;
  char previous = ' ';
  for (const char c : OneVisibleLine(text)) {
    if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else if (c == '@' && !word(previous)) {
      escaped += "&#64;";  // Else it is no mention: complete-line@3.
    } else {
      if (kMarks.find(c) != std::string_view::npos) escaped += '\\';
      escaped += c;
    }
    previous = c;
  }
  return escaped;
}

std::string MarkdownFence(std::string_view text, std::string_view language) {
  const std::string shown = Visible(text);
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : shown) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fmt::format("{}{}\n{}{}{}\n", fence, language, shown,
                     shown.empty() || shown.back() == '\n' ? "" : "\n", fence);
}

std::string WorkflowMessage(std::string_view text) {
  const std::string escaped =
      Replaced(WithoutOldCommands(Visible(text)), "%", "%25");
  return Replaced(escaped, "\n", "%0A");
}

std::string WorkflowProperty(std::string_view text) {
  return Replaced(Replaced(WorkflowMessage(text), ":", "%3A"), ",", "%2C");
}

std::string WorkflowLog(std::string_view text) {
  std::string log;
  const std::string rest = WithoutOldCommands(Visible(text));
  std::string_view lines = rest;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size() - 1);
    const std::string_view line = lines.substr(0, end + 1);
    // The runner looks behind blanks.
    const std::size_t first = line.find_first_not_of(" \t");
    const bool command =
        first != std::string_view::npos && line.substr(first, 2) == "::";
    log += command ? fmt::format("| {}", line) : std::string(line);
    lines.remove_prefix(line.size());
  }
  return log;
}

std::string ShellWord(std::string_view text) {
  const std::string shown = OneVisibleLine(text);
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./"
      "-";
  const bool plain =
      !shown.empty() && shown.find_first_not_of(kPlain) == std::string::npos;
  return plain ? shown : "'" + Replaced(shown, "'", "'\\''") + "'";
}

}  // namespace evalloop::cli
