#ifndef EVALLOOP_CLI_TERMINAL_H_
#define EVALLOOP_CLI_TERMINAL_H_

#include <google/protobuf/message.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evalloop::cli {

// Where a command's words go: data to stdout, talk to stderr. Progress is one
// line that is written over where stderr is a terminal, and a plain line every
// few seconds where it isn't (or nothing, unless wanted). Thread-safe.
class Terminal {
 public:
  struct Options {
    bool json = false;
    bool quiet = false;  // No talk, no progress; errors stay.
    // Progress lines also where stderr is no terminal.
    bool progress_without_terminal = false;
  };

  Terminal();

  void Configure(const Options& options) { options_ = options; }
  bool json() const { return options_.json; }

  // One line each.
  void Data(std::string_view line);
  void Talk(std::string_view line);
  void Error(std::string_view line);

  // The message as one JSON object: proto field names, zeros printed.
  void Json(const google::protobuf::Message& message);

  // What is going on now; `done` of `total` give a share and the time left
  // (total 0: neither).
  void Progress(std::string_view what, std::int64_t done, std::int64_t total);
  // Ends the line of progress.
  void EndProgress();

 private:
  void ClearLine();

  Options options_;
  const bool stderr_is_terminal_;
  std::mutex mutex_;
  bool line_open_ = false;
  std::string progress_what_;
  std::chrono::steady_clock::time_point progress_begin_;
  std::chrono::steady_clock::time_point progress_printed_;
};

// Cells in columns, two blanks apart; all but the first row's numbers aren't
// treated specially. The first row is the heading.
std::string Table(const std::vector<std::vector<std::string>>& rows);

// The message as JSON: proto field names, zeros printed.
std::string ToJson(const google::protobuf::Message& message, bool pretty);

// "0.4213", or "-" where absent.
std::string Figure(std::optional<double> value, int digits = 3);

// "1m 20s"
std::string Readable(std::chrono::seconds time);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_TERMINAL_H_
