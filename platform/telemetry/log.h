#ifndef EVALLOOP_PLATFORM_TELEMETRY_LOG_H_
#define EVALLOOP_PLATFORM_TELEMETRY_LOG_H_

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace evalloop::telemetry {

enum class Level { kDebug, kInfo, kWarning, kError };

// One key=value of a log line. The value is rendered as JSON at once.
// key: lower_snake; one of ts, level, msg, service is not allowed to be one.
class Field {
 public:
  Field(std::string_view key, std::string_view value);
  Field(std::string_view key, const char* value)
      : Field(key, std::string_view(value)) {}
  Field(std::string_view key, const std::string& value)
      : Field(key, std::string_view(value)) {}
  Field(std::string_view key, bool value);
  Field(std::string_view key, double value);  // NaN and infinities are null.
  template <std::integral T>
  Field(std::string_view key, T value)
      : key_(key), json_(std::to_string(value)) {}

  std::string_view key() const { return key_; }
  std::string_view json() const { return json_; }

 private:
  std::string key_;
  std::string json_;
};

// Names the service of every following line and sets the lowest level that is
// written. Call once, first thing in main; before that, lines say "unknown".
void InitLog(std::string_view service, Level lowest = Level::kInfo);

// "debug", "info", "warning" or "error"; anything else is kInfo.
Level ParseLevel(std::string_view text);

// Writes one line of JSON to stderr: ts (UTC, milliseconds), level, msg,
// service, then the fields. Thread-safe, never fails. `message` is a constant
// sentence; what varies goes into fields. Never log prompts, completions,
// source text or keys.
void Log(Level level, std::string_view message,
         std::initializer_list<Field> fields = {});

inline void LogDebug(std::string_view message,
                     std::initializer_list<Field> fields = {}) {
  Log(Level::kDebug, message, fields);
}
inline void LogInfo(std::string_view message,
                    std::initializer_list<Field> fields = {}) {
  Log(Level::kInfo, message, fields);
}
inline void LogWarning(std::string_view message,
                       std::initializer_list<Field> fields = {}) {
  Log(Level::kWarning, message, fields);
}
inline void LogError(std::string_view message,
                     std::initializer_list<Field> fields = {}) {
  Log(Level::kError, message, fields);
}

// The line that Log would write, without its end. For tests.
std::string FormatLogLine(std::string_view timestamp, Level level,
                          std::string_view service, std::string_view message,
                          std::initializer_list<Field> fields);

// `text` as a JSON string with its quotes. Bytes that are not UTF-8 become
// U+FFFD, so the line is valid JSON whatever comes in.
std::string JsonQuote(std::string_view text);

}  // namespace evalloop::telemetry

#endif  // EVALLOOP_PLATFORM_TELEMETRY_LOG_H_
