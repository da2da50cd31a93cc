#include "platform/telemetry/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>

namespace evalloop::telemetry {
namespace {

struct Sink {
  spdlog::logger logger;
  std::string service = "unknown";

  Sink()
      : logger("evalloop", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger.set_pattern("%v");  // The line is already whole.
    logger.flush_on(spdlog::level::trace);
  }
};

// Never destroyed: threads may still log while the process ends.
Sink& TheSink() {
  static Sink* const sink = new Sink;
  return *sink;
}

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      break;
  }
  return spdlog::level::err;
}

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      break;
  }
  return "error";
}

// Length of the UTF-8 sequence at the start of `text`, 0 when it is malformed
// (overlong forms, surrogates and values past U+10FFFF included).
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;
    if (lead == 0xED && byte(1) > 0x9F) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (lead == 0xF0 && byte(1) < 0x90) return 0;
    if (lead == 0xF4 && byte(1) > 0x8F) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::string Timestamp() {
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                      now.time_since_epoch())
                      .count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03d}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     ms % 1000);
}

}  // namespace

std::string JsonQuote(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    const char c = text.front();
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
  return out;
}

Field::Field(std::string_view key, std::string_view value)
    : key_(key), json_(JsonQuote(value)) {}

Field::Field(std::string_view key, bool value)
    : key_(key), json_(value ? "true" : "false") {}

Field::Field(std::string_view key, double value)
    : key_(key),
      json_(std::isfinite(value) ? fmt::format("{}", value) : "null") {}

void InitLog(std::string_view service, Level lowest) {
  Sink& sink = TheSink();
  sink.service = service;
  sink.logger.set_level(ToSpdlog(lowest));
}

Level ParseLevel(std::string_view text) {
  for (const Level level : {Level::kDebug, Level::kWarning, Level::kError}) {
    if (text == LevelName(level)) return level;
  }
  return Level::kInfo;
}

std::string FormatLogLine(std::string_view timestamp, Level level,
                          std::string_view service, std::string_view message,
                          std::initializer_list<Field> fields) {
  std::string line = fmt::format(
      R"({{"ts":"{}","level":"{}","msg":{},"service":{})", timestamp,
      LevelName(level), JsonQuote(message), JsonQuote(service));
  for (const Field& field : fields) {
    line += ',';
    line += JsonQuote(field.key());
    line += ':';
    line += field.json();
  }
  line += '}';
  return line;
}

void Log(Level level, std::string_view message,
         std::initializer_list<Field> fields) {
  Sink& sink = TheSink();
  const auto spdlog_level = ToSpdlog(level);
  if (!sink.logger.should_log(spdlog_level)) return;
  const std::string line =
      FormatLogLine(Timestamp(), level, sink.service, message, fields);
  sink.logger.log(spdlog_level, spdlog::string_view_t(line));
}

}  // namespace evalloop::telemetry
