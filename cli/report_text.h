#ifndef EVALLOOP_CLI_REPORT_TEXT_H_
#define EVALLOOP_CLI_REPORT_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

// Texts of models, repositories and people inside the formats that CI systems
// read. All of them are hostile until shown otherwise: each function's result
// holds only what its format takes as text. Pure.

namespace evalloop::cli {

// As UTF-8 that shows what is there: bytes that are no UTF-8 become U+FFFD, and
// characters that a terminal or a browser acts on (controls but \n and \t,
// escapes, overrides of direction, zero-width ones, noncharacters) are written
// as \u001b. \r\n becomes \n.
std::string Visible(std::string_view text);

// Whether all of it is UTF-8.
bool IsUtf8(std::string_view text);

// Visible, on one line: runs of blanks and line breaks are one blank.
std::string OneVisibleLine(std::string_view text);

// At most so many lines and bytes, cut between characters and lines; what is
// left out is told in a last line.
std::string Capped(std::string_view text, std::size_t max_lines,
                   std::size_t max_bytes);

// Character data and attribute values of XML 1.0.
std::string XmlText(std::string_view text);

// Inline text of CommonMark, on one line, also in a table's cell: no markup, no
// HTML, no mention of anybody.
std::string MarkdownText(std::string_view text);

// A fenced block that the text cannot close.
std::string MarkdownFence(std::string_view text, std::string_view language);

// The message of a GitHub workflow command, and a property's value.
std::string WorkflowMessage(std::string_view text);
std::string WorkflowProperty(std::string_view text);

// Lines for the log of a job on GitHub: none begins a workflow command.
std::string WorkflowLog(std::string_view text);

// One word of a POSIX shell.
std::string ShellWord(std::string_view text);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_REPORT_TEXT_H_
