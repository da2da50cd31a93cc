#ifndef EVALLOOP_CLI_MCP_LINES_H_
#define EVALLOOP_CLI_MCP_LINES_H_

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace evalloop::cli::mcp {

// Reads lines from a file descriptor, none longer than a bound: what is longer
// is skipped to its end without being held. One thread at a time.
class LineReader {
 public:
  enum class Got { kLine, kTooLong, kEnd };

  // longest: bytes, without the line break.
  LineReader(int fd, std::size_t longest) : fd_(fd), longest_(longest) {}

  // The next line without its break ("\n" or "\r\n"); the last one needs none.
  // kEnd also where the descriptor can't be read.
  Got Next(std::string& line);

 private:
  // False at the end.
  bool Fill();

  const int fd_;
  const std::size_t longest_;
  std::string buffer_;
  std::size_t next_ = 0;  // Of the buffer, the first byte that was not given.
};

// Writes whole lines to a file descriptor. Thread-safe.
class LineWriter {
 public:
  explicit LineWriter(int fd) : fd_(fd) {}

  // What can't be written is dropped: nobody reads any more.
  void Write(std::string_view line);

 private:
  const int fd_;
  std::mutex mu_;
};

}  // namespace evalloop::cli::mcp

#endif  // EVALLOOP_CLI_MCP_LINES_H_
