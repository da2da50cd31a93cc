#include "cli/mcp_lines.h"

#include <unistd.h>

#include <cerrno>

namespace evalloop::cli::mcp {
namespace {

constexpr std::size_t kBlock = 1u << 16;

}  // namespace

bool LineReader::Fill() {
  buffer_.resize(kBlock);
  ssize_t got = 0;
  do {
    got = ::read(fd_, buffer_.data(), buffer_.size());
  } while (got < 0 && errno == EINTR);
  buffer_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  next_ = 0;
  return got > 0;
}

LineReader::Got LineReader::Next(std::string& line) {
  line.clear();
  bool any = false;
  bool too_long = false;
  while (next_ < buffer_.size() || Fill()) {
    any = true;
    const std::size_t end = buffer_.find('\n', next_);
    const std::string_view piece =
        std::string_view(buffer_).substr(next_, end - next_);
    next_ = end == std::string::npos ? buffer_.size() : end + 1;
    too_long = too_long || line.size() + piece.size() > longest_;
    if (too_long) {
      line.clear();
    } else {
      line.append(piece);
    }
    if (end != std::string::npos) break;
  }
  if (!any) return Got::kEnd;
  if (line.ends_with('\r')) line.pop_back();
  return too_long ? Got::kTooLong : Got::kLine;
}

void LineWriter::Write(std::string_view line) {
  std::string text(line);
  text += '\n';
  const std::lock_guard lock(mu_);
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t put = ::write(fd_, left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return;
    left.remove_prefix(static_cast<std::size_t>(put));
  }
}

}  // namespace evalloop::cli::mcp
