#include "cli/terminal.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <utility>

namespace evalloop::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::chrono::seconds kPlainLine{5};
constexpr std::chrono::seconds kEnoughToEstimate{3};

std::string WithoutDigits(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
               [](char c) { return c < '0' || c > '9'; });
  return kept;
}

// A line that wraps can't be written over.
std::string_view Cut(std::string_view line, std::size_t columns) {
  if (line.size() < columns) return line;
  std::size_t size = columns - 1;
  while (size > 0 && (static_cast<unsigned char>(line[size]) & 0xC0) == 0x80) {
    --size;
  }
  return line.substr(0, size);
}

std::size_t TerminalColumns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) {
    return 80;
  }
  return size.ws_col;
}

void Write(std::FILE* file, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
}

}  // namespace

Terminal::Terminal() : stderr_is_terminal_(isatty(STDERR_FILENO) == 1) {}

void Terminal::Data(std::string_view line) {
  const std::lock_guard lock(mutex_);
  ClearLine();
  Write(stdout, fmt::format("{}\n", line));
}

void Terminal::Talk(std::string_view line) {
  if (options_.quiet) return;
  Error(line);
}

void Terminal::Error(std::string_view line) {
  const std::lock_guard lock(mutex_);
  ClearLine();
  Write(stderr, fmt::format("{}\n", line));
}

void Terminal::Json(const google::protobuf::Message& message) {
  Data(ToJson(message, /*pretty=*/false));
}

void Terminal::Progress(std::string_view what, std::int64_t done,
                        std::int64_t total) {
  if (options_.quiet) return;
  if (!stderr_is_terminal_ && !options_.progress_without_terminal) return;
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  // A counter within the words makes no new work of them.
  std::string kind = WithoutDigits(what);
  const bool fresh = kind != progress_what_;
  if (fresh) {
    progress_what_ = std::move(kind);
    progress_begin_ = now;
  }
  const Clock::duration pause =
      stderr_is_terminal_ ? Clock::duration(kRedraw) : kPlainLine;
  if (!fresh && now - progress_printed_ < pause) return;
  progress_printed_ = now;
  std::string line(what);
  while (line.ends_with(' ') || line.ends_with(':')) line.pop_back();
  if (total > 0) {
    line += fmt::format("  {} of {} ({}%)", done, total, 100 * done / total);
    const auto spent = now - progress_begin_;
    if (done > 0 && done < total && spent > kEnoughToEstimate) {
      const auto left = spent * (static_cast<double>(total - done) /
                                 static_cast<double>(done));
      line += fmt::format(
          ", about {} left",
          Readable(std::chrono::duration_cast<std::chrono::seconds>(left)));
    }
  } else if (done > 0) {
    line += fmt::format("  {}", done);
  }
  if (stderr_is_terminal_) {
    Write(stderr, fmt::format("\r\033[K{}", Cut(line, TerminalColumns())));
    line_open_ = true;
  } else {
    Write(stderr, line + "\n");
  }
}

void Terminal::EndProgress() {
  const std::lock_guard lock(mutex_);
  ClearLine();
  progress_what_.clear();
}

void Terminal::ClearLine() {
  if (!line_open_) return;
  Write(stderr, "\r\033[K");
  line_open_ = false;
}

std::string Table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i + 1 == row.size()
                  ? row[i]
                  : fmt::format("{:<{}}", row[i], widths[i] + 2);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

std::string ToJson(const google::protobuf::Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) return "{}";  // Only for strings that are no UTF-8.
  return text;
}

std::string Figure(std::optional<double> value, int digits) {
  return value.has_value() ? fmt::format("{:.{}f}", *value, digits) : "-";
}

std::string Readable(std::chrono::seconds time) {
  const auto seconds = time.count();
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m {}s", seconds / 60, seconds % 60);
  return fmt::format("{}h {}m", seconds / 3600, seconds / 60 % 60);
}

}  // namespace evalloop::cli
